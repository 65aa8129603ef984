/** Who looks after the place, and what can they and the ward do? Told before anything is sent. */

import type { Schemas } from "../../../mobile_contract/client/index";
import { element, say } from "./element";

type Lookup = Schemas["Lookup"];

/** The town and who will hear of it, or that the ward is the wrong address. */
export function whose({ inside, border, town, neighbour, responsible }: Lookup): HTMLElement[] {
  if (!inside && !border) {
    const words = neighbour ? say("outside", { name: neighbour.name }) : say("outside_nobody");
    return [element("p", { class: "fault" }, words), ...(neighbour ? contact(responsible) : [])];
  }
  const paragraphs = [element("p", { class: "town" }, element("strong", { lang: "ja" }, town ?? ""))];
  if (border) paragraphs.push(element("p", { class: "notice" }, say("border")));
  const { kind, name, reason } = responsible;
  paragraphs.push(element("p", {}, say(DOES[kind] ?? "other_does", { name })));
  if (reason) paragraphs.push(element("p", { class: "hint" }, reason));
  return kind === "ward" ? paragraphs : [...paragraphs, ...contact(responsible)];
}

const DOES: Record<string, string> = { ward: "ward_does", private: "private_does" };

/** What the manager can be asked, and how: their own words first. */
function contact({ kind, contact }: Lookup["responsible"]): HTMLElement[] {
  const { phone, url, note } = contact as { phone?: string; url?: string; note?: string };
  const said = note ?? (kind === "private" ? say("private_note") : null);
  return [
    ...(said ? [element("p", { class: "notice" }, said)] : []),
    element(
      "p",
      {},
      phone ? element("a", { href: `tel:${phone.replaceAll("-", "")}` }, phone) : null,
      phone && url ? " " : null,
      url ? element("a", { href: url }, url) : null,
    ),
  ];
}

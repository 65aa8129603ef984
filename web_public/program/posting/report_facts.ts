/** What a letter tells about a report, told on /me too: reasons, days, references, and how an office is reached. */

import type { Schemas } from "../../../mobile_contract/client/index";
import { day, element, langOf, say, sayFirst } from "./element";

type OwnReport = Schemas["OwnReport"];
export type Shown = OwnReport | Schemas["PublicCase"];

const WORDS = ["measured_value", "external_reference", "no_photo_reason", "parent"] as const;
/** What the ward does to a report that asks people for an opinion. */
const CLOSINGS = ["resolve", "decline", "hand_over", "merge"];
const DAYS = ["expected_on", "review_on"] as const;

/** What is asked about it: is it fixed, or did the answer help? Of what is only followed, the status says it. */
export function asks(report: Shown): "fixed" | "helped" | null {
  if ("can" in report) return report.can.asks === "fixed" || report.can.asks === "helped" ? report.can.asks : null;
  if (report.status === "resolved") return "fixed";
  return ["declined", "handed_over", "duplicate"].includes(report.status) ? "helped" : null;
}

/** How to disagree with an answer; only its sender can have it opened again. */
export function disagreeing(report: Shown): HTMLElement[] {
  const until = "can" in report ? report.can.reopen_until : null;
  const inTime = until !== null && Date.parse(until) > Date.now();
  return [element("p", {}, inTime ? say("disagree_until", { day: day(until) }) : say("disagree_late"))];
}

/** In words, what somebody has answered in this event: is it fixed, or did the answer help? */
function answerIn({ facts }: Shown["timeline"][number]): string {
  if (facts["helped"] !== undefined) return say(facts["helped"] ? "answer.helped" : "answer.not_helped");
  if (facts["fixed"] === undefined) return "";
  return say(facts["fixed"] ? "answer.fixed" : "answer.not_fixed");
}

/** What its sender has answered since it was closed; "" where nothing. */
export function answered({ timeline }: Shown): string {
  const closing = timeline.map(({ kind }) => CLOSINGS.includes(kind)).lastIndexOf(true);
  return (
    timeline
      .slice(closing + 1)
      .map(answerIn)
      .filter(Boolean)
      .pop() ?? ""
  );
}

/** What is known of an event beside its words. */
export function factsOf(event: Shown["timeline"][number]): HTMLElement[] {
  const { facts } = event;
  const reason = facts["reason_code"] ? sayFirst(`reason.${String(facts["reason_code"])}`) : "";
  const lines = [
    answerIn(event),
    reason,
    ...WORDS.filter((name) => facts[name]).map((name) => `${say(`fact.${name}`)}: ${String(facts[name])}`),
    ...DAYS.filter((name) => facts[name]).map((name) => `${say(`fact.${name}`)}: ${day(String(facts[name]))}`),
  ];
  return lines.filter(Boolean).map((words) => element("p", { lang: langOf(words) }, words));
}

/** Who has it in hand, as links; the promised day; whether everybody can read it. */
export function standing(report: OwnReport): HTMLElement[] {
  const { responsible, expected_on, status_group, visibility } = report;
  return [
    element("p", { class: "hint" }, say("responsible_is", { name: responsible.name }), ...ways(responsible.contact)),
    ...(expected_on && status_group !== "after"
      ? [element("p", {}, say("fact_expected", { day: day(expected_on) }))]
      : []),
    ...(visibility === "public" ? [element("p", {}, say("public_now"))] : []),
  ];
}

function ways(contact: Record<string, unknown>): (Node | string)[] {
  const { phone, mail, url, note } = contact as Partial<Record<string, string>>;
  const way = (key: string, href: string, words: string) => [
    element("br"),
    `${say(`way.${key}`)}: `,
    element("a", { href }, words),
  ];
  return [
    ...(phone ? way("phone", `tel:${phone.replace(/[^\d+#*]/g, "")}`, phone) : []),
    ...(mail ? way("mail", `mailto:${mail}`, mail) : []),
    ...(url && /^https?:\/\//.test(url) ? way("url", url, url) : []),
    ...(note ? [element("br"), element("span", { lang: langOf(note) }, note)] : []),
  ];
}

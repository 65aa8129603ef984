/** What the receipt says beside the number: what was sent, who has it, when it is read, what comes next. */

import { ask, type Schemas } from "../../../mobile_contract/client/index";
import type { Device } from "./device";
import { element, langOf, moment, say } from "./element";

type OwnReport = Schemas["OwnReport"];

/** Fills `place`; where the service cannot be reached just now, the number alone stands. */
export async function showReceipt({ service }: Device, reportId: string, place: HTMLElement): Promise<void> {
  try {
    const report = await ask<OwnReport>(
      () => service.GET("/v1/reports/{report_id}", { params: { path: { report_id: reportId } } }),
      (data) => typeof data?.received_at === "string" && "description" in data,
    );
    place.replaceChildren(facts(report), ...expected(report));
  } catch {
    // The letter says it too, and /me.
  }
}

function facts(report: OwnReport): HTMLElement {
  const lines: [string, string][] = [
    ["receipt.sent_at", moment(report.received_at)],
    ["kind", report.category.name],
    ["place", report.town ?? ""],
    ["responsible", report.responsible.name],
    ["words", report.description],
  ];
  const shown = lines.filter(([, words]) => words);
  return element(
    "dl",
    {},
    ...shown.map(([key, words]) => element("div", {}, element("dt", {}, say(key)), element("dd", { lang: langOf(words) }, words))),
  );
}

function expected({ outlook, received_at }: OwnReport): HTMLElement[] {
  if (!outlook) return []; // somebody has looked at it already
  const { read_from, usual_days } = outlook;
  const isLater = read_from !== null && Date.parse(read_from) > Math.max(Date.now(), Date.parse(received_at));
  return [
    isLater ? say("receipt.read_from", { moment: moment(read_from) }) : say("receipt.reading"),
    say("receipt.next"),
    ...(usual_days ? [say("receipt.usual", { days: usual_days })] : []),
  ].map((words) => element("p", {}, words));
}

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
    place.replaceChildren(); // the letter says it too, and /me
  }
}

function facts(report: OwnReport): HTMLElement {
  const lines: [string, string][] = [
    [say("receipt.sent_at"), moment(report.received_at)],
    [say("kind"), report.category.name],
    ...report.answered.map(({ question, answer }): [string, string] => [question, answer]),
    [say("place"), report.town ?? ""],
    [say("responsible"), report.responsible.name],
    [say("words"), report.description],
  ];
  const shown = lines.filter(([, words]) => words);
  return element(
    "dl",
    {},
    ...shown.map(([key, words]) =>
      element("div", {}, element("dt", {}, key), element("dd", { lang: langOf(words) }, words)),
    ),
  );
}

function expected({ outlook }: OwnReport): HTMLElement[] {
  if (!outlook) return []; // somebody has looked at it already
  const { read_from, is_being_read, usual_days } = outlook;
  return [
    ...(is_being_read ? [say("receipt.reading")] : []), // by the service's clock: phones go wrong
    ...(read_from && !is_being_read ? [say("receipt.read_from", { moment: moment(read_from) })] : []),
    say("receipt.next"),
    ...(usual_days ? [say("receipt.usual", { days: usual_days })] : []),
  ].map((words) => element("p", {}, words));
}

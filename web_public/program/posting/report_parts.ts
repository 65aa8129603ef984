/** What an opened report shows of itself: words, pictures, answers, and a line for each thing that happened. */

import type { Schemas } from "../../../mobile_contract/client/index";
import { day, element, here, langOf, say, sayFirst } from "./element";
import { factsOf, type Shown, standing } from "./report_facts";

export type OwnReport = Schemas["OwnReport"];

export function ownParts(report: OwnReport): HTMLElement[] {
  const pictures = report.photos.flatMap((photo) => {
    const small = photo.renditions.find((each) => each.name === "small") ?? photo.renditions[0];
    if (!small) return [];
    const alt = say(photo.role === "after" ? "photo_after" : "photo_before");
    return element("li", {}, element("img", { src: here(small.url), alt, width: small.width, height: small.height }));
  });
  return [
    element("p", { class: "said", lang: langOf(report.description) }, report.description),
    ...(pictures.length ? [element("ul", { class: "pictures" }, ...pictures)] : []),
    ...unseen(report),
    ...(report.answered.length
      ? [
          element(
            "dl",
            {},
            ...report.answered.map((each) =>
              element(
                "div",
                {},
                element("dt", {}, each.question),
                element("dd", { lang: langOf(each.answer) }, each.answer),
              ),
            ),
          ),
        ]
      : []),
    ...standing(report),
  ];
}

/** Photos of theirs that nobody can see, or not whole: also those that were found so after the receipt. */
function unseen({ photos }: OwnReport): HTMLElement[] {
  const own = photos.filter(({ role }) => role === "before");
  const counts = {
    photos_damaged: own.filter(({ state }) => state === "rejected").length,
    photos_incomplete: own.filter(({ reason }) => reason === "photo_incomplete").length,
  };
  return Object.entries(counts).flatMap(([said, count]) =>
    count ? [element("p", { class: "notice" }, say(said, { count }))] : [],
  );
}

export function line(event: Shown["timeline"][number]): HTMLElement {
  const words = "words" in event ? event.words : null;
  return element(
    "li",
    {},
    element(
      "p",
      {},
      element("strong", {}, sayFirst(`event.${event.kind}`, `status.${event.status}`)),
      " ",
      element("span", { class: "hint" }, day(event.at)),
    ),
    ...factsOf(event),
    event.note ? element("p", { class: "said", lang: langOf(event.note) }, event.note) : null,
    words ? element("p", { class: "said", lang: langOf(words) }, words) : null,
  );
}

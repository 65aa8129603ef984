/** Drafts of pages that are no more: to be gone on with, or thrown away. */

import type { Device } from "./device";
import type { Draft } from "./draft";
import { beginAnew, type Opened, remember, throwAway } from "./drafts";
import { element, find, ofThisLanguage, say, show } from "./element";
import { type Category, categoryOf } from "./kind";
import { onPress } from "./once";

export function showUnfinished({ storage }: Device, { isContinued, others }: Opened, kinds: Category[]): void {
  show(find("continued"), isContinued);
  onPress(find("begin-anew"), () => {
    beginAnew();
    window.location.assign(ofThisLanguage("/report"));
  });
  const item = (draft: Draft): HTMLElement => {
    const goOn = element("button", { type: "button", class: "button quiet" }, say("go_on"));
    onPress(goOn, () => {
      remember(draft.id);
      window.location.assign(ofThisLanguage("/report"));
    });
    const drop = element("button", { type: "button", class: "button quiet" }, say("give_up"));
    const made = element(
      "li",
      {},
      element("p", {}, element("strong", {}, nameOf(draft, kinds))),
      element("p", { class: "hint" }, say("photos_chosen", { count: draft.pictures.length })),
      element("div", { class: "choices" }, goOn, drop),
    );
    onPress(drop, async () => {
      if (!confirm(say("give_up_sure"))) return;
      await throwAway(storage, draft);
      made.remove();
      show(find("unfinished"), find("unfinished-drafts").children.length > 0);
    });
    return made;
  };
  find("unfinished-drafts").replaceChildren(...others.map(item));
  show(find("unfinished"), others.length > 0);
}

function nameOf({ category, description }: Draft, kinds: Category[]): string {
  return description.slice(0, 40) || (categoryOf(kinds, category)?.name ?? say("no_words_yet"));
}

/** Choosing photos: from the camera or an album, seen at once, each with a way to take it out again. */

import type { Draft } from "./draft";
import { element, find, say, write } from "./element";
import { inWordsOfPhoto, prepare } from "./photo";
import { tell } from "./fault";

/** What the contract takes with one report. */
const MOST = 5;

/** `changed` is called whenever a photo has come or gone. */
export function choosePictures(draft: Draft, changed: () => void): void {
  const [status, fault] = [find("photo-status"), find("photo-fault")];

  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = "";
    tell(fault, files.length + draft.pictures.length > MOST ? say("too_many_photos", { most: MOST }) : null);
    write(status, say("preparing"));
    for (const file of files.slice(0, MOST - draft.pictures.length)) {
      try {
        draft.pictures.push(await prepare(file));
      } catch (error) {
        tell(fault, inWordsOfPhoto(error));
      }
    }
    changed();
    draw();
  };

  const draw = () => {
    const { length } = draft.pictures;
    write(status, length ? say("photos_chosen", { count: length }) : "");
    write(find("photo-next"), say(length ? "next" : "next_without_photo"));
    find("pictures").replaceChildren(
      ...draft.pictures.map((picture, at) => {
        const remove = () => {
          draft.pictures.splice(at, 1);
          changed();
          draw();
          find("photo-title").focus();
        };
        return element(
          "li",
          {},
          thumbnail(picture, at),
          element("button", { type: "button", class: "button quiet", click: remove }, say("remove_photo", { number: at + 1 })),
        );
      }),
    );
  };

  for (const id of ["camera", "album"]) {
    const input = find<HTMLInputElement>(id);
    input.onchange = () => void add(input);
  }
  draw();
}

export function thumbnail({ content, content_type }: Draft["pictures"][number], at: number): HTMLImageElement {
  const url = URL.createObjectURL(new Blob([content], { type: content_type }));
  return element("img", { src: url, alt: say("photo", { number: at + 1 }), load: () => URL.revokeObjectURL(url) });
}

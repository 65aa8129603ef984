/** Choosing photos: from the camera or an album, seen at once, each with a way to take it out again. */

import type { Device } from "./device";
import { element, focus, say, write } from "./element";
import { tell } from "./fault";
import { inWordsOfPhoto, prepare, type Prepared } from "./photo";
import { limits } from "./told";

/** The page's elements for it. `home` is where somebody goes on who has taken a photo out. */
export interface Chooser {
  inputs: HTMLInputElement[];
  home: HTMLElement;
  status: HTMLElement;
  fault: HTMLElement;
  list: HTMLElement;
}

/** Fills `pictures`; `changed` is called whenever one has come or gone. */
export function choosePictures(device: Device, pictures: Prepared[], at: Chooser, changed: () => void): void {
  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = "";
    const allowed = await limits(device);
    const most = allowed?.photos_per_report ?? Infinity;
    tell(at.fault, files.length + pictures.length > most ? say("too_many_photos", { most }) : null);
    write(at.status, say("preparing"));
    for (const file of files.slice(0, Math.max(0, most - pictures.length))) {
      try {
        pictures.push(await prepare(file, allowed));
      } catch (error) {
        tell(at.fault, inWordsOfPhoto(error));
      }
    }
    changed();
    draw();
  };

  const draw = () => {
    write(at.status, pictures.length ? say("photos_chosen", { count: pictures.length }) : "");
    at.list.replaceChildren(
      ...pictures.map((picture, position) => {
        const remove = () => {
          pictures.splice(position, 1);
          tell(at.fault, null);
          changed();
          draw();
          focus(at.home);
        };
        const words = say("remove_photo", { number: position + 1 });
        return element(
          "li",
          {},
          thumbnail(picture, position),
          element("button", { type: "button", class: "button quiet", click: remove }, words),
        );
      }),
    );
  };

  for (const input of at.inputs) input.onchange = () => void add(input);
  draw();
}

export function thumbnail({ content, content_type }: Prepared, position: number): HTMLImageElement {
  const url = URL.createObjectURL(new Blob([content], { type: content_type }));
  return element("img", { src: url, alt: say("photo", { number: position + 1 }), load: () => URL.revokeObjectURL(url) });
}

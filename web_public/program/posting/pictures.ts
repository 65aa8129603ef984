/** Choosing photos: from the camera or an album, seen at once, each with its state and a way to take it out again. */

import type { Device } from "./device";
import { element, focus, say, write } from "./element";
import { tell } from "./fault";
import { inTime } from "./once";
import { inWordsOfPhoto, type Prepared, prepare } from "./photo";
import { limits } from "./told";

/** Milliseconds for one photo: a file in somebody's cloud, or a damaged one, may never be read. */
const PATIENCE_MS = 90_000;

/** The page's elements for it. `home` is where somebody goes on who has taken a photo out. */
export interface Chooser {
  inputs: HTMLInputElement[];
  home: HTMLElement;
  status: HTMLElement;
  fault: HTMLElement;
  list: HTMLElement;
}

/** A photo that was chosen; null until it is small enough to be sent. */
interface Slot {
  picture: Prepared | null;
  /** How far it has come, beneath it. */
  state: HTMLElement;
}

/** Fills `pictures`, in the order in which they were chosen; `changed` is called whenever one has come or gone. */
export function choosePictures(device: Device, pictures: Prepared[], at: Chooser, changed: () => void): Chosen {
  return new Chosen(device, pictures, at, changed);
}

export class Chosen {
  private slots: Slot[];
  private faults: string[] = [];
  /** One after the other, since each takes much memory. */
  private preparing: Promise<void> = Promise.resolve();
  /** What goes on when nothing is unready any more, as where somebody has left out what never will be. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly device: Device,
    private readonly pictures: Prepared[],
    private readonly at: Chooser,
    private readonly changed: () => void,
  ) {
    this.slots = pictures.map((picture) => ({ picture, state: element("p", { class: "hint" }) }));
    for (const input of at.inputs) {
      input.onchange = () => {
        const files = [...(input.files ?? [])];
        input.value = "";
        void this.add(files);
      };
    }
    this.draw();
  }

  /** How many are still being made small. */
  get unready(): number {
    return this.slots.filter(({ picture }) => !picture).length;
  }

  async whenReady(): Promise<void> {
    if (this.unready) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Goes on without those that are not ready. */
  leaveUnready(): void {
    this.slots = this.slots.filter(({ picture }) => picture);
    this.settle();
  }

  /** Says something beneath a photo, such as how far it has come. */
  tell(picture: Prepared, words: string): void {
    const slot = this.slots.find((each) => each.picture === picture);
    if (slot) write(slot.state, words);
  }

  private add(files: File[]): void {
    this.forgetFaults();
    const added = files.map((file) => ({
      file,
      slot: { picture: null, state: element("p", { class: "hint" }) } as Slot,
    }));
    this.slots.push(...added.map(({ slot }) => slot));
    this.settle();
    this.preparing = this.preparing.then(async () => {
      const allowed = await limits(this.device);
      this.keepTo(allowed?.photos_per_report ?? Infinity);
      for (const { file, slot } of added) if (this.slots.includes(slot)) await this.prepare(file, slot, allowed);
    });
  }

  private keepTo(most: number): void {
    if (this.slots.length <= most) return;
    this.slots.length = most;
    this.settle();
    this.complain(say("too_many_photos", { most }));
  }

  /** Of several files each is told of, until somebody chooses anew. */
  private complain(words: string): void {
    this.faults.push(words);
    tell(this.at.fault, this.faults.join(" "));
  }

  private forgetFaults(): void {
    this.faults = [];
    tell(this.at.fault, null);
  }

  private async prepare(file: File, slot: Slot, allowed: Awaited<ReturnType<typeof limits>>): Promise<void> {
    write(slot.state, say("preparing"));
    try {
      slot.picture = await inTime(PATIENCE_MS, () => prepare(file, allowed));
      write(slot.state, "");
    } catch (error) {
      this.slots = this.slots.filter((each) => each !== slot);
      this.complain(inWordsOfPhoto(error, file));
    }
    this.settle();
  }

  private settle(): void {
    this.pictures.splice(0, Infinity, ...this.slots.flatMap(({ picture }) => picture ?? []));
    this.draw();
    this.changed();
    if (!this.unready) for (const goOn of this.waiting.splice(0)) goOn();
  }

  private draw(): void {
    const { length } = this.slots;
    const { unready } = this;
    const counts = { count: length, ready: length - unready };
    write(this.at.status, unready ? say("photos_preparing", counts) : length ? say("photos_chosen", counts) : "");
    this.at.list.replaceChildren(...this.slots.map((slot, position) => this.item(slot, position)));
  }

  private item(slot: Slot, position: number): HTMLElement {
    const remove = () => {
      this.slots = this.slots.filter((each) => each !== slot);
      this.forgetFaults();
      this.settle();
      focus(this.at.home);
    };
    if (!slot.picture && !slot.state.textContent) write(slot.state, say("photo_waits"));
    const words = say("remove_photo", { number: position + 1 });
    return element(
      "li",
      {},
      slot.picture ? thumbnail(slot.picture, position) : unready(),
      slot.state,
      element("button", { type: "button", class: "button quiet", click: remove }, words),
    );
  }
}

/** Where the picture will be. */
export function unready(): HTMLElement {
  return element("div", { class: "unready" });
}

export function percent(bytes: number, all: number): number {
  return Math.min(100, Math.round((100 * bytes) / all));
}

/** The picture; where this browser cannot draw it, as HEIC in most, words that say so. */
export function thumbnail({ content, content_type }: Prepared, position: number): HTMLElement {
  const url = URL.createObjectURL(new Blob([content], { type: content_type }));
  const free = () => URL.revokeObjectURL(url);
  const unseen = () => {
    free();
    image.replaceWith(element("p", { class: "no-preview" }, say("no_preview")));
  };
  const image = element("img", { alt: say("photo", { number: position + 1 }), load: free, error: unseen, src: url });
  return element("div", {}, image);
}

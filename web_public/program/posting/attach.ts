/** Photos that go with words about a report: chosen, and brought to the service before the words that name them. */

import { described, PhotoSending } from "../../../mobile_contract/client/index";
import type { Device } from "./device";
import { element, say } from "./element";
import type { Prepared } from "./photo";
import { type Chosen, choosePictures, percent } from "./pictures";

export class Attached {
  readonly elements: HTMLElement[];
  private readonly pictures: Prepared[] = [];
  private readonly chosen: Chosen;

  constructor(
    private readonly device: Device,
    id: string,
  ) {
    const input = element("input", { id, type: "file", class: "unseen", accept: "image/*", multiple: true });
    const label = element("label", { for: id, class: "button quiet" }, say("choose_photo"));
    const status = element("p", { role: "status" });
    const fault = element("p", { class: "fault", role: "alert", hidden: true });
    const list = element("ul", { class: "pictures" });
    this.elements = [element("div", {}, label, input), status, fault, list];
    this.chosen = choosePictures(
      device,
      this.pictures,
      { inputs: [input], home: input, status, fault, list },
      () => undefined,
    );
  }

  get isEmpty(): boolean {
    return this.pictures.length + this.chosen.unready === 0;
  }

  /** The ids, once the service has each. Words that name a photo are sent once, so nothing may fail after them. */
  async bring(): Promise<string[]> {
    await this.chosen.whenReady();
    const ids: string[] = [];
    for (const picture of this.pictures) {
      const photo = await described(picture);
      const told = (bytes: number) =>
        this.chosen.tell(picture, say("sent_percent", { percent: percent(bytes, photo.bytes) }));
      const sending = new PhotoSending(photo, this.device.service, this.device.upload, told);
      await sending.announce();
      await sending.bring(async () => picture.content);
      this.chosen.tell(picture, say("photo_arrived"));
      ids.push(photo.photo_id);
    }
    return ids;
  }
}

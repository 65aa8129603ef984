/** The post that was sent from this page: its number as soon as it stands, then each of its photos. */

import { isDone, type Post } from "../../../mobile_contract/client/index";
import { type Developed, develop, draw } from "./developed";
import type { Device } from "./device";
import { element, find, goTo, say, show, write } from "./element";
import { oneAtATime } from "./once";
import type { Prepared } from "./photo";
import { thumbnail } from "./pictures";
import { asDeveloped, lost, stateOf, stateOfPhoto } from "./post_state";
import { showReceipt } from "./receipt_page";
import { buttons, enter } from "./waiting_list";

export class SentPost {
  /** What it looked like last: once it is done the queue lets it go. */
  private post: Post;
  private hasAsked = false;
  private isTold = false;
  private readonly thumbnails: HTMLElement[];
  /** By the photo's id, once it is asked for; null until the service knows. */
  private readonly developed = new Map<string, Developed | null>();
  private readonly draw: () => Promise<void>;

  constructor(
    private readonly device: Device,
    post: Post,
    pictures: Prepared[],
  ) {
    this.post = post;
    this.thumbnails = pictures.map(thumbnail);
    this.draw = oneAtATime(() => this.show());
    device.queue.listeners.add(() => void this.draw());
    device.storage.listeners.add(() => void this.draw());
    for (const event of ["online", "offline"]) addEventListener(event, () => void this.draw());
    // Looked at again tomorrow, it says what is so then.
    document.addEventListener("visibilitychange", () => {
      if (this.isTold && !document.hidden) this.tell();
    });
  }

  get id(): string {
    return this.post.report_id;
  }

  async open(): Promise<void> {
    await this.draw();
    goTo(find("done"));
  }

  private async show(): Promise<void> {
    const { queue } = this.device;
    const found = (await queue.posts()).find((each) => each.report_id === this.id);
    if (!found && !isDone(this.post)) return this.gone();
    this.post = found ?? this.post;
    const { words, missing } = await stateOf(this.post, this.device);
    write(find("done-title"), say(this.title()));
    this.showNumber();
    write(find("done-words"), (isDone(this.post) && asDeveloped([...this.developed.values()])) || words);
    this.showPhotos();
    find("done-choices").replaceChildren(...(isDone(this.post) ? [] : await buttons(this.post, this.device)));
    if (found && isDone(found) && !lost(found)) await queue.forget(this.id); // it has been shown
    if (missing && navigator.onLine && !this.post.receipt && !this.hasAsked) {
      this.hasAsked = true; // found out only while sending
      void enter(this.device);
    }
  }

  private title(): string {
    if (this.post.receipt) return "received";
    if (this.post.problem) return "not_taken";
    return this.device.storage.isSafe ? "kept" : "sending";
  }

  private showNumber(): void {
    const { receipt } = this.post;
    show(find("done-number"), receipt !== null);
    if (!receipt) return;
    if (!this.isTold) {
      this.isTold = true;
      this.tell();
    }
    const number = element("strong", {}, receipt.number);
    find("done-number").replaceChildren(element("span", {}, say("number")), " ", number);
  }

  private tell(): void {
    void showReceipt(this.device, this.id, find("done-receipt"));
  }

  private showPhotos(): void {
    find("done-pictures").replaceChildren(
      ...this.post.photos.map((photo, at) => {
        const state = stateOfPhoto(photo, this.device, this.developed.get(photo.photo_id));
        return element("li", {}, this.thumbnails[at] ?? null, element("p", { class: "hint" }, state));
      }),
    );
    for (const [at, { photo_id, state }] of this.post.photos.entries()) {
      if (state === "safe" && !this.developed.has(photo_id)) void this.develop(photo_id, at);
    }
  }

  /** Its bytes have come; whether they are a whole picture only the service finds out. */
  private async develop(photo_id: string, at: number): Promise<void> {
    this.developed.set(photo_id, null);
    const photo = await develop(this.device.service, photo_id);
    if (!photo) return;
    this.developed.set(photo_id, photo);
    draw(photo, this.thumbnails[at], at);
    await this.draw();
  }

  /** Its writer has given it up. */
  private gone(): void {
    write(find("done-title"), say("given_up"));
    for (const id of ["done-words", "done-pictures", "done-choices"]) find(id).replaceChildren();
    show(find("done-number"), false);
  }
}

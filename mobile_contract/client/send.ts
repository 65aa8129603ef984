/**
 * One try to bring one post to the service: its photos are announced and its words sent; its pictures go after the
 * words of all posts, since they are large and the words get the receipt. Each step is written down before the next,
 * so that a try which is cut goes on where it was.
 */

import { ask, Later, Refused } from "./answer";
import { withoutOurs } from "./mend";
import { PhotoSending } from "./photo";
import { heard, isSettled, type Post, photoKey, type QueuedPhoto, type Submission } from "./post";
import { isReceiptFor } from "./receipt";
import type { Schemas, Service } from "./service";
import type { Storage } from "./storage";
import type { Upload } from "./upload";

export interface Means {
  service: Service;
  storage: Storage;
  upload: Upload;
  /** Writes the post down together with other changes; rejects where it has been given up meanwhile. */
  keep(post: Post, more?: Record<string, unknown>): Promise<void>;
  /** How many bytes of a photo have gone. */
  told(photo_id: string, bytes: number): void;
}

export class Sending {
  constructor(
    private readonly post: Post,
    private readonly means: Means,
  ) {}

  /** Until there is a receipt. Throws `Later`, `Refused` or `SignInNeeded` where it could not be finished. */
  async sendWords(): Promise<void> {
    const { submission } = this.post;
    if (!submission) return; // it has its receipt
    await this.announceAll();
    try {
      await this.putWords(submission);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.problem.code === "photo_unknown") return await this.announceAnew();
      const mended = withoutOurs(submission, error.problem);
      if (!mended) throw error;
      this.post.submission = mended;
      await this.means.keep(this.post);
      await this.sendWords();
    }
  }

  /** Until the service has each picture, or can use none of it. */
  async sendPictures(): Promise<void> {
    for (const photo of this.post.photos) if (!isSettled(photo)) await this.bring(photo);
  }

  /** All at once: on a slow network it is the turns that take time, not the bytes. */
  private async announceAll(): Promise<void> {
    const held = this.post.photos.filter((photo) => photo.state === "held");
    const announced = await Promise.allSettled(held.map((photo) => this.sending(photo).announce()));
    for (const [at, photo] of held.entries()) if (announced[at]?.status === "fulfilled") photo.state = "announced";
    if (held.length) await this.means.keep(this.post);
    for (const each of announced) if (each.status === "rejected") throw each.reason;
  }

  private async putWords(submission: Submission): Promise<void> {
    const { report_id, photos } = this.post;
    const { service, storage } = this.means;
    const taken = await ask<Schemas["ReportTaken"]>(
      () => service.PUT("/v1/reports/{report_id}", { params: { path: { report_id } }, body: submission }),
      (data) => typeof data?.receipt === "object",
    );
    if (!(await isReceiptFor({ report_id, photos }, taken.receipt, service, storage))) {
      throw new Later("no receipt of the service");
    }
    heard(this.post);
    this.post.receipt = taken.receipt;
    this.post.submission = null;
    await this.means.keep(this.post);
  }

  /** Announced long ago and forgotten since, or by another account: announcing anew tells which. */
  private async announceAnew(): Promise<never> {
    for (const photo of this.post.photos) photo.state = "held";
    await this.means.keep(this.post);
    throw new Later("photo_unknown");
  }

  private async bring(photo: QueuedPhoto): Promise<void> {
    const key = photoKey(photo.photo_id);
    const content = (await this.means.storage.read(key)) as Uint8Array<ArrayBuffer> | undefined;
    const reason = content ? await this.refusalOf(photo, content) : "photo_gone";
    photo.state = reason === null ? "safe" : "rejected";
    photo.reason = reason;
    heard(this.post);
    await this.means.keep(this.post, { [key]: undefined });
  }

  /** null: the service has it. The report stands without a photo that it can never take. */
  private async refusalOf(photo: QueuedPhoto, content: Uint8Array<ArrayBuffer>): Promise<string | null> {
    try {
      const seen = await this.sending(photo).bring(async () => content);
      return seen.state === "rejected" ? (seen.reason ?? "rejected") : null;
    } catch (error) {
      if (error instanceof Refused) return error.problem.code;
      throw error;
    }
  }

  private sending(photo: QueuedPhoto): PhotoSending {
    const { service, upload, told } = this.means;
    return new PhotoSending(photo, service, upload, (bytes) => told(photo.photo_id, bytes));
  }
}

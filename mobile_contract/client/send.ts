/**
 * One try to bring one post to the service: announce its photos, send its words, then its pictures.
 *
 * The words go before the pictures, since they are small and get the receipt. Each step is written down before the
 * next, so that a try which is cut goes on where it was.
 */

import { ask, Later, Refused } from "./answer";
import { PhotoSending } from "./photo";
import { photoKey, postKey, type Post, type QueuedPhoto } from "./post";
import { isReceiptFor } from "./receipt";
import type { Fetch, Schemas, Service } from "./service";
import type { Storage } from "./storage";

export class Sending {
  constructor(
    private readonly post: Post,
    private readonly service: Service,
    private readonly storage: Storage,
    private readonly fetch: Fetch,
  ) {}

  /** Throws `Later`, `Refused` or `SignInNeeded` where it could not be finished. */
  async run(): Promise<void> {
    if (!this.post.receipt) {
      for (const photo of this.post.photos) if (photo.state === "held") await this.announce(photo);
      await this.sendWords();
    }
    for (const photo of this.post.photos) if (!isSettled(photo)) await this.bring(photo);
  }

  private async announce(photo: QueuedPhoto): Promise<void> {
    await this.sending(photo).announce();
    photo.state = "announced";
    await this.keep();
  }

  private async sendWords(): Promise<void> {
    const { report_id, submission, photos } = this.post;
    try {
      const taken = await ask<Schemas["ReportTaken"]>(
        () => this.service.PUT("/v1/reports/{report_id}", { params: { path: { report_id } }, body: submission! }),
        (data) => typeof data?.receipt === "object",
      );
      if (!(await isReceiptFor({ report_id, photos }, taken.receipt, this.service, this.storage))) {
        throw new Later("no receipt of the service");
      }
      this.post.receipt = taken.receipt;
      this.post.submission = null;
      await this.keep();
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.code !== "photo_unknown") throw error;
      // Announced long ago and forgotten since, or by another account: announcing anew tells which.
      for (const photo of photos) photo.state = "held";
      await this.keep();
      throw new Later("photo_unknown");
    }
  }

  private async bring(photo: QueuedPhoto): Promise<void> {
    const key = photoKey(photo.photo_id);
    const seen = await this.sending(photo).bring(
      async () => (await this.storage.read(key)) as Uint8Array<ArrayBuffer>,
    );
    photo.state = seen.state === "rejected" ? "rejected" : "safe";
    photo.reason = seen.state === "rejected" ? seen.reason : null;
    await this.keep({ [key]: undefined });
  }

  private sending(photo: QueuedPhoto): PhotoSending {
    return new PhotoSending(photo, this.service, this.fetch);
  }

  private async keep(more: Record<string, unknown> = {}): Promise<void> {
    await this.storage.write({ [postKey(this.post.report_id)]: this.post, ...more });
  }
}

function isSettled(photo: QueuedPhoto): boolean {
  return photo.state === "safe" || photo.state === "rejected";
}

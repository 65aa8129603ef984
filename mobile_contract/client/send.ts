/**
 * One try to bring one post to the service: announce its photos, send its words, then its pictures.
 *
 * The words go before the pictures, since they are small and get the receipt. Each step is written down before the
 * next, so that a try which is cut goes on where it was.
 */

import { ask, Later, Refused } from "./answer";
import { photoKey, postKey, type Post, type QueuedPhoto } from "./post";
import { isReceiptFor } from "./receipt";
import type { Fetch, Schemas, Service } from "./service";
import type { Storage } from "./storage";

type Photo = Schemas["Photo"];

/** How often the bytes of one photo are sent in one try. */
const ROUNDS = 3;

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

  private async announce(photo: QueuedPhoto): Promise<Photo> {
    const { photo_id, sha256, bytes, content_type } = photo;
    const announced = await ask<Photo>(
      () =>
        this.service.PUT("/v1/photos/{photo_id}", {
          params: { path: { photo_id } },
          body: { sha256, bytes, content_type },
        }),
      (data) => isPhoto(data, photo),
    );
    photo.state = "announced";
    await this.keep();
    return announced;
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

  /** Sends the bytes as told until the service says that it has them. What the sending answers is no proof. */
  private async bring(photo: QueuedPhoto): Promise<void> {
    for (let round = 0; ; round++) {
      const seen = await this.look(photo);
      if (seen.state === "rejected") return this.settle(photo, "rejected", seen.reason);
      if (seen.state !== "awaiting") return this.settle(photo, "safe", null);
      if (round === ROUNDS) throw new Later("the photo does not arrive");
      await this.upload(photo, seen.upload!);
    }
  }

  private async look(photo: QueuedPhoto): Promise<Photo> {
    const { photo_id } = photo;
    try {
      return await ask<Photo>(
        () => this.service.GET("/v1/photos/{photo_id}", { params: { path: { photo_id } } }),
        (data) => isPhoto(data, photo),
      );
    } catch (error) {
      if (error instanceof Refused && error.problem.code === "photo_not_found") return this.announce(photo);
      throw error;
    }
  }

  private async upload(photo: QueuedPhoto, { method, url, headers }: Schemas["Upload"]): Promise<void> {
    const content = (await this.storage.read(photoKey(photo.photo_id))) as Uint8Array<ArrayBuffer>;
    try {
      await this.fetch(new Request(url, { method, headers, body: content }));
    } catch {
      // Cut: perhaps behind the last byte. `look` knows.
    }
  }

  private async settle(photo: QueuedPhoto, state: "safe" | "rejected", reason: string | null): Promise<void> {
    photo.state = state;
    photo.reason = reason;
    await this.keep({ [photoKey(photo.photo_id)]: undefined });
  }

  private async keep(more: Record<string, unknown> = {}): Promise<void> {
    await this.storage.write({ [postKey(this.post.report_id)]: this.post, ...more });
  }
}

function isPhoto(data: any, { photo_id, sha256 }: QueuedPhoto): data is Photo {
  const isOurs = data?.photo_id === photo_id && data.sha256 === sha256 && typeof data.state === "string";
  return isOurs && (data.state !== "awaiting" || typeof data.upload?.url === "string");
}

function isSettled(photo: QueuedPhoto): boolean {
  return photo.state === "safe" || photo.state === "rejected";
}

/** One photo on its way to the service: announced, sent as told, and looked for until the service has it. */

import { ask, type Claimed, Later, patienceAsked, Refused } from "./answer";
import { sha256, uuid7 } from "./ids";
import type { Schemas, Service } from "./service";
import type { Upload } from "./upload";

type Photo = Schemas["Photo"];

/** How often the bytes of one photo are sent in one try. */
const ROUNDS = 3;

export interface Picture {
  content: Uint8Array<ArrayBuffer>;
  content_type: string;
  /** Made when the picture was chosen, so that whatever sends it sends the same one. */
  photo_id?: string;
}

/** What the service is told of a picture before it comes. */
export interface Described {
  photo_id: string;
  sha256: string;
  bytes: number;
  content_type: string;
}

export async function described({ content, content_type, photo_id = uuid7() }: Picture): Promise<Described> {
  return { photo_id, sha256: await sha256(content), bytes: content.byteLength, content_type };
}

export class PhotoSending {
  constructor(
    private readonly photo: Described,
    private readonly service: Service,
    private readonly upload: Upload,
    /** Called with the number of bytes that have gone. */
    private readonly told: (bytes: number) => void = () => undefined,
  ) {}

  async announce(): Promise<Photo> {
    const { photo_id, sha256, bytes, content_type } = this.photo;
    return ask<Photo>(
      () =>
        this.service.PUT("/v1/photos/{photo_id}", {
          params: { path: { photo_id } },
          body: { sha256, bytes, content_type },
        }),
      (data) => this.isOurs(data),
    );
  }

  /** Sends the bytes as told until the service says that it has them. What the sending answers is no proof. */
  async bring(read: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Photo> {
    for (let round = 0; ; round++) {
      const seen = await this.look();
      if (seen.state !== "awaiting" || !seen.upload) return seen;
      if (round === ROUNDS) throw new Later("the photo does not arrive");
      await this.send(await read(), seen.upload);
    }
  }

  private async look(): Promise<Photo> {
    const { photo_id } = this.photo;
    try {
      return await ask<Photo>(
        () => this.service.GET("/v1/photos/{photo_id}", { params: { path: { photo_id } } }),
        (data) => this.isOurs(data),
      );
    } catch (error) {
      if (error instanceof Refused && error.problem.code === "photo_not_found") return this.announce();
      throw error;
    }
  }

  private async send(content: Uint8Array<ArrayBuffer>, instruction: Schemas["Upload"]): Promise<void> {
    let answer: Response;
    try {
      answer = await this.upload(instruction, content, this.told);
    } catch {
      return; // Cut: perhaps behind the last byte. `look` knows.
    }
    const later = await patienceAsked(answer);
    if (later) throw later;
  }

  private isOurs(data: Claimed<Photo>): data is Photo {
    const { photo_id, sha256 } = this.photo;
    const isOurs = data?.photo_id === photo_id && data.sha256 === sha256 && typeof data.state === "string";
    return isOurs && (data.state !== "awaiting" || typeof data.upload?.url === "string");
  }
}

/** What the service has made of a photo that has come: whole, in part, or nothing; and how it looks. */

import { ask, type Schemas, type Service } from "../../../mobile_contract/client/index";
import { element, here, say } from "./element";

export type Developed = Schemas["Photo"];

/** Milliseconds before each look: mostly it takes a second or two. Then the words stay, and /me tells it later. */
const LOOKS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Null: it is still not known. */
export async function develop(service: Service, photo_id: string): Promise<Developed | null> {
  for (const pause of LOOKS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const photo = await look(service, photo_id).catch(() => null);
    if (photo && (photo.state === "ready" || photo.state === "rejected")) return photo;
  }
  return null;
}

/** Puts it in the place of the words beneath `thumbnail` that say that this browser cannot draw it, such as HEIC. */
export function draw({ renditions }: Developed, thumbnail: HTMLElement | undefined, position: number): void {
  const small = renditions.find(({ name }) => name === "small") ?? renditions[0];
  if (!small) return;
  const { width, height } = small;
  const image = element("img", { alt: say("photo", { number: position + 1 }), src: here(small.url), width, height });
  thumbnail?.querySelector(".no-preview")?.replaceWith(image);
}

async function look(service: Service, photo_id: string): Promise<Developed> {
  return ask<Developed>(
    () => service.GET("/v1/photos/{photo_id}", { params: { path: { photo_id } } }),
    (data) => Array.isArray(data?.renditions) && typeof data.state === "string",
  );
}

/** A photo that this browser cannot draw, such as HEIC, as the service shows it to whoever sent it. */

import { ask, type Schemas, type Service } from "../../../mobile_contract/client/index";
import { element, here, say } from "./element";

type Photo = Schemas["Photo"];

/** Milliseconds before each look: mostly it takes a second or two. Then the words stay, and /me shows it later. */
const LOOKS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Draws it in the place of the words beneath `thumbnail` that say that it cannot be drawn; does nothing twice. */
export async function develop(service: Service, photo_id: string, thumbnail: HTMLElement | undefined, position: number): Promise<void> {
  const words = thumbnail?.querySelector<HTMLElement>(".no-preview");
  if (!words || words.dataset["awaited"]) return;
  words.dataset["awaited"] = "true";
  for (const pause of LOOKS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const small = await look(service, photo_id).catch(() => null);
    if (!small) continue;
    const { width, height } = small;
    words.replaceWith(element("img", { alt: say("photo", { number: position + 1 }), src: here(small.url), width, height }));
    return;
  }
}

async function look(service: Service, photo_id: string): Promise<Photo["renditions"][number] | null> {
  const photo = await ask<Photo>(
    () => service.GET("/v1/photos/{photo_id}", { params: { path: { photo_id } } }),
    (data) => Array.isArray(data?.renditions),
  );
  return photo.renditions.find(({ name }) => name === "small") ?? photo.renditions[0] ?? null;
}

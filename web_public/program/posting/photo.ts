/** A photo as it comes from the camera, made small enough for a bad network and rid of what nobody needs to know. */

import { type Picture, type Schemas, uuid7 } from "../../../mobile_contract/client/index";
import { say } from "./element";
import { type Claim, readClaim } from "./exif";

/** Pixels of the longer side: what the ward's own largest rendition has. */
const LONGEST_SIDE = 2048;
const BYTES = 500_000;
/** Of JPEG; below the last one sees blocks. */
const QUALITIES = [0.85, 0.75, 0.65, 0.5];

class NotTaken extends Error {}
class NoPicture extends Error {}

export interface Prepared extends Picture {
  photo_id: string;
  claim: Claim;
}

/** Throws where neither this browser nor the service (`allowed`, where that is known) could use it. */
export async function prepare(file: Blob, allowed: Schemas["Limits"] | null): Promise<Prepared> {
  const photo_id = uuid7();
  const original = await file.arrayBuffer();
  const claim = await readClaim(original);
  const small = await shrink(file);
  if (!small) {
    const content = new Uint8Array(original);
    const content_type = typeOf(content);
    if (!content_type) throw new NoPicture();
    if (allowed && !(allowed.photo_types.includes(content_type) && file.size <= allowed.photo_bytes))
      throw new NotTaken();
    return { photo_id, content, content_type, claim };
  }
  return { photo_id, content: new Uint8Array(await small.arrayBuffer()), content_type: small.type, claim };
}

/** With the file's name: others may have been chosen with it. */
export function inWordsOfPhoto(error: unknown, { name }: File): string {
  return `${name}: ${say(error instanceof NoPicture ? "no_picture" : "photo_not_taken")}`; // also a file that cannot be read, as one that lies in somebody's cloud
}

/** By its first bytes, since a name may say anything; null where it is no picture. */
function typeOf(content: Uint8Array): string | null {
  const begin = String.fromCharCode(...content.subarray(0, 12));
  if (begin.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (begin.startsWith("\x89PNG")) return "image/png";
  if (/^RIFF....WEBP/s.test(begin)) return "image/webp";
  if (/^....ftyp(hei[cmsx]|hev[cmsx])/s.test(begin)) return "image/heic";
  if (/^....ftyp(mif1|msf1)/s.test(begin)) return "image/heif";
  return /^....ftypavi[fs]/s.test(begin) ? "image/avif" : null;
}

/** null where this browser cannot read or draw it, such as HEIC in most: the service can. */
async function shrink(file: Blob): Promise<Blob | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  pen?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  if (!pen) return null; // no memory for it: the photo goes as it is
  let made: Blob | null = null;
  for (const quality of QUALITIES) {
    made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (made && made.size <= BYTES) break;
  }
  return made;
}

/** Ids and hashes that the client makes itself. Needs a secure context (https, or localhost). */

/** RFC 9562: 48 bits of Unix milliseconds, then chance. */
export function uuid7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) & 0xff;
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = inHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Lower-case hex. */
export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return inHex(new Uint8Array(await crypto.subtle.digest("SHA-256", content)));
}

function inHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Is this the service's receipt for just this post? Only then may the words be let go. */

import { ask, type Claimed } from "./answer";
import type { Schemas, Service } from "./service";
import type { Storage } from "./storage";

export type Receipt = Schemas["Receipt"];
type Key = Schemas["ReceiptKey"];

const KEYS = "receipt_keys";

/** Whoever has read `GET /v1/service` spares the first receipt from asking for its keys. */
export async function keepReceiptKeys(
  storage: Storage,
  { receipt_keys }: Pick<Schemas["Service"], "receipt_keys">,
): Promise<void> {
  await storage.write({ [KEYS]: receipt_keys });
}

/** What the receipt must speak of. */
export interface Sent {
  report_id: string;
  photos: { photo_id: string; sha256: string }[];
}

/** Shape, content and signature. A browser without Ed25519 checks the first two. Throws `Later` without a network. */
export async function isReceiptFor(
  sent: Sent,
  receipt: Claimed<Receipt>,
  service: Service,
  storage: Storage,
): Promise<boolean> {
  if (!speaksOf(sent, receipt)) return false;
  const key = await keyOf(receipt.key_id, service, storage);
  return key !== null && (await isSigned(receipt, key));
}

function speaksOf(sent: Sent, receipt: Claimed<Receipt>): receipt is Receipt {
  const photos = receipt?.photos;
  return (
    receipt?.report_id === sent.report_id &&
    (["number", "received_at", "content_sha256", "key_id", "signature"] as const).every(
      (name) => typeof receipt[name] === "string" && receipt[name] !== "",
    ) &&
    Array.isArray(photos) &&
    photos.length === sent.photos.length &&
    sent.photos.every((photo, at) => photos[at]?.photo_id === photo.photo_id && photos[at]?.sha256 === photo.sha256)
  );
}

/** The keys are kept; a receipt by a new one makes us ask again. */
async function keyOf(id: string, service: Service, storage: Storage): Promise<Key | null> {
  const find = (keys: unknown) => (keys as Key[] | undefined)?.find((key) => key.key_id === id) ?? null;
  const held = find(await storage.read(KEYS));
  if (held) return held;
  const told = await ask<Schemas["Service"]>(
    () => service.GET("/v1/service"),
    (data) => Array.isArray(data?.receipt_keys),
  );
  await keepReceiptKeys(storage, told);
  return find(told.receipt_keys);
}

async function isSigned({ signature, ...signed }: Receipt, { public_key }: Key): Promise<boolean> {
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", fromBase64(public_key), "Ed25519", false, ["verify"]);
  } catch {
    return true; // a browser from before 2025; what it can check has been checked
  }
  return crypto.subtle.verify("Ed25519", key, fromBase64(signature), new TextEncoder().encode(canonical(signed)));
}

/** JSON with sorted keys and no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

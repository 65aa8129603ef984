/** What the service says of itself, as it was last heard: for when there is no network. */

import { ask, keepReceiptKeys, type Schemas } from "../../../mobile_contract/client/index";
import type { Device } from "./device";

type Told = Pick<Schemas["Service"], "limits" | "terms">;

const KEY = "service";

/** Learns it anew. */
export async function learn({ service, storage }: Device): Promise<void> {
  try {
    const { limits, receipt_keys, terms } = await ask<Schemas["Service"]>(
      () => service.GET("/v1/service"),
      (data) => typeof data?.terms?.version === "string" && typeof data.limits?.photos_per_report === "number",
    );
    if (Array.isArray(receipt_keys)) await keepReceiptKeys(storage, { receipt_keys });
    await storage.write({ [KEY]: { limits, terms } satisfies Told });
  } catch {
    // What was heard last time stays.
  }
}

async function told({ storage }: Device): Promise<Told | undefined> {
  return (await storage.read(KEY)) as Told | undefined;
}

/** The button says so: whoever presses "send" agrees to the terms that this page could show. */
export async function agreeToTerms(device: Device): Promise<void> {
  const heard = await told(device);
  if (heard) await device.session.agree(heard.terms.version);
}

/** How many photos, how large, of which types; null where it was never heard: the service says no itself. */
export async function limits(device: Device): Promise<Schemas["Limits"] | null> {
  return (await told(device))?.limits ?? null;
}

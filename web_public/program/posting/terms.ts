/** Which terms does somebody agree to who sends from this page? Those that the service had when it was last heard. */

import { ask, type Schemas } from "../../../mobile_contract/client/index";
import type { Device } from "./device";

const KEY = "terms_version";

/** Learns the version, for when there is no network later. */
export async function learnTerms({ service, storage }: Device): Promise<void> {
  try {
    const told = await ask<Schemas["Service"]>(
      () => service.GET("/v1/service"),
      (data) => typeof data?.terms?.version === "string",
    );
    await storage.write({ [KEY]: told.terms.version });
  } catch {
    // What was heard last time stays.
  }
}

/** The button says so: whoever presses "send" agrees. */
export async function agreeToTerms({ session, storage }: Device): Promise<void> {
  const version = (await storage.read(KEY)) as string | undefined;
  if (version) await session.agree(version);
}

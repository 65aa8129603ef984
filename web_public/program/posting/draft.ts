/** What has been filled in so far. Kept, since a phone that opens its camera may throw the page away. */

import type { Storage } from "../../../mobile_contract/client/index";
import type { Prepared } from "./photo";

export interface Place {
  lat: number;
  lon: number;
  accuracy_m: number | null;
  /** gps, photo, map, or link */
  source: string;
}

export interface Draft {
  pictures: Prepared[];
  category: string | null;
  answers: Record<string, string | number | boolean>;
  place: Place | null;
  description: string;
  /** Number of the report that this one follows up. */
  earlier: string | null;
}

const KEY = "draft";

export const emptyDraft = (): Draft => ({
  pictures: [],
  category: null,
  answers: {},
  place: null,
  description: "",
  earlier: null,
});

export async function readDraft(storage: Storage): Promise<Draft> {
  return { ...emptyDraft(), ...((await storage.read(KEY)) as Partial<Draft> | undefined) };
}

export async function keepDraft(storage: Storage, draft: Draft | null): Promise<void> {
  await storage.write({ [KEY]: draft ?? undefined });
}

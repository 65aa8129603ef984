/**
 * What has been filled in so far. Kept, since a phone that opens its camera may throw the page away; each page has a
 * draft of its own, whose id is that of the post that it becomes.
 */

import { type Storage, uuid7 } from "../../../mobile_contract/client/index";
import type { Prepared } from "./photo";

export interface Place {
  lat: number;
  lon: number;
  accuracy_m: number | null;
  /** gps, photo, map, or link */
  source: string;
  /** Of which photo: it goes when that one is taken out. */
  photo_id?: string;
  /** The person has put the pin there, or said that it stands right. */
  confirmed?: boolean;
}

/** What the service has said of a field, as `errors[]` names it. */
export interface Fault {
  field: string;
  detail: string;
}

export interface Draft {
  id: string;
  pictures: Prepared[];
  category: string | null;
  answers: Record<string, string | number | boolean>;
  place: Place | null;
  description: string;
  /** Number of the report that this one follows up. */
  earlier: string | null;
  /** By which link it was begun; empty for none. */
  link: string;
  /** Why it was refused when it was sent. */
  faults: Fault[];
}

export const emptyDraft = (): Draft => ({
  id: uuid7(),
  pictures: [],
  category: null,
  answers: {},
  place: null,
  description: "",
  earlier: null,
  link: "",
  faults: [],
});

export function isEmpty({ pictures, category, description }: Draft): boolean {
  return !pictures.length && !category && !description;
}

/** As it is kept: the bytes of its photos stand by themselves, so that a word more does not write them all again. */
type Kept = Omit<Draft, "pictures"> & { pictures: Omit<Prepared, "content">[]; kept_at: number };

const DRAFTS = "draft/";
const draftKey = (id: string) => `${DRAFTS}${id}`;
const pictureKey = (photo_id: string) => `draft photo/${photo_id}`;

/** Every draft that is kept, the newest first. */
export async function readDrafts(storage: Storage): Promise<Draft[]> {
  const kept = (await storage.readAll(DRAFTS)) as Kept[];
  kept.sort((one, other) => other.kept_at - one.kept_at);
  return Promise.all(kept.map((each) => whole(storage, each)));
}

async function whole(storage: Storage, { kept_at: _, ...draft }: Kept): Promise<Draft> {
  const pictures: Prepared[] = [];
  for (const picture of draft.pictures) {
    const content = (await storage.read(pictureKey(picture.photo_id))) as Prepared["content"] | undefined;
    if (content) pictures.push({ ...picture, content });
  }
  return { ...emptyDraft(), ...draft, pictures };
}

/** What is to be written in order to keep it. `written`: photos whose bytes are kept already. */
export function keeping(draft: Draft, written: ReadonlySet<string> = new Set()): Record<string, unknown> {
  const bytes = draft.pictures.filter(({ photo_id }) => !written.has(photo_id));
  const pictures = draft.pictures.map(({ content: _, ...picture }) => picture);
  return {
    ...Object.fromEntries(bytes.map(({ photo_id, content }) => [pictureKey(photo_id), content])),
    [draftKey(draft.id)]: { ...draft, pictures, kept_at: Date.now() } satisfies Kept,
  };
}

/** What is to be written so that nothing of it stays. */
export function ending(id: string, photo_ids: Iterable<string>): Record<string, undefined> {
  const keys = [draftKey(id), ...[...photo_ids].map(pictureKey)];
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

/** Keeps one draft as it changes, each state after the one before, and nothing any more once it has ended. */
export class DraftKeeper {
  private readonly written: Set<string>;
  private writing: Promise<unknown> = Promise.resolve();
  private isKept: boolean;
  private hasEnded = false;

  constructor(
    private readonly storage: Storage,
    readonly draft: Draft,
    private readonly begun: () => void,
  ) {
    this.written = new Set(draft.pictures.map(({ photo_id }) => photo_id));
    this.isKept = !isEmpty(draft);
  }

  keep(): void {
    if (this.hasEnded || (isEmpty(this.draft) && !this.isKept)) return;
    this.isKept = true;
    this.begun();
    const changes = keeping(this.draft, this.written);
    const chosen = new Set(this.draft.pictures.map(({ photo_id }) => photo_id));
    for (const photo_id of this.written) if (!chosen.has(photo_id)) changes[pictureKey(photo_id)] = undefined;
    if (isEmpty(this.draft)) Object.assign(changes, ending(this.draft.id, []));
    for (const photo_id of chosen) this.written.add(photo_id);
    this.writing = this.writing.then(() => this.storage.write(changes));
  }

  /** What is to be written together with whatever comes in its place. Nothing brings the draft back after this. */
  async end(): Promise<Record<string, undefined>> {
    this.hasEnded = true;
    await this.writing;
    return ending(this.draft.id, this.written);
  }
}

/** Which draft is this page's? One that no other open page has: two pages never write the same, nor mix two. */

import { type Storage, uuid7 } from "../../../mobile_contract/client/index";
import { type Draft, emptyDraft, ending, keeping, readDrafts } from "./draft";
import { keepInTab, recall } from "./tab";

/** Of the tab, through reloads: the id of its draft, or NEW. */
const MINE = "draft";
const NEW = "new";
/** Milliseconds within which a page that is left lets its draft go. */
const RELOAD_MS = 1500;

export interface Opened {
  draft: Draft;
  /** It was begun on a page that is no more. */
  isContinued: boolean;
  /** Those that no open page has, to be gone on with or thrown away. */
  others: Draft[];
}

/** `link`: what a draft that is begun by this page's address has from it; its `link` is empty for an ordinary one. */
export async function openDraft(storage: Storage, link: Partial<Draft>): Promise<Opened> {
  await bringAlong(storage);
  const kept = await readDrafts(storage);
  const mine = recall(MINE);
  const own = kept.find(({ id }) => id === mine);
  const isOwnMeant = own && (!link.link || own.link === link.link);
  // A page that is loaded anew may be there before it has gone.
  if (isOwnMeant && (await hold(own.id, RELOAD_MS))) return opened(own, await freeOf(kept), false);
  const free = await freeOf(kept);
  if (mine !== NEW && !link.link && navigator.locks) {
    for (const each of free) if (await hold(each.id)) return opened(each, free, true);
  }
  const fresh = { ...emptyDraft(), ...link };
  await hold(fresh.id);
  return opened(fresh, free, false);
}

function opened(draft: Draft, free: Draft[], isContinued: boolean): Opened {
  return { draft, isContinued, others: free.filter(({ id }) => id !== draft.id) };
}

/** From now on this tab goes on with it. */
export function remember(id: string): void {
  keepInTab(MINE, id);
}

/** The next page of this tab begins anew. */
export function beginAnew(): void {
  keepInTab(MINE, NEW);
}

/** Keeps a draft for the next page of this tab, with a change of what else is kept. */
export async function goOnWith(storage: Storage, draft: Draft, more: Record<string, unknown> = {}): Promise<void> {
  await storage.write({ ...keeping(draft), ...more });
  remember(draft.id);
}

export async function throwAway(storage: Storage, draft: Draft): Promise<void> {
  await storage.write(
    ending(
      draft.id,
      draft.pictures.map(({ photo_id }) => photo_id),
    ),
  );
}

const lockName = (id: string) => `draft ${id}`;

/** As long as this page is there. False: another page has it, and still has when `patience` is over. */
async function hold(id: string, patience = 0): Promise<boolean> {
  if (!navigator.locks) return true;
  const abort = new AbortController();
  if (patience) setTimeout(() => abort.abort(), patience);
  const how = patience ? { signal: abort.signal } : { ifAvailable: true };
  return new Promise((resolve) => {
    const held = navigator.locks.request(lockName(id), how, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    });
    held.catch(() => resolve(false));
  });
}

async function freeOf(drafts: Draft[]): Promise<Draft[]> {
  const { held = [] } = (await navigator.locks?.query().catch(() => null)) ?? {};
  const names = new Set(held.map(({ name }) => name));
  return drafts.filter(({ id }) => !names.has(lockName(id)));
}

/** Before pages had drafts of their own there was one for all. */
async function bringAlong(storage: Storage): Promise<void> {
  const old = (await storage.read(MINE)) as Partial<Draft> | undefined;
  if (!old) return;
  const pictures = (old.pictures ?? []).map((picture) => ({ ...picture, photo_id: uuid7() }));
  await storage.write({ ...keeping({ ...emptyDraft(), ...old, pictures }), [MINE]: undefined });
}

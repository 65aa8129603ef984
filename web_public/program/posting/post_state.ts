/** How far a post has come, in words; and back into the form with what the service has refused. */

import { isDone, type Post, type QueuedPhoto, uuid7 } from "../../../mobile_contract/client/index";
import type { Developed } from "./developed";
import type { Device } from "./device";
import { type Draft, emptyDraft, keeping } from "./draft";
import { remember } from "./drafts";
import { ofThisLanguage, say, time } from "./element";
import { faultsOf, why } from "./fault";
import { percent } from "./pictures";
import { missingToPost } from "./sign_in";

export interface State {
  words: string;
  missing: Awaited<ReturnType<typeof missingToPost>>;
  /** It would be tried if somebody asked for it. */
  isWaiting: boolean;
}

export async function stateOf(post: Post, { queue, scheduler, session, storage }: Device): Promise<State> {
  const missing = await missingToPost(session);
  const state = (words: string, isWaiting = false) => ({ words, missing, isWaiting });
  if (post.problem) return state(say("refused", { why: why(post.problem) }));
  if (isDone(post)) return state(say(lost(post) ? "photo_lost" : "all_sent"));
  const held = storage.isSafe ? "" : say("not_kept");
  if (missing) return state(held || say(`waits_for_${missing}`));
  const reporter = await session.reporter();
  if (post.reporter_id !== null && post.reporter_id !== reporter?.id) return state(say("waits_for_other"));
  if (!navigator.onLine) return state(held || say("waits_for_network"), true);
  const next = Math.max(post.not_before, (await queue.nextRun()) ?? 0);
  if (!scheduler.isTrying && next > Date.now()) return state(say("next_try", { time: time(next) }), true);
  return state(say(post.receipt ? "photos_on_their_way" : "on_its_way"), !scheduler.isTrying);
}

type Found = Developed | null | undefined;

export function stateOfPhoto(
  { photo_id, bytes, reason, state }: QueuedPhoto,
  { queue }: Device,
  found?: Found,
): string {
  if (found?.state === "rejected") return say("photo_unusable");
  if (state === "safe") return say(isIncomplete(found) ? "photo_incomplete" : "photo_arrived");
  if (state === "rejected") return say(reason === "photo_gone" ? "photo_gone" : "photo_unusable");
  const sent = queue.sentOf(photo_id);
  return sent ? say("sent_percent", { percent: percent(sent, bytes) }) : say("photo_not_sent");
}

function isIncomplete(found: Found): boolean {
  return found?.reason === "photo_incomplete";
}

/** What has arrived of a post whose photos did not all arrive whole; null where nothing is missing. */
export function asDeveloped(photos: Found[]): string | null {
  const counts = {
    "plain.photos_damaged": photos.filter((found) => found?.state === "rejected").length,
    "plain.photos_incomplete": photos.filter(isIncomplete).length,
  };
  const said = Object.entries(counts).flatMap(([key, count]) => (count ? [say(key, { count })] : []));
  return said.join(" ") || null;
}

/** A photo that the service could not use. */
export function lost(post: Post): boolean {
  return post.photos.some((photo) => photo.state === "rejected");
}

/** Of what is taken already under this id, a photo needs another. */
const NEEDS_NEW_PHOTO_IDS = ["report_id_taken", "photo_id_taken", "photo_not_taken"];

/** Back into the form, as a draft of its own: what was refused may be taken in another way. */
export async function mend(post: Post, { queue }: Device): Promise<void> {
  const found = await queue.contents(post.report_id);
  if (!found) return;
  const { category, answers, description, location, earlier_report } = found.words;
  const isNew = NEEDS_NEW_PHOTO_IDS.includes(post.problem?.code ?? "");
  const draft: Draft = {
    ...emptyDraft(),
    category,
    answers: answers ?? {},
    description,
    place: {
      lat: location.lat,
      lon: location.lon,
      accuracy_m: location.accuracy_m ?? null,
      source: location.source ?? "map",
    },
    pictures: found.pictures.map((picture, at) => ({
      ...picture,
      photo_id: isNew || !picture.photo_id ? uuid7() : picture.photo_id,
      claim: { place: null, takenAt: at === 0 ? (found.words.observed_at ?? null) : null },
    })),
    earlier: earlier_report ?? null,
    faults: post.problem ? faultsOf(post.problem) : [],
  };
  await queue.forget(post.report_id, keeping(draft));
  remember(draft.id);
  window.location.assign(ofThisLanguage("/report"));
}

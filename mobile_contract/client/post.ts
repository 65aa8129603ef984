/** A post on its way: what is kept of it, and how far it has come. */

import type { Problem } from "./answer";
import { type Described, described, type Picture } from "./photo";
import type { Receipt } from "./receipt";
import type { Schemas } from "./service";

export type Submission = Schemas["Submission"];
/** What a person fills in; the queue adds the photos. */
export type Words = Omit<Submission, "photo_ids">;

export interface QueuedPhoto extends Described {
  /** held: the service does not know of it yet. safe: the service has it, and we let it go. */
  state: "held" | "announced" | "safe" | "rejected";
  reason: string | null;
}

export interface Post {
  report_id: string;
  /** Gone as soon as there is a receipt. */
  submission: Submission | null;
  photos: QueuedPhoto[];
  /** Whoever wrote it; null until somebody is signed in. Nobody else's account sends it. */
  reporter_id: string | null;
  added_at: string;
  /** Of the queue, since it was last answered. */
  tries: number;
  /** Unix milliseconds; not to be tried before, unless there is reason to hope. */
  not_before: number;
  /** Unix milliseconds; the service has asked for patience until then, and only a person is hastier. */
  asked_until?: number;
  receipt: Receipt | null;
  /** The service has said no for good: a person must change or give up the post. */
  problem: Problem | null;
}

export const POSTS = "post/";
export const postKey = (id: string) => `${POSTS}${id}`;
export const photoKey = (id: string) => `photo/${id}`;

/** A new post, and everything to be written for it at once. */
export async function newPost(
  report_id: string,
  words: Words,
  pictures: Picture[],
  reporter_id: string | null,
): Promise<{ post: Post; changes: Record<string, unknown> }> {
  const photos = await Promise.all(
    pictures.map(
      async (picture): Promise<QueuedPhoto> => ({ ...(await described(picture)), state: "held", reason: null }),
    ),
  );
  const post: Post = {
    report_id,
    submission: { ...words, photo_ids: photos.map((photo) => photo.photo_id) },
    photos,
    reporter_id,
    added_at: new Date().toISOString(),
    tries: 0,
    not_before: 0,
    receipt: null,
    problem: null,
  };
  const contents = photos.map(({ photo_id }, at) => [photoKey(photo_id), pictures[at]?.content]);
  return { post, changes: { ...Object.fromEntries(contents), [postKey(post.report_id)]: post } };
}

/** Nothing is left to be sent. */
export function isDone(post: Post): boolean {
  return post.receipt !== null && post.photos.every(isSettled);
}

/** Nothing more is to be done for it. */
export function isSettled({ state }: QueuedPhoto): boolean {
  return state === "safe" || state === "rejected";
}

/** The service has answered: whatever fails next is a first time. */
export function heard(post: Post): void {
  post.tries = post.not_before = post.asked_until = 0;
}

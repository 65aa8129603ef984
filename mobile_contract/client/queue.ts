/**
 * The queue: keeps every post until the service has given its receipt and has its photos, and tries again by the
 * rules of the contract. Nothing that could still be taken is ever dropped; what cannot is shown to its writer.
 */

import { Later, Refused, SignInNeeded } from "./answer";
import { uuid7 } from "./ids";
import type { Picture } from "./photo";
import { isDone, newPost, POSTS, type Post, photoKey, postKey, type Words } from "./post";
import { Sending } from "./send";
import { patientFetch, type Service } from "./service";
import type { Session } from "./session";
import type { Storage } from "./storage";
import { fetchUpload, type Upload } from "./upload";

/** Seconds until the second try, doubled with each. */
const FIRST_WAIT = 5;
const LONGEST_WAIT = 3600;
/** Milliseconds for which the other posts wait too, where the service asks one of them for patience. */
const PAUSE_FOR_ALL = 60_000;

/** The words of all posts go in one, their pictures in another: a new post never waits for an older one's pictures. */
export type Lane = "words" | "photos";

/** What is tried: what is due; with some hope, all but what the service asked to wait for; or all of it, now. */
type Haste = "due" | "hopeful" | "now";

export interface Options {
  service: Service;
  session: Session;
  storage: Storage;
  /** For the bytes of photos, which go wherever the service says. */
  upload?: Upload;
  /** Lets only one run of a lane at a time among all pages of this device; null: another one runs. */
  alone?: <T>(lane: Lane, work: () => Promise<T>) => Promise<T | null>;
}

interface Run {
  haste: Haste;
  tried: Set<string>;
  done: Promise<void>;
}

/** Its writer has taken it out of the queue while it was being sent. */
class GivenUp extends Error {}

export class Queue {
  /** Called whenever a post has come further, or not. */
  readonly listeners = new Set<() => void>();
  private readonly runs = new Map<Lane, Run>();
  private readonly adding = new Map<string, Promise<Post>>();
  private readonly givenUp = new Set<string>();
  private readonly bytes = new Map<string, number>();
  private pausedUntil = 0;

  constructor(private readonly options: Options) {}

  /** Every post that is kept, the oldest first; those that are done too, until `forget`. */
  async posts(): Promise<Post[]> {
    return (await this.options.storage.readAll(POSTS)) as Post[];
  }

  /**
   * Keeps a post. It is safe on this device when this returns, and is sent by `run`. The same `report_id` again is the
   * same post, as it was added first. `more` is written with it, all or nothing: such as the end of its draft.
   */
  async add(
    words: Words,
    pictures: Picture[] = [],
    report_id = uuid7(),
    more: Record<string, unknown> = {},
  ): Promise<Post> {
    const adding = this.adding.get(report_id) ?? this.keepNew(report_id, words, pictures, more);
    this.adding.set(report_id, adding);
    try {
      return await adding;
    } finally {
      this.adding.delete(report_id);
      this.tell();
    }
  }

  /**
   * What was written, to be changed and added anew: an id stands for one content for ever. null where the service has
   * the words already.
   */
  async contents(report_id: string): Promise<{ words: Words; pictures: Picture[] } | null> {
    const post = await this.post(report_id);
    if (!post?.submission) return null;
    const pictures: Picture[] = [];
    for (const { photo_id, content_type } of post.photos) {
      const content = (await this.options.storage.read(photoKey(photo_id))) as Uint8Array<ArrayBuffer> | undefined;
      if (content) pictures.push({ content, content_type, photo_id });
    }
    const { photo_ids: _, ...words } = post.submission;
    return { words, pictures };
  }

  /** Takes a post out of the queue: one that is done, or one that its writer gives up. `more` is written with it. */
  async forget(report_id: string, more: Record<string, unknown> = {}): Promise<void> {
    const post = await this.post(report_id);
    this.givenUp.add(report_id);
    await this.options.storage.write({ ...(post && leaving(post)), ...more });
    this.tell();
  }

  /** How many bytes of a photo have gone in the present try. */
  sentOf(photo_id: string): number {
    return this.bytes.get(photo_id) ?? 0;
  }

  /**
   * Tries what is due; `hopeful`, as when the network comes back, also what has failed and waits; `now`, as when a
   * person asks for it, everything. Another call meanwhile joins this run, which then tries again what it has tried.
   */
  async run({ now = false, hopeful = false } = {}): Promise<void> {
    const haste = now ? "now" : hopeful ? "hopeful" : "due";
    await this.runLane("words", haste);
    await this.runLane("photos", haste);
  }

  /** Unix milliseconds at which `run` has something to do again; null: not before something changes. */
  async nextRun(): Promise<number | null> {
    const reporter = await this.options.session.mayPost();
    const waiting = (await this.posts()).filter((post) => reporter && isToSend(post, reporter.id));
    if (!waiting.length) return null;
    return Math.max(this.pausedUntil, Math.min(...waiting.map((post) => post.not_before)));
  }

  private async post(report_id: string): Promise<Post | undefined> {
    return (await this.options.storage.read(postKey(report_id))) as Post | undefined;
  }

  private async keepNew(
    report_id: string,
    words: Words,
    pictures: Picture[],
    more: Record<string, unknown>,
  ): Promise<Post> {
    const { session, storage } = this.options;
    const standing = await this.post(report_id);
    const reporter = await session.reporter();
    const { post, changes } = standing
      ? { post: standing, changes: {} }
      : await newPost(report_id, words, pictures, reporter?.id ?? null);
    this.givenUp.delete(report_id);
    await storage.write({ ...changes, ...more });
    return post;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private runLane(lane: Lane, haste: Haste): Promise<void> {
    const running = this.runs.get(lane);
    if (running) {
      if (haste !== "due") running.tried.clear();
      if (haste === "now" || running.haste === "due") running.haste = haste;
      return running.done;
    }
    const { alone = (_, work) => work() } = this.options;
    const run: Run = { haste, tried: new Set(), done: Promise.resolve() };
    this.runs.set(lane, run);
    run.done = alone(lane, () => this.tryAll(lane, run))
      .then(() => undefined)
      .finally(() => this.runs.delete(lane));
    return run.done;
  }

  private async tryAll(lane: Lane, run: Run): Promise<void> {
    const { session } = this.options;
    // Read anew each time: what is added meanwhile is sent in the same run, and what was forgotten is not.
    for (let post = await this.next(lane, run); post; post = await this.next(lane, run)) {
      run.tried.add(post.report_id);
      const mayGoOn = await this.tryOne(lane, post);
      this.tell();
      if (!mayGoOn) return;
    }
    // The posts are what matters: this is told again with the next run.
    if (lane === "words") await session.tellAgreed().catch(() => undefined);
  }

  private async next(lane: Lane, { haste, tried }: Run): Promise<Post | null> {
    const reporter = await this.options.session.mayPost();
    if (!reporter || (haste !== "now" && this.pausedUntil > Date.now())) return null;
    const isOfLane = (post: Post) => (post.receipt ? "photos" : "words") === lane;
    const isDue = ({ not_before, asked_until = 0 }: Post) =>
      haste === "now" || (haste === "hopeful" ? asked_until : not_before) <= Date.now();
    const post = (await this.posts()).find(
      (each) => isToSend(each, reporter.id) && isOfLane(each) && isDue(each) && !tried.has(each.report_id),
    );
    return post ? { ...post, reporter_id: reporter.id } : null;
  }

  /** May the others be tried, too? */
  private async tryOne(lane: Lane, post: Post): Promise<boolean> {
    const { session } = this.options;
    const token = await session.token();
    try {
      const sending = new Sending(post, this.means());
      await (lane === "words" ? sending.sendWords() : sending.sendPictures());
      return true;
    } catch (error) {
      if (error instanceof GivenUp) return true;
      // Neither says anything of the post: it waits until its writer has done what is missing.
      if (error instanceof SignInNeeded) {
        await session.forget(token);
        return false;
      }
      if (isUnregistered(error)) {
        await session.mustRegister();
        return false;
      }
      if (error instanceof Refused) post.problem = error.problem;
      else wait(post, error instanceof Later ? error.retryAfter : null);
      await this.keep(post).catch(() => undefined);
      if (!(error instanceof Later) || error.retryAfter === null) return true;
      this.pausedUntil = Math.min(post.asked_until ?? 0, Date.now() + PAUSE_FOR_ALL);
      return false;
    }
  }

  private means() {
    const { service, storage, upload = fetchUpload(patientFetch()) } = this.options;
    const told = (photo_id: string, bytes: number) => {
      this.bytes.set(photo_id, bytes);
      this.tell();
    };
    const keep = async (post: Post, more: Record<string, unknown> = {}) => {
      await this.keep(post, more);
      this.tell();
    };
    return { service, storage, upload, keep, told };
  }

  /** Nothing that was given up, here or on another page, comes back by being written once more. */
  private async keep(post: Post, more: Record<string, unknown> = {}): Promise<void> {
    const isKept = (await this.post(post.report_id)) !== undefined;
    if (!isKept || this.givenUp.has(post.report_id)) throw new GivenUp();
    await this.options.storage.write({ [postKey(post.report_id)]: post, ...more });
  }
}

function isUnregistered(error: unknown): boolean {
  return error instanceof Refused && error.problem.code === "registration_incomplete";
}

function isToSend(post: Post, reporter_id: string): boolean {
  const isOurs = post.reporter_id === null || post.reporter_id === reporter_id;
  return isOurs && post.problem === null && !isDone(post);
}

/** At least as long as the service asks; longer with each try, and never at the same moment as everybody. */
function wait(post: Post, retryAfter: number | null): void {
  const longer = Math.min(FIRST_WAIT * 2 ** post.tries, LONGEST_WAIT);
  const spread = 1 + Math.random() / 4;
  post.tries += 1;
  post.asked_until = retryAfter === null ? 0 : Date.now() + retryAfter * spread * 1000;
  post.not_before = Date.now() + Math.max(retryAfter ?? 0, longer) * spread * 1000;
}

function leaving(post: Post): Record<string, undefined> {
  const keys = [postKey(post.report_id), ...post.photos.map((photo) => photoKey(photo.photo_id))];
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

/**
 * The queue: keeps every post until the service has given its receipt and has its photos, and tries again by the
 * rules of the contract. Nothing that could still be taken is ever dropped; what cannot is shown to its writer.
 */

import { Later, Refused, SignInNeeded } from "./answer";
import type { Picture } from "./photo";
import { isDone, newPost, photoKey, POSTS, postKey, type Post, type Words } from "./post";
import { Sending } from "./send";
import { patientFetch, type Fetch, type Service } from "./service";
import type { Session } from "./session";
import type { Storage } from "./storage";

/** Seconds until the second try, doubled with each. */
const FIRST_WAIT = 5;
const LONGEST_WAIT = 3600;

export interface Options {
  service: Service;
  session: Session;
  storage: Storage;
  /** For the bytes of photos, which go wherever the service says. */
  fetch?: Fetch;
  /** Lets only one run at a time among all pages of this device; null: another one runs. */
  alone?: <T>(work: () => Promise<T>) => Promise<T | null>;
}

export class Queue {
  /** Called whenever a post has come further, or not. */
  readonly listeners = new Set<() => void>();
  private running: Promise<void> | null = null;

  constructor(private readonly options: Options) {}

  /** Every post that is kept, the oldest first; those that are done too, until `forget`. */
  async posts(): Promise<Post[]> {
    return (await this.options.storage.readAll(POSTS)) as Post[];
  }

  /** Keeps a post. It is safe on this device when this returns, and is sent by `run`. */
  async add(words: Words, pictures: Picture[] = []): Promise<Post> {
    const reporter = await this.options.session.reporter();
    const { post, changes } = await newPost(words, pictures, reporter?.id ?? null);
    await this.options.storage.write(changes);
    this.tell();
    return post;
  }

  /**
   * What was written, to be changed and added anew: an id stands for one content for ever. null where the service has
   * the words already.
   */
  async contents(report_id: string): Promise<{ words: Words; pictures: Picture[] } | null> {
    const post = (await this.posts()).find((each) => each.report_id === report_id);
    if (!post?.submission) return null;
    const pictures: Picture[] = [];
    for (const { photo_id, content_type } of post.photos) {
      const content = (await this.options.storage.read(photoKey(photo_id))) as Uint8Array<ArrayBuffer>;
      pictures.push({ content, content_type });
    }
    const { photo_ids: _, ...words } = post.submission;
    return { words, pictures };
  }

  /** Takes a post out of the queue: one that is done, or one that its writer gives up. */
  async forget(report_id: string): Promise<void> {
    const post = (await this.posts()).find((each) => each.report_id === report_id);
    if (post) await this.options.storage.write(leaving(post));
    this.tell();
  }

  /** One try of everything that is due. `now`: also of what was to wait, since the network has come back. */
  run({ now = false } = {}): Promise<void> {
    const alone = this.options.alone ?? ((work) => work());
    this.running ??= alone(() => this.tryAll(now))
      .then(() => undefined)
      .finally(() => (this.running = null));
    return this.running;
  }

  /** Unix milliseconds at which `run` has something to do again; null: not before something changes. */
  async nextRun(): Promise<number | null> {
    const reporter = await this.options.session.mayPost();
    const waiting = (await this.posts()).filter((post) => reporter && isToSend(post, reporter.id));
    return waiting.length ? Math.min(...waiting.map((post) => post.not_before)) : null;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private async tryAll(now: boolean): Promise<void> {
    const { session } = this.options;
    const reporter = await session.mayPost();
    if (!reporter) return;
    await this.sendAll(reporter.id, now);
    // The posts are what matters: this is told again with the next run.
    await session.tellAgreed().catch(() => undefined);
  }

  private async sendAll(reporter_id: string, now: boolean): Promise<void> {
    const { service, session, storage } = this.options;
    for (const post of await this.posts()) {
      if (!isToSend(post, reporter_id) || (!now && post.not_before > Date.now())) continue;
      post.reporter_id = reporter_id;
      try {
        await new Sending(post, service, storage, this.options.fetch ?? patientFetch()).run();
        post.tries = 0;
      } catch (error) {
        // Neither says anything of the post: it waits until its writer has done what is missing.
        if (error instanceof SignInNeeded) return await session.forget();
        if (isUnregistered(error)) return await session.mustRegister();
        if (error instanceof Refused) post.problem = error.problem;
        else if (error instanceof Later) wait(post, error.retryAfter);
        else throw error;
        await storage.write({ [postKey(post.report_id)]: post });
        if (error instanceof Later && error.retryAfter !== null) return; // it asks for patience: others wait too
      } finally {
        this.tell();
      }
    }
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
  const seconds = Math.max(retryAfter ?? 0, longer) * (1 + Math.random() / 4);
  post.tries += 1;
  post.not_before = Date.now() + seconds * 1000;
}

function leaving(post: Post): Record<string, undefined> {
  const keys = [postKey(post.report_id), ...post.photos.map((photo) => photoKey(photo.photo_id))];
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

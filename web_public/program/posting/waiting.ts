/** The posts that this phone still keeps: what they wait for, and what can be done. */

import { isDone, type Post } from "../../../mobile_contract/client/index";
import type { Device } from "./device";
import { emptyDraft, keepDraft } from "./draft";
import { element, find, say, show } from "./element";
import { missingToPost, registered } from "./sign_in";

type Missing = Awaited<ReturnType<typeof missingToPost>>;

/**
 * Keeps the list up to date; `except` is a post that the page shows elsewhere. Returns what draws it anew, for a page
 * on which somebody has signed in.
 */
export function showWaiting({ queue, session, storage }: Device, except: () => string | null = () => null): () => void {
  const draw = async () => {
    show(find("offline"), !navigator.onLine);
    const missing = await missingToPost(session);
    const posts = (await queue.posts()).filter((post) => post.report_id !== except());
    for (const post of posts) if (isDone(post) && !lost(post)) await queue.forget(post.report_id);
    const waiting = posts.filter((post) => !isDone(post) || lost(post));
    show(find("waiting"), waiting.length > 0);
    find("waiting-posts").replaceChildren(...waiting.map((post) => item(post, missing)));
  };

  const item = (post: Post, missing: Missing) =>
    element(
      "li",
      {},
      element("p", {}, element("strong", {}, post.receipt?.number ?? post.submission?.description.slice(0, 40) ?? "")),
      element("p", {}, state(post, missing)),
      element("div", { class: "choices" }, ...buttons(post, missing)),
    );

  const buttons = (post: Post, missing: Missing) => {
    const button = (words: string, click: () => void) =>
      element("button", { type: "button", class: "button quiet", click }, words);
    const send = button(say("send_now"), () => void queue.run({ now: true }));
    const enter = () => void registered(session).then(() => queue.run({ now: true }));
    const giveUp = button(say(post.receipt ? "understood" : "give_up"), () => {
      if (post.receipt || confirm(say("give_up_sure"))) void queue.forget(post.report_id);
    });
    if (isDone(post)) return [giveUp];
    if (post.problem) return [button(say("change"), () => void change(post)), giveUp];
    return [missing ? button(say(missing), enter) : send, ...(post.receipt ? [] : [giveUp])];
  };

  /** Back into the form: what was refused may be taken in another way. */
  const change = async (post: Post) => {
    const found = await queue.contents(post.report_id);
    if (!found) return;
    const { category, answers, description, location, earlier_report } = found.words;
    const place = { lat: location.lat, lon: location.lon, accuracy_m: location.accuracy_m ?? null, source: location.source ?? "map" };
    const pictures = found.pictures.map((picture) => ({ ...picture, claim: { place: null, takenAt: null } }));
    const earlier = earlier_report ?? null;
    await keepDraft(storage, { ...emptyDraft(), category, answers: answers ?? {}, description, place, pictures, earlier });
    await queue.forget(post.report_id);
    window.location.assign(`/report${window.location.search}`);
  };

  queue.listeners.add(() => void draw());
  addEventListener("online", () => void draw());
  addEventListener("offline", () => void draw());
  void draw();
  return () => void draw();
}

/** A photo that the service could not use. */
function lost(post: Post): boolean {
  return post.photos.some((photo) => photo.state === "rejected");
}

function state(post: Post, missing: Missing): string {
  if (post.problem) return say("refused", { why: post.problem.detail });
  if (isDone(post)) return say("photo_lost");
  if (missing) return say(`waits_for_${missing}`);
  if (post.receipt) return say("photos_on_their_way");
  return navigator.onLine ? say("on_its_way") : say("waits_for_network");
}

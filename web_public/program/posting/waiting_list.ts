/** The posts that this device still keeps: what they wait for, what can be done, and which have been sent meanwhile. */

import { isDone, type Post } from "../../../mobile_contract/client/index";
import type { Device } from "./device";
import { element, find, say, show } from "./element";
import { oneAtATime, onPress } from "./once";
import { mend, stateOf } from "./post_state";
import { Left, registered } from "./sign_in";

/**
 * Keeps the lists up to date; `except` is a post that the page shows elsewhere. Returns what draws them anew, for a
 * page on which somebody has signed in.
 */
export function showWaiting(device: Device, except: () => string | null = () => null): () => void {
  const draw = oneAtATime(async () => {
    show(find("offline"), !navigator.onLine);
    const posts = (await device.queue.posts()).filter((post) => post.report_id !== except());
    await fill(
      "waiting",
      posts.filter((post) => !isDone(post)),
      device,
    );
    await fill("sent", posts.filter(isDone), device);
  });
  device.queue.listeners.add(() => void draw());
  addEventListener("online", () => void draw());
  addEventListener("offline", () => void draw());
  void draw();
  return () => void draw();
}

async function fill(list: "waiting" | "sent", posts: Post[], device: Device): Promise<void> {
  const items = await Promise.all(posts.map((post) => item(post, device)));
  const place = find(`${list}-posts`);
  // What has not changed stays, with the focus that may be in it.
  const isSame =
    items.length === place.children.length && items.every((each, at) => each.isEqualNode(place.children[at] ?? null));
  if (!isSame) place.replaceChildren(...items);
  show(find(list), posts.length > 0);
}

async function item(post: Post, device: Device): Promise<HTMLElement> {
  const { words } = await stateOf(post, device);
  const number = post.receipt ? say("number_is", { number: post.receipt.number }) : null;
  return element(
    "li",
    {},
    element("p", {}, element("strong", {}, number ?? post.submission?.description.slice(0, 40) ?? "")),
    element("p", {}, words),
    element("div", { class: "choices" }, ...(await buttons(post, device))),
  );
}

/** What somebody can do about a post. */
export async function buttons(post: Post, device: Device): Promise<HTMLElement[]> {
  const { queue, scheduler } = device;
  const { missing, isWaiting } = await stateOf(post, device);
  const button = (words: string, work: () => unknown) => {
    const made = element("button", { type: "button", class: "button quiet" }, words);
    onPress(made, work);
    return made;
  };
  const giveUp = button(say("give_up"), () => confirm(say("give_up_sure")) && queue.forget(post.report_id));
  if (isDone(post)) return [button(say("understood"), () => queue.forget(post.report_id))];
  if (post.problem) return [button(say("change"), () => mend(post, device)), giveUp];
  const rest = post.receipt ? [] : [giveUp];
  if (missing) return [button(say(missing), () => enter(device)), ...rest];
  return isWaiting ? [button(say("send_now"), () => scheduler.try({ now: true })), ...rest] : rest;
}

/** The panel for whatever is missing; then on with what waits. */
export async function enter({ scheduler, session }: Device): Promise<void> {
  try {
    await registered(session);
    scheduler.try({ now: true });
  } catch (error) {
    if (!(error instanceof Left)) throw error;
  }
}

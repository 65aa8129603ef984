/** /report: five small steps from a photo to a receipt. What is filled in is kept until it is in the queue. */

import { ask, isDone, type Post, type Schemas, type Words } from "../../mobile_contract/client/index";
import { isAble, keepSending, openDevice, type Device } from "./posting/device";
import { keepDraft, readDraft, type Draft } from "./posting/draft";
import { day, element, find, goTo, langOf, pageLanguage, say, sayFirst, show, write } from "./posting/element";
import { inWords, tell } from "./posting/fault";
import { categories, categoryOf, showKinds, type Category } from "./posting/kind";
import { choosePictures, thumbnail } from "./posting/pictures";
import { keepPage } from "./posting/offline";
import { PlaceStep } from "./posting/place";
import { missingToPost, registered, signedIn } from "./posting/sign_in";
import { agreeToTerms, learn } from "./posting/told";
import { showWaiting } from "./posting/waiting";

const STEPS = ["photo", "kind", "place", "words", "check"] as const;
type Step = (typeof STEPS)[number];

class Posting {
  private readonly place: PlaceStep;
  private step: Step = "photo";
  private sent: string | null = null;

  constructor(
    private readonly device: Device,
    private readonly draft: Draft,
    private readonly kinds: Category[],
  ) {
    const keep = () => void keepDraft(device.storage, draft);
    const { lat, lon } = find("steps").dataset;
    this.place = new PlaceStep(device.service, draft, { lat: Number(lat), lon: Number(lon) }, keep, (report) =>
      this.follow(report),
    );
    this.choosePhotos(keep);
    showKinds(kinds, draft, keep);
    const description = find<HTMLTextAreaElement>("description");
    description.value = draft.description;
    description.oninput = () => {
      draft.description = description.value;
      tell(find("words-fault"), null);
      keep();
    };
    for (const button of document.querySelectorAll<HTMLElement>("[data-to]")) {
      button.onclick = () => this.leaveFor(button.dataset["to"] as Step);
    }
    find("send").onclick = () => void this.send();
    addEventListener("popstate", () => this.sent || this.enter((history.state as Step | null) ?? "photo"));
    showWaiting(device, () => this.sent);
    device.queue.listeners.add(() => void this.showSent());
    show(find("steps"), true);
    this.enter("photo", false);
  }

  private choosePhotos(keep: () => void): void {
    const { pictures } = this.draft;
    const sayNext = () => write(find("photo-next"), say(pictures.length ? "next" : "next_without_photo"));
    const at = {
      inputs: [find<HTMLInputElement>("camera"), find<HTMLInputElement>("album")],
      home: find("photo-title"),
      status: find("photo-status"),
      fault: find("photo-fault"),
      list: find("pictures"),
    };
    choosePictures(this.device, pictures, at, () => (keep(), sayNext()));
    sayNext();
  }

  /** Onward only when this step is complete; back at any time. */
  private leaveFor(wanted: Step): void {
    const isOnward = STEPS.indexOf(wanted) > STEPS.indexOf(this.step);
    const missing = isOnward ? this.missing(this.step) : null;
    if (this.step !== "check" && this.step !== "photo") tell(find(`${this.step}-fault`), missing);
    if (missing) return;
    history.pushState(wanted, "");
    this.enter(wanted);
  }

  private enter(step: Step, isMoved = true): void {
    this.step = step;
    for (const each of STEPS) show(find(`step-${each}`), each === step);
    write(find("progress"), say("progress", { step: STEPS.indexOf(step) + 1, steps: STEPS.length }));
    if (step === "place") this.place.enter();
    if (step === "check") this.showSummary();
    if (isMoved) goTo(find(`step-${step}`));
  }

  private missing(step: Step): string | null {
    const { category, place, description, pictures } = this.draft;
    if (step === "kind" && !category) return say("kind_missing");
    if (step === "place" && !place) return say("place_missing");
    const found = this.place.lookup;
    if (step === "place" && found && !found.inside && !found.border) return say("place_outside");
    if (step === "words" && !description.trim() && !pictures.length) return say("words_missing");
    return null;
  }

  private showSummary(): void {
    const { category, description, earlier, pictures, place } = this.draft;
    const found = this.place.lookup;
    const lines: [string, string][] = [
      ["kind", categoryOf(this.kinds, category)?.name ?? ""],
      ["place", found?.town ?? sayFirst(`place_${place?.source}`, "place_chosen")],
      ["responsible", found?.responsible.name ?? ""],
      ["words", description],
      ["earlier", earlier ?? ""],
    ];
    find("summary").replaceChildren(
      ...lines
        .filter(([, value]) => value)
        .map(([key, value]) => element("div", {}, element("dt", {}, say(key)), element("dd", { lang: langOf(value) }, value))),
    );
    find("check-pictures").replaceChildren(
      ...pictures.map((picture, at) => element("li", {}, thumbnail(picture, at))),
    );
  }

  /** Kept first and sent then; without a network, or without anybody signed in, it is kept all the same. */
  private async send(): Promise<void> {
    const missing = STEPS.map((step) => this.missing(step)).find((each) => each !== null);
    if (missing) return tell(find("check-fault"), missing);
    const { queue, session, storage } = this.device;
    await agreeToTerms(this.device);
    if (navigator.onLine && !(await session.mayPost())) {
      show(find("steps"), false);
      await registered(session);
    }
    const post = await queue.add(this.words(), this.draft.pictures);
    this.sent = post.report_id;
    await keepDraft(storage, null);
    show(find("steps"), false);
    await this.showSent();
    goTo(find("done"));
    void queue.run({ now: true });
  }

  private words(): Words {
    const { category, description, earlier, place, answers, pictures } = this.draft;
    const takenAt = pictures.find((picture) => picture.claim.takenAt)?.claim.takenAt;
    return {
      category: category!,
      description: description.trim(),
      location: { ...place!, confirmed: true },
      observed_at: takenAt ?? new Date().toISOString(),
      answers,
      locale: pageLanguage,
      ...(earlier && { earlier_report: earlier }),
    };
  }

  /** How far the post has come that was sent from this page. */
  private async showSent(): Promise<void> {
    if (!this.sent) return;
    const post = (await this.device.queue.posts()).find((each) => each.report_id === this.sent);
    if (!post) return;
    write(find("done-title"), say(post.receipt ? "received" : "kept"));
    show(find("done-number"), post.receipt !== null);
    if (post.receipt) {
      const number = element("strong", {}, post.receipt.number);
      find("done-number").replaceChildren(element("span", {}, say("number")), " ", number, element("br"), day(post.receipt.received_at));
    }
    write(find("done-words"), await this.progressOf(post));
  }

  private async progressOf(post: Post): Promise<string> {
    if (post.problem) return say("refused", { why: post.problem.detail });
    if (isDone(post)) return say("all_sent");
    if (post.receipt) return say("photos_on_their_way");
    const missing = await missingToPost(this.device.session);
    if (missing) return say(`waits_for_${missing}`);
    return navigator.onLine ? say("on_its_way") : say("waits_for_network");
  }

  /** It is known already: hear of that one instead of sending another. */
  private async follow(report: Schemas["NearbyReport"]): Promise<void> {
    try {
      show(find("steps"), false);
      await signedIn(this.device.session);
      await ask(
        () => this.device.service.PUT("/v1/reports/{report_id}/follow", { params: { path: { report_id: report.id } } }),
        (data) => data?.following === true,
      );
      await keepDraft(this.device.storage, null);
      write(find("done-title"), say("followed"));
      write(find("done-words"), say("followed_more", { number: report.number }));
      goTo(find("done"));
    } catch (error) {
      show(find("steps"), true);
      tell(find("place-fault"), inWords(error));
    }
  }
}

async function start(): Promise<void> {
  if (!isAble) return show(find("unable"), true);
  void keepPage();
  const device = await openDevice();
  keepSending(device.queue);
  void learn(device);
  const draft = await readDraft(device.storage);
  const linked = placeOfLink();
  if (linked) draft.place = linked;
  draft.earlier = earlierOfLink() ?? draft.earlier;
  try {
    new Posting(device, draft, await categories(device.service, device.storage));
  } catch (error) {
    showWaiting(device);
    tell(find("page-fault"), inWords(error));
  }
}

/** A poster at a park's gate may carry `?lat=&lon=` in its code. */
function placeOfLink(): Draft["place"] {
  const asked = new URLSearchParams(location.search);
  const [lat, lon] = [Number(asked.get("lat") || NaN), Number(asked.get("lon") || NaN)];
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon, accuracy_m: null, source: "link" } : null;
}

/** "Not fixed yet", said too late to open the old report again, leads here. */
function earlierOfLink(): string | null {
  const named = new URLSearchParams(location.search).get("earlier") ?? "";
  return /^[0-9A-Za-z-]{1,64}$/.test(named) ? named : null;
}

void start();

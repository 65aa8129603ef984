/** /report: five small steps from a photo to a receipt. What is filled in is kept until it is in the queue. */

import { ask, type Schemas, type Words } from "../../mobile_contract/client/index";
import { accuracyInWords, radiusOf } from "./posting/accuracy";
import { type Device, isAble, openDevice } from "./posting/device";
import { type Draft, DraftKeeper } from "./posting/draft";
import { beginAnew, type Opened, openDraft, remember } from "./posting/drafts";
import { element, find, goTo, langOf, pageLanguage, say, sayFirst, show, write } from "./posting/element";
import { inWords, stepOf, tell } from "./posting/fault";
import { answersInWords, type Category, categories, categoryOf, showKinds } from "./posting/kind";
import { keepPage } from "./posting/offline_page";
import { onPress, pressed } from "./posting/once";
import { type Chosen, choosePictures, thumbnail, unready } from "./posting/pictures";
import { PlaceStep } from "./posting/place";
import { SentPost } from "./posting/sent";
import { Left, registered, signedIn, whileSignedIn } from "./posting/sign_in";
import { agreeToTerms, learn } from "./posting/told";
import { showUnfinished } from "./posting/unfinished";
import { showWaiting } from "./posting/waiting_list";

const STEPS = ["photo", "kind", "place", "words", "check"] as const;
type Step = (typeof STEPS)[number];

class Posting {
  private readonly draft: Draft;
  private readonly keeper: DraftKeeper;
  private readonly place: PlaceStep;
  private readonly photos: Chosen;
  private step: Step = "photo";
  /** Rises with each step, so that what waited on one does nothing on another, nor on the same one later. */
  private turn = 0;
  private sent: SentPost | null = null;

  constructor(
    private readonly device: Device,
    opened: Opened,
    private readonly kinds: Category[],
  ) {
    const { draft } = opened;
    this.draft = draft;
    this.keeper = new DraftKeeper(device.storage, draft, () => remember(draft.id));
    const keep = () => this.keeper.keep();
    const { lat, lon } = find("steps").dataset;
    this.place = new PlaceStep(
      device.service,
      draft,
      { lat: Number(lat), lon: Number(lon) },
      keep,
      (report) => void this.follow(report),
    );
    this.photos = this.choosePhotos();
    showKinds(kinds, draft, keep);
    const description = find<HTMLTextAreaElement>("description");
    description.value = draft.description;
    description.oninput = () => {
      draft.description = description.value;
      tell(find("words-fault"), null);
      keep();
    };
    for (const button of document.querySelectorAll<HTMLElement>("[data-to]")) {
      onPress(button, () => this.leaveFor(button.dataset["to"] as Step));
    }
    onPress(find("send"), () => this.send());
    addEventListener("popstate", () => this.sent || this.enter(stepOfHistory()));
    showWaiting(device, () => this.sent?.id ?? null);
    showUnfinished(device, opened, kinds);
    show(find("steps"), true);
    this.enter(this.showFaults() ?? "photo", false);
  }

  private choosePhotos(): Chosen {
    const at = {
      inputs: [find<HTMLInputElement>("camera"), find<HTMLInputElement>("album")],
      home: find("photo-title"),
      status: find("photo-status"),
      fault: find("photo-fault"),
      list: find("pictures"),
    };
    const chosen = choosePictures(this.device, this.draft.pictures, at, () => {
      this.place.photosChanged();
      this.keeper.keep();
      this.sayReady();
    });
    onPress(find("photo-anyway"), () => this.goOn("kind"));
    onPress(find("send-anyway"), () => {
      chosen.leaveUnready();
      return pressed(find("send"), () => this.send());
    });
    queueMicrotask(() => this.sayReady());
    return chosen;
  }

  /** What the photos that are still being made small have to say on the first and on the last step. */
  private sayReady(): void {
    const count = this.photos.unready;
    const all = this.draft.pictures.length + count;
    write(find("photo-next"), say(count ? "next_when_ready" : all ? "next" : "next_without_photo"));
    show(find("photo-anyway"), count > 0);
    write(find("photo-anyway"), say("next_before_ready", { count }));
    show(find("send-anyway"), count > 0);
    write(find("send-anyway"), say("send_before_ready", { count }));
    write(find("send-status"), count ? say("send_when_ready", { count, all }) : "");
    if (this.step === "check") this.showSummary();
  }

  /** What the service has refused stands at its field; the first such step. */
  private showFaults(): Step | null {
    const steps = this.draft.faults.map(({ field, detail }) => {
      const step = stepOf(field);
      tell(find(`${step}-fault`), detail);
      return step;
    });
    return STEPS.find((step) => steps.includes(step)) ?? null;
  }

  /** Onward only when this step is complete; back at any time. */
  private async leaveFor(wanted: Step): Promise<void> {
    const [left, turn] = [this.step, this.turn];
    const isOnward = STEPS.indexOf(wanted) > STEPS.indexOf(left);
    const missing = isOnward ? this.missing(left) : null;
    if (left !== "check" && left !== "photo") tell(find(`${left}-fault`), missing);
    if (missing) return;
    if (isOnward && left === "place") this.place.confirm();
    if (isOnward && left === "photo") await this.photos.whenReady();
    if (this.turn === turn && !this.sent) this.goOn(wanted);
  }

  private goOn(wanted: Step): void {
    history.pushState(wanted, "");
    this.enter(wanted);
  }

  private enter(step: Step, isMoved = true): void {
    this.step = step;
    this.turn += 1;
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
    if (step === "place" && this.place.isCoarse) return say("place_coarse", { metres: radiusOf(place) });
    const found = this.place.lookup;
    if (step === "place" && found && !found.inside && !found.border) return say("place_outside");
    if (step === "words" && !description.trim() && !pictures.length && !this.photos.unready)
      return say("words_missing");
    return null;
  }

  private showSummary(): void {
    const { answers, category, description, earlier, pictures, place } = this.draft;
    const found = this.place.lookup;
    const kind = categoryOf(this.kinds, category);
    const where = found?.town ?? sayFirst(`place_${place?.source}`, "place_chosen");
    const lines: [string, string][] = [
      [say("kind"), kind?.name ?? ""],
      ...answersInWords(kind, answers),
      [say("place"), where + accuracyInWords(place)],
      [say("responsible"), found?.responsible.name ?? ""],
      [say("words"), description],
      [say("earlier"), earlier ?? ""],
    ];
    find("summary").replaceChildren(
      ...lines
        .filter(([, value]) => value)
        .map(([key, value]) =>
          element("div", {}, element("dt", {}, key), element("dd", { lang: langOf(value) }, value)),
        ),
    );
    find("check-pictures").replaceChildren(
      ...pictures.map((picture, at) => element("li", {}, thumbnail(picture, at))),
      ...Array.from({ length: this.photos.unready }, () => element("li", {}, unready(), say("preparing"))),
    );
  }

  /** Kept first and sent then; without a network, or without anybody signed in, it is kept all the same. */
  private async send(): Promise<void> {
    const { turn } = this;
    await this.photos.whenReady();
    const missing = STEPS.map((step) => this.missing(step)).find((each) => each !== null);
    if (this.sent || this.turn !== turn) return;
    if (missing) return tell(find("check-fault"), missing);
    const { queue, scheduler, session } = this.device;
    await agreeToTerms(this.device);
    if (navigator.onLine && !(await session.mayPost()) && !(await this.hasRegistered())) return;
    const ended = await this.keeper.end();
    const post = await queue.add(this.words(), this.draft.pictures, this.draft.id, ended);
    this.sent = new SentPost(this.device, post, this.draft.pictures);
    beginAnew();
    for (const id of ["steps", "continued", "unfinished"]) show(find(id), false);
    scheduler.try({ now: true });
    await this.sent.open();
  }

  /** False: they have gone back. */
  private async hasRegistered(): Promise<boolean> {
    show(find("steps"), false);
    try {
      await registered(this.device.session);
      return true;
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      show(find("steps"), true);
      this.enter("check");
      return false;
    }
  }

  private words(): Words {
    const { category, description, earlier, place, answers, pictures } = this.draft;
    if (!category || !place) throw new Error("what is missing is asked for first");
    const takenAt = pictures.find((picture) => picture.claim.takenAt)?.claim.takenAt;
    return {
      category,
      description: description.trim(),
      location: {
        lat: place.lat,
        lon: place.lon,
        accuracy_m: place.accuracy_m,
        source: place.source,
        confirmed: place.confirmed ?? false,
      },
      observed_at: takenAt ?? new Date().toISOString(),
      answers,
      locale: pageLanguage,
      ...(earlier && { earlier_report: earlier }),
    };
  }

  /** It is known already: hear of that one instead of sending another. */
  private async follow(report: Schemas["NearbyReport"]): Promise<void> {
    const { service, session, storage } = this.device;
    const path = { params: { path: { report_id: report.id } } };
    try {
      show(find("steps"), false);
      await signedIn(session);
      await whileSignedIn(session, () =>
        ask<Schemas["Following"]>(
          () => service.PUT("/v1/reports/{report_id}/follow", path),
          (data) => data?.following === true,
        ),
      );
      await storage.write(await this.keeper.end());
      beginAnew();
      write(find("done-title"), say("followed"));
      write(find("done-words"), say("followed_more", { number: report.number }));
      goTo(find("done"));
    } catch (error) {
      show(find("steps"), true);
      if (!(error instanceof Left)) tell(find("place-fault"), inWords(error));
    }
  }
}

function stepOfHistory(): Step {
  const state: unknown = history.state;
  if (state === null) return "photo";
  return STEPS.find((step) => step === state) ?? "check";
}

async function start(): Promise<void> {
  if (!isAble) return show(find("unable"), true);
  void keepPage();
  const device = await openDevice();
  device.scheduler.try({ hopeful: true });
  void learn(device);
  // A page that comes back from the browser's own memory may have lost its draft to another.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  try {
    const kinds = await categories(device.service, device.storage);
    new Posting(device, await openDraft(device.storage, ofLink()), kinds);
  } catch (error) {
    showWaiting(device);
    tell(find("page-fault"), inWords(error));
  }
}

/**
 * A poster at a park's gate may carry `?lat=&lon=` in its code; "not fixed yet", said too late to open the old report
 * again, leads here with `?earlier=`.
 */
function ofLink(): Partial<Draft> {
  const asked = new URLSearchParams(location.search);
  const [lat, lon] = [Number(asked.get("lat") || NaN), Number(asked.get("lon") || NaN)];
  const place = Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon, accuracy_m: null, source: "link" } : null;
  const named = asked.get("earlier") ?? "";
  const earlier = /^[0-9A-Za-z-]{1,64}$/.test(named) ? named : null;
  return { place, earlier, link: place || earlier ? `${asked.get("lat")} ${asked.get("lon")} ${earlier}` : "" };
}

void start();

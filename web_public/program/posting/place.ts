/** Where is it, whose is it, and does the ward know of it already? */

import { ask, Later, type Schemas, type Service } from "../../../mobile_contract/client/index";
import { COARSE, radiusOf, TOLD } from "./accuracy";
import type { Draft, Place } from "./draft";
import { day, element, find, here, langOf, say, sayFirst, show, write } from "./element";
import { inWords, tell } from "./fault";
import type { Prepared } from "./photo";
import { metres, moved, NEAR, PickMap, type Point, TOWN, WHOLE } from "./pick_map";
import { whose } from "./whose";

export type Lookup = Schemas["Lookup"];
type Nearby = Schemas["NearbyReport"];

/** Metres between two photos of the same thing. */
const SAME_PLACE = 100;
/** How long somebody waits for a position, or does not see that a permission is asked for. */
const GPS_PATIENCE_MS = 5000;

type WithPlace = Prepared & { claim: { place: NonNullable<Prepared["claim"]["place"]> } };

/** Metres of one push at an arrow, as a share of half the map. */
const PUSH = 0.2;

export class PlaceStep {
  /** What the service said of the place; null while it is not known. */
  lookup: Lookup | null = null;
  private asking = 0;
  /** Counts what the person does with the pin: an answer that a machine gives later than that moves nothing. */
  private hand = 0;
  private readonly map: PickMap;

  constructor(
    private readonly service: Service,
    private readonly draft: Draft,
    /** The middle of the ward. */
    middle: Point,
    private readonly changed: () => void,
    private readonly follow: (report: Nearby) => void,
  ) {
    const first = draft.place ? { ...draft.place, half: NEAR } : { ...middle, half: WHOLE };
    this.map = new PickMap(
      find("map"),
      first,
      (point, half) => this.putByHand(point, half),
      () => this.refuse(),
    );
    this.map.mark(draft.place, radiusOf(draft.place));
    for (const arrow of document.querySelectorAll<HTMLElement>("[data-east]")) {
      arrow.onclick = () => this.push(Number(arrow.dataset["east"]), Number(arrow.dataset["north"]));
    }
    find("closer").onclick = () => this.map.closer();
    find("farther").onclick = () => this.map.farther();
    const towns = document.querySelector<HTMLSelectElement>("#town");
    if (towns) towns.onchange = () => this.lookAt(towns.value);
    find("use-here").onclick = () => this.askPhone();
    find("use-photo").onclick = () => this.usePhoto(this.photoPlaces()[0], true);
    const right = find<HTMLInputElement>("pin-right");
    right.onchange = () => {
      if (draft.place) draft.place = { ...draft.place, confirmed: right.checked };
      this.changed();
      this.showFound();
    };
    addEventListener("online", () => find("step-place").hidden || this.refresh());
  }

  /** Called whenever the step comes into view. */
  enter(): void {
    this.showPhotoPlaces();
    // The camera knew where it was: offered first, since people also post from home.
    const [first] = this.photoPlaces();
    if (!this.draft.place && first && !this.differ()) this.usePhoto(first);
    else this.refresh();
  }

  /** A photo has come or gone: the place that only it knew goes with it, and whose it is becomes a question. */
  photosChanged(): void {
    const { place, pictures } = this.draft;
    const isGone = place?.photo_id && !pictures.some(({ photo_id }) => photo_id === place.photo_id);
    const isOpen = place?.source === "photo" && !place.confirmed && this.differ();
    if (isGone || isOpen) {
      this.draft.place = null;
      this.hand += 1;
      this.map.mark(null);
      tell(find("place-fault"), isGone ? say("photo_place_gone") : null);
      void this.look();
    }
    this.showPhotoPlaces();
  }

  /** The person goes on from here: the pin stands where they mean. */
  confirm(): void {
    this.hand += 1;
    if (this.draft.place) this.draft.place = { ...this.draft.place, confirmed: true };
    this.changed();
  }

  /** So rough that nobody but the person can say where it is, and they have not yet. */
  get isCoarse(): boolean {
    const { place } = this.draft;
    return radiusOf(place) > COARSE && !place?.confirmed;
  }

  private showPhotoPlaces(): void {
    const places = this.photoPlaces();
    const differ = this.differ();
    show(find("use-photo"), places.length > 0 && !differ);
    find("use-here").classList.toggle("quiet", places.length > 0);
    show(find("photo-places"), differ);
    find("photo-place-buttons").replaceChildren(
      ...(differ ? places : []).map((photo) => {
        const number = this.draft.pictures.indexOf(photo) + 1;
        const click = () => this.usePhoto(photo, true);
        return element("button", { type: "button", class: "button quiet", click }, say("photo_place", { number }));
      }),
    );
  }

  private usePhoto(photo: WithPlace | undefined, confirmed = false): void {
    if (!photo) return;
    this.hand += 1;
    const { lat, lon, accuracy_m = null } = photo.claim.place;
    const isRough = (accuracy_m ?? 0) > COARSE;
    const from = { source: "photo", photo_id: photo.photo_id, confirmed: confirmed && !isRough };
    this.put({ lat, lon, accuracy_m, ...from }, NEAR);
  }

  private photoPlaces(): WithPlace[] {
    return this.draft.pictures.filter((picture): picture is WithPlace => picture.claim.place !== null);
  }

  private differ(): boolean {
    const places = this.photoPlaces().map(({ claim }) => claim.place);
    return places.some((one) => places.some((other) => metres(one, other) > SAME_PLACE));
  }

  private askPhone(): void {
    const fault = find("place-fault");
    tell(fault, null);
    if (!navigator.geolocation) return tell(fault, say("no_gps"));
    const button = find<HTMLButtonElement>("use-here");
    const asked = ++this.hand;
    const isWanted = () => asked === this.hand && !find("step-place").hidden;
    const end = () => {
      clearTimeout(patience);
      button.removeAttribute("aria-busy");
    };
    const patience = setTimeout(() => {
      if (isWanted()) tell(fault, say("gps_waits"));
      button.removeAttribute("aria-busy");
    }, GPS_PATIENCE_MS);
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        end();
        if (!isWanted()) return;
        const { latitude: lat, longitude: lon, accuracy } = coords;
        const accuracy_m = Number.isFinite(accuracy) ? Math.round(accuracy) : null;
        this.put({ lat, lon, accuracy_m, source: "gps" }, NEAR);
      },
      ({ code, PERMISSION_DENIED }) => {
        end();
        if (isWanted()) tell(fault, say(code === PERMISSION_DENIED ? "gps_denied" : "no_gps"));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  }

  /** Only looks there: in which corner of the town it is, a tap says. */
  private lookAt(town: string): void {
    const [lat, lon] = town.split(",").map(Number);
    if (lat && lon) void this.map.show({ lat, lon, half: TOWN });
  }

  /** From the pin; from the middle of the map where that shows another part of the ward, or there is no pin yet. */
  private push(east: number, north: number): void {
    const { seen } = this.map;
    if (!seen) return this.refuse();
    const { place } = this.draft;
    const from = place && this.map.sees(place) ? place : seen;
    const point = moved(from, east * seen.half * PUSH, north * seen.half * PUSH);
    this.putByHand(point, seen.half);
  }

  /** Whoever sees no map cannot say where on it. */
  private refuse(): void {
    tell(find("place-fault"), say("no_map"));
  }

  private putByHand(point: Point, half: number): void {
    this.hand += 1;
    this.put({ ...point, accuracy_m: null, source: "map", confirmed: true }, half);
  }

  private put(place: Place, half: number): void {
    // A millionth of a degree is a hand's breadth.
    const { lat, lon } = { lat: Math.round(place.lat * 1e6) / 1e6, lon: Math.round(place.lon * 1e6) / 1e6 };
    this.draft.place = { ...place, lat, lon };
    tell(find("place-fault"), null);
    this.changed();
    const radius = radiusOf(this.draft.place);
    this.map.mark(this.draft.place, radius);
    void this.map.show({ lat, lon, half: Math.min(Math.max(half, radius * 1.3), WHOLE) });
    void this.look();
  }

  private refresh(): void {
    void this.map.redraw();
    void this.look();
  }

  /** Asks whose place it is; an answer that a later question has overtaken is not shown. */
  private async look(): Promise<void> {
    const { place, category } = this.draft;
    const turn = ++this.asking;
    this.lookup = null;
    this.showAccuracy();
    if (!place) return this.showFound();
    show(find("nearby"), false);
    write(find("found"), say(navigator.onLine ? "looking" : "place_kept"));
    if (!navigator.onLine) return;
    try {
      const told = await ask<Lookup>(
        () =>
          this.service.GET("/v1/places/lookup", {
            params: { query: { lat: place.lat, lon: place.lon, ...(category && { category }) } },
          }),
        (data) => typeof data?.inside === "boolean",
      );
      if (turn === this.asking) this.lookup = told;
    } catch (error) {
      // The place is known all the same: the service finds out whose it is when it gets the post.
      const words = error instanceof Later ? say("place_kept") : inWords(error);
      if (turn === this.asking) write(find("found"), words);
      return;
    }
    if (turn === this.asking) this.showFound();
  }

  private showAccuracy(): void {
    const radius = radiusOf(this.draft.place);
    const words = say(this.isCoarse ? "place_coarse" : "accuracy", { metres: radius });
    write(find("accuracy"), radius > TOLD ? words : "");
    show(find("accuracy"), radius > TOLD);
    show(find("coarse"), radius > COARSE);
    find<HTMLInputElement>("pin-right").checked = this.draft.place?.confirmed ?? false;
  }

  private showFound(): void {
    this.showAccuracy();
    const found = this.isCoarse ? null : this.lookup;
    show(find("nearby"), Boolean(found?.nearby.length));
    if (!found) return find("found").replaceChildren();
    find("found").replaceChildren(...whose(found));
    find("nearby-reports").replaceChildren(...found.nearby.slice(0, 3).map((each) => this.nearby(each)));
  }

  private nearby(report: Nearby): HTMLElement {
    const photo = report.photos[0]?.renditions["small"] ?? report.photos[0];
    return element(
      "li",
      {},
      photo ? element("img", { src: here(photo.url), alt: "", width: photo.width, height: photo.height }) : null,
      element(
        "div",
        {},
        element("p", {}, `${report.category.name} (${say("metres", { metres: report.metres })})`),
        element(
          "p",
          { class: "hint" },
          element(
            "span",
            { class: `state ${report.status_group}` },
            sayFirst(`status.${report.status}`, `group.${report.status_group}`),
          ),
          ` ${day(report.closed_at ?? report.received_at)}`,
          report.same_kind ? ` ${say("same_kind")}` : null,
        ),
        element("p", { lang: langOf(report.words) }, report.words),
        element("button", { type: "button", class: "button quiet", click: () => this.follow(report) }, say("follow")),
      ),
    );
  }
}

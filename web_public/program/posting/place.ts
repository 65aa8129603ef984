/** Where is it, whose is it, and does the ward know of it already? */

import { ask, Later, type Schemas, type Service } from "../../../mobile_contract/client/index";
import type { Draft, Place } from "./draft";
import { element, find, here, langOf, say, show, write } from "./element";
import { inWords, tell } from "./fault";
import { moved, NEAR, PickMap, TOWN, WHOLE, type Point } from "./pick_map";

export type Lookup = Schemas["Lookup"];
type Nearby = Schemas["NearbyReport"];

/** Metres of one push at an arrow, as a share of half the map. */
const PUSH = 0.2;

export class PlaceStep {
  /** What the service said of the place; null while it is not known. */
  lookup: Lookup | null = null;
  private asking = 0;
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
      (point, half) => this.put({ ...point, accuracy_m: null, source: "map" }, half),
      () => this.refuse(),
    );
    this.map.mark(draft.place);
    for (const arrow of document.querySelectorAll<HTMLElement>("[data-east]")) {
      arrow.onclick = () => this.push(Number(arrow.dataset["east"]), Number(arrow.dataset["north"]));
    }
    find("closer").onclick = () => this.map.closer();
    find("farther").onclick = () => this.map.farther();
    const towns = document.querySelector<HTMLSelectElement>("#town");
    if (towns) towns.onchange = () => this.lookAt(towns.value);
    find("use-here").onclick = () => this.askPhone();
    find("use-photo").onclick = () => this.usePhoto();
    addEventListener("online", () => find("step-place").hidden || this.refresh());
  }

  /** Called whenever the step comes into view. */
  enter(): void {
    show(find("use-photo"), this.photoPlace() !== null);
    find("use-here").classList.toggle("quiet", this.photoPlace() !== null);
    // The camera knew where it was: offered first, since people also post from home.
    if (!this.draft.place && this.photoPlace()) this.usePhoto();
    else this.refresh();
  }

  private usePhoto(): void {
    const place = this.photoPlace();
    if (place) this.put({ ...place, accuracy_m: null, source: "photo" }, NEAR);
  }

  private photoPlace(): { lat: number; lon: number } | null {
    return this.draft.pictures.find((picture) => picture.claim.place)?.claim.place ?? null;
  }

  private askPhone(): void {
    const fault = find("place-fault");
    tell(fault, null);
    if (!navigator.geolocation) return tell(fault, say("no_gps"));
    const button = find<HTMLButtonElement>("use-here");
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        const { latitude: lat, longitude: lon, accuracy } = coords;
        this.put({ lat, lon, accuracy_m: Math.round(accuracy), source: "gps" }, NEAR);
      },
      () => {
        button.removeAttribute("aria-busy");
        tell(fault, say("no_gps"));
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
    this.put({ ...point, accuracy_m: null, source: "map" }, seen.half);
  }

  /** Whoever sees no map cannot say where on it. */
  private refuse(): void {
    tell(find("place-fault"), say("no_map"));
  }

  private put(place: Place, half: number): void {
    // A millionth of a degree is a hand's breadth.
    const { lat, lon } = { lat: Math.round(place.lat * 1e6) / 1e6, lon: Math.round(place.lon * 1e6) / 1e6 };
    this.draft.place = { ...place, lat, lon };
    tell(find("place-fault"), null);
    this.changed();
    this.map.mark(this.draft.place);
    void this.map.show({ lat, lon, half });
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

  private showFound(): void {
    const found = this.lookup;
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
        element("p", { lang: langOf(report.words) }, report.words),
        element("button", { type: "button", class: "button quiet", click: () => this.follow(report) }, say("follow")),
      ),
    );
  }
}

/** The town and who will hear of it, or that the ward is the wrong address. */
function whose({ inside, border, town, neighbour, responsible }: Lookup): HTMLElement[] {
  const { phone, url } = responsible.contact as { phone?: string; url?: string };
  const contact = element(
    "p",
    {},
    phone ? element("a", { href: `tel:${phone}` }, phone) : null,
    phone && url ? " " : null,
    url ? element("a", { href: url }, url) : null,
  );
  if (!inside && !border) {
    const words = say("outside", { name: neighbour?.name ?? responsible.name });
    return [element("p", { class: "fault" }, words), contact];
  }
  const paragraphs = [element("p", { class: "town" }, element("strong", { lang: "ja" }, town ?? ""))];
  if (border) paragraphs.push(element("p", { class: "notice" }, say("border")));
  const isWard = responsible.kind === "ward";
  paragraphs.push(element("p", {}, say(isWard ? "ward_does" : "other_does", { name: responsible.name })));
  if (responsible.reason) paragraphs.push(element("p", { class: "hint" }, responsible.reason));
  return isWard ? paragraphs : [...paragraphs, contact];
}

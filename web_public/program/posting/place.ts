/** Where is it, whose is it, and does the ward know of it already? */

import { ask, type Schemas, type Service } from "../../../mobile_contract/client/index";
import type { Draft, Place } from "./draft";
import { element, find, here, say, show, write } from "./element";
import { inWords, tell } from "./fault";

export type Lookup = Schemas["Lookup"];
type Nearby = Schemas["NearbyReport"];

/** Metres from the middle of the map to its sides. */
const ZOOMS = [75, 150, 300, 700, 1500, 3500, 8000];
const FIRST_ZOOM = 2;
const METRES_PER_DEGREE = 111_320;
/** Metres of one push at an arrow, as a share of half the map. */
const PUSH = 0.2;

export class PlaceStep {
  /** What the service said of the place; null while it is not known. */
  lookup: Lookup | null = null;
  private zoom = ZOOMS.length - 1;
  private asking = 0;

  constructor(
    private readonly service: Service,
    private readonly draft: Draft,
    /** The middle of the ward. */
    private readonly middle: { lat: number; lon: number },
    private readonly changed: () => void,
    private readonly follow: (report: Nearby) => void,
  ) {
    if (draft.place) this.zoom = FIRST_ZOOM;
    find("map").addEventListener("click", (event) => this.tapped(event));
    for (const arrow of document.querySelectorAll<HTMLElement>("[data-east]")) {
      arrow.onclick = () => this.push(Number(arrow.dataset["east"]), Number(arrow.dataset["north"]));
    }
    find("closer").onclick = () => this.zoomBy(-1);
    find("farther").onclick = () => this.zoomBy(1);
    find("use-here").onclick = () => this.askPhone();
    find("use-photo").onclick = () => this.usePhoto();
  }

  /** Called whenever the step comes into view. */
  enter(): void {
    show(find("use-photo"), this.photoPlace() !== null);
    find("use-here").classList.toggle("quiet", this.photoPlace() !== null);
    // The camera knew where it was: offered first, since people also post from home.
    if (!this.draft.place && this.photoPlace()) this.usePhoto();
    else void this.refresh();
  }

  private usePhoto(): void {
    const place = this.photoPlace();
    if (place) this.put({ ...place, accuracy_m: null, source: "photo" }, FIRST_ZOOM);
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
        this.put({ lat, lon, accuracy_m: Math.round(accuracy), source: "gps" }, FIRST_ZOOM);
      },
      () => {
        button.removeAttribute("aria-busy");
        tell(fault, say("no_gps"));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  }

  private tapped(event: MouseEvent): void {
    const box = find("map").getBoundingClientRect();
    const metresPerPixel = (2 * this.half) / box.width;
    const east = (event.clientX - box.left - box.width / 2) * metresPerPixel;
    const north = (box.top + box.height / 2 - event.clientY) * metresPerPixel;
    // Seen from far a finger is as wide as a town: come closer, to be exact.
    this.move(east, north, this.half > 700 ? this.zoom - 2 : this.zoom);
  }

  private push(east: number, north: number): void {
    this.move(east * this.half * PUSH, north * this.half * PUSH, this.zoom);
  }

  private move(east: number, north: number, zoom: number): void {
    const { lat, lon } = this.centre;
    const across = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
    this.put(
      { lat: lat + north / METRES_PER_DEGREE, lon: lon + east / across, accuracy_m: null, source: "map" },
      zoom,
    );
  }

  private zoomBy(steps: number): void {
    this.zoom = Math.min(Math.max(this.zoom + steps, 0), ZOOMS.length - 1);
    void this.drawMap();
  }

  private put(place: Place, zoom: number): void {
    // A millionth of a degree is a hand's breadth.
    const rounded = { lat: Math.round(place.lat * 1e6) / 1e6, lon: Math.round(place.lon * 1e6) / 1e6 };
    this.draft.place = { ...place, ...rounded };
    this.zoom = Math.max(zoom, 0);
    this.changed();
    void this.refresh();
  }

  private get centre(): { lat: number; lon: number } {
    return this.draft.place ?? this.middle;
  }

  private get half(): number {
    return ZOOMS[this.zoom]!;
  }

  private async refresh(): Promise<void> {
    await Promise.all([this.drawMap(), this.look()]);
  }

  private async drawMap(): Promise<void> {
    const { lat, lon } = this.centre;
    const asked = `/report/map?lat=${lat}&lon=${lon}&half=${this.half}`;
    try {
      const answer = await fetch(asked);
      if (!answer.ok) return;
      const drawing = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
      find("map").replaceChildren(document.importNode(drawing.documentElement, true));
      find("map").classList.toggle("chosen", this.draft.place !== null);
    } catch {
      // Without a network the last drawing stays; the place itself is known by GPS.
    }
  }

  /** Asks whose place it is; an answer that a later question has overtaken is not shown. */
  private async look(): Promise<void> {
    const { place, category } = this.draft;
    const turn = ++this.asking;
    this.lookup = null;
    if (!place) return this.showFound();
    write(find("found"), say("looking"));
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
      if (turn === this.asking) write(find("found"), inWords(error));
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
        element("p", {}, report.words),
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
  const paragraphs = [element("p", { class: "town" }, element("strong", {}, town ?? ""))];
  if (border) paragraphs.push(element("p", { class: "notice" }, say("border")));
  const isWard = responsible.kind === "ward";
  paragraphs.push(element("p", {}, say(isWard ? "ward_does" : "other_does", { name: responsible.name })));
  if (responsible.reason) paragraphs.push(element("p", { class: "hint" }, responsible.reason));
  return isWard ? paragraphs : [...paragraphs, contact];
}

/** The map on which somebody shows a place. The service draws it; fingers, a mouse and buttons move and choose. */

import { find, say, write } from "./element";

export interface Point {
  lat: number;
  lon: number;
}

/** `half`: metres from the middle to the sides. */
export interface View extends Point {
  half: number;
}

/** What the buttons step through. */
const CLOSEST = 75;
const ZOOMS = [CLOSEST, 150, 300, 700, 1500, 3500, 8000];
/** A few streets, a town, and the whole ward. */
export const NEAR = 300;
export const TOWN = 700;
export const WHOLE = 8000;
const METRES_PER_DEGREE = 111_320;
/** Pixels: a finger that goes no farther was a tap. */
const TAP = 8;

/** How what is drawn has been pushed and stretched since, in pixels from the box's corner. */
interface Shift {
  x: number;
  y: number;
  scale: number;
}

const UNMOVED: Shift = { x: 0, y: 0, scale: 1 };

export class PickMap {
  /** What the drawing shows: a tap is read by it, never by what was only asked for. */
  private drawn: View | null = null;
  private shift = UNMOVED;
  private pin: Point | null = null;
  /** Metres around the pin in which the place may truly be. */
  private radius = 0;
  private asking = 0;
  private readonly fingers = new Map<number, { x: number; y: number }>();
  private way = 0;

  constructor(
    private readonly box: HTMLElement,
    private wanted: View,
    private readonly chosen: (point: Point, half: number) => void,
    /** Somebody chose where nothing is drawn. */
    private readonly refused: () => void,
  ) {
    box.addEventListener("pointerdown", (event) => this.touched(event));
    box.addEventListener("pointermove", (event) => this.dragged(event));
    box.addEventListener("pointerup", (event) => this.released(event));
    box.addEventListener("pointercancel", (event) => this.released(event));
    box.addEventListener("click", (event) => this.tapped(event));
  }

  /** What somebody sees; null while nothing is drawn, or the step is not shown. */
  get seen(): View | null {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!this.drawn || !width) return null;
    const half = Math.min(Math.max(this.drawn.half / this.shift.scale, CLOSEST), WHOLE);
    return { ...this.pointAt(this.drawn, width / 2, height / 2), half: Math.round(half) };
  }

  sees(point: Point): boolean {
    const seen = this.seen;
    if (!seen) return false;
    const { east, north } = way(seen, point);
    return Math.abs(east) < seen.half && Math.abs(north) < (seen.half * this.box.clientHeight) / this.box.clientWidth;
  }

  mark(pin: Point | null, radius = 0): void {
    this.pin = pin;
    this.radius = radius;
    this.drawPin();
  }

  closer(): void {
    void this.show({ ...this.wanted, half: closer(this.wanted.half) });
  }

  farther(): void {
    const half = ZOOMS.find((each) => each > this.wanted.half * 1.05) ?? WHOLE;
    void this.show({ ...this.wanted, half });
  }

  /** Draws what was asked for last, where that has not been possible yet. */
  async redraw(): Promise<void> {
    if (!this.drawn) await this.show(this.wanted);
  }

  async show(view: View): Promise<void> {
    this.wanted = view;
    const turn = ++this.asking;
    const drawing = await draw(view);
    if (turn !== this.asking) return;
    if (drawing) {
      this.put(drawing, view);
    } else if (this.pin && !this.sees(this.pin)) {
      this.put(null, view); // a map of somewhere else helps nobody
    } else {
      this.wanted = this.seen ?? view; // the last drawing stays
    }
    write(find("no-map"), this.drawn ? "" : say(this.pin ? "map_later" : "no_map"));
  }

  private put(drawing: SVGElement | null, view: View): void {
    this.box.querySelector("svg")?.remove();
    if (drawing) this.box.append(drawing);
    this.drawn = drawing && view;
    this.shift = UNMOVED;
    // Roads are wider where one is nearer.
    this.box.dataset["from"] = view.half <= 200 ? "near" : view.half <= 1000 ? "middle" : "far";
    this.drawPin();
  }

  private drawPin(): void {
    this.box.classList.toggle("chosen", this.pin !== null);
    const drawing = this.box.querySelector("svg");
    if (!drawing || !this.drawn || !this.pin) return;
    const { east, north } = way(this.drawn, this.pin);
    const unit = drawing.viewBox.baseVal.width / 2 / this.drawn.half;
    const transform = `translate(${east * unit} ${-north * unit})`;
    drawing.querySelector(".pin")?.setAttribute("transform", transform);
    const circle = drawing.querySelector(".uncertain");
    circle?.setAttribute("transform", transform);
    circle?.setAttribute("r", String(this.radius * unit));
  }

  /** Pixels from the box's corner. */
  private pointAt(drawn: View, x: number, y: number): Point {
    const { clientWidth: width, clientHeight: height } = this.box;
    const metresPerPixel = (2 * drawn.half) / width;
    const east = ((x - this.shift.x) / this.shift.scale - width / 2) * metresPerPixel;
    const north = (height / 2 - (y - this.shift.y) / this.shift.scale) * metresPerPixel;
    return moved(drawn, east, north);
  }

  private tapped(event: MouseEvent): void {
    if (this.way > TAP) return; // the end of a drag
    const { drawn, seen } = this;
    if (!drawn || !seen) return this.refused();
    const { half } = seen;
    const { x, y } = this.inBox(event);
    // Seen from far a finger is as wide as a town: come closer, to be exact.
    this.chosen(this.pointAt(drawn, x, y), half > TOWN ? closer(closer(half)) : half);
  }

  private touched(event: PointerEvent): void {
    if (this.fingers.size === 0) this.way = 0;
    this.fingers.set(event.pointerId, this.inBox(event));
    this.box.setPointerCapture(event.pointerId);
  }

  /** One finger pushes the map, two stretch it around their middle. */
  private dragged(event: PointerEvent): void {
    const last = this.fingers.get(event.pointerId);
    if (!last) return;
    const before = hold([...this.fingers.values()]);
    const now = this.inBox(event);
    this.fingers.set(event.pointerId, now);
    this.way += Math.hypot(now.x - last.x, now.y - last.y);
    const after = hold([...this.fingers.values()]);
    if (!this.drawn) return;
    if (this.way > TAP) this.asking += 1; // a drawing that comes now would jump away under the finger
    const wanted = this.shift.scale * (before.width ? after.width / before.width : 1);
    const scale = Math.min(Math.max(wanted, this.drawn.half / WHOLE), this.drawn.half / CLOSEST);
    const ratio = scale / this.shift.scale;
    this.shift = {
      x: after.x + (this.shift.x - before.x) * ratio,
      y: after.y + (this.shift.y - before.y) * ratio,
      scale,
    };
    const drawing = this.box.querySelector("svg");
    if (drawing) drawing.style.transform = `translate(${this.shift.x}px, ${this.shift.y}px) scale(${scale})`;
  }

  private released(event: PointerEvent): void {
    if (this.fingers.delete(event.pointerId) && this.fingers.size === 0 && this.way > TAP && this.seen) {
      void this.show(this.seen);
    }
  }

  private inBox({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { left, top } = this.box.getBoundingClientRect();
    return { x: clientX - left - this.box.clientLeft, y: clientY - top - this.box.clientTop };
  }
}

/** So many metres away. */
export function moved({ lat, lon }: Point, east: number, north: number): Point {
  return { lat: lat + north / METRES_PER_DEGREE, lon: lon + east / metresAcross(lat) };
}

/** Metres from one point to another, as the crow flies. */
export function metres(from: Point, to: Point): number {
  const { east, north } = way(from, to);
  return Math.hypot(east, north);
}

/** Metres from one point to another. */
function way(from: Point, to: Point): { east: number; north: number } {
  return { east: (to.lon - from.lon) * metresAcross(from.lat), north: (to.lat - from.lat) * METRES_PER_DEGREE };
}

function metresAcross(lat: number): number {
  return METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
}

function closer(half: number): number {
  return ZOOMS.filter((each) => each < half * 0.95).pop() ?? CLOSEST;
}

/** The middle of the fingers, and how far two are apart; 0 for one. */
function hold([one, other]: { x: number; y: number }[]): { x: number; y: number; width: number } {
  if (!one) return { x: 0, y: 0, width: 0 };
  if (!other) return { ...one, width: 0 };
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, width: Math.hypot(one.x - other.x, one.y - other.y) };
}

/** null where it cannot be had, as without a network. */
async function draw({ lat, lon, half }: View): Promise<SVGElement | null> {
  try {
    const answer = await fetch(`/report/map?lat=${lat.toFixed(6)}&lon=${lon.toFixed(6)}&half=${half}`);
    if (!answer.ok) return null;
    const read = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    return read.localName === "svg" ? (document.importNode(read, true) as unknown as SVGElement) : null;
  } catch {
    return null;
  }
}

// The map that can be moved: takes the place of its picture, and the list follows it.
import "maplibre-gl/dist/maplibre-gl.css";
import "./map/map.css";
import type { Point } from "geojson";
import type { MapMouseEvent } from "maplibre-gl";
import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import type { Facts } from "./map/facts";
import { ground } from "./map/ground";
import { addressOf, boundsOf, focusList, mirror } from "./map/mirror";
import { close, tell } from "./map/popup";
import { LAYERS, place } from "./map/reports";
import { find } from "./posting/find";

const CLOSER = 2;
const CLOSEST = 19;
/** Pixels around a finger. */
const FINGER = 8;
/** Says of a move that the list has been told already. */
const TOLD = { told: true };

export async function show(first: Facts): Promise<void> {
  let facts = first;
  const stage = find("map-stage");
  const note = find("map-note");
  const usual = note.textContent;
  let shown = location.search;
  const picture = [...stage.childNodes];

  await styled(facts.style);
  setWorkerUrl(new URL(facts.worker, location.origin).href);
  stage.replaceChildren();
  stage.classList.add("interactive");
  let map: MapLibre;
  try {
    map = opened(stage, facts, boundsOf(document));
    await happened(map, "load");
    await filled();
    await happened(map, "idle");
  } catch (error) {
    stage.replaceChildren(...picture);
    stage.classList.remove("interactive");
    throw error;
  }
  stage.dataset["ready"] = "true";
  // Whoever comes back from a report finds the map open, moved or not.
  go("replaceState", new URL("#map", location.href));

  function go(how: "pushState" | "replaceState", address: URL): void {
    history[how](null, "", address);
    shown = location.search;
  }

  async function filled(): Promise<void> {
    const isCut = await place(map, facts);
    note.textContent = isCut ? facts.words.newest_only : usual;
  }

  async function moved(): Promise<void> {
    const bounds = map.getBounds();
    const address = addressOf([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
    go("replaceState", address);
    await mirror(address);
  }

  /** A filter is for the part that the map shows, which a link may not know yet, unless it `drops` the part. */
  async function chosen(address: URL, drops: boolean): Promise<void> {
    const part = new URLSearchParams(location.search).get("bbox");
    if (part && !drops) address.searchParams.set("bbox", part);
    else address.searchParams.delete("bbox");
    address.hash = "map";
    go("pushState", address);
    close();
    (document.activeElement as HTMLElement | null)?.blur();
    const found = await mirror(address);
    if (!found) return;
    facts = found.facts;
    if (drops) map.fitBounds(found.bounds, {}, TOLD);
    await filled();
    focusList();
  }

  map.on("moveend", (event) => "told" in event || void moved().catch(() => location.reload()));
  map.on("click", (event) => pressed(map, event, facts));
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = under(map, event).length ? "pointer" : "";
  });
  stage.addEventListener("keydown", (event) => event.key === "Escape" && close());
  const search = find("find");
  search.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("#filters a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void chosen(new URL(link.href), link.dataset["drops"] === "bbox").catch(() => location.assign(link.href));
  });
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, String(value));
    void chosen(address, false)
      .then(() => find("list").scrollIntoView())
      .catch(() => form.submit());
  });
  // A jump within the page is one, too.
  window.addEventListener("popstate", () => location.search !== shown && location.reload());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
}

function opened(stage: HTMLElement, facts: Facts, bounds: [number, number, number, number]): MapLibre {
  const map = new MapLibre({
    container: stage,
    style: ground(facts),
    bounds,
    maxZoom: CLOSEST,
    minZoom: 8,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: facts.outside ? { compact: false } : false,
    localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    locale: {
      "Map.Title": facts.words.map,
      "NavigationControl.ZoomIn": facts.words.zoom_in,
      "NavigationControl.ZoomOut": facts.words.zoom_out,
      "Popup.Close": facts.words.close,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({}), "bottom-left");
  return map;
}

/** A map that cannot be drawn says so, and would go on waiting for itself; a part that is missing is no matter. */
function happened(map: MapLibre, event: "load" | "idle"): Promise<void> {
  return new Promise((done, failed) => {
    map.once(event, () => done());
    map.on("error", (fault) => "sourceId" in fault || failed(fault.error));
  });
}

function under(map: MapLibre, { point }: MapMouseEvent) {
  const box: [[number, number], [number, number]] = [
    [point.x - FINGER, point.y - FINGER],
    [point.x + FINGER, point.y + FINGER],
  ];
  return map.queryRenderedFeatures(box, { layers: LAYERS.filter((layer) => map.getLayer(layer)) });
}

function pressed(map: MapLibre, event: MapMouseEvent, facts: Facts): void {
  const found = under(map, event);
  const several = found.find(({ layer }) => layer.id === "several");
  if (several) {
    const [lng = 0, lat = 0] = (several.geometry as Point).coordinates;
    map.easeTo({ center: [lng, lat], zoom: map.getZoom() + CLOSER });
  } else if (found.length) {
    tell(map, found, facts);
  }
}

function styled(address: string): Promise<void> {
  return new Promise((done, failed) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = address;
    sheet.onload = () => done();
    sheet.onerror = () => failed(new Error(address));
    document.head.append(sheet);
  });
}

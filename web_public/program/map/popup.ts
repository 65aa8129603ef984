// What is here? The reports under a finger, as links.
import type { Point } from "geojson";
import type { MapGeoJSONFeature, Map as MapLibre } from "maplibre-gl";
import { Popup } from "maplibre-gl";
import type { Facts } from "./facts";
import type { Drawn } from "./reports";

const AT_MOST = 8;
let open: Popup | null = null;

/** What a filter hides, a popup must not go on telling. */
export function close(): void {
  open?.remove();
  open = null;
}

export function tell(map: MapLibre, features: MapGeoJSONFeature[], facts: Facts): void {
  const list = document.createElement("ul");
  list.className = "here";
  const seen = new Set<string>();
  for (const { properties } of features) {
    const { number, category, status: code } = properties as Drawn;
    if (seen.has(number) || seen.size === AT_MOST) continue;
    seen.add(number);
    const link = document.createElement("a");
    const address = new URL(`/reports/${number}`, location.origin);
    const language = new URLSearchParams(location.search).get("lang");
    if (language) address.searchParams.set("lang", language);
    link.href = address.href;
    link.textContent = facts.categories[category] ?? number;
    const item = document.createElement("li");
    // A newer service may know a status that this page does not: its report is here all the same.
    const known = facts.statuses[code];
    if (known) {
      const status = document.createElement("span");
      status.textContent = known.word;
      status.className = `status ${known.shape}`;
      item.append(status);
    }
    item.append(link);
    list.append(item);
  }
  const [first] = features;
  if (!first) return;
  const [lng = 0, lat = 0] = (first.geometry as Point).coordinates;
  close();
  open = new Popup({ maxWidth: "16rem", offset: 14, focusAfterOpen: true });
  open.setLngLat([lng, lat]).setDOMContent(list).addTo(map);
  open.on("close", () => {
    // The focus was in it, and would be lost with it.
    if (document.activeElement === document.body) map.getCanvas().focus({ preventScroll: true });
  });
}

// What is here? The reports under a finger, as links.
import type { Map, MapGeoJSONFeature } from "maplibre-gl";
import { Popup } from "maplibre-gl";
import type { Facts } from "./facts";

const AT_MOST = 8;
let open: Popup | null = null;

/** What a filter hides, a popup must not go on telling. */
export function close(): void {
  open?.remove();
  open = null;
}

export function tell(map: Map, features: MapGeoJSONFeature[], facts: Facts): void {
  const list = document.createElement("ul");
  list.className = "here";
  const seen = new Set<string>();
  for (const { properties } of features) {
    if (seen.has(properties.number) || seen.size === AT_MOST) continue;
    seen.add(properties.number);
    const link = document.createElement("a");
    const address = new URL(`/reports/${properties.number}`, location.origin);
    const language = new URLSearchParams(location.search).get("lang");
    if (language) address.searchParams.set("lang", language);
    link.href = address.href;
    link.textContent = facts.categories[properties.category] ?? properties.number;
    const status = document.createElement("span");
    const { shape, word } = facts.statuses[properties.status];
    status.textContent = word;
    status.className = `status ${shape}`;
    const item = document.createElement("li");
    item.append(status, link);
    list.append(item);
  }
  const [lng, lat] = (features[0].geometry as GeoJSON.Point).coordinates;
  close();
  open = new Popup({ maxWidth: "16rem", offset: 14, focusAfterOpen: true });
  open.setLngLat([lng, lat]).setDOMContent(list).addTo(map);
  open.on("close", () => {
    // The focus was in it, and would be lost with it.
    if (document.activeElement === document.body) map.getCanvas().focus({ preventScroll: true });
  });
}

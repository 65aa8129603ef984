// The reports on the map: from tiles that the server has clustered, or, for filters that tiles do not know,
// the newest that match, clustered here. Both have the same attributes.
import type { Feature } from "geojson";
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  Map as MapLibre,
  VectorSourceSpecification,
} from "maplibre-gl";
import type { Facts, Shape } from "./facts";
import { colour, mark, PIXEL_RATIO } from "./marks";

export const SOURCE = "reports";
export const LAYERS = ["several", "single"];
const SHAPES: Shape[] = ["before", "during", "after", "unrepaired"];
const PAGES = 3;
const A_PAGE = 100;

/** What a report on the map says of itself. */
export interface Drawn {
  number: string;
  category: string;
  status: string;
}

interface Listed {
  reports: {
    number: string;
    category: { code: string };
    status: string;
    point: { lat: number; lon: number } | null;
  }[];
  next_cursor: string | null;
}

/** Put the reports that `facts.filters` choose on the map; whether some did not fit. */
export async function place(map: MapLibre, facts: Facts): Promise<boolean> {
  for (const shape of SHAPES) {
    if (!map.hasImage(shape)) map.addImage(shape, mark(shape), { pixelRatio: PIXEL_RATIO });
  }
  const found = facts.is_tiled ? null : await matching(facts.filters);
  for (const { id } of layers(facts, found === null)) if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource(SOURCE)) map.removeSource(SOURCE);
  map.addSource(SOURCE, found ? found.source : tiles(facts.filters));
  for (const layer of layers(facts, found === null)) map.addLayer(layer);
  return found?.isCut ?? false;
}

function tiles(filters: Facts["filters"]): VectorSourceSpecification {
  const query = new URLSearchParams(filters).toString();
  const address = `${location.origin}/v1/public/tiles/{z}/{x}/{y}.mvt`;
  return { type: "vector", tiles: [query ? `${address}?${query}` : address], maxzoom: 18 };
}

async function matching(filters: Facts["filters"]): Promise<{ source: GeoJSONSourceSpecification; isCut: boolean }> {
  const features: Feature[] = [];
  let cursor: string | null = "";
  for (let page = 0; page < PAGES && cursor !== null; page += 1) {
    const query = new URLSearchParams({ ...filters, limit: String(A_PAGE), cursor });
    const answer = await fetch(`/v1/public/reports?${query}`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const listed: Listed = await answer.json();
    for (const { number, category, status, point } of listed.reports) {
      if (!point) continue;
      features.push({
        type: "Feature",
        properties: { number, category: category.code, status },
        geometry: { type: "Point", coordinates: [point.lon, point.lat] },
      });
    }
    cursor = listed.next_cursor;
  }
  return {
    source: {
      type: "geojson",
      data: { type: "FeatureCollection", features },
      cluster: true,
      clusterRadius: 40,
      clusterMaxZoom: 17,
    },
    isCut: cursor !== null,
  };
}

function layers(facts: Facts, isTiled: boolean): LayerSpecification[] {
  const from = { source: SOURCE, ...(isTiled && { "source-layer": "reports" }) };
  const count: ExpressionSpecification = ["to-number", ["coalesce", ["get", "count"], ["get", "point_count"], 1]];
  const drawn = Object.entries(facts.statuses).flatMap(([status, { shape }]) => [status, shape]);
  // The type wants to see a first pair.
  const shape = ["match", ["get", "status"], ...drawn, "before"] as unknown as ExpressionSpecification;
  return [
    {
      id: "several",
      type: "circle",
      ...from,
      filter: ["!", ["has", "number"]],
      paint: {
        "circle-color": colour("paper"),
        "circle-stroke-color": colour("primary"),
        "circle-stroke-width": 3,
        "circle-radius": ["step", count, 14, 100, 18, 1000, 22],
      },
    },
    {
      id: "how-many",
      type: "symbol",
      ...from,
      filter: ["!", ["has", "number"]],
      layout: {
        "text-field": ["to-string", count],
        "text-size": 14,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": colour("ink") },
    },
    {
      id: "single",
      type: "symbol",
      ...from,
      filter: ["has", "number"],
      layout: { "icon-image": shape, "icon-allow-overlap": true },
    },
  ];
}

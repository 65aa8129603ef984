// The ground of the map: the ward's own lines, or somebody's picture tiles where the ward has chosen so.
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Facts } from "./facts";
import { colour } from "./marks";

export function ground(facts: Facts): StyleSpecification {
  const tiles = [`${location.origin}/map/lines/{z}/{x}/{y}.mvt`];
  const style: StyleSpecification = {
    version: 8,
    sources: { lines: { type: "vector", tiles, minzoom: 8, maxzoom: 16 } },
    layers: [
      { id: "background", type: "background", paint: { "background-color": colour("map-elsewhere") } },
      ...areas(),
      ...outline(),
      ...names(),
    ],
  };
  if (facts.outside) {
    const { url, credit, site } = facts.outside;
    const link = document.createElement("a");
    link.href = site;
    link.textContent = credit;
    const attribution = site ? link.outerHTML : link.innerHTML;
    style.sources["outside"] = { type: "raster", tiles: [url], tileSize: 256, maxzoom: 18, attribution };
    const picture: LayerSpecification = { id: "outside", type: "raster", source: "outside" };
    // Their picture has the areas and names already; the outline of the ward stays ours.
    style.layers = [...style.layers.slice(0, 1), picture, ...outline()];
  }
  return style;
}

function areas(): LayerSpecification[] {
  const fill = (layer: string, shade: string): LayerSpecification => ({
    id: layer,
    type: "fill",
    source: "lines",
    "source-layer": layer,
    paint: { "fill-color": shade },
  });
  const roads = (id: string, shade: string, narrow: number, wide: number): LayerSpecification => ({
    id,
    type: "line",
    source: "lines",
    "source-layer": "roads",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": shade,
      "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 11, narrow, 18, wide],
    },
  });
  return [
    fill("neighbours", colour("map-neighbours")),
    fill("boundary", colour("map-boundary")),
    fill("parks", colour("map-parks")),
    roads("road-edges", colour("map-road-edges"), 1.6, 20),
    roads("roads", colour("map-roads"), 0.8, 16),
  ];
}

function outline(): LayerSpecification[] {
  return [
    {
      id: "outline",
      type: "line",
      source: "lines",
      "source-layer": "boundary",
      paint: { "line-color": colour("primary"), "line-width": 2, "line-dasharray": [3, 2] },
    },
  ];
}

function names(): LayerSpecification[] {
  const name = (layer: string, shade: string, from: number, size: number): LayerSpecification => ({
    id: `${layer}-names`,
    type: "symbol",
    source: "lines",
    "source-layer": layer,
    minzoom: from,
    layout: {
      "text-field": ["get", "name"],
      "text-size": size,
      "symbol-placement": layer === "roads" ? "line" : "point",
      "text-max-width": 8,
    },
    paint: { "text-color": shade, "text-halo-color": colour("map-halo"), "text-halo-width": 1.6 },
  });
  return [
    name("roads", colour("map-road-words"), 14, 12),
    name("parks", colour("map-park-words"), 14, 13),
    name("towns", colour("map-words"), 13, 14),
  ];
}

// What the page says to the map; made by web_public/map_data.py.
import { find } from "../posting/find";

export type Shape = "before" | "during" | "after" | "unrepaired";

export interface Facts {
  language: string;
  worker: string;
  style: string;
  /** The filters are ones that tiles know. */
  is_tiled: boolean;
  filters: Record<string, string>;
  outside: { url: string; credit: string; site: string } | null;
  /** How each status is drawn, and called. */
  statuses: Record<string, { shape: Shape; word: string }>;
  categories: Record<string, string>;
  words: Record<"zoom_in" | "zoom_out" | "map" | "close" | "newest_only", string>;
}

export function factsOf(page: Document): Facts {
  return JSON.parse(find("map-data", page).textContent);
}

// The list beside the map always shows what the map shows, and the address says which. The server writes the
// list; here it is only put into its place.
import { find } from "../posting/find";
import type { Facts } from "./facts";
import { factsOf } from "./facts";

export type Bounds = [west: number, south: number, east: number, north: number];

let asked = 0;

/** The page for `address`, whose filters and list are shown now; null when another was asked for since. */
export async function mirror(address: URL): Promise<{ facts: Facts; bounds: Bounds } | null> {
  const mine = ++asked;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return null;
  const found = { facts: factsOf(page), bounds: boundsOf(page) };
  const filters = find("filters");
  // Not what somebody is writing in, or holds with the keyboard.
  if (!filters.contains(document.activeElement)) filters.replaceWith(find("filters", page));
  const cards = find("found");
  // A card that is gone cannot hold the focus; the list, which stays, can.
  if (cards.contains(document.activeElement)) focusList();
  cards.replaceWith(find("found", page));
  // The element stays: one that is new is not read out.
  find("how-many").replaceChildren(...find("how-many", page).childNodes);
  document.title = page.title;
  return found;
}

export function focusList(): void {
  find("list").focus({ preventScroll: true });
}

/** The part of the world that a page's map shows. */
export function boundsOf(page: Document): Bounds {
  const { west, south, east, north } = find("map-stage", page).dataset;
  return [Number(west), Number(south), Number(east), Number(north)];
}

/** This page's address for a part of the map. */
export function addressOf(bounds: Bounds): URL {
  const address = new URL(location.href);
  address.searchParams.set("bbox", bounds.map((edge) => edge.toFixed(5)).join(","));
  address.searchParams.delete("cursor");
  address.hash = "map";
  return address;
}

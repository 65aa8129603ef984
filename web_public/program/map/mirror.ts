// The list beside the map always shows what the map shows, and the address says which. The server writes the
// list; here it is only put into its place.
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
  const filters = document.getElementById("filters")!;
  // Not what somebody is writing in, or holds with the keyboard.
  if (!filters.contains(document.activeElement)) filters.replaceWith(page.getElementById("filters")!);
  const cards = document.getElementById("found")!;
  // A card that is gone cannot hold the focus; the list, which stays, can.
  if (cards.contains(document.activeElement)) focusList();
  cards.replaceWith(page.getElementById("found")!);
  // The element stays: one that is new is not read out.
  document.getElementById("how-many")!.replaceChildren(...page.getElementById("how-many")!.childNodes);
  document.title = page.title;
  return found;
}

export function focusList(): void {
  document.getElementById("list")!.focus({ preventScroll: true });
}

/** The part of the world that a page's map shows. */
export function boundsOf(page: Document): Bounds {
  const { west, south, east, north } = page.getElementById("map-stage")!.dataset;
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

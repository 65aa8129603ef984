// The list beside the map always shows what the map shows, and the address says which. The server writes the
// list; here it is only put into its place.
import type { Facts } from "./facts";
import { factsOf } from "./facts";

const MIRRORED = ["filters", "list"];
let asked = 0;

/** Fetch the page for `address` and show its filters and list; its facts, or null when another came later. */
export async function mirror(address: URL): Promise<Facts | null> {
  const mine = ++asked;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return null;
  for (const id of MIRRORED) {
    const old = document.getElementById(id)!;
    // Not what somebody is writing in, or holds with the keyboard.
    if (old.contains(document.activeElement)) continue;
    old.replaceWith(document.adoptNode(page.getElementById(id)!));
  }
  return factsOf(page);
}

/** This page's address for a part of the map. */
export function addressOf(bounds: [number, number, number, number]): URL {
  const address = new URL(location.href);
  address.searchParams.set("bbox", bounds.map((edge) => edge.toFixed(5)).join(","));
  address.searchParams.delete("cursor");
  address.hash = "map";
  return address;
}

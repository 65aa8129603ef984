/** How exactly is the place known, and what is said of that? */

import type { Place } from "./draft";
import { say } from "./element";

/** Metres of a position's error beyond which it is told, as it is wider than a street. */
export const TOLD = 30;
/** Metres beyond which no position says whose place it is before the person has put the pin right. */
export const COARSE = 100;
/** Metres in which the place may truly be; 0 where nobody says. */
export function radiusOf(place: Place | null): number {
  return Math.round(place?.accuracy_m ?? 0);
}

/** What is told of the accuracy beside the place; empty where it is a street's width. */
export function accuracyInWords(place: Place | null): string {
  const radius = radiusOf(place);
  return radius > TOLD ? say("accuracy_short", { metres: radius }) : "";
}

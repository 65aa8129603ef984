/** What to say to a person when something did not work. */

import { Later, Refused, SignInNeeded } from "../../../mobile_contract/client/index";
import { say, show, write } from "./element";

/** The service's own words where it has said no; they come in the page's language. */
export function inWords(error: unknown): string {
  if (error instanceof Refused) return error.problem.detail;
  if (error instanceof SignInNeeded) return say("sign_in_again");
  if (error instanceof Later) return navigator.onLine ? say("not_now") : say("no_network");
  throw error;
}

/** Shows words in a place made for faults; null takes them away. */
export function tell(place: HTMLElement, words: string | null): void {
  write(place, words ?? "");
  show(place, words !== null);
}

/** What to say to a person when something did not work. */

import { Later, type Problem, Refused, SignInNeeded } from "../../../mobile_contract/client/index";
import type { Fault } from "./draft";
import { say, show, write } from "./element";

/** The service's own words where it has said no; they come in the page's language. */
export function inWords(error: unknown): string {
  if (error instanceof Refused) return why(error.problem);
  if (error instanceof SignInNeeded) return say("sign_in_again");
  if (error instanceof Later) return navigator.onLine ? say("not_now") : say("no_network");
  throw error;
}

/** Which step of the form holds a field of the contract, and what people call it there. */
const STEPS = {
  description: "words",
  location: "place",
  category: "kind",
  answers: "kind",
  photo_ids: "photo",
} as const;
/** Where a refusal names no field, its code does. */
const FIELDS: Record<string, keyof typeof STEPS> = {
  answer_invalid: "answers",
  category_unknown: "category",
  outside_ward: "location",
  photo_id_taken: "photo_ids",
  photo_not_taken: "photo_ids",
  photo_unknown: "photo_ids",
  place_not_in_japan: "location",
  report_empty: "description",
};

export function stepOf(field: string): (typeof STEPS)[keyof typeof STEPS] | "check" {
  return STEPS[field.split(".")[0] as keyof typeof STEPS] ?? "check";
}

/** What the service has said, field by field. */
export function faultsOf({ code, detail, errors }: Problem): Fault[] {
  const field = FIELDS[code] ?? "";
  // A photo is refused by what was announced of it, and no field of the form is called so.
  if (!errors?.length || field === "photo_ids") return [{ field, detail }];
  return errors.map((each) => ({ field: each.field, detail: each.detail }));
}

export function why(problem: Problem): string {
  const said = faultsOf(problem).map(({ field, detail }) => {
    const step = stepOf(field);
    return step === "check" ? detail : say("at_field", { field: say(step === "photo" ? "field_photo" : step), detail });
  });
  return said.join(" ");
}

/** Shows words in a place made for faults; null takes them away. */
export function tell(place: HTMLElement, words: string | null): void {
  write(place, words ?? "");
  show(place, words !== null);
}

/** What only the program fills in never costs a post: where the service refuses it, the post goes without it. */

import type { Problem } from "./answer";
import type { Submission } from "./post";

/** As `errors[].field` names them; a fault inside one names it with what follows a dot. */
const OURS = ["observed_at", "earlier_report", "location.accuracy_m", "location.source", "location.confirmed"] as const;

/** The submission without what the service has named of these; null where nothing of them is to blame. */
export function withoutOurs(submission: Submission, problem: Problem): Submission | null {
  const named = (problem.errors ?? []).map(({ field }) => field);
  const blamed = OURS.filter((ours) => named.some((field) => field === ours || field.startsWith(`${ours}.`)));
  const mended: Submission = { ...submission, location: { ...submission.location } };
  const left = blamed.filter((field) => leaveOut(mended, field));
  return left.length ? mended : null;
}

/** Was there anything to be left out? */
function leaveOut(submission: Submission, field: string): boolean {
  const [first, second] = field.split(".") as [string, string?];
  const holder = (second ? submission.location : submission) as Record<string, unknown>;
  const name = second ?? first;
  const was = holder[name] !== undefined && holder[name] !== null;
  delete holder[name];
  return was;
}

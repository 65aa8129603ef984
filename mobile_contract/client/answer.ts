/** Was that the service's answer, and if it was a refusal, what follows from it? One rule for every call. */

import type { Schemas } from "./service";

export type Problem = Schemas["Problem"];

/** Nothing was heard, or not from the service, or it asks for patience: the same again later. */
export class Later extends Error {
  constructor(
    why: string,
    /** Seconds, where the service named them: then nothing else should be asked before either. */
    readonly retryAfter: number | null = null,
  ) {
    super(why);
  }
}

/** The service has said no for good. `problem.code` says why: `mobile_contract/errors.md`. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }
}

/** Nobody is signed in, or not any more. Nothing is wrong with what was sent. */
export class SignInNeeded extends Error {}

/** What came in the place of a `T`, before anybody has looked: each member may be missing. */
export type Claimed<T> = { readonly [K in keyof T]?: Claimed<T[K]> | null } | null | undefined;

interface Called {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** Pauses in milliseconds before a call is repeated at once: a cut connection is often only cut once. */
const PAUSES = [500, 1500, 3000];

/**
 * The answer to a call that does the same once or several times: every GET, PUT and DELETE. Throws `Later`, `Refused`
 * or `SignInNeeded`. `looksRight` tells an answer of the service from a hotel's login page, which answers 200 too.
 */
export async function ask<T>(call: () => Promise<Called>, looksRight: (data: Claimed<T>) => boolean): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return await askOnce<T>(call, looksRight);
    } catch (error) {
      const pause = PAUSES[turn];
      if (!(error instanceof Later) || error.retryAfter !== null || pause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
}

/** As `ask`, for a POST: a second one would add a second comment, or find the code used. */
export async function askOnce<T>(call: () => Promise<Called>, looksRight: (data: Claimed<T>) => boolean): Promise<T> {
  let called: Called;
  try {
    called = await call();
  } catch (error) {
    throw new Later(String(error)); // no connection, cut, too slow, redirected, or no JSON
  }
  const { data, error, response } = called;
  if (response.ok && looksRight(data as Claimed<T>)) return data as T;
  if (!isProblem(error, response)) throw new Later(`no answer of the service: ${response.status}`);
  if (error.retryable) throw new Later(error.code, secondsToWait(response));
  if (error.code === "not_signed_in") throw new SignInNeeded(error.detail);
  throw new Refused(error);
}

/** Does whoever took the bytes of a photo ask to be left alone for a while? Nothing else of their answer counts. */
export async function patienceAsked(response: Response): Promise<Later | null> {
  const seconds = secondsToWait(response);
  if (response.ok || seconds === null) return null;
  const problem: unknown = await response.json().catch(() => null);
  return isProblem(problem, response) && problem.retryable ? new Later(problem.code, seconds) : null;
}

function isProblem(body: unknown, response: Response): body is Problem {
  const claimed = body as Claimed<Problem>;
  return (
    !response.ok &&
    response.headers.get("Content-Type")?.startsWith("application/problem+json") === true &&
    typeof claimed?.code === "string" &&
    typeof claimed?.retryable === "boolean"
  );
}

/** Retry-After as seconds; it may also be a date. */
function secondsToWait(response: Response): number | null {
  const said = response.headers.get("Retry-After");
  if (said === null) return null;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

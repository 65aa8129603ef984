/** How does one call the service? By `fetch`, with the types of the contract, and never for longer than needed. */

import createFetcher, { type Client } from "openapi-fetch";
import type { components, paths } from "./built/contract";

export type { paths };
export type Schemas = components["schemas"];
export type Service = Client<paths>;
export type Fetch = (request: Request) => Promise<Response>;

/** Of the contract that this client was built for; an old one is told to be updated, and its posts are still taken. */
const CONTRACT_LEVEL = 2;

export interface Caller {
  /** Where the service is; empty on the service's own pages. */
  baseUrl: string;
  /** The token of whoever is signed in. */
  token(): Promise<string | null>;
  /** Accept-Language. */
  language: string;
  fetch?: Fetch;
}

export function createService({ baseUrl, token, language, fetch = patientFetch() }: Caller): Service {
  const service = createFetcher<paths>({ baseUrl, fetch });
  service.use({
    async onRequest({ request }) {
      request.headers.set("Accept-Language", language);
      request.headers.set("Contract-Level", String(CONTRACT_LEVEL));
      const held = await token();
      if (held) request.headers.set("Authorization", `Bearer ${held}`);
      return request;
    },
  });
  return service;
}

const PATIENCE_MS = 30_000;
/** The slowest network on which somebody still waits: 10 kbit/s. */
const BYTES_PER_MS = 1.25;

/** Milliseconds within which a call with so many bytes is answered, or is given up. */
export function patienceFor(bytes: number): number {
  return PATIENCE_MS + bytes / BYTES_PER_MS;
}

/**
 * `fetch` that gives up on a connection on which nothing comes any more, reads the whole answer (one that is cut in
 * its middle is no answer), and follows no redirect: the service sends none, login pages of hotels do.
 */
export function patientFetch(inner: typeof fetch = globalThis.fetch): Fetch {
  return async (request) => {
    const body = await request.arrayBuffer();
    const abort = new AbortController();
    const alarm = setTimeout(() => abort.abort(), patienceFor(body.byteLength));
    try {
      const answer = await inner(request.url, {
        method: request.method,
        headers: request.headers,
        ...(body.byteLength && { body }),
        signal: abort.signal,
        redirect: "error",
        credentials: "omit",
        cache: "no-store",
      });
      const whole = await answer.arrayBuffer();
      return new Response(whole.byteLength ? whole : null, answer);
    } finally {
      clearTimeout(alarm);
    }
  };
}

/** The bytes of a photo on their way, and how many of them have gone. */

import { type Fetch, patienceFor, type Schemas } from "./service";

/** Answers with whatever was answered; rejects where nothing was. `told` hears how many bytes have gone so far. */
export type Upload = (
  instruction: Schemas["Upload"],
  content: Uint8Array<ArrayBuffer>,
  told: (bytes: number) => void,
) => Promise<Response>;

/** By `fetch`, which tells nothing on the way. */
export function fetchUpload(fetch: Fetch): Upload {
  return ({ method, url, headers }, content) => fetch(new Request(url, { method, headers, body: content }));
}

/** By XMLHttpRequest: what browsers still need in order to say how far the bytes have come. */
export function watchedUpload(addressOf: (url: string) => string = (url) => url): Upload {
  return ({ method, url, headers }, content, told) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, addressOf(url));
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, String(value));
      request.timeout = patienceFor(content.byteLength);
      request.upload.onprogress = ({ loaded }) => told(loaded);
      request.onerror = request.ontimeout = request.onabort = () => reject(new Error("the bytes were cut"));
      request.onload = () => resolve(answerOf(request));
      request.send(content);
    });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["Content-Type", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  const isEmpty = [204, 205, 304].includes(request.status);
  return new Response(isEmpty ? null : request.responseText, { status: request.status, headers });
}

/** Lets the posting pages open without a network: the network first, and what was kept where there is none. */

interface Fetching {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as unknown as Fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/v1/")) return;
  respondWith.call(
    event,
    fetch(request).catch((failed) => kept(request, failed)),
  );
});

async function kept(request: Request, failed: unknown): Promise<Response> {
  // A page is the same whatever its link said; a file is named by its content.
  const ignoreSearch = request.mode === "navigate";
  const found = await caches.match(request, { ignoreVary: true, ignoreSearch });
  if (!found) throw failed;
  return found;
}

export {};

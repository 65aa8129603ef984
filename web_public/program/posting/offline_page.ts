/** Keeps this page and its files, so that it opens where there is no network. */

const WORKER = "/posting-worker.js";

export async function keepPage(): Promise<void> {
  if (!navigator.serviceWorker || !navigator.onLine) return;
  try {
    await navigator.serviceWorker.register(WORKER, { scope: location.pathname });
    const cache = await caches.open(`posting ${location.pathname}`);
    const files = filesOfPage();
    await cache.addAll(files);
    for (const request of await cache.keys()) if (!files.includes(request.url)) await cache.delete(request);
    document.documentElement.dataset["kept"] = "yes";
  } catch {
    // Cut, or not allowed: the page works all the same while there is a network.
  }
}

/** The page itself, its styles and its program. */
function filesOfPage(): string[] {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet], link[rel=icon]")];
  const scripts = [...document.querySelectorAll<HTMLScriptElement>("script[src]")];
  return [location.href.replace(/#.*/, ""), ...links.map((link) => link.href), ...scripts.map((script) => script.src)];
}

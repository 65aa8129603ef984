/** This browser as a device of the reference client: its memory, its session, its queue. */

import {
  createService,
  IndexedDbStorage,
  MemoryStorage,
  patientFetch,
  Queue,
  Session,
  type Fetch,
  type Service,
  type Storage,
} from "../../../mobile_contract/client/index";
import { here, pageLanguage } from "./element";

export interface Device {
  service: Service;
  session: Session;
  queue: Queue;
  storage: Storage;
  /** For the bytes of photos. */
  fetch: Fetch;
}

/** Can this browser make ids and hashes? Only over https or on the machine itself. */
export const isAble = globalThis.isSecureContext && "indexedDB" in globalThis;

export async function openDevice(): Promise<Device> {
  const storage = await IndexedDbStorage.open("posting").catch(() => new MemoryStorage());
  const fetch = patientFetch((url, how) => globalThis.fetch(here(String(url)), how));
  const session = new Session(storage);
  const service = createService({ baseUrl: "", token: () => session.token(), language: pageLanguage, fetch });
  session.service = service;
  return { service, session, storage, fetch, queue: new Queue({ service, session, storage, fetch, alone }) };
}

/** One page at a time: two would send the same photo twice. */
async function alone<T>(work: () => Promise<T>): Promise<T | null> {
  if (!navigator.locks) return work();
  return navigator.locks.request("posting queue", { ifAvailable: true }, (lock) => (lock ? work() : null));
}

/** Sends whatever waits, now and whenever there is reason to hope. */
export function keepSending(queue: Queue): void {
  let timer = 0;
  const run = async (now: boolean) => {
    await queue.run({ now });
    const next = await queue.nextRun();
    clearTimeout(timer);
    if (next !== null) timer = window.setTimeout(() => run(false), Math.max(1000, next - Date.now()));
  };
  addEventListener("online", () => run(true));
  document.addEventListener("visibilitychange", () => document.hidden || run(false));
  void run(true);
}

/** This browser as a device of the reference client: its memory, its session, its queue. */

import {
  createService,
  type Lane,
  patientFetch,
  Queue,
  type Service,
  Session,
  type Upload,
  watchedUpload,
} from "../../../mobile_contract/client/index";
import { CarefulStorage } from "./careful_storage";
import { find, here, pageLanguage, show } from "./element";
import { Scheduler } from "./scheduler";

export interface Device {
  service: Service;
  session: Session;
  queue: Queue;
  scheduler: Scheduler;
  storage: CarefulStorage;
  /** For the bytes of photos. */
  upload: Upload;
}

/** Can this browser make ids and hashes? Only over https or on the machine itself. */
export const isAble = globalThis.isSecureContext;

export async function openDevice(): Promise<Device> {
  const storage = await CarefulStorage.open("posting");
  const fetch = patientFetch((url, how) => globalThis.fetch(here(String(url)), how));
  const upload = watchedUpload(here);
  const session = new Session(storage);
  const service = createService({ baseUrl: "", token: () => session.token(), language: pageLanguage, fetch });
  session.service = service;
  const queue = new Queue({ service, session, storage, upload, alone });
  tellOtherPages(queue);
  sayWhatIsNotKept(storage);
  return { service, session, storage, upload, queue, scheduler: new Scheduler(queue) };
}

/** One page at a time: two would send the same photo twice. */
async function alone<T>(lane: Lane, work: () => Promise<T>): Promise<T | null> {
  let hasBegun = false;
  const begin = (lock: Lock | null) => {
    hasBegun = true;
    return lock ? work() : null;
  };
  try {
    return await navigator.locks.request(`posting queue ${lane}`, { ifAvailable: true }, begin);
  } catch (error) {
    if (hasBegun) throw error;
    return work(); // this browser has no locks, or is told to keep nothing
  }
}

/** Whichever page sends a post, all show how far it has come. */
function tellOtherPages(queue: Queue): void {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel("posting queue");
  } catch {
    return; // an old browser, or one that is told to keep nothing
  }
  let isHeard = false;
  queue.listeners.add(() => isHeard || channel.postMessage(null));
  channel.onmessage = () => {
    isHeard = true;
    for (const listener of queue.listeners) listener();
    isHeard = false;
  };
}

function sayWhatIsNotKept(storage: CarefulStorage): void {
  const draw = () => show(find("unkept"), !storage.isSafe);
  storage.listeners.add(draw);
  draw();
  addEventListener("beforeunload", (event) => storage.holds("draft/", "post/") && event.preventDefault());
}

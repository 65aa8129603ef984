/** This browser as a device of the reference client: its memory, its session, its queue. */

import {
  createService,
  patientFetch,
  Queue,
  Session,
  watchedUpload,
  type Lane,
  type Service,
  type Upload,
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
  if (!navigator.locks) return work();
  return navigator.locks.request(`posting queue ${lane}`, { ifAvailable: true }, (lock) => (lock ? work() : null));
}

/** Whichever page sends a post, all show how far it has come. */
function tellOtherPages(queue: Queue): void {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel("posting queue");
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
}

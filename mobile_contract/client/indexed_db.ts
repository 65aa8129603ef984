/** The client's storage in a browser: one IndexedDB store of keys and values, which outlives the page. */

import type { Storage } from "./storage";

const STORE = "kept";

export class IndexedDbStorage implements Storage {
  private constructor(private readonly database: IDBDatabase) {}

  /** Rejects where the browser lets a page keep nothing, as some do in private windows. */
  static async open(name: string): Promise<IndexedDbStorage> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    return new IndexedDbStorage(await done(opening));
  }

  async read(key: string): Promise<unknown> {
    return done(this.store("readonly").get(key));
  }

  async readAll(prefix: string): Promise<unknown[]> {
    return done(this.store("readonly").getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
  }

  async write(changes: Record<string, unknown>): Promise<void> {
    const store = this.store("readwrite");
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) store.delete(key);
      else store.put(value, key);
    }
    return new Promise((resolve, reject) => {
      store.transaction.oncomplete = () => resolve();
      store.transaction.onerror = store.transaction.onabort = () => reject(store.transaction.error);
    });
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    // "strict": a post is promised to be kept, so it waits for the disk and not only for the memory.
    return this.database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

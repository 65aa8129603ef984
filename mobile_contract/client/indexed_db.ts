/** The client's storage in a browser: one IndexedDB store of keys and values, which outlives the page. */

import type { Storage } from "./storage";

const STORE = "kept";

export class IndexedDbStorage implements Storage {
  private constructor(
    private readonly name: string,
    private database: IDBDatabase,
  ) {}

  /** Rejects where the browser lets a page keep nothing, as some do in private windows. */
  static async open(name: string): Promise<IndexedDbStorage> {
    return new IndexedDbStorage(name, await openDatabase(name));
  }

  async read(key: string): Promise<unknown> {
    return done((await this.store("readonly")).get(key));
  }

  async readAll(prefix: string): Promise<unknown[]> {
    return (await this.entries(prefix)).map(([, value]) => value);
  }

  /** As `readAll`, with the keys. */
  async entries(prefix: string): Promise<[string, unknown][]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const store = await this.store("readonly");
    const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
    return keys.map((key, at) => [String(key), values[at]]);
  }

  async write(changes: Record<string, unknown>): Promise<void> {
    const store = await this.store("readwrite");
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) store.delete(key);
      else store.put(value, key);
    }
    return new Promise((resolve, reject) => {
      store.transaction.oncomplete = () => resolve();
      store.transaction.onerror = store.transaction.onabort = () => reject(store.transaction.error);
    });
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    // "strict": a post is promised to be kept, so it waits for the disk and not only for the memory.
    const begin = () => this.database.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
    try {
      return begin();
    } catch {
      this.database = await openDatabase(this.name); // browsers end a connection, as while the phone sleeps
      return begin();
    }
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return done(opening);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

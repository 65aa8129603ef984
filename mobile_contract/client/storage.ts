/** Where does the client keep what must not be lost? Behind this interface, so that each platform has its own. */

export interface Storage {
  /** The value, or undefined. */
  read(key: string): Promise<unknown>;
  /** Every value whose key begins so, in the order of the keys. */
  readAll(prefix: string): Promise<unknown[]>;
  /** All of it or nothing; undefined takes a key away. It is on the disk when this returns. */
  write(changes: Record<string, unknown>): Promise<void>;
}

/** For tests, and for a browser that lets a page keep nothing: lost with the process. */
export class MemoryStorage implements Storage {
  private readonly held = new Map<string, unknown>();

  async read(key: string): Promise<unknown> {
    return structuredClone(this.held.get(key));
  }

  async readAll(prefix: string): Promise<unknown[]> {
    const keys = [...this.held.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => structuredClone(this.held.get(key)));
  }

  async write(changes: Record<string, unknown>): Promise<void> {
    for (const [key, value] of Object.entries(structuredClone(changes))) {
      if (value === undefined) this.held.delete(key);
      else this.held.set(key, value);
    }
  }
}

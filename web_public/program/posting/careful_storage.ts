/**
 * The memory of a browser that may refuse: no database, a full disk, one that never answers. What cannot be kept on
 * the disk is held as long as the page is open, and `isSafe` says so: nothing else may be promised then.
 */

import { IndexedDbStorage, type Storage } from "../../../mobile_contract/client/index";
import { inTime } from "./once";

/** Milliseconds within which a disk answers. */
const PATIENCE_MS = { open: 4_000, read: 6_000, write: 15_000 };

export class CarefulStorage implements Storage {
  /** Called when something could not be kept, or could be again. */
  readonly listeners = new Set<() => void>();
  /** What the disk did not take; undefined: it is to be taken away. */
  private readonly unkept = new Map<string, unknown>();

  private constructor(private readonly disk: IndexedDbStorage | null) {}

  static async open(name: string): Promise<CarefulStorage> {
    const opening = inTime(PATIENCE_MS.open, () => IndexedDbStorage.open(name));
    return new CarefulStorage(await opening.catch(() => null));
  }

  /** Is everything that was written on the disk? */
  get isSafe(): boolean {
    return this.disk !== null && this.unkept.size === 0;
  }

  /** Would anything below these keys be lost with the page? */
  holds(...prefixes: string[]): boolean {
    const isLost = (key: string) => prefixes.some((prefix) => key.startsWith(prefix));
    return [...this.unkept].some(([key, value]) => value !== undefined && isLost(key));
  }

  async read(key: string): Promise<unknown> {
    if (this.unkept.has(key)) return structuredClone(this.unkept.get(key));
    return this.fromDisk((disk) => disk.read(key), undefined);
  }

  async readAll(prefix: string): Promise<unknown[]> {
    const found = new Map(await this.fromDisk((disk) => disk.entries(prefix), []));
    for (const [key, value] of this.unkept) if (key.startsWith(prefix)) found.set(key, structuredClone(value));
    const keys = [...found.keys()].filter((key) => found.get(key) !== undefined).sort();
    return keys.map((key) => found.get(key));
  }

  async write(changes: Record<string, unknown>): Promise<void> {
    const wasSafe = this.isSafe;
    try {
      await inTime(PATIENCE_MS.write, async () => {
        if (!this.disk) throw new Error("nothing can be kept");
        await this.disk.write(changes);
      });
      for (const key of Object.keys(changes)) this.unkept.delete(key);
    } catch {
      for (const [key, value] of Object.entries(structuredClone(changes))) this.unkept.set(key, value);
    }
    if (this.isSafe !== wasSafe) for (const listener of this.listeners) listener();
  }

  private async fromDisk<T>(read: (disk: IndexedDbStorage) => Promise<T>, nothing: T): Promise<T> {
    const { disk } = this;
    if (!disk) return nothing;
    return inTime(PATIENCE_MS.read, () => read(disk)).catch(() => nothing);
  }
}

/** My reports and those that I follow, kept on the device and brought up to date by small answers. */

import { ask, Refused } from "./answer";
import type { paths, Schemas, Service } from "./service";
import type { Storage } from "./storage";

export type ListedReport = Schemas["ListedReport"];
type Changes = paths["/v1/changes"]["get"]["responses"][200]["content"]["application/json"];

const REPORTS = "report/";
const CURSOR = "sync_cursor";
const LANGUAGE = "sync_language";

export class Sync {
  constructor(
    private readonly service: Service,
    private readonly storage: Storage,
    /** That the service answers in: reports hold words, such as their category's name. */
    private readonly language: string,
  ) {}

  /** As of the last `pull`, the newest first; without a network too. */
  async reports(): Promise<ListedReport[]> {
    const held = (await this.storage.readAll(REPORTS)) as ListedReport[];
    return held.sort((one, other) => other.received_at.localeCompare(one.received_at));
  }

  /** Fetches what has changed. Each page is written together with its cursor: a cut loses nothing. */
  async pull(): Promise<void> {
    const isOurs = (await this.storage.read(LANGUAGE)) === this.language;
    let cursor = isOurs ? ((await this.storage.read(CURSOR)) as string | undefined) : undefined;
    for (let hasMore = true; hasMore; ) {
      try {
        ({ cursor, hasMore } = await this.pullPage(cursor));
      } catch (error) {
        // Too old, or the service was restored from a copy: everything anew.
        if (!(error instanceof Refused) || error.problem.code !== "resync_required" || !cursor) throw error;
        cursor = undefined;
      }
    }
  }

  /** Forgets everything, as when somebody signs out. */
  async clear(): Promise<void> {
    await this.storage.write({ ...(await this.without()), [CURSOR]: undefined, [LANGUAGE]: undefined });
  }

  /** Without a cursor it is the first page of everything, in whose place nothing older stays. */
  private async pullPage(cursor: string | undefined): Promise<{ cursor: string; hasMore: boolean }> {
    const { changes, next_cursor, has_more } = await ask<Changes>(
      () => this.service.GET("/v1/changes", { params: { query: cursor ? { cursor } : {} } }),
      (data) => Array.isArray(data?.changes) && typeof data.next_cursor === "string",
    );
    const written = changes.map(({ id, removed, report }) => [`${REPORTS}${id}`, removed ? undefined : report]);
    await this.storage.write({
      ...(cursor ? {} : await this.without()),
      ...Object.fromEntries(written),
      [CURSOR]: next_cursor,
      [LANGUAGE]: this.language,
    });
    return { cursor: next_cursor, hasMore: has_more };
  }

  private async without(): Promise<Record<string, undefined>> {
    return Object.fromEntries((await this.reports()).map(({ id }) => [`${REPORTS}${id}`, undefined]));
  }
}

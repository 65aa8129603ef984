/** My reports and those that I follow, kept on the device and brought up to date by small answers. */

import { ask, Refused } from "./answer";
import type { paths, Schemas, Service } from "./service";
import type { Storage } from "./storage";

export type ListedReport = Schemas["ListedReport"];
type Changes = paths["/v1/changes"]["get"]["responses"][200]["content"]["application/json"];

const REPORTS = "report/";
const CURSOR = "sync_cursor";

export class Sync {
  constructor(
    private readonly service: Service,
    private readonly storage: Storage,
  ) {}

  /** As of the last `pull`, the newest first; without a network too. */
  async reports(): Promise<ListedReport[]> {
    const held = (await this.storage.readAll(REPORTS)) as ListedReport[];
    return held.sort((one, other) => other.received_at.localeCompare(one.received_at));
  }

  /** Fetches what has changed. Each page is written together with its cursor: a cut loses nothing. */
  async pull(): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const cursor = (await this.storage.read(CURSOR)) as string | undefined;
      try {
        hasMore = await this.pullPage(cursor);
      } catch (error) {
        // Too old, or the service was restored from a copy: everything anew.
        if (!(error instanceof Refused) || error.problem.code !== "resync_required" || !cursor) throw error;
        await this.clear();
      }
    }
  }

  /** Forgets everything, as when somebody signs out. */
  async clear(): Promise<void> {
    const keys = [CURSOR, ...(await this.reports()).map((report) => `${REPORTS}${report.id}`)];
    await this.storage.write(Object.fromEntries(keys.map((key) => [key, undefined])));
  }

  private async pullPage(cursor: string | undefined): Promise<boolean> {
    const { changes, next_cursor, has_more } = await ask<Changes>(
      () => this.service.GET("/v1/changes", { params: { query: cursor ? { cursor } : {} } }),
      (data) => Array.isArray(data?.changes) && typeof data.next_cursor === "string",
    );
    const written = changes.map(({ id, removed, report }) => [`${REPORTS}${id}`, removed ? undefined : report]);
    await this.storage.write({ ...Object.fromEntries(written), [CURSOR]: next_cursor });
    return has_more;
  }
}

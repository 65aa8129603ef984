/** When is the queue to be tried? While something waits, an open page never stops trying. */

import type { Queue } from "../../../mobile_contract/client/index";

/** Milliseconds: the longest and the shortest sleep. A timer stands still while the phone does. */
const LONGEST_SLEEP = 20_000;
const SHORTEST_SLEEP = 2_000;

export class Scheduler {
  private tries = 0;
  private timer = 0;

  constructor(private readonly queue: Queue) {
    addEventListener("online", () => this.try({ hopeful: true }));
    addEventListener("pageshow", ({ persisted }) => persisted && this.try({ hopeful: true }));
    document.addEventListener("visibilitychange", () => document.hidden || this.try({ hopeful: true }));
    queue.listeners.add(() => void this.plan());
  }

  /** `now`: a person asks for it. */
  try(haste: { now?: boolean; hopeful?: boolean } = {}): void {
    this.tries += 1;
    // Whatever failed, such as the disk: there is a next time.
    const done = this.queue.run(haste).catch((error: unknown) => console.error(error));
    void done.then(() => {
      this.tries -= 1;
      for (const listener of this.queue.listeners) listener();
    });
  }

  /** Is a try under way on this page? */
  get isTrying(): boolean {
    return this.tries > 0;
  }

  private async plan(): Promise<void> {
    if (this.isTrying) return clearTimeout(this.timer);
    const next = await this.queue.nextRun().catch(() => Date.now() + LONGEST_SLEEP);
    clearTimeout(this.timer);
    if (next === null || this.isTrying) return;
    const sleep = Math.min(Math.max(next - Date.now(), SHORTEST_SLEEP), LONGEST_SLEEP);
    this.timer = window.setTimeout(() => (next <= Date.now() ? this.try() : void this.plan()), sleep);
  }
}

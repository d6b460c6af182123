import type { Timer } from "../platform/mod.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { Segment } from "./segment.ts";

/** Segments that are no part of their log any more and whose files are not yet gone: somebody may be reading them. */
export class DeletedSegments {
  #waiting: (readonly [Segment, Timer])[] = [];

  constructor(private readonly env: Pick<StorageEnvironment, "timers" | "pending" | "logger">) {}

  /** Takes the files of a segment below the start of the log out of it, and removes them after `delayMs`. */
  add(segment: Segment, delayMs: number): void {
    try {
      segment.markDeleted();
    } catch (error) {
      // Whoever opens the log next deletes them.
      this.env.logger.warn("cannot delete a segment", { log: segment.path, error: String(error) });
    }
    this.removeLater(segment, delayMs);
  }

  /** Removes the files that are out of the log after `delayMs`. */
  removeLater(segment: Segment, delayMs: number): void {
    const { timers, pending } = this.env;
    this.#waiting.push([segment, timers.schedule(delayMs, () => void pending.track(this.#remove(segment)))]);
  }

  /** Nobody reads any more: the files go now, with `remove`, or with their directory. What cannot be removed is by whoever opens the log next. */
  async close({ remove }: { remove: boolean }): Promise<void> {
    for (const [segment, timer] of this.#waiting.splice(0)) {
      timer.cancel();
      if (remove) await this.#remove(segment);
      else await segment.close();
    }
  }

  async #remove(segment: Segment): Promise<void> {
    this.#waiting = this.#waiting.filter(([waiting]) => waiting !== segment);
    try {
      await segment.removeDeleted();
    } catch (error) {
      this.env.logger.warn("cannot remove a deleted segment", { log: segment.path, error: String(error) });
    }
  }
}

import type { Timer, Timers } from "../platform/mod.ts";

/** Work that is done every `intervalMs`, but not while it is under way, until it is stopped. */
export class Repeating {
  #timer: Timer;
  #running: Promise<void> | null = null;

  /** `work` does not throw. */
  constructor(
    private readonly timers: Timers,
    private readonly intervalMs: () => number,
    private readonly work: () => Promise<void> | void,
  ) {
    this.#timer = this.#schedule();
  }

  /** Settles once the work is not under way and will not be again. */
  async stop(): Promise<void> {
    this.#timer.cancel();
    await this.#running;
  }

  #schedule(): Timer {
    return this.timers.schedule(Math.max(1, this.intervalMs()), () => {
      this.#timer = this.#schedule();
      if (this.#running === null) this.#run();
    });
  }

  #run(): void {
    const outcome = this.work();
    if (outcome instanceof Promise) this.#running = outcome.finally(() => this.#running = null);
  }
}

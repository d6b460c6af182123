import type { Clock, Timers } from "../platform/mod.ts";

/** How long a slice takes, in milliseconds, and how many bytes it works through at most. */
const SLICE_MS = 1;
const SLICE_BYTES = 1 << 18;

/** Was thrown because somebody wanted the work to end. */
export class StoppedError extends Error {
  constructor() {
    super("the work was stopped");
    this.name = "StoppedError";
  }
}

/** Cuts long work into slices, between which others have their turn: whoever works asks after every step whether the slice is over, and waits for the next if so. */
export class Slices {
  #end: number;
  #bytes = 0;
  #stopped = false;

  constructor(private readonly clock: Clock, private readonly timers: Timers) {
    this.#end = clock.monotonic() + SLICE_MS;
  }

  /** Whether it is others' turn. @param bytes what has been worked through since the last call */
  isOver(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#stopped || this.#bytes >= SLICE_BYTES || this.clock.monotonic() >= this.#end;
  }

  /** Settles when it is ours again; throws {@link StoppedError} if there is to be none. */
  async next(): Promise<void> {
    if (!this.#stopped) await this.timers.turn();
    if (this.#stopped) throw new StoppedError();
    this.#bytes = 0;
    this.#end = this.clock.monotonic() + SLICE_MS;
  }

  /** Whoever works throws {@link StoppedError} with the next slice. */
  stop(): void {
    this.#stopped = true;
  }
}

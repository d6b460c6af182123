import type { Clock, Timer, Timers } from "../clock.ts";

interface Due {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until somebody moves it. Timers fire inside {@link ManualClock.advance}, in order of their due times. */
export class ManualClock implements Clock, Timers {
  readonly #start: number;
  #elapsed = 0;
  #set = 0;
  /** Sorted by due time; equal times keep the order in which they were set. */
  readonly #due: Due[] = [];

  /** `start` is the wall-clock time at which the monotonic clock shows 0; by default 2026-01-01T00:00:00Z. */
  constructor(start = 1_767_225_600_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#set + Math.floor(this.#elapsed);
  }

  /** Somebody sets the wall clock, `ms` ahead or back. No time passes. */
  set(ms: number): void {
    this.#set += ms;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  schedule(delayMs: number, fire: () => void): Timer {
    const due: Due = { at: this.#elapsed + Math.max(0, delayMs), fire };
    this.#due.splice(this.#firstAfter(due.at), 0, due);
    return {
      cancel: () => {
        const index = this.#due.indexOf(due);
        if (index >= 0) this.#due.splice(index, 1);
      },
    };
  }

  /** No time passes; whoever settles the world sees it between two turns. */
  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Milliseconds until the next timer is due, or null when none is set. */
  get untilNext(): number | null {
    return this.#due.length === 0 ? null : Math.max(0, this.#due[0].at - this.#elapsed);
  }

  /** Moves both clocks on by `ms`; whatever becomes due fires at its own time, also timers set by those that fire. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    while (this.#due.length > 0 && this.#due[0].at <= end) {
      const due = this.#due.shift()!;
      this.#elapsed = Math.max(this.#elapsed, due.at);
      due.fire();
    }
    this.#elapsed = Math.max(this.#elapsed, end);
  }

  #firstAfter(at: number): number {
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#due[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

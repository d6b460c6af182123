/** Time and timers. Nothing else in Ottla may ask what time it is. */

/** Two clocks: one that people set and one that only moves forward. */
export interface Clock {
  /** Wall-clock time in whole milliseconds since the Unix epoch. It may jump either way. */
  now(): number;
  /** Milliseconds (with fractions) since an arbitrary start. It never goes back. For durations and deadlines. */
  monotonic(): number;
}

/** A timer that has been set. Cancelling one that fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/** Runs functions later, on the same thread, at the earliest when `delayMs` have passed on the monotonic clock. */
export interface Timers {
  schedule(delayMs: number, fire: () => void): Timer;
}

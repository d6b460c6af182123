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
  /** Settles when whatever else is ready to run has had its turn. For work that would keep the thread too long. */
  turn(): Promise<void>;
}

/**
 * The time for what deletes by age: the wall clock, but not further on than time has passed since this was asked for. A clock that is set ahead so makes
 * nothing old, and a machine that slept deletes later, at the latest after its next start. Kafka goes by the wall clock alone.
 */
export function unhurried(clock: Clock): () => number {
  const start = clock.now() - clock.monotonic();
  return () => Math.min(clock.now(), Math.floor(start + clock.monotonic()));
}

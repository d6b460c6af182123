import type { ManualClock } from "./clock.ts";

/** Lets everything run that waits for nothing outside: afterwards each promise chain stands at a timer, at a peer or at its end. */
export function settle(): Promise<void> {
  // The event loop begins a new turn only when no microtask is left.
  return new Promise((resolve) => setImmediate(resolve));
}

/** Moves `clock` on by `ms` from timer to timer, and lets everything settle before, between and after: what a timer starts may set the next one. */
export async function settleThrough(clock: ManualClock, ms: number): Promise<void> {
  const end = clock.monotonic() + ms;
  await settle();
  for (let next = clock.untilNext; next !== null && clock.monotonic() + next <= end; next = clock.untilNext) {
    clock.advance(next);
    await settle();
  }
  clock.advance(end - clock.monotonic());
}

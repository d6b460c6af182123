import type { Clock, Timer, Timers } from "../clock.ts";

export const denoClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** What `setTimeout` can wait; it takes longer delays for none. */
const LONGEST_MS = 2 ** 31 - 1;

export const denoTimers: Timers = {
  schedule(delayMs: number, fire: () => void): Timer {
    const due = performance.now() + delayMs;
    let id: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      id = setTimeout(wake, Math.min(LONGEST_MS, Math.max(0, Math.ceil(due - performance.now()))));
    };
    const wake = (): void => {
      // Waits again after the longest possible wait, and when the runtime was a fraction of a millisecond early.
      if (performance.now() < due) wait();
      else fire();
    };
    wait();
    return { cancel: () => clearTimeout(id) };
  },

  // A millisecond or so: long enough for several requests.
  turn: () => new Promise((resolve) => setTimeout(resolve, 0)),
};

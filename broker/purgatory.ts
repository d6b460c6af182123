import type { Timer, Timers } from "../platform/mod.ts";

/** A request that waits for something to happen, or for its time to be up. Kafka: `DelayedOperation`. */
export interface Delayed {
  /** Completes the request if it can be completed now; answers whether it did. Called whenever one of its keys is checked. */
  tryComplete(): boolean;
  /** Its time is up: completes the request with what there is. Called at most once, and never after `tryComplete` answered true. */
  expire(): void;
}

interface Parked<Key> {
  readonly operation: Delayed;
  readonly keys: readonly Key[];
  timer: Timer;
}

/**
 * Where requests wait: under the keys (partitions, groups …) whose change may complete them, and on one timer each.
 * It knows no connection: a client that left is answered into the void. Kafka: `DelayedOperationPurgatory`.
 */
export class Purgatory<Key> {
  readonly #timers: Timers;
  readonly #parked = new Map<Key, Set<Parked<Key>>>();
  #operations = 0;
  #closed = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** How many requests wait under `key`. */
  waiting(key: Key): number {
    return this.#parked.get(key)?.size ?? 0;
  }

  /** How many requests wait. */
  get operations(): number {
    return this.#operations;
  }

  /** How often they wait, each under every key of its own. */
  get size(): number {
    let size = 0;
    for (const waiting of this.#parked.values()) size += waiting.size;
    return size;
  }

  /** Completes `operation` at once if that can be done, else parks it for at most `delayMs`. */
  park(keys: readonly Key[], delayMs: number, operation: Delayed): void {
    if (operation.tryComplete()) return;
    if (delayMs <= 0 || this.#closed) return operation.expire();
    const parked: Parked<Key> = { operation, keys, timer: this.#timers.schedule(delayMs, () => this.#expire(parked)) };
    this.#operations++;
    for (const key of keys) {
      const others = this.#parked.get(key);
      if (others === undefined) this.#parked.set(key, new Set([parked]));
      else others.add(parked);
    }
  }

  /** Something happened to `key`: completes what now can be completed. */
  check(key: Key): void {
    const waiting = this.#parked.get(key);
    if (waiting === undefined) return;
    for (const parked of [...waiting]) {
      if (!parked.operation.tryComplete()) continue;
      parked.timer.cancel();
      this.#forget(parked);
    }
  }

  /** Expires everything that waits, and from now on whatever would: the broker is closing. */
  close(): void {
    this.#closed = true;
    const all = new Set([...this.#parked.values()].flatMap((waiting) => [...waiting]));
    for (const parked of all) {
      parked.timer.cancel();
      this.#expire(parked);
    }
  }

  #expire(parked: Parked<Key>): void {
    this.#forget(parked);
    parked.operation.expire();
  }

  #forget(parked: Parked<Key>): void {
    this.#operations--;
    for (const key of parked.keys) {
      const waiting = this.#parked.get(key);
      waiting?.delete(parked);
      if (waiting?.size === 0) this.#parked.delete(key);
    }
  }
}

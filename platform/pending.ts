/**
 * Counts what is under way outside the event loop (syncs, removals, bytes on their way), so that a test can wait until nothing is,
 * instead of sleeping. A read on a quiet connection and a timer that is not due do not count.
 */
export class Pending {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** How many operations are under way. */
  get count(): number {
    return this.#count;
  }

  /** Counts `operation` until it settles; answers it. */
  async track<T>(operation: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await operation;
    } finally {
      this.end();
    }
  }

  /** Counts an operation until {@link end}. */
  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    if (this.#count === 0) this.#waiting.splice(0).forEach((resolve) => resolve());
  }

  /** Settles once nothing is under way. */
  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

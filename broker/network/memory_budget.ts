/**
 * Bytes that all connections together hold in buffers beyond the small one that every connection has. A connection that must grow its request buffer
 * waits until others give bytes back; fetches shrink to what is left. Kafka: `queued.max.request.bytes` and its `MemoryPool`, which also lets
 * one request pass the limit rather than compare sizes.
 */
export class MemoryBudget {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes left; 0 when the limit is reached or passed. */
  get available(): number {
    return Math.max(0, this.#limit - this.#used);
  }

  get used(): number {
    return this.#used;
  }

  /** Settles once anything at all is available. */
  async whenAvailable(): Promise<void> {
    while (this.available === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A buffer that held `before` bytes now holds `after`. */
  settle(before: number, after: number): void {
    this.#used += after - before;
    if (this.#waiting.length > 0 && this.available > 0) this.#waiting.splice(0).forEach((wake) => wake());
  }
}

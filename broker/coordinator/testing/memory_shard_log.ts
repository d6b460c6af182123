import type { KeyValue } from "../shard.ts";
import type { LoggedRecord, ShardLog } from "../shard_log.ts";

/** A shard's log in an array, for tests. `failNext` makes the next append or sync throw; `hold` keeps syncs waiting. */
export class MemoryShardLog implements ShardLog {
  readonly records: LoggedRecord[] = [];
  #failures = { append: null as Error | null, durable: null as Error | null };
  #held: (() => void)[] | null = null;

  *batches(): Iterable<readonly LoggedRecord[]> {
    for (const record of this.records.slice()) yield [record];
  }

  append(records: readonly KeyValue[]): number {
    this.#fail("append");
    const offset = this.records.length;
    records.forEach((record, index) => this.records.push({ ...record, offset: offset + index }));
    return offset;
  }

  async durable(): Promise<void> {
    if (this.#held !== null) await new Promise<void>((resolve) => this.#held!.push(resolve));
    this.#fail("durable");
  }

  failNext(operation: "append" | "durable", error: Error): void {
    this.#failures[operation] = error;
  }

  /** From now on nothing becomes durable before the function that this answers is called. */
  hold(): () => void {
    const held: (() => void)[] = this.#held = [];
    return () => {
      this.#held = null;
      held.forEach((resolve) => resolve());
    };
  }

  #fail(operation: "append" | "durable"): void {
    const error = this.#failures[operation];
    this.#failures[operation] = null;
    if (error !== null) throw error;
  }
}

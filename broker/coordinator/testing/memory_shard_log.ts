import { NO_PRODUCER_ID } from "../../../protocol/records/mod.ts";
import type { EndMarker, VerificationGuard } from "../../../storage/mod.ts";
import type { KeyValue } from "../shard.ts";
import type { LoggedBatch, LoggedRecord, ShardLog, ShardTransaction } from "../shard_log.ts";

/** A shard's log in an array, for tests; it takes every transaction. `failNext` makes the next append, sync or reading throw; `hold` keeps syncs waiting. */
export class MemoryShardLog implements ShardLog {
  hasEnoughReplicas = true;
  readonly written: LoggedBatch[] = [];
  /** How often it was read. */
  reads = 0;
  #failures = { append: null as Error | null, durable: null as Error | null, read: null as Error | null };
  #held: (() => void)[] | null = null;

  /** All records, in transactions or not. */
  get records(): readonly LoggedRecord[] {
    return this.written.flatMap(({ records }) => records);
  }

  *batches(): Iterable<LoggedBatch> {
    this.reads++;
    yield* this.written.slice();
    this.#fail("read");
  }

  append(records: readonly KeyValue[], transaction: ShardTransaction | null = null): number {
    this.#fail("append");
    const offset = this.#end;
    const producerId = transaction?.producerId ?? NO_PRODUCER_ID;
    const logged = records.map((record, index) => ({ ...record, offset: offset + index }));
    this.written.push({ producerId, records: logged, end: null, lastOffset: offset + records.length - 1 });
    return offset;
  }

  appendEndMarker({ producerId, committed }: EndMarker): number {
    this.#fail("append");
    const offset = this.#end;
    this.written.push({ producerId, records: [], end: committed ? "commit" : "abort", lastOffset: offset });
    return offset;
  }

  startVerification(): VerificationGuard | null {
    return null;
  }

  async durable(): Promise<void> {
    if (this.#held !== null) await new Promise<void>((resolve) => this.#held!.push(resolve));
    this.#fail("durable");
  }

  failNext(operation: "append" | "durable" | "read", error: Error): void {
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

  get #end(): number {
    return (this.written.at(-1)?.lastOffset ?? -1) + 1;
  }

  #fail(operation: "append" | "durable" | "read"): void {
    const error = this.#failures[operation];
    this.#failures[operation] = null;
    if (error !== null) throw error;
  }
}

import type { Logger } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { KafkaError } from "../kafka_error.ts";
import { ShardRuntime, type ShardRuntimeOptions, type ShardState } from "./runtime.ts";
import type { Shard } from "./shard.ts";
import type { ShardLog } from "./shard_log.ts";

/** The partitions of an internal topic, where shards are kept. */
export interface ShardLogs {
  /** The topic's name. */
  readonly topic: string;
  /** The partitions' logs in order, null for one that cannot be used; or null while the topic does not exist. */
  existing(): readonly (ShardLog | null)[] | null;
  /** The same, after making the topic if it does not exist. */
  ensure(): Promise<readonly (ShardLog | null)[]>;
}

/** All shards of an internal topic, a runtime for each partition. An id's hash tells which of them is its coordinator. */
export class Shards<Rec, S extends Shard<Rec>> {
  readonly #logs: ShardLogs;
  readonly #options: Omit<ShardRuntimeOptions<Rec, S>, "name" | "log">;
  readonly #logger: Logger;
  #runtimes: readonly (ShardRuntime<Rec, S> | null)[] = [];
  #starting: Promise<void> | null = null;

  constructor(logs: ShardLogs, options: Omit<ShardRuntimeOptions<Rec, S>, "name" | "log">) {
    this.#logs = logs;
    this.#options = options;
    this.#logger = options.logger;
  }

  /** Loads what there is. A partition that does not load stays closed and is written to the log; the others serve. */
  async start(): Promise<void> {
    const logs = this.#logs.existing();
    if (logs !== null) await this.#open(logs);
  }

  /** Fails what waits. When the topic was deleted, {@link ensureStarted} begins anew. */
  close(): void {
    for (const runtime of this.#runtimes) runtime?.close();
    this.#runtimes = [];
  }

  /** Makes the topic when it is first needed. Throws COORDINATOR_NOT_AVAILABLE. */
  async ensureStarted(): Promise<void> {
    if (this.#runtimes.length > 0) return;
    this.#starting ??= this.#create().finally(() => this.#starting = null);
    await this.#starting;
  }

  /** The runtime of an id's shard. Throws NOT_COORDINATOR. */
  of(id: string): ShardRuntime<Rec, S> {
    return this.at(this.partitionOf(id));
  }

  /** The runtime of a partition. Throws NOT_COORDINATOR. */
  at(partition: number): ShardRuntime<Rec, S> {
    const runtime = this.#runtimes[partition] ?? null;
    if (runtime === null) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return runtime;
  }

  /** The partition in which an id is. Throws NOT_COORDINATOR while there is none. */
  partitionOf(id: string): number {
    if (this.#runtimes.length === 0) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return partitionFor(id, this.#runtimes.length);
  }

  /** The runtimes of partitions that are not offline. */
  *all(): Iterable<ShardRuntime<Rec, S>> {
    for (const runtime of this.#runtimes) if (runtime !== null) yield runtime;
  }

  /** The partitions and whether their shards can be asked. */
  *states(): Iterable<[partition: number, state: ShardState]> {
    for (const [partition, runtime] of this.#runtimes.entries()) yield [partition, runtime?.state ?? "failed"];
  }

  async #create(): Promise<void> {
    try {
      const logs = await this.#logs.ensure();
      if (this.#runtimes.length === 0) await this.#open(logs); // else `start` has, when the topic came
    } catch (cause) {
      this.#logger.error(`${this.#logs.topic} cannot be made`, { cause: String(cause) });
      throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, { cause });
    }
  }

  async #open(logs: readonly (ShardLog | null)[]): Promise<void> {
    const runtimes = logs.map((log, partition) =>
      log && ShardRuntime.start({ ...this.#options, name: `${this.#logs.topic}-${partition}`, log })
    );
    await Promise.all(runtimes.map((runtime) => runtime?.loadEnded()));
    this.#runtimes = runtimes;
  }
}

/** The partition that keeps an id: Java's hash of it, as by Kafka (`Utils.abs(id.hashCode()) % n`). */
export function partitionFor(id: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0;
  return (hash === -0x80000000 ? 0 : Math.abs(hash)) % partitions;
}

import { ErrorCode } from "../../protocol/errors.ts";
import { KafkaError } from "../kafka_error.ts";
import { hashCode } from "../java_hash.ts";
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
  /** The id of the node that leads a partition and coordinates what is in it; -1 while none does. */
  leaderOf(partition: number): number;
}

/** What all nodes have in common of the shards of a topic. */
interface Common<Rec, S extends Shard<Rec>> {
  runtimes: (ShardRuntime<Rec, S> | null)[];
  starting: Promise<void> | null;
}

/** All shards of an internal topic, or those that a node coordinates, a runtime for each partition. An id's hash tells which of them is its coordinator. */
export class Shards<Rec, S extends Shard<Rec>> {
  readonly #logs: ShardLogs;
  readonly #options: Omit<ShardRuntimeOptions<Rec, S>, "name" | "log">;
  readonly #common: Common<Rec, S>;
  /** Null: of all nodes. */
  readonly #nodeId: number | null;

  private constructor(
    logs: ShardLogs,
    options: Omit<ShardRuntimeOptions<Rec, S>, "name" | "log">,
    common: Common<Rec, S>,
    nodeId: number | null,
  ) {
    this.#logs = logs;
    this.#options = options;
    this.#common = common;
    this.#nodeId = nodeId;
  }

  /** The shards that are kept in these logs. */
  static in<Rec, S extends Shard<Rec>>(
    logs: ShardLogs,
    options: Omit<ShardRuntimeOptions<Rec, S>, "name" | "log">,
  ): Shards<Rec, S> {
    return new Shards(logs, options, { runtimes: [], starting: null }, null);
  }

  /** The same as a node answers for them: others say NOT_COORDINATOR. */
  ledBy(nodeId: number): Shards<Rec, S> {
    return new Shards(this.#logs, this.#options, this.#common, nodeId);
  }

  /** Loads what there is. A partition that does not load stays closed and is written to the log; the others serve. */
  async start(): Promise<void> {
    const logs = this.#logs.existing();
    if (logs !== null) await this.#open(logs);
  }

  /** Fails what waits. When the topic was deleted, {@link ensureStarted} begins anew. */
  close(): void {
    for (const runtime of this.#common.runtimes) runtime?.close();
    this.#common.runtimes = [];
  }

  /** Partitions have another leader: what waited fails with NOT_COORDINATOR, and the new leader, if there is one, reads what was decided. */
  async moved(partitions: readonly number[]): Promise<void> {
    const logs = this.#logs.existing() ?? [];
    const { runtimes } = this.#common;
    for (const partition of partitions.filter((moved) => moved < runtimes.length)) {
      runtimes[partition]?.close();
      const log = this.#logs.leaderOf(partition) < 0 ? null : logs[partition];
      runtimes[partition] = log && this.#run(partition, log);
    }
    await Promise.all(partitions.map((partition) => runtimes[partition]?.loadEnded()));
  }

  /** Makes the topic when it is first needed. Throws COORDINATOR_NOT_AVAILABLE. */
  async ensureStarted(): Promise<void> {
    const common = this.#common;
    if (common.runtimes.length > 0) return;
    common.starting ??= this.#create().finally(() => common.starting = null);
    await common.starting;
  }

  /** The runtime of an id's shard. Throws NOT_COORDINATOR. */
  of(id: string): ShardRuntime<Rec, S> {
    return this.at(this.partitionOf(id));
  }

  /**
   * The same, for a request of which records will come. Throws NOT_COORDINATOR, and COORDINATOR_NOT_AVAILABLE while `min.insync.replicas` are not in sync: Kafka's
   * coordinators answer that when their append is refused.
   */
  writable(id: string): ShardRuntime<Rec, S> {
    const runtime = this.of(id);
    if (!runtime.hasEnoughReplicas) throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    return runtime;
  }

  /** The runtime of a partition. Throws NOT_COORDINATOR. */
  at(partition: number): ShardRuntime<Rec, S> {
    const runtime = this.#common.runtimes[partition] ?? null;
    if (runtime === null || !this.#isMine(partition)) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return runtime;
  }

  /** The node that coordinates an id. Throws NOT_COORDINATOR while there is none, and COORDINATOR_NOT_AVAILABLE where nobody leads its partition. */
  coordinatorOf(id: string): number {
    const leader = this.#logs.leaderOf(this.partitionOf(id));
    if (leader < 0) throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    return leader;
  }

  /** The partition in which an id is. Throws NOT_COORDINATOR while there is none. */
  partitionOf(id: string): number {
    if (this.#common.runtimes.length === 0) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    return partitionFor(id, this.#common.runtimes.length);
  }

  /** The runtimes of partitions that are not offline. */
  *all(): Iterable<ShardRuntime<Rec, S>> {
    for (const [partition, runtime] of this.#common.runtimes.entries()) if (runtime !== null && this.#isMine(partition)) yield runtime;
  }

  /** The partitions and whether their shards can be asked. */
  *states(): Iterable<[partition: number, state: ShardState]> {
    for (const [partition, runtime] of this.#common.runtimes.entries()) yield [partition, runtime?.state ?? "failed"];
  }

  async #create(): Promise<void> {
    try {
      const logs = await this.#logs.ensure();
      if (this.#common.runtimes.length === 0) await this.#open(logs); // else `start` has, when the topic came
    } catch (cause) {
      this.#options.logger.error(`${this.#logs.topic} cannot be made`, { cause: String(cause) });
      throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, { cause });
    }
  }

  async #open(logs: readonly (ShardLog | null)[]): Promise<void> {
    const runtimes = logs.map((log, partition) => log && this.#run(partition, log));
    await Promise.all(runtimes.map((runtime) => runtime?.loadEnded()));
    this.#common.runtimes = runtimes;
  }

  #run(partition: number, log: ShardLog): ShardRuntime<Rec, S> {
    return ShardRuntime.start({ ...this.#options, name: `${this.#logs.topic}-${partition}`, log });
  }

  #isMine(partition: number): boolean {
    return this.#nodeId === null || this.#logs.leaderOf(partition) === this.#nodeId;
  }
}

/** The partition that keeps an id: Java's hash of it, as by Kafka (`Utils.abs(id.hashCode()) % n`). */
export function partitionFor(id: string, partitions: number): number {
  const hash = hashCode(id);
  return (hash === -0x80000000 ? 0 : Math.abs(hash)) % partitions;
}

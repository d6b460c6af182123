import { DiskError, type Logger, type Timer, type Timers } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { NO_PRODUCER_ID, RecordsError } from "../../protocol/records/mod.ts";
import type { EndMarker, VerificationGuard } from "../../storage/mod.ts";
import { KafkaError } from "../kafka_error.ts";
import { type Decision, Parked, type RecordCodec, type Reply, type Shard, type ShardTimers, type Waiting } from "./shard.ts";
import type { ShardLog, ShardTransaction } from "./shard_log.ts";

/** From a load in which the disk failed to the next. */
const RELOAD_MS = 10_000;

/** Whether requests can be decided. */
export type ShardState = "loaded" | "loading" | "failed";

/** What a runtime is made of. */
export interface ShardRuntimeOptions<Rec, S extends Shard<Rec>> {
  /** For the log, for example `__consumer_offsets-0`. */
  readonly name: string;
  readonly log: ShardLog;
  readonly codec: RecordCodec<Rec>;
  /** Makes an empty shard; called again whenever the shard is rebuilt from the log. `canWrite` tells whether what it decides now can be written. */
  readonly create: (timers: ShardTimers<Rec>, canWrite: () => boolean) => S;
  readonly timers: Timers;
  readonly logger: Logger;
}

/**
 * Runs one shard over one log: decide, append, replay, and answer once the records are durable. It knows nothing of what the shard is for.
 *
 * - *Load*: the log is replayed from its start. A record that cannot be decoded stops it: the shard stays closed and answers
 *   NOT_COORDINATOR, because a coordinator with half its memory would give away what others own. Where the disk failed, it is read again, until it can be.
 * - *Answers wait*: a decision is made from the newest state, durable or not, so every answer, also of a read or an error, waits until all that
 *   was appended before it is durable.
 * - *Too few replicas in sync* for records: none is written, the answers to parked requests are given, and the request fails with COORDINATOR_NOT_AVAILABLE.
 *   What is soft in the shard stays as it was decided, as in Kafka; where it must not, the shard asks before it decides (`canWrite`).
 * - *A failed append or sync*, or a defect in the shard: the shard is dropped with its timers, everything that waited fails with
 *   NOT_COORDINATOR, and the log is replayed into a new shard. Kafka rolls back to a snapshot instead (`CoordinatorRuntime`, `SnapshotRegistry`).
 */
export class ShardRuntime<Rec, S extends Shard<Rec>> {
  readonly #options: ShardRuntimeOptions<Rec, S>;
  /** The shard and its surroundings; replaced as a whole when it is dropped. Null while there is none. */
  #active: Incarnation<Rec, S> | null = null;
  #unavailable: number = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
  #endOffset = 0;
  #closed = false;
  #loading: Promise<Error | null>;
  /** The next load, after one in which the disk failed. */
  #reload: Timer | null = null;

  private constructor(options: ShardRuntimeOptions<Rec, S>) {
    this.#options = options;
    this.#loading = this.#load();
  }

  /** Loads a shard. Throws when the log cannot be read or a record not be decoded. */
  static async load<Rec, S extends Shard<Rec>>(options: ShardRuntimeOptions<Rec, S>): Promise<ShardRuntime<Rec, S>> {
    const runtime = new ShardRuntime(options);
    const error = await runtime.#loading;
    if (error === null) return runtime;
    runtime.close();
    throw error;
  }

  /** Like {@link load}, but answers at once: requests are refused until the shard is loaded, which may be never. */
  static start<Rec, S extends Shard<Rec>>(options: ShardRuntimeOptions<Rec, S>): ShardRuntime<Rec, S> {
    return new ShardRuntime(options);
  }

  /** Settles when the newest load has ended, well or not. */
  async loadEnded(): Promise<void> {
    await this.#loading;
  }

  /** The live state, whether it is durable or not; to be looked at, not changed. Throws {@link KafkaError} while there is none. */
  get shard(): S {
    return this.#current().shard;
  }

  get name(): string {
    return this.#options.name;
  }

  /** `failed`: the log cannot be read back, for good or until the disk can. */
  get state(): ShardState {
    if (this.#active !== null) return "loaded";
    return this.#unavailable === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? "loading" : "failed";
  }

  /** As {@link ShardLog.hasEnoughReplicas}. */
  get hasEnoughReplicas(): boolean {
    return this.#options.log.hasEnoughReplicas;
  }

  /** The offset after the last record or marker that was replayed. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /**
   * Lets the shard decide, at once and synchronously; settles when the decision's records are durable, or with its reply when it was parked.
   * Throws COORDINATOR_NOT_AVAILABLE where they have too few replicas. A {@link KafkaError} that `decide` throws is an answer like any other, and the shard must
   * not have changed; so must it not by a decision in a transaction, which the log may refuse.
   */
  async write<Res>(name: string, decide: (shard: S) => Decision<Res, Rec>, transaction: ShardTransaction | null = null): Promise<Res> {
    return await this.writeAtOnce(name, decide, transaction);
  }

  /** The same, but what need not be waited for is answered, or thrown, at once. */
  writeAtOnce<Res>(
    name: string,
    decide: (shard: S) => Decision<Res, Rec>,
    transaction: ShardTransaction | null = null,
  ): Res | Promise<Res> {
    const active = this.#current();
    let decision: Decision<Res, Rec>;
    try {
      decision = decide(active.shard);
      const { records } = decision;
      if (records.length > 0 && !this.hasEnoughReplicas) return this.#unwritten(active, decision.replies);
      if (records.length > 0) this.#append(active, name, (log) => this.#appendRecords(active.shard, log, records, transaction));
    } catch (error) {
      return this.#fail(active, name, error, transaction !== null);
    }
    if (decision.response instanceof Parked) active.parked.add(decision.response);
    return active.flush === null ? answer(active, decision) : this.#durable(active).then(() => answer(active, decision));
  }

  /**
   * To be called before the transaction coordinator is asked whether a producer's transaction goes on, for what is written in it (`ShardTransaction`). Throws
   * {@link KafkaError} with INVALID_PRODUCER_EPOCH.
   */
  startVerification(producerId: number, producerEpoch: number, supportsEpochBump: boolean): VerificationGuard | null {
    this.#current();
    try {
      return this.#options.log.startVerification(producerId, producerEpoch, supportsEpochBump);
    } catch (error) {
      throw error instanceof RecordsError ? new KafkaError(error.code, null, { cause: error }) : error;
    }
  }

  /** Ends a producer's transaction: writes its marker and tells the shard. Settles when that is durable. Throws {@link KafkaError} with what `Log.appendEndMarker` says. */
  async endTransaction(name: string, marker: EndMarker): Promise<void> {
    const active = this.#current();
    try {
      this.#append(active, name, (log) => {
        const offset = log.appendEndMarker(marker);
        active.shard.replayEndTransactionMarker?.(marker.producerId, marker.committed);
        return offset + 1;
      });
    } catch (error) {
      return await this.#fail(active, name, error, true);
    }
    if (active.flush !== null) await this.#durable(active);
  }

  /** Asks the shard, at once and synchronously; settles when what the answer was made of is durable. */
  async read<Res>(query: (shard: S) => Res): Promise<Res> {
    const active = this.#current();
    const response = query(active.shard);
    await this.#durable(active);
    return response;
  }

  /** Ends it: timers stop, and what waits fails with NOT_COORDINATOR. */
  close(): void {
    this.#closed = true;
    this.#reload?.cancel();
    this.#unload(ErrorCode.NOT_COORDINATOR);
  }

  #current(): Incarnation<Rec, S> {
    if (this.#active === null) throw new KafkaError(this.#unavailable);
    return this.#active;
  }

  /** `append` answers where the log ends then. */
  #append(active: Incarnation<Rec, S>, name: string, append: (log: ShardLog) => number): void {
    const { log } = this.#options;
    this.#endOffset = append(log);
    const durable = log.durable();
    if (durable === null) return;
    const flush = durable.then(
      () => {
        if (active.flush === flush) active.flush = null;
      },
      (error) => void this.#drop(active, `${name} (sync)`, error),
    );
    active.flush = flush;
  }

  #appendRecords(shard: S, log: ShardLog, records: readonly Rec[], transaction: ShardTransaction | null): number {
    const { codec } = this.#options;
    const offset = log.append(records.map((record) => codec.encode(record)), transaction);
    const producerId = transaction?.producerId ?? NO_PRODUCER_ID;
    records.forEach((record, index) => shard.replay(record, offset + index, producerId));
    return offset + records.length;
  }

  /**
   * Something was not decided or not written. An error that the shard or, where it may, the log has named is thrown once all that was appended is durable; after
   * all others the shard is dropped.
   */
  #fail(active: Incarnation<Rec, S>, name: string, error: unknown, mayRefuse: boolean): Promise<never> {
    const refused = mayRefuse && error instanceof RecordsError;
    if (!refused && !(error instanceof KafkaError)) throw this.#drop(active, name, error);
    const refusal = refused ? new KafkaError(error.code, null, { cause: error }) : error;
    if (active.flush === null) throw refusal;
    return this.#durable(active).then(() => Promise.reject(refusal));
  }

  /** The records have too few replicas: what else was decided stands. */
  async #unwritten(active: Incarnation<Rec, S>, replies: readonly Reply[] | undefined): Promise<never> {
    await this.#durable(active);
    answer(active, { response: undefined, records: [], replies });
    throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }

  /** Settles when all that `active` appended so far is durable; throws when it was dropped meanwhile. */
  async #durable(active: Incarnation<Rec, S>): Promise<void> {
    if (active.flush === null) return;
    await active.flush;
    if (this.#active !== active) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
  }

  /** Gives up a shard that may no longer agree with its log, and reads it anew. Answers the error for whoever waits. */
  #drop(active: Incarnation<Rec, S>, operation: string, cause: unknown): KafkaError {
    if (this.#active === active) {
      const { name, logger } = this.#options;
      logger.error("coordinator state dropped, reading it again from the log", { shard: name, operation, cause: textOf(cause) });
      this.#unload(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
      this.#loading = this.#load();
    }
    return new KafkaError(ErrorCode.NOT_COORDINATOR, null, { cause });
  }

  #unload(unavailable: number): void {
    const active = this.#active;
    this.#active = null;
    this.#unavailable = unavailable;
    if (active === null) return;
    for (const timer of active.timers.values()) timer.cancel();
    for (const parked of active.parked) parked.fail(new KafkaError(ErrorCode.NOT_COORDINATOR));
  }

  /** Reads the log into a new shard. Answers why that is not possible; the shard is closed then. */
  async #load(): Promise<Error | null> {
    const { name, log, codec, create, logger } = this.#options;
    const timers = new Map<string, Timer>();
    let offset = -1;
    try {
      const active: Incarnation<Rec, S> = {
        shard: create(this.#timersOf(timers), () => log.hasEnoughReplicas),
        timers,
        parked: new Set(),
        flush: null,
      };
      for await (const batch of log.batches()) {
        const { producerId, end } = batch;
        for (const { key, value, offset: at } of batch.records) {
          offset = at;
          const record = codec.decode(key, value);
          if (record === null) logger.warn("record of an unknown type skipped", { shard: name, offset });
          else active.shard.replay(record, offset, producerId);
        }
        offset = batch.lastOffset;
        if (end !== null) active.shard.replayEndTransactionMarker?.(producerId, end === "commit");
      }
      if (this.#closed) return null;
      this.#endOffset = offset + 1;
      active.shard.loaded?.();
      this.#active = active;
      return null;
    } catch (cause) {
      for (const timer of timers.values()) timer.cancel();
      this.#unavailable = ErrorCode.NOT_COORDINATOR;
      const isLater = isOfTheDisk(cause) && !this.#closed;
      const message = isLater ? "COORDINATOR DOES NOT LOAD: its log is read again later" : "COORDINATOR DOES NOT LOAD and stays closed";
      logger.error(message, { shard: name, offset, cause: textOf(cause) });
      if (isLater) this.#loadLater();
      return new Error(`${name} cannot be read back at offset ${offset}`, { cause });
    }
  }

  #loadLater(): void {
    this.#reload = this.#options.timers.schedule(RELOAD_MS, () => {
      this.#unavailable = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
      this.#loading = this.#load();
    });
  }

  #timersOf(timers: Map<string, Timer>): ShardTimers<Rec> {
    return {
      schedule: (key, delayMs, operation) => {
        timers.get(key)?.cancel();
        const timer = this.#options.timers.schedule(delayMs, () => {
          if (timers.get(key) !== timer) return;
          timers.delete(key);
          this.write(key, operation).catch((error) =>
            this.#options.logger.debug("a timer's decision was lost", { key, cause: String(error) })
          );
        });
        timers.set(key, timer);
      },
      cancel: (key) => {
        timers.get(key)?.cancel();
        timers.delete(key);
      },
    };
  }
}

/** One life of a shard: from a load to the next drop. */
interface Incarnation<Rec, S extends Shard<Rec>> {
  readonly shard: S;
  readonly timers: Map<string, Timer>;
  /** Requests that have no reply yet. */
  readonly parked: Set<Waiting>;
  /** The newest sync under way; when it fails, it drops the shard and settles all the same. */
  flush: Promise<void> | null;
}

/** The answer, now that it may be given, and those to requests that were parked. */
function answer<Rec, S extends Shard<Rec>, Res>(active: Incarnation<Rec, S>, decision: Decision<Res, Rec>): Res | Promise<Res> {
  const { response, replies = [] } = decision;
  for (const { parked, give } of replies) {
    if (active.parked.delete(parked)) give();
  }
  return response instanceof Parked ? response.promise : response;
}

/** Not what stands in the log, which is the same the next time. */
function isOfTheDisk(cause: unknown): boolean {
  return cause instanceof DiskError || cause instanceof Error && cause.cause instanceof DiskError;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.stack ?? cause.message : String(cause);
}

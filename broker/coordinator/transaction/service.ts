import { type Clock, type Logger, type Timer, type Timers, unhurried } from "../../../platform/mod.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import type { TransactionLogValue, TransactionLogValuePartitions } from "../../../protocol/generated/records/transaction_log_value.ts";
import type { EndMarker } from "../../../storage/mod.ts";
import type { BrokerSettings, DynamicSettings } from "../../config/settings.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { ShardRuntime, ShardState } from "../runtime.ts";
import type { Decision } from "../shard.ts";
import { type ShardLogs, Shards } from "../shards.ts";
import type { EndRequest } from "./end_transaction.ts";
import { NewestConnections, type ProducerConnection, type RequestKind } from "./newest_connections.ts";
import { type TransactionRecord, transactionRecordCodec } from "./records.ts";
import { type Ending, TransactionShard } from "./shard.ts";
import { TransactionState } from "./state.ts";
import { producerAfter, type ProducerIdAndEpoch } from "./transitions.ts";

/** The partitions that transactions write to. Whatever fails on a disk throws. */
export interface TransactionPartitions {
  /** Settles once all that the partition has is as durable as the mode promises; null where it is by now. */
  durable(topic: string, partition: number): Promise<void> | null;
  /** Writes the marker; settles once that is durable, and what it committed is seen. A partition that is gone needs none. */
  writeMarker(topic: string, partition: number, marker: EndMarker): Promise<void>;
  /** The leader epoch of a partition of `__transaction_state`. */
  coordinatorEpoch(partition: number): number;
}

/** What the service is made of. */
export interface TransactionServiceParts {
  readonly settings:
    & Pick<
      BrokerSettings,
      "transactionMaxTimeoutMs" | "transactionalIdExpirationMs" | "transactionAbortIntervalMs" | "transactionalIdRemovalIntervalMs"
    >
    & Pick<DynamicSettings, "transactionPartitionVerification">
    & { readonly maxBatchBytes: number };
  readonly partitions: TransactionPartitions;
  /** A producer id that no producer ever had, reserved durably. */
  readonly newProducerId: () => Promise<number>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** A transactional id and its newest record. */
export type Listed = [transactionalId: string, value: TransactionLogValue];

/** Of so many transactional ids it is found out at a time whether they are wanted. */
const LISTED_A_TURN = 100;

type Runtime = ShardRuntime<TransactionRecord, TransactionShard>;

/** A decision that cannot be made without a producer id that nobody has. */
class ProducerIdNeeded extends KafkaError {
  constructor() {
    super(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }
}

type TopicPartition = readonly [topic: string, partition: number];

/** What all nodes have in common. */
interface Common {
  /** For timeouts and expiry. */
  readonly now: () => number;
  /** Producer ids for decisions that need one. */
  readonly producerIds: number[];
  /** What is being ended, by transactional id. None of these rejects. */
  readonly ends: Map<string, Promise<unknown>>;
  /** The partitions that lack the marker of a prepared transaction, by its record, where others have it. */
  readonly unmarked: WeakMap<TransactionLogValue, readonly TopicPartition[]>;
  readonly connections: NewestConnections;
}

/**
 * Finds the shard of each transactional id, lets it decide, and ends transactions: what they wrote is durable before it is decided that they are
 * committed, and all markers are before that is done and EndTxn answers, so that the next transaction finds nothing in its way. Kafka answers once it is decided.
 * What fails as a whole throws {@link KafkaError}. Kafka: `TransactionCoordinator`, `TransactionMarkerChannelManager`.
 */
export class TransactionService {
  readonly #shards: Shards<TransactionRecord, TransactionShard>;
  readonly #parts: TransactionServiceParts;
  readonly #common: Common;
  #timers: Timer[] = [];

  private constructor(shards: Shards<TransactionRecord, TransactionShard>, parts: TransactionServiceParts, common: Common) {
    this.#shards = shards;
    this.#parts = parts;
    this.#common = common;
  }

  /** The transactional ids that are kept in these logs. */
  static in(logs: ShardLogs, parts: TransactionServiceParts): TransactionService {
    const { settings, clock, timers, logger } = parts;
    const common: Common = {
      now: unhurried(clock),
      producerIds: [],
      ends: new Map(),
      unmarked: new WeakMap(),
      connections: new NewestConnections(),
    };
    const create = () => new TransactionShard({ settings, newProducerId: () => takeFrom(common.producerIds) });
    return new TransactionService(Shards.in(logs, { codec: transactionRecordCodec, create, timers, logger }), parts, common);
  }

  /** The same as a node answers for them: what it does not coordinate it refuses with NOT_COORDINATOR. It need not be started or closed. */
  onNode(nodeId: number): TransactionService {
    return new TransactionService(this.#shards.ledBy(nodeId), this.#parts, this.#common);
  }

  /** Partitions of `__transaction_state` have another leader. */
  async moved(partitions: readonly number[]): Promise<void> {
    await this.#shards.moved(partitions);
    await this.completePrepared();
  }

  /** The node that coordinates a transactional id. Throws NOT_COORDINATOR, and COORDINATOR_NOT_AVAILABLE where there is none. */
  coordinatorOf(transactionalId: string): number {
    return this.#shards.coordinatorOf(transactionalId);
  }

  /** Loads the transactional ids that there are, and ends the transactions that were decided. */
  async start(): Promise<void> {
    await this.#shards.start();
    await this.completePrepared();
    if (this.#timers.length > 0) return;
    const { transactionAbortIntervalMs, transactionalIdRemovalIntervalMs } = this.#parts.settings;
    this.#every(0, transactionAbortIntervalMs, () => this.#endOverdue());
    this.#every(1, transactionalIdRemovalIntervalMs, () => this.#expire());
  }

  /** Fails what waits. */
  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#shards.close();
  }

  /** Makes this node ready to coordinate: `__transaction_state` is made when it is first needed. Throws COORDINATOR_NOT_AVAILABLE. */
  ensureStarted(): Promise<void> {
    return this.#shards.ensureStarted();
  }

  /**
   * Gives a transactional id to a producer. A transaction that is open is aborted first; Kafka lets the producer ask again meanwhile, with
   * CONCURRENT_TRANSACTIONS. Throws what `TransactionShard.initProducerId` throws.
   */
  async initProducerId(transactionalId: string, timeoutMs: number, expected: ProducerIdAndEpoch | null): Promise<ProducerIdAndEpoch> {
    for (;;) {
      const runtime = this.#shards.writable(transactionalId);
      await this.#common.ends.get(transactionalId);
      const decide = (shard: TransactionShard) => shard.initProducerId(transactionalId, timeoutMs, expected, this.#common.now());
      const answer = await this.#decide(runtime, "InitProducerId", decide);
      if ("producer" in answer) return answer.producer;
      await this.#finish(runtime, answer.ending);
    }
  }

  /**
   * Refuses what a producer of transaction version 1 has sent on a connection that it has given up. Throws PRODUCER_FENCED; what else is wrong with a request
   * is not looked at here.
   */
  checkConnection(transactionalId: string, producer: ProducerIdAndEpoch, connection: ProducerConnection, kind: RequestKind): void {
    const known = this.#shards.of(transactionalId).shard.transactions.get(transactionalId);
    if (known?.producerId !== producer.producerId || known.producerEpoch !== producer.producerEpoch) return;
    this.#common.connections.check(transactionalId, producer, connection, kind);
  }

  /** Throws INVALID_PRODUCER_ID_MAPPING or PRODUCER_FENCED for a producer that does not have the transactional id, as far as is known now. */
  checkProducer(transactionalId: string, producer: ProducerIdAndEpoch): void {
    this.#shards.of(transactionalId).shard.checkProducer(transactionalId, producer);
  }

  /** Ends, or settles, when they are added. Throws what `TransactionShard.addPartitions` throws. */
  addPartitions(
    transactionalId: string,
    producer: ProducerIdAndEpoch,
    topics: readonly TransactionLogValuePartitions[],
    transactionVersion: number,
  ): void | Promise<void> {
    const decide = (shard: TransactionShard) =>
      shard.addPartitions(transactionalId, producer, topics, transactionVersion, this.#common.now());
    return this.#shards.writable(transactionalId).writeAtOnce("AddPartitionsToTxn", decide);
  }

  /** Whether a producer of before transaction version 2 may write only to partitions that it has added. */
  get verifiesPartitions(): boolean {
    return this.#parts.settings.transactionPartitionVerification;
  }

  /** Whether the partition is in the producer's open transaction, as far as is known now. Throws what `TransactionShard.hasPartition` throws. */
  hasPartition(transactionalId: string, producer: ProducerIdAndEpoch, topic: string, partition: number): boolean {
    return this.#shards.of(transactionalId).shard.hasPartition(transactionalId, producer, topic, partition);
  }

  /** Ends the producer's transaction; answers what it goes on with. Throws what `TransactionShard.beginEnd` throws. */
  async endTransaction(transactionalId: string, request: EndRequest): Promise<ProducerIdAndEpoch> {
    const runtime = this.#shards.writable(transactionalId);
    const decide = (shard: TransactionShard) => shard.beginEnd(transactionalId, request, this.#common.now());
    const answer = await this.#decide(runtime, "EndTxn", decide);
    return "ended" in answer ? answer.ended : await this.#finish(runtime, answer.ending);
  }

  /** The newest record of a transactional id, or undefined. */
  async describe(transactionalId: string): Promise<TransactionLogValue | undefined> {
    return await this.#shards.of(transactionalId).read((shard) => shard.transactions.get(transactionalId));
  }

  /**
   * The transactional ids of partitions that are coordinated here and that are wanted; others have their turn meanwhile, as to find that out may take long.
   * Throws COORDINATOR_LOAD_IN_PROGRESS.
   */
  async list(isWanted: (...listed: Listed) => boolean = () => true): Promise<Listed[]> {
    const lists = Array.from(this.#shards.all(), async (runtime) => {
      return runtime.state === "failed" ? [] : await runtime.read((shard) => [...shard.transactions]);
    });
    const wanted: Listed[] = [];
    for (const [index, listed] of (await Promise.all(lists)).flat().entries()) {
      if (index % LISTED_A_TURN === LISTED_A_TURN - 1) await this.#parts.timers.turn();
      if (isWanted(...listed)) wanted.push(listed);
    }
    return wanted;
  }

  /** The time that durations of transactions are told by. */
  now(): number {
    return this.#common.now();
  }

  /** The partitions of `__transaction_state` and whether their transactions can be asked. */
  states(): Iterable<[partition: number, state: ShardState]> {
    return this.#shards.states();
  }

  /** Lets the shard decide, and again when there is the producer id that it needs: one that is refused reserves none. */
  async #decide<Res>(runtime: Runtime, name: string, decide: (shard: TransactionShard) => Decision<Res, TransactionRecord>): Promise<Res> {
    for (;;) {
      try {
        return await runtime.writeAtOnce(name, decide);
      } catch (error) {
        if (!(error instanceof ProducerIdNeeded)) throw error;
        this.#common.producerIds.push(await this.#parts.newProducerId());
      }
    }
  }

  /** Ends a transaction that has begun to. Throws COORDINATOR_NOT_AVAILABLE where its data cannot be made durable: it stays open then. */
  #finish(runtime: Runtime, ending: Ending): Promise<ProducerIdAndEpoch> {
    const end = this.#prepareAndComplete(runtime, ending);
    this.#noteEnd(ending.transactionalId, end);
    return end;
  }

  async #prepareAndComplete(runtime: Runtime, ending: Ending): Promise<ProducerIdAndEpoch> {
    const { transactionalId, value } = ending;
    if (value.transactionStatus === TransactionState.PREPARE_COMMIT) {
      try {
        await Promise.all(partitionsOf(value).map(async ([topic, partition]) => await this.#parts.partitions.durable(topic, partition)));
      } catch (cause) {
        if (runtime.state === "loaded") runtime.shard.cancel(ending);
        this.#parts.logger.error("a transaction cannot be committed: what it wrote is not durable", {
          transactionalId,
          cause: String(cause),
        });
        throw new KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE, null, { cause });
      }
    }
    await runtime.writeAtOnce("EndTxn (prepare)", (shard) => shard.prepare(ending));
    await this.#complete(runtime, transactionalId, value);
    return producerAfter(value);
  }

  /** Writes the markers of a prepared transaction. Where one fails it stays prepared, which is as good as done, and those that lack are tried again later. */
  async #complete(runtime: Runtime, transactionalId: string, value: TransactionLogValue): Promise<void> {
    const { producerId, producerEpoch, transactionStatus, clientTransactionVersion = 0 } = value;
    const coordinatorEpoch = this.#parts.partitions.coordinatorEpoch(this.#shards.partitionOf(transactionalId));
    const committed = transactionStatus === TransactionState.PREPARE_COMMIT;
    const marker = { producerId, producerEpoch, committed, coordinatorEpoch, transactionVersion: clientTransactionVersion };
    const { unmarked } = this.#common;
    try {
      const lacking = unmarked.get(value) ?? partitionsOf(value);
      const written = await Promise.allSettled(
        lacking.map(([topic, partition]) => this.#parts.partitions.writeMarker(topic, partition, marker)),
      );
      const failed = written.find((each) => each.status === "rejected");
      if (failed !== undefined) {
        unmarked.set(value, lacking.filter((_, index) => written[index].status === "rejected"));
        throw failed.reason;
      }
      await runtime.writeAtOnce("EndTxn (complete)", (shard) => shard.complete(transactionalId, this.#common.now()));
    } catch (cause) {
      this.#parts.logger.error("the markers of a transaction are not written yet", { transactionalId, cause: String(cause) });
    }
  }

  #noteEnd(transactionalId: string, end: Promise<unknown>): void {
    const forget = () => {
      if (this.#common.ends.get(transactionalId) === noted) this.#common.ends.delete(transactionalId);
    };
    const noted = end.then(forget, forget);
    this.#common.ends.set(transactionalId, noted);
  }

  /** Aborts the transactions that have been open for too long, and ends those that are decided and that nobody is ending. */
  async #endOverdue(): Promise<void> {
    for (const runtime of this.#shards.all()) {
      if (runtime.state !== "loaded" || !runtime.hasEnoughReplicas) continue;
      for (const transactionalId of runtime.shard.timedOut(this.#common.now())) await this.#abortOverdue(runtime, transactionalId);
    }
    await this.completePrepared();
  }

  async #abortOverdue(runtime: Runtime, transactionalId: string): Promise<void> {
    const { logger } = this.#parts;
    try {
      const { ending } = await runtime.write("transaction timeout", (shard) => shard.beginFencing(transactionalId, this.#common.now()));
      await this.#finish(runtime, ending);
      logger.info("a transaction was aborted: it was open for too long", { transactionalId });
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      logger.debug("a transaction that was open for too long was not aborted", { transactionalId, cause: String(error) });
    }
  }

  /** Writes the markers that are missing, where that may go better than before. */
  async completePrepared(): Promise<void> {
    for (const runtime of this.#shards.all()) {
      if (runtime.state !== "loaded" || !runtime.hasEnoughReplicas) continue;
      const ends = [...runtime.shard.preparedIds()].filter((transactionalId) => !this.#common.ends.has(transactionalId)).map(
        (transactionalId) => {
          const end = this.#complete(runtime, transactionalId, runtime.shard.transactions.get(transactionalId)!);
          this.#noteEnd(transactionalId, end);
          return end;
        },
      );
      await Promise.all(ends);
    }
  }

  async #expire(): Promise<void> {
    for (const runtime of this.#shards.all()) {
      if (!runtime.hasEnoughReplicas) continue;
      while (runtime.state === "loaded" && await runtime.write("transactional id expiration", (shard) => shard.expire(this.#common.now())));
    }
    this.#common.connections.keepOnly((transactionalId) => {
      const runtime = this.#shards.of(transactionalId);
      return runtime.state !== "loaded" || runtime.shard.transactions.has(transactionalId);
    });
  }

  #every(slot: number, intervalMs: number, act: () => Promise<void>): void {
    this.#timers[slot] = this.#parts.timers.schedule(intervalMs, async () => {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        this.#parts.logger.warn("transactions could not be looked after", { cause: String(error) });
      }
      if (this.#timers.length > 0) this.#every(slot, intervalMs, act);
    });
  }
}

function partitionsOf({ transactionPartitions }: TransactionLogValue): TopicPartition[] {
  return (transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
    partitionIds.map((partition): TopicPartition => [topic, partition])
  );
}

function takeFrom(producerIds: number[]): number {
  const producerId = producerIds.pop();
  if (producerId === undefined) throw new ProducerIdNeeded();
  return producerId;
}

import { ErrorCode } from "../../../protocol/errors.ts";
import type { TransactionLogValue, TransactionLogValuePartitions } from "../../../protocol/generated/records/transaction_log_value.ts";
import type { BrokerSettings } from "../../config/settings.ts";
import { KafkaError } from "../../kafka_error.ts";
import type { Decision, Shard } from "../shard.ts";
import { checkEnd, type EndRequest } from "./end_transaction.ts";
import { isKnownProducer, nextProducer } from "./init_producer_id.ts";
import { checkFits, tombstonesOf, type TransactionRecord } from "./records.ts";
import { isPrepared, mayFollow, TransactionState } from "./state.ts";
import {
  added,
  bumpsEpochs,
  completed,
  fresh,
  hasAll,
  initialized,
  isExhausted,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  prepared,
  type ProducerIdAndEpoch,
} from "./transitions.ts";

/** The settings that transactions go by. */
export type TransactionSettings = Pick<BrokerSettings, "transactionMaxTimeoutMs" | "transactionalIdExpirationMs"> & {
  /** The largest batch that the log takes: `max.message.bytes` of `__transaction_state`, which may change. */
  readonly maxBatchBytes: number;
};

/** What a transaction shard may know of the world. */
export interface TransactionEnvironment {
  readonly settings: TransactionSettings;
  /** A producer id that no producer ever had. */
  readonly newProducerId: () => number;
}

/** By whose version of transactions the coordinator itself aborts. */
const SERVER_VERSION = 2;

/** A transaction that is to end: its record is not written before its data and offsets are durable, and nothing else happens to it meanwhile. */
export interface Ending {
  readonly transactionalId: string;
  /** The record that decides it. */
  readonly value: TransactionLogValue;
  readonly lastProducerEpoch: number;
}

/** What EndTxn comes to: done already, with the producer's id and epoch, or to be gone on with. */
export type Ended = { readonly ended: ProducerIdAndEpoch } | { readonly ending: Ending };

/** What InitProducerId comes to: an id and an epoch, or a transaction that is to be aborted first. */
export type Initialized = { readonly producer: ProducerIdAndEpoch } | { readonly ending: Ending };

/**
 * The transactional ids of one partition of `__transaction_state`. Each `now` is the time in milliseconds since the epoch. Kafka:
 * `TransactionCoordinator`, `TransactionStateManager`, `TransactionMetadata`.
 */
export class TransactionShard implements Shard<TransactionRecord> {
  readonly #environment: TransactionEnvironment;
  /** The newest record of each. */
  readonly #transactions = new Map<string, TransactionLogValue>();
  /** The epochs that producers had before their newest, where they said so; not in the log, as in Kafka, so that a restart forgets them. */
  readonly #lastEpochs = new Map<string, number>();
  /** Transactions whose end is not written yet. Kafka: `TransactionMetadata.pendingState`. */
  readonly #endings = new Map<string, Ending>();

  constructor(environment: TransactionEnvironment) {
    this.#environment = environment;
  }

  get transactions(): ReadonlyMap<string, TransactionLogValue> {
    return this.#transactions;
  }

  replay({ transactionalId, value }: TransactionRecord): void {
    if (value === null) {
      this.#transactions.delete(transactionalId);
      this.#lastEpochs.delete(transactionalId);
    } else {
      this.#transactions.set(transactionalId, value);
    }
  }

  /**
   * A producer takes a transactional id. `expected` is the id and the epoch that it says it has, or null. Throws INVALID_TRANSACTION_TIMEOUT,
   * PRODUCER_FENCED, or CONCURRENT_TRANSACTIONS while a transaction is being ended.
   */
  initProducerId(
    transactionalId: string,
    timeoutMs: number,
    expected: ProducerIdAndEpoch | null,
    now: number,
  ): Decision<Initialized, TransactionRecord> {
    const { settings, newProducerId } = this.#environment;
    if (timeoutMs <= 0 || timeoutMs > settings.transactionMaxTimeoutMs) throw new KafkaError(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
    const known = this.#transactions.get(transactionalId);
    if (known === undefined) return decided(transactionalId, fresh(newProducerId(), timeoutMs, now));
    if (this.#endings.has(transactionalId)) throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    if (expected !== null && !isKnownProducer(known, expected)) throw new KafkaError(ErrorCode.PRODUCER_FENCED);
    if (isPrepared(known.transactionStatus)) throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    if (known.transactionStatus === TransactionState.ONGOING) return this.beginFencing(transactionalId, now);
    const next = nextProducer(known, this.#lastEpochs.get(transactionalId) ?? NO_PRODUCER_EPOCH, expected, newProducerId);
    this.#lastEpochs.set(transactionalId, next.lastProducerEpoch);
    return decided(transactionalId, initialized(known, next, timeoutMs, now));
  }

  /**
   * Adds partitions to the producer's transaction, which begins with the first. Throws INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, or
   * CONCURRENT_TRANSACTIONS while the transaction before is being ended.
   */
  addPartitions(
    transactionalId: string,
    producer: ProducerIdAndEpoch,
    topics: readonly TransactionLogValuePartitions[],
    transactionVersion: number,
    now: number,
  ): Decision<void, TransactionRecord> {
    const known = this.#ofProducer(transactionalId, producer);
    if (this.#endings.has(transactionalId) || isPrepared(known.transactionStatus)) throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    if (known.transactionStatus === TransactionState.ONGOING && hasAll(known, topics)) return { response: undefined, records: [] };
    const record = { transactionalId, value: added(known, topics, transactionVersion, now) };
    checkFits(record, this.#environment.settings.maxBatchBytes);
    return { response: undefined, records: [record] };
  }

  /**
   * Whether the partition is in the producer's transaction. Throws INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS.
   * Kafka: `handleVerifyPartitionsInTransaction`.
   */
  hasPartition(transactionalId: string, producer: ProducerIdAndEpoch, topic: string, partition: number): boolean {
    const known = this.#ofProducer(transactionalId, producer);
    if (isPrepared(known.transactionStatus)) throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    return hasAll(known, [{ topic, partitionIds: [partition] }]);
  }

  /** Throws INVALID_PRODUCER_ID_MAPPING or PRODUCER_FENCED for a producer that does not have the transactional id. */
  checkProducer(transactionalId: string, producer: ProducerIdAndEpoch): void {
    this.#ofProducer(transactionalId, producer);
  }

  /** Begins to end a producer's transaction. Throws what {@link checkEnd} throws. */
  beginEnd(transactionalId: string, request: EndRequest, now: number): Decision<Ended, TransactionRecord> {
    const known = this.#transactions.get(transactionalId);
    if (known === undefined) throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    if (!checkEnd(known, request, this.#endings.has(transactionalId))) return { response: { ended: known }, records: [] };
    const { committed, transactionVersion } = request;
    const bumps = bumpsEpochs(transactionVersion);
    const nextProducerId = bumps && isExhausted(known.producerEpoch) ? this.#environment.newProducerId() : NO_PRODUCER_ID;
    const value = prepared(known, { committed, transactionVersion, nextProducerId }, now);
    const last = bumps ? known.producerEpoch : this.#lastEpochs.get(transactionalId) ?? NO_PRODUCER_EPOCH;
    return this.#begin({ transactionalId, value, lastProducerEpoch: last });
  }

  /**
   * Begins to abort an open transaction and to fence its producer: it is ended as with transaction version 2, by an epoch that nobody has. In Kafka the
   * fence has a state of its own, `PrepareEpochFence`, that is never stored. Throws CONCURRENT_TRANSACTIONS where nothing is open any more.
   */
  beginFencing(transactionalId: string, now: number): { response: { ending: Ending }; records: [] } {
    const known = this.#transactions.get(transactionalId);
    if (known?.transactionStatus !== TransactionState.ONGOING || this.#endings.has(transactionalId)) {
      throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    }
    const value = prepared(known, { committed: false, transactionVersion: SERVER_VERSION, nextProducerId: NO_PRODUCER_ID }, now);
    return this.#begin({ transactionalId, value, lastProducerEpoch: known.producerEpoch });
  }

  /** Gives an end up that could not be written. */
  cancel(ending: Ending): void {
    if (this.#endings.get(ending.transactionalId) === ending) this.#endings.delete(ending.transactionalId);
  }

  /** Decides how the transaction ends. Throws NOT_COORDINATOR if this shard does not know of it. */
  prepare(ending: Ending): Decision<void, TransactionRecord> {
    const { transactionalId, value, lastProducerEpoch } = ending;
    if (this.#endings.get(transactionalId) !== ending) throw new KafkaError(ErrorCode.NOT_COORDINATOR);
    this.cancel(ending);
    this.#lastEpochs.set(transactionalId, lastProducerEpoch);
    return { response: undefined, records: [{ transactionalId, value }] };
  }

  /** All markers of a prepared transaction are written; nothing to do where that was known. Answers what its producer goes on with. */
  complete(transactionalId: string, now: number): Decision<ProducerIdAndEpoch | null, TransactionRecord> {
    const known = this.#transactions.get(transactionalId);
    if (known === undefined || !isPrepared(known.transactionStatus)) return { response: null, records: [] };
    const value = completed(known, now);
    return { response: value, records: [{ transactionalId, value }] };
  }

  /** The transactions that were decided and whose markers may not be written. */
  *preparedIds(): Iterable<string> {
    for (const [transactionalId, { transactionStatus }] of this.#transactions) if (isPrepared(transactionStatus)) yield transactionalId;
  }

  /** The transactions that have been open for longer than their producer said. */
  timedOut(now: number): string[] {
    return this.#idle(({ transactionStatus, transactionStartTimestampMs, transactionTimeoutMs }) =>
      transactionStatus === TransactionState.ONGOING && transactionStartTimestampMs + transactionTimeoutMs < now
    );
  }

  /** Forgets ids that nobody has used for `transactional.id.expiration.ms`, a batch at a time; answers whether there was any. */
  expire(now: number): Decision<boolean, TransactionRecord> {
    const { transactionalIdExpirationMs, maxBatchBytes } = this.#environment.settings;
    const unused = this.#idle(({ transactionStatus, transactionLastUpdateTimestampMs }) =>
      mayFollow(TransactionState.DEAD, transactionStatus as TransactionState) &&
      transactionLastUpdateTimestampMs <= now - transactionalIdExpirationMs
    );
    const records = tombstonesOf(unused, maxBatchBytes);
    return { response: records.length > 0, records };
  }

  /** The ids of which this holds, and whose transaction is not being ended. */
  #idle(isWanted: (known: TransactionLogValue) => boolean): string[] {
    const ids: string[] = [];
    for (const [transactionalId, known] of this.#transactions) {
      if (isWanted(known) && !this.#endings.has(transactionalId)) ids.push(transactionalId);
    }
    return ids;
  }

  #begin(ending: Ending): { response: { ending: Ending }; records: [] } {
    this.#endings.set(ending.transactionalId, ending);
    return { response: { ending }, records: [] };
  }

  #ofProducer(transactionalId: string, { producerId, producerEpoch }: ProducerIdAndEpoch): TransactionLogValue {
    const known = this.#transactions.get(transactionalId);
    if (known === undefined || known.producerId !== producerId) throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    if (known.producerEpoch !== producerEpoch) throw new KafkaError(ErrorCode.PRODUCER_FENCED);
    return known;
  }
}

function decided(transactionalId: string, value: TransactionLogValue): Decision<Initialized, TransactionRecord> {
  return { response: { producer: value }, records: [{ transactionalId, value }] };
}

import type { TransactionLogValue, TransactionLogValuePartitions } from "../../../protocol/generated/records/transaction_log_value.ts";
import { mayFollow, TransactionState } from "./state.ts";

/**
 * What becomes of a transactional id, one function a change: each answers the record that says so. They check nothing of the request, only that
 * the new state may follow the old. Kafka: the `prepare…` methods of `TransactionMetadata`.
 */

export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
const MAX_EPOCH = 0x7fff;

/** A producer's id, and its epoch. */
export interface ProducerIdAndEpoch {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** No producer has a higher epoch than this, so that one can always be fenced. */
export const LAST_PRODUCER_EPOCH = MAX_EPOCH - 1;

/** Whether a producer with this epoch cannot get a higher one. */
export function isExhausted(producerEpoch: number): boolean {
  return producerEpoch >= LAST_PRODUCER_EPOCH;
}

/** `transaction.version` 2: the epoch goes up with every end (KIP-890). */
export function bumpsEpochs(transactionVersion: number): boolean {
  return transactionVersion >= 2;
}

/** A transactional id that nobody has used yet. */
export function fresh(producerId: number, transactionTimeoutMs: number, now: number): TransactionLogValue {
  const value = { ...nothing, producerId, previousProducerId: producerId, producerEpoch: 0, transactionTimeoutMs };
  return { ...value, transactionLastUpdateTimestampMs: now };
}

/** A producer takes the transactional id, with this id and epoch. */
export function initialized(
  known: TransactionLogValue,
  { producerId, producerEpoch }: ProducerIdAndEpoch,
  transactionTimeoutMs: number,
  now: number,
): TransactionLogValue {
  return {
    ...transit(known, TransactionState.EMPTY, now),
    producerId,
    producerEpoch,
    transactionTimeoutMs,
    transactionPartitions: null,
    transactionStartTimestampMs: -1,
  };
}

/** Partitions join the transaction; it begins with the first. */
export function added(
  known: TransactionLogValue,
  topics: readonly TransactionLogValuePartitions[],
  clientTransactionVersion: number,
  now: number,
): TransactionLogValue {
  const begins = known.transactionStatus !== TransactionState.ONGOING;
  return {
    ...transit(known, TransactionState.ONGOING, now),
    transactionPartitions: union(known.transactionPartitions ?? [], topics),
    transactionStartTimestampMs: begins ? now : known.transactionStartTimestampMs,
    clientTransactionVersion,
  };
}

/** How a transaction is to end. */
export interface End {
  readonly committed: boolean;
  readonly transactionVersion: number;
  /** For the producer's next transaction, where the epochs of its id are used up; else {@link NO_PRODUCER_ID}. */
  readonly nextProducerId: number;
}

/** It is decided how the transaction ends. The epoch is that of its markers; with transaction version 2 no producer has had it yet. */
export function prepared(
  known: TransactionLogValue,
  { committed, transactionVersion, nextProducerId }: End,
  now: number,
): TransactionLogValue {
  const { ONGOING, PREPARE_COMMIT, PREPARE_ABORT } = TransactionState;
  const { transactionStatus, producerEpoch, transactionStartTimestampMs } = known;
  return {
    ...transit(known, committed ? PREPARE_COMMIT : PREPARE_ABORT, now),
    nextProducerId,
    producerEpoch: bumpsEpochs(transactionVersion) ? Math.min(producerEpoch + 1, MAX_EPOCH) : producerEpoch,
    transactionPartitions: known.transactionPartitions ?? [],
    // A transaction that was never begun begins and ends at once.
    transactionStartTimestampMs: transactionStatus === ONGOING ? transactionStartTimestampMs : now,
    clientTransactionVersion: transactionVersion,
  };
}

/** What the producer of a prepared transaction goes on with when all markers are written. */
export function producerAfter(
  { producerId, producerEpoch, nextProducerId, clientTransactionVersion }: TransactionLogValue,
): ProducerIdAndEpoch {
  const isExchanged = bumpsEpochs(clientTransactionVersion ?? 0) && (nextProducerId ?? NO_PRODUCER_ID) !== NO_PRODUCER_ID;
  return isExchanged ? { producerId: nextProducerId!, producerEpoch: 0 } : { producerId, producerEpoch };
}

/** All markers are written. */
export function completed(known: TransactionLogValue, now: number): TransactionLogValue {
  const { PREPARE_COMMIT, COMPLETE_COMMIT, COMPLETE_ABORT } = TransactionState;
  const { producerId, producerEpoch } = producerAfter(known);
  return {
    ...transit(known, known.transactionStatus === PREPARE_COMMIT ? COMPLETE_COMMIT : COMPLETE_ABORT, now),
    producerId,
    producerEpoch,
    nextProducerId: NO_PRODUCER_ID,
    transactionPartitions: [],
  };
}

/** Whether the transaction has all of these partitions. */
export function hasAll(known: TransactionLogValue, topics: readonly TransactionLogValuePartitions[]): boolean {
  return topics.every(({ topic, partitionIds }) => {
    const ids = known.transactionPartitions?.find((one) => one.topic === topic)?.partitionIds;
    return partitionIds.every((id) => ids?.includes(id) ?? false);
  });
}

const nothing: TransactionLogValue = {
  producerId: NO_PRODUCER_ID,
  previousProducerId: NO_PRODUCER_ID,
  nextProducerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
  nextProducerEpoch: NO_PRODUCER_EPOCH,
  transactionTimeoutMs: 0,
  transactionStatus: TransactionState.EMPTY,
  transactionPartitions: null,
  transactionLastUpdateTimestampMs: -1,
  transactionStartTimestampMs: -1,
  clientTransactionVersion: 0,
};

/** As Kafka, it notes at every change which producer id there was before. */
function transit(known: TransactionLogValue, state: TransactionState, now: number): TransactionLogValue {
  if (!mayFollow(state, known.transactionStatus as TransactionState)) {
    throw new Error(`assertion: transaction state ${state} after ${known.transactionStatus}`);
  }
  return { ...known, previousProducerId: known.producerId, transactionStatus: state, transactionLastUpdateTimestampMs: now };
}

function union(
  topics: readonly TransactionLogValuePartitions[],
  more: readonly TransactionLogValuePartitions[],
): TransactionLogValuePartitions[] {
  const all = [...topics];
  for (const { topic, partitionIds } of more) {
    const at = all.findIndex((one) => one.topic === topic);
    if (at < 0) all.push({ topic, partitionIds: distinct(partitionIds) });
    else all[at] = { topic, partitionIds: distinct([...all[at].partitionIds, ...partitionIds]) };
  }
  return all;
}

function distinct(partitionIds: number[]): number[] {
  return partitionIds.length === 1 ? partitionIds : [...new Set(partitionIds)];
}

import { ErrorCode } from "../../../protocol/errors.ts";
import type { TransactionLogValue } from "../../../protocol/generated/records/transaction_log_value.ts";
import { KafkaError } from "../../kafka_error.ts";
import { isPrepared, TransactionState } from "./state.ts";
import { bumpsEpochs, LAST_PRODUCER_EPOCH, type ProducerIdAndEpoch } from "./transitions.ts";

/** What EndTxn asks for. */
export interface EndRequest extends ProducerIdAndEpoch {
  readonly committed: boolean;
  /** By which version of transactions the client goes: 2 from version 5 of EndTxn on. */
  readonly transactionVersion: number;
}

const { ONGOING, PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT } = TransactionState;

/**
 * Whether there is something to end; false where that is done and only the answer was lost. Throws INVALID_PRODUCER_ID_MAPPING,
 * PRODUCER_FENCED, CONCURRENT_TRANSACTIONS while the same end is under way, or INVALID_TXN_STATE. Kafka: `TransactionCoordinator.endTransaction`.
 */
export function checkEnd(known: TransactionLogValue, request: EndRequest, isPending: boolean): boolean {
  const { transactionStatus, producerId, producerEpoch } = known;
  const isRetry = bumpsEpochs(request.transactionVersion) && repeats(known, request);
  if (producerId !== request.producerId && !isRetry) throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  // With version 2 what is prepared has an epoch already that no producer knows.
  const isAhead = bumpsEpochs(request.transactionVersion) && isPrepared(transactionStatus);
  if (!isRetry && (isAhead || producerEpoch !== request.producerEpoch)) throw new KafkaError(ErrorCode.PRODUCER_FENCED);
  if (isPending) throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
  if (bumpsEpochs(request.transactionVersion)) return checkEndV2(transactionStatus, request.committed, isRetry);
  switch (transactionStatus) {
    case ONGOING:
      return true;
    case request.committed ? COMPLETE_COMMIT : COMPLETE_ABORT:
      return false;
    case request.committed ? PREPARE_COMMIT : PREPARE_ABORT:
      throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    default:
      throw new KafkaError(ErrorCode.INVALID_TXN_STATE);
  }
}

/**
 * With transaction version 2 every end has an epoch of its own, so that a repeated EndTxn is told from the next one by its epoch:
 *
 * |                | abort again | abort  | commit again | commit            |
 * |----------------|-------------|--------|--------------|-------------------|
 * | Empty          | fenced      | bumps  | fenced       | INVALID_TXN_STATE |
 * | CompleteAbort  | done        | bumps  | INVALID_TXN_STATE | INVALID_TXN_STATE |
 * | CompleteCommit | INVALID_TXN_STATE | bumps | done      | INVALID_TXN_STATE |
 */
function checkEndV2(state: number, committed: boolean, isRetry: boolean): boolean {
  switch (state) {
    case ONGOING:
      return true;
    case committed ? PREPARE_COMMIT : PREPARE_ABORT:
      throw new KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS);
    case committed ? COMPLETE_COMMIT : COMPLETE_ABORT:
      if (isRetry) return false;
      break;
  }
  // An abort is accepted without a transaction: the producer does not know whether its first batch has begun one.
  if (committed || isRetry) throw new KafkaError(ErrorCode.INVALID_TXN_STATE);
  return true;
}

/** Whether the request is the one that brought about, with transaction version 2, what is known; its answer was lost. */
function repeats(known: TransactionLogValue, request: ProducerIdAndEpoch): boolean {
  const { transactionStatus, previousProducerId, producerId, producerEpoch } = known;
  const bumped = producerId === request.producerId && producerEpoch === request.producerEpoch + 1;
  const overflowed = previousProducerId === request.producerId && request.producerEpoch === LAST_PRODUCER_EPOCH && producerEpoch === 0;
  switch (transactionStatus) {
    case PREPARE_COMMIT:
    case PREPARE_ABORT:
      return bumped;
    case COMPLETE_COMMIT:
    case COMPLETE_ABORT:
      return bumped || overflowed;
    default:
      return false;
  }
}

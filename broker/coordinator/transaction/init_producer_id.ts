import { ErrorCode } from "../../../protocol/errors.ts";
import type { TransactionLogValue } from "../../../protocol/generated/records/transaction_log_value.ts";
import { KafkaError } from "../../kafka_error.ts";
import { isExhausted, NO_PRODUCER_EPOCH, type ProducerIdAndEpoch } from "./transitions.ts";

/** The id and the epoch that a producer gets, and the epoch that it says it had: with that it may ask again (KIP-360). */
export interface NextProducer extends ProducerIdAndEpoch {
  readonly lastProducerEpoch: number;
}

/**
 * Which id and epoch a transactional id without a transaction has next. `expected` is what the producer says it has, or null: then it fences
 * whoever has the transactional id. `lastProducerEpoch` is what it had before the newest change. Throws PRODUCER_FENCED. Kafka:
 * `TransactionMetadata.prepareIncrementProducerEpoch`, `prepareProducerIdRotation`.
 */
export function nextProducer(
  { producerId, producerEpoch }: TransactionLogValue,
  lastProducerEpoch: number,
  expected: ProducerIdAndEpoch | null,
  newProducerId: () => number,
): NextProducer {
  if (isExhausted(producerEpoch) && (expected === null || expected.producerEpoch === producerEpoch)) {
    return { producerId: newProducerId(), producerEpoch: 0, lastProducerEpoch: expected === null ? NO_PRODUCER_EPOCH : producerEpoch };
  }
  if (expected === null) return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: NO_PRODUCER_EPOCH };
  if (expected.producerEpoch === producerEpoch) return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch };
  // The same request again: nobody else has asked since, or there were no last epoch.
  if (expected.producerEpoch === lastProducerEpoch) return { producerId, producerEpoch, lastProducerEpoch };
  throw new KafkaError(ErrorCode.PRODUCER_FENCED);
}

/**
 * Whether a producer that says it has `expected` may be the one that has the transactional id. The id before the newest is accepted where its epochs were used up: the producer may not
 * have had the answer that told it the new one. Kafka: `TransactionCoordinator.prepareInitProducerIdTransit`.
 */
export function isKnownProducer({ producerId, previousProducerId }: TransactionLogValue, expected: ProducerIdAndEpoch): boolean {
  return expected.producerId === producerId || (expected.producerId === previousProducerId && isExhausted(expected.producerEpoch));
}

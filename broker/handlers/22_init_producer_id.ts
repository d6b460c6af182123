import { ErrorCode } from "../../protocol/errors.ts";
import { InitProducerId, type InitProducerIdRequest, type InitProducerIdResponse } from "../../protocol/generated/22_init_producer_id.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from "../coordinator/transaction/transitions.ts";
import type { Handler } from "../handler.ts";
import { codeFor, KafkaError } from "../kafka_error.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Until this version clients do not know PRODUCER_FENCED. */
const FENCED_VERSION = 4;

/**
 * Gives a producer its id and epoch. With a transactional id it fences the producers that had it, and aborts what they left open; the answer comes
 * when that is done, where Kafka has the client ask again. Version 3 brings the id and epoch that a producer already has (KIP-360), 4 the error
 * PRODUCER_FENCED, 5 says that the client knows TRANSACTION_ABORTABLE. Kafka: `KafkaApis.handleInitProducerIdRequest`.
 */
export function initProducerId(
  metadata: MetadataService,
  transactions: TransactionService,
): Handler<InitProducerIdRequest, InitProducerIdResponse> {
  return {
    api: InitProducerId,
    async handle(context, { transactionalId, transactionTimeoutMs, producerId, producerEpoch }) {
      if (transactionalId !== null && !context.authorize("Write", "TransactionalId", transactionalId)) {
        return refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      }
      // An epoch belongs to an id: one without the other is no request (KIP-360).
      if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH)) return refused(ErrorCode.INVALID_REQUEST);
      // Without a transactional id the client's own id and epoch mean nothing: Kafka too gives it a new id.
      if (transactionalId === null) return accepted(await metadata.newProducerId(), 0);
      if (transactionalId === "") return refused(ErrorCode.INVALID_REQUEST);
      const expected = producerId === NO_PRODUCER_ID ? null : { producerId, producerEpoch };
      try {
        const producer = await transactions.initProducerId(transactionalId, transactionTimeoutMs, expected);
        return accepted(producer.producerId, producer.producerEpoch);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return refused(codeFor(error, context.apiVersion >= FENCED_VERSION));
      }
    },
    fail: (_request, code) => refused(code),
  };
}

function accepted(producerId: number, producerEpoch: number): InitProducerIdResponse {
  return { ...refused(ErrorCode.NONE), producerId, producerEpoch };
}

function refused(errorCode: number): InitProducerIdResponse {
  return { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1, ongoingTxnProducerId: -1, ongoingTxnProducerEpoch: -1 };
}

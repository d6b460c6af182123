import { ErrorCode } from "../../protocol/errors.ts";
import { EndTxn, type EndTxnRequest, type EndTxnResponse } from "../../protocol/generated/26_end_txn.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from "../coordinator/transaction/transitions.ts";
import type { Handler } from "../handler.ts";
import { codeFor, KafkaError } from "../kafka_error.ts";

/** From this version on the client goes by transaction version 2 (KIP-890). */
const EPOCH_BUMP_VERSION = 5;
/** Until this version clients do not know PRODUCER_FENCED. */
const FENCED_VERSION = 2;

/**
 * Commits or aborts a transaction. The answer comes when all partitions have their markers, where Kafka answers once it is decided: the producer's next
 * transaction need not wait. With version 5 the producer goes on with the id and epoch of the answer. Kafka: `KafkaApis.handleEndTxnRequest`.
 */
export function endTxn(transactions: TransactionService): Handler<EndTxnRequest, EndTxnResponse> {
  return {
    api: EndTxn,
    async handle(context, { transactionalId, producerId, producerEpoch, committed }) {
      if (!context.authorize("Write", "TransactionalId", transactionalId)) return refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      if (transactionalId === "") return refused(ErrorCode.INVALID_REQUEST);
      const transactionVersion = context.apiVersion >= EPOCH_BUMP_VERSION ? 2 : 0;
      try {
        const producer = { producerId, producerEpoch };
        if (transactionVersion === 0) transactions.checkConnection(transactionalId, producer, context.connection, "coordinator");
        const request = { ...producer, committed, transactionVersion };
        const next = await transactions.endTransaction(transactionalId, request);
        return { ...refused(ErrorCode.NONE), producerId: next.producerId, producerEpoch: next.producerEpoch };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return refused(codeFor(error, context.apiVersion >= FENCED_VERSION));
      }
    },
    fail: (_request, code) => refused(code),
  };
}

function refused(errorCode: number): EndTxnResponse {
  return { throttleTimeMs: 0, errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH };
}

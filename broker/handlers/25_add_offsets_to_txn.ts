import { ErrorCode } from "../../protocol/errors.ts";
import {
  AddOffsetsToTxn,
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
} from "../../protocol/generated/25_add_offsets_to_txn.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import type { Handler } from "../handler.ts";
import { codeFor, KafkaError } from "../kafka_error.ts";
import { OFFSETS_TOPIC } from "../metadata/topic_names.ts";

/** Until this version clients do not know PRODUCER_FENCED. */
const FENCED_VERSION = 2;
/** Clients with transaction version 2 do not ask: TxnOffsetCommit adds the partition for them. */
const TRANSACTION_VERSION = 0;

/** Adds the partition of `__consumer_offsets` that keeps a group to a transaction. Kafka: `KafkaApis.handleAddOffsetsToTxnRequest`. */
export function addOffsetsToTxn(
  transactions: TransactionService,
  groups: GroupService,
): Handler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> {
  return {
    api: AddOffsetsToTxn,
    async handle(context, { transactionalId, producerId, producerEpoch, groupId }) {
      if (!context.authorize("Write", "TransactionalId", transactionalId)) return answer(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      if (!context.authorize("Read", "Group", groupId)) return answer(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      if (transactionalId === "") return answer(ErrorCode.INVALID_REQUEST);
      const producer = { producerId, producerEpoch };
      try {
        transactions.checkProducer(transactionalId, producer); // a stranger does not make `__consumer_offsets`
        transactions.checkConnection(transactionalId, producer, context.connection, "coordinator");
        await groups.ensureStarted();
        const topics = [{ topic: OFFSETS_TOPIC, partitionIds: [groups.partitionOf(groupId)] }];
        await transactions.addPartitions(transactionalId, producer, topics, TRANSACTION_VERSION);
        return answer(ErrorCode.NONE);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return answer(codeFor(error, context.apiVersion >= FENCED_VERSION));
      }
    },
    fail: (_request, code) => answer(code),
  };
}

function answer(errorCode: number): AddOffsetsToTxnResponse {
  return { throttleTimeMs: 0, errorCode };
}

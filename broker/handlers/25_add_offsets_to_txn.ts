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
      try {
        // Nothing is made for producers that nobody knows.
        const known = await transactions.describe(transactionalId);
        if (known?.producerId !== producerId) throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        await groups.ensureStarted();
        const topics = [{ topic: OFFSETS_TOPIC, partitionIds: [groups.partitionOf(groupId)] }];
        transactions.checkConnection(transactionalId, { producerId, producerEpoch }, context.connection, "coordinator");
        await transactions.addPartitions(transactionalId, { producerId, producerEpoch }, topics, TRANSACTION_VERSION);
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

import { ErrorCode } from "../../protocol/errors.ts";
import { InitProducerId, type InitProducerIdRequest, type InitProducerIdResponse } from "../../protocol/generated/22_init_producer_id.ts";
import type { Handler } from "../handler.ts";
import type { MetadataService } from "../metadata/service.ts";

/** What a producer that has no id or no epoch yet sends. */
const NONE = -1;

/** Gives an idempotent producer its id. */
export function initProducerId(metadata: MetadataService): Handler<InitProducerIdRequest, InitProducerIdResponse> {
  return {
    api: InitProducerId,
    gaps: ["a transactional id is refused with TRANSACTIONAL_ID_NOT_FOUND: there is no transaction coordinator yet"],
    async handle(context, request) {
      const { transactionalId, producerId, producerEpoch } = request;
      // An epoch belongs to an id: one without the other is no request (KIP-360).
      if ((producerId === NONE) !== (producerEpoch === NONE)) return refused(ErrorCode.INVALID_REQUEST);
      if (transactionalId !== null) {
        if (transactionalId === "") return refused(ErrorCode.INVALID_REQUEST);
        if (!context.authorize("Write", "TransactionalId", transactionalId)) {
          return refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        return refused(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
      }
      // Without a transactional id the client's own id and epoch mean nothing: Kafka too gives it a new id.
      return { ...refused(ErrorCode.NONE), producerId: await metadata.newProducerId(), producerEpoch: 0 };
    },
    fail: (_request, code) => refused(code),
  };
}

function refused(errorCode: number): InitProducerIdResponse {
  return { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1, ongoingTxnProducerId: -1, ongoingTxnProducerEpoch: -1 };
}

import { ErrorCode } from "../../protocol/errors.ts";
import { SyncGroup, type SyncGroupRequest, type SyncGroupResponse } from "../../protocol/generated/14_sync_group.ts";
import { syncFailed } from "../coordinator/group/classic/replies.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/**
 * Brings the leader's assignment and hands out its parts; who is not the leader waits for it. From version 5 on a member says which protocol it
 * believes in (KIP-559). Kafka: `KafkaApis.handleSyncGroupRequest`.
 */
export function syncGroup(groups: GroupService): Handler<SyncGroupRequest, SyncGroupResponse> {
  return {
    api: SyncGroup,
    async handle(context, request) {
      if (context.apiVersion >= 5 && (request.protocolType === null || request.protocolName === null)) {
        throw new KafkaError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
      }
      if (!context.authorize("Read", "Group", request.groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
      return await groups.sync(request);
    },
    fail: (_request, code) => syncFailed(code),
  };
}

import { ErrorCode } from "../../protocol/errors.ts";
import { DeleteGroups, type DeleteGroupsRequest, type DeleteGroupsResponse } from "../../protocol/generated/42_delete_groups.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/** Deletes groups without members, each with an outcome of its own; one named twice is one. Kafka: `KafkaApis.handleDeleteGroupsRequest`. */
export function deleteGroups(groups: GroupService): Handler<DeleteGroupsRequest, DeleteGroupsResponse> {
  return {
    api: DeleteGroups,
    async handle(context, request) {
      const names = [...new Set(request.groupsNames)];
      const codes = await Promise.all(names.map((groupId) => deleteOne(context, groups, groupId)));
      return { throttleTimeMs: 0, results: names.map((groupId, index) => ({ groupId, errorCode: codes[index] })) };
    },
    fail: (request, code) => ({ throttleTimeMs: 0, results: request.groupsNames.map((groupId) => ({ groupId, errorCode: code })) }),
  };
}

async function deleteOne(context: RequestContext, groups: GroupService, groupId: string): Promise<number> {
  if (!context.authorize("Delete", "Group", groupId)) return ErrorCode.GROUP_AUTHORIZATION_FAILED;
  try {
    await groups.deleteGroup(groupId);
    return ErrorCode.NONE;
  } catch (error) {
    if (error instanceof KafkaError) return error.code;
    throw error;
  }
}

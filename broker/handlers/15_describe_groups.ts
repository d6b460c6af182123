import { ErrorCode } from "../../protocol/errors.ts";
import {
  type DescribedGroup,
  DescribeGroups,
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
} from "../../protocol/generated/15_describe_groups.ts";
import { authorizedOperations } from "../authorized_operations.ts";
import { undescribedGroup } from "../coordinator/group/classic/describe.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/**
 * Describes classic groups, each with an outcome of its own. Version 3 may ask what the client may do (KIP-430), 4 brings static members, 6 the
 * error for a group that does not exist (KIP-1043). Kafka: `KafkaApis.handleDescribeGroupsRequest`.
 */
export function describeGroups(groups: GroupService): Handler<DescribeGroupsRequest, DescribeGroupsResponse> {
  return {
    api: DescribeGroups,
    async handle(context, request) {
      const described = await Promise.all(request.groups.map((groupId) => describe(context, groups, groupId)));
      if (request.includeAuthorizedOperations) {
        for (const group of described) {
          if (group.errorCode === ErrorCode.NONE) group.authorizedOperations = authorizedOperations(context, "Group", group.groupId);
        }
      }
      return { throttleTimeMs: 0, groups: described };
    },
    fail: (request, code) => ({ throttleTimeMs: 0, groups: request.groups.map((groupId) => undescribedGroup(groupId, code, null)) }),
  };
}

async function describe(context: RequestContext, groups: GroupService, groupId: string): Promise<DescribedGroup> {
  if (!context.authorize("Describe", "Group", groupId)) return undescribedGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null);
  try {
    return await groups.describe(groupId, context.apiVersion);
  } catch (error) {
    if (error instanceof KafkaError) return undescribedGroup(groupId, error.code, null);
    throw error;
  }
}

import { ErrorCode } from "../../protocol/errors.ts";
import { ListGroups, type ListGroupsRequest, type ListGroupsResponse } from "../../protocol/generated/16_list_groups.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler } from "../handler.ts";

/**
 * Lists the groups that the principal may see. Version 4 may ask for some states (KIP-518), 5 for some types (KIP-848).
 * Kafka: `KafkaApis.handleListGroupsRequest`.
 */
export function listGroups(groups: GroupService): Handler<ListGroupsRequest, ListGroupsResponse> {
  return {
    api: ListGroups,
    async handle(context, { statesFilter, typesFilter }) {
      const all = await groups.list(statesFilter, typesFilter);
      const maySeeAll = context.authorize("Describe", "Cluster", "kafka-cluster");
      const visible = maySeeAll ? all : all.filter(({ groupId }) => context.authorize("Describe", "Group", groupId));
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, groups: visible };
    },
    fail: (_request, code) => ({ throttleTimeMs: 0, errorCode: code, groups: [] }),
  };
}

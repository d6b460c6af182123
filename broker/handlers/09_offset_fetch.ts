import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  OffsetFetch,
  type OffsetFetchRequest,
  type OffsetFetchRequestGroup,
  type OffsetFetchRequestTopics,
  type OffsetFetchResponse,
  type OffsetFetchResponseGroup,
  type OffsetFetchResponseTopics,
} from "../../protocol/generated/09_offset_fetch.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";

/**
 * Reads what groups have committed: one group up to version 7, several from 8 on (KIP-709); topics by id from 10 on. From version 7 on a client may ask that
 * no open transaction changes what it is told (KIP-447). Kafka: `KafkaApis.handleOffsetFetchRequest`.
 */
export function offsetFetch(groups: GroupService, topics: TopicNames): Handler<OffsetFetchRequest, OffsetFetchResponse> {
  return {
    api: OffsetFetch,
    async handle(context, request) {
      const asked = context.apiVersion >= 8 ? request.groups : [onlyGroup(request)];
      const answers = await Promise.all(asked.map((group) => fetchGroup(context, groups, topics, group, request.requireStable)));
      return context.apiVersion >= 8 ? response(answers) : before8(context.apiVersion, request, answers[0]);
    },
    fail(request, code) {
      if (request.groups.length > 0) return response(request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode: code })));
      return before8(2, request, { groupId: request.groupId, topics: [], errorCode: code });
    },
  };
}

async function fetchGroup(
  context: RequestContext,
  groups: GroupService,
  topics: TopicNames,
  { groupId, topics: wanted }: OffsetFetchRequestGroup,
  requireStable: boolean,
): Promise<OffsetFetchResponseGroup> {
  try {
    if (!context.authorize("Describe", "Group", groupId)) throw new KafkaError(ErrorCode.GROUP_AUTHORIZATION_FAILED);
    const answers = wanted === null
      ? await fetchAll(context, groups, topics, groupId, requireStable)
      : await fetchSome(context, groups, topics, groupId, wanted, requireStable);
    return { groupId, topics: answers, errorCode: ErrorCode.NONE };
  } catch (error) {
    if (error instanceof KafkaError) return { groupId, topics: [], errorCode: error.code };
    throw error;
  }
}

/** Everything committed for topics that the principal may see and, from version 10 on, that have an id. */
async function fetchAll(
  context: RequestContext,
  groups: GroupService,
  topics: TopicNames,
  groupId: string,
  requireStable: boolean,
): Promise<OffsetFetchResponseTopics[]> {
  const committed = await groups.fetchOffsets(groupId, null, requireStable);
  return committed
    .map((topic) => ({ ...topic, topicId: topics.topic(topic.name)?.id ?? ZERO_UUID }))
    .filter(({ name, topicId }) => context.authorize("Describe", "Topic", name) && (context.apiVersion < 10 || topicId !== ZERO_UUID));
}

async function fetchSome(
  context: RequestContext,
  groups: GroupService,
  topics: TopicNames,
  groupId: string,
  wanted: readonly OffsetFetchRequestTopics[],
  requireStable: boolean,
): Promise<OffsetFetchResponseTopics[]> {
  const found: OffsetFetchRequestTopics[] = [];
  const errors: OffsetFetchResponseTopics[] = [];
  for (const asked of wanted) {
    const byId = context.apiVersion >= 10;
    const name = byId ? topics.topicById(asked.topicId)?.name : asked.name;
    const topicId = byId ? asked.topicId : topics.topic(asked.name)?.id ?? ZERO_UUID;
    if (name === undefined) errors.push(failed(asked, ErrorCode.UNKNOWN_TOPIC_ID));
    else if (!context.authorize("Describe", "Topic", name)) errors.push(failed(asked, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
    else found.push({ name, topicId, partitionIndexes: asked.partitionIndexes });
  }
  return [...await groups.fetchOffsets(groupId, found, requireStable), ...errors];
}

function failed({ name, topicId, partitionIndexes }: OffsetFetchRequestTopics, errorCode: number): OffsetFetchResponseTopics {
  const partitions = partitionIndexes.map((partitionIndex) => ({
    partitionIndex,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: "",
    errorCode,
  }));
  return { name, topicId, partitions };
}

/** The one group of a request before version 8. */
function onlyGroup({ groupId, topics }: OffsetFetchRequest): OffsetFetchRequestGroup {
  const named = topics?.map(({ name, partitionIndexes }) => ({ name, topicId: ZERO_UUID, partitionIndexes })) ?? null;
  return { groupId, memberId: null, memberEpoch: -1, topics: named };
}

function response(groups: OffsetFetchResponseGroup[]): OffsetFetchResponse {
  return { throttleTimeMs: 0, topics: [], errorCode: ErrorCode.NONE, groups };
}

/** Version 1 has no error for the whole request: it stands with each partition. */
function before8(version: number, request: OffsetFetchRequest, group: OffsetFetchResponseGroup): OffsetFetchResponse {
  const { errorCode } = group;
  const topics = version < 2 && errorCode !== ErrorCode.NONE
    ? (onlyGroup(request).topics ?? []).map((topic) => failed(topic, errorCode))
    : group.topics;
  return { throttleTimeMs: 0, topics, errorCode: version < 2 ? ErrorCode.NONE : errorCode, groups: [] };
}

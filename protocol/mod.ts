/**
 * Kafka's protocol: bytes to values and back, for any program that speaks it. Pure: no clock, no input or output, web standards only.
 * One API alone is imported from its own file, for example `protocol/generated/12_heartbeat.ts`, which also has the types of its inner structs.
 * Record batches are in `protocol/records/mod.ts`.
 *
 * @module
 */
export type { Api, MessageCodec } from "./api.ts";
export { ErrorCode, errorMessage, type ErrorName, errorName, isRetriable } from "./errors.ts";
export {
  correlationIdOf,
  readRequestHeader,
  requestBody,
  type RequestHeader,
  responseBody,
  writeRequestFrame,
  writeResponseFrame,
} from "./header.ts";
export { type Uuid, uuidFromBytes, uuidIntoBytes, ZERO_UUID } from "./uuid.ts";
export { type DecodeContext, DecodeError, EncodeError, Reader, type RecordsSource, Writer } from "./wire/mod.ts";

export { Produce, type ProduceRequest, type ProduceResponse } from "./generated/00_produce.ts";
export { Fetch, type FetchRequest, type FetchResponse } from "./generated/01_fetch.ts";
export { ListOffsets, type ListOffsetsRequest, type ListOffsetsResponse } from "./generated/02_list_offsets.ts";
export { Metadata, type MetadataRequest, type MetadataResponse } from "./generated/03_metadata.ts";
export { OffsetCommit, type OffsetCommitRequest, type OffsetCommitResponse } from "./generated/08_offset_commit.ts";
export { OffsetFetch, type OffsetFetchRequest, type OffsetFetchResponse } from "./generated/09_offset_fetch.ts";
export { FindCoordinator, type FindCoordinatorRequest, type FindCoordinatorResponse } from "./generated/10_find_coordinator.ts";
export { JoinGroup, type JoinGroupRequest, type JoinGroupResponse } from "./generated/11_join_group.ts";
export { Heartbeat, type HeartbeatRequest, type HeartbeatResponse } from "./generated/12_heartbeat.ts";
export { LeaveGroup, type LeaveGroupRequest, type LeaveGroupResponse } from "./generated/13_leave_group.ts";
export { SyncGroup, type SyncGroupRequest, type SyncGroupResponse } from "./generated/14_sync_group.ts";
export { DescribeGroups, type DescribeGroupsRequest, type DescribeGroupsResponse } from "./generated/15_describe_groups.ts";
export { ListGroups, type ListGroupsRequest, type ListGroupsResponse } from "./generated/16_list_groups.ts";
export { ApiVersions, type ApiVersionsRequest, type ApiVersionsResponse } from "./generated/18_api_versions.ts";
export { CreateTopics, type CreateTopicsRequest, type CreateTopicsResponse } from "./generated/19_create_topics.ts";
export { DeleteTopics, type DeleteTopicsRequest, type DeleteTopicsResponse } from "./generated/20_delete_topics.ts";
export { InitProducerId, type InitProducerIdRequest, type InitProducerIdResponse } from "./generated/22_init_producer_id.ts";
export {
  OffsetForLeaderEpoch,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
} from "./generated/23_offset_for_leader_epoch.ts";
export { DescribeConfigs, type DescribeConfigsRequest, type DescribeConfigsResponse } from "./generated/32_describe_configs.ts";
export { DeleteGroups, type DeleteGroupsRequest, type DeleteGroupsResponse } from "./generated/42_delete_groups.ts";
export { OffsetDelete, type OffsetDeleteRequest, type OffsetDeleteResponse } from "./generated/47_offset_delete.ts";
export { DescribeCluster, type DescribeClusterRequest, type DescribeClusterResponse } from "./generated/60_describe_cluster.ts";

export { OffsetCommitKey } from "./generated/records/offset_commit_key.ts";
export { OffsetCommitValue } from "./generated/records/offset_commit_value.ts";
export { GroupMetadataKey } from "./generated/records/group_metadata_key.ts";
export { GroupMetadataValue } from "./generated/records/group_metadata_value.ts";
export { LegacyOffsetCommitKey } from "./generated/records/legacy_offset_commit_key.ts";
export { LegacyOffsetCommitValue } from "./generated/records/legacy_offset_commit_value.ts";
export { TopicRecord } from "./generated/records/topic_record.ts";
export { PartitionRecord } from "./generated/records/partition_record.ts";
export { PartitionChangeRecord } from "./generated/records/partition_change_record.ts";
export { ConfigRecord } from "./generated/records/config_record.ts";
export { RemoveTopicRecord } from "./generated/records/remove_topic_record.ts";
export { ProducerIdsRecord } from "./generated/records/producer_ids_record.ts";
export { FeatureLevelRecord } from "./generated/records/feature_level_record.ts";
export { RegisterBrokerRecord } from "./generated/records/register_broker_record.ts";
export { BrokerRegistrationChangeRecord } from "./generated/records/broker_registration_change_record.ts";
export { ConsumerProtocolSubscription } from "./generated/records/consumer_protocol_subscription.ts";
export { ConsumerProtocolAssignment } from "./generated/records/consumer_protocol_assignment.ts";

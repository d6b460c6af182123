/**
 * Every definition there is, in the order of generation.
 *
 * To add an API: write its definition, list it here, run `deno task gen`, write fixtures down in
 * `protocol/testdata/`, name it in `compat/java-vectors/Vectors.java` and run that. The tests find it by this list.
 *
 * @module
 */
import { spec as produce } from "./00_produce.ts";
import { spec as fetch } from "./01_fetch.ts";
import { spec as listOffsets } from "./02_list_offsets.ts";
import { spec as metadata } from "./03_metadata.ts";
import { spec as offsetCommit } from "./08_offset_commit.ts";
import { spec as offsetFetch } from "./09_offset_fetch.ts";
import { spec as findCoordinator } from "./10_find_coordinator.ts";
import { spec as joinGroup } from "./11_join_group.ts";
import { spec as heartbeat } from "./12_heartbeat.ts";
import { spec as leaveGroup } from "./13_leave_group.ts";
import { spec as syncGroup } from "./14_sync_group.ts";
import { spec as describeGroups } from "./15_describe_groups.ts";
import { spec as listGroups } from "./16_list_groups.ts";
import { spec as apiVersions } from "./18_api_versions.ts";
import { spec as createTopics } from "./19_create_topics.ts";
import { spec as deleteTopics } from "./20_delete_topics.ts";
import { spec as initProducerId } from "./22_init_producer_id.ts";
import { spec as offsetForLeaderEpoch } from "./23_offset_for_leader_epoch.ts";
import { spec as describeConfigs } from "./32_describe_configs.ts";
import { spec as deleteGroups } from "./42_delete_groups.ts";
import { spec as offsetDelete } from "./47_offset_delete.ts";
import { spec as describeCluster } from "./60_describe_cluster.ts";
import { spec as offsetCommitKey } from "./records/offset_commit_key.ts";
import { spec as offsetCommitValue } from "./records/offset_commit_value.ts";
import { spec as groupMetadataKey } from "./records/group_metadata_key.ts";
import { spec as groupMetadataValue } from "./records/group_metadata_value.ts";
import { spec as legacyOffsetCommitKey } from "./records/legacy_offset_commit_key.ts";
import { spec as legacyOffsetCommitValue } from "./records/legacy_offset_commit_value.ts";
import { spec as topicRecord } from "./records/topic_record.ts";
import { spec as partitionRecord } from "./records/partition_record.ts";
import { spec as partitionChangeRecord } from "./records/partition_change_record.ts";
import { spec as configRecord } from "./records/config_record.ts";
import { spec as removeTopicRecord } from "./records/remove_topic_record.ts";
import { spec as producerIdsRecord } from "./records/producer_ids_record.ts";
import { spec as featureLevelRecord } from "./records/feature_level_record.ts";
import { spec as registerBrokerRecord } from "./records/register_broker_record.ts";
import { spec as brokerRegistrationChangeRecord } from "./records/broker_registration_change_record.ts";
import { spec as consumerProtocolSubscription } from "./records/consumer_protocol_subscription.ts";
import { spec as consumerProtocolAssignment } from "./records/consumer_protocol_assignment.ts";
import type { ApiSpec, RecordSpec } from "./spec.ts";

/** The APIs, by key. */
export const apiSpecs: readonly ApiSpec[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  apiVersions,
  createTopics,
  deleteTopics,
  initProducerId,
  offsetForLeaderEpoch,
  describeConfigs,
  deleteGroups,
  offsetDelete,
  describeCluster,
];

/** Records of `__consumer_offsets` and `__cluster_metadata`, and the messages of the consumer protocol. */
export const recordSpecs: readonly RecordSpec[] = [
  offsetCommitKey,
  offsetCommitValue,
  groupMetadataKey,
  groupMetadataValue,
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
  topicRecord,
  partitionRecord,
  partitionChangeRecord,
  configRecord,
  removeTopicRecord,
  producerIdsRecord,
  featureLevelRecord,
  registerBrokerRecord,
  brokerRegistrationChangeRecord,
  consumerProtocolSubscription,
  consumerProtocolAssignment,
];

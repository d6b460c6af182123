/**
 * Every definition there is, in the order of generation.
 *
 * Everything finds an API or a record by these lists; CONTRIBUTING.md shows how one is added.
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
import { spec as saslHandshake } from "./17_sasl_handshake.ts";
import { spec as apiVersions } from "./18_api_versions.ts";
import { spec as createTopics } from "./19_create_topics.ts";
import { spec as deleteTopics } from "./20_delete_topics.ts";
import { spec as deleteRecords } from "./21_delete_records.ts";
import { spec as initProducerId } from "./22_init_producer_id.ts";
import { spec as offsetForLeaderEpoch } from "./23_offset_for_leader_epoch.ts";
import { spec as addPartitionsToTxn } from "./24_add_partitions_to_txn.ts";
import { spec as addOffsetsToTxn } from "./25_add_offsets_to_txn.ts";
import { spec as endTxn } from "./26_end_txn.ts";
import { spec as writeTxnMarkers } from "./27_write_txn_markers.ts";
import { spec as txnOffsetCommit } from "./28_txn_offset_commit.ts";
import { spec as describeAcls } from "./29_describe_acls.ts";
import { spec as createAcls } from "./30_create_acls.ts";
import { spec as deleteAcls } from "./31_delete_acls.ts";
import { spec as describeConfigs } from "./32_describe_configs.ts";
import { spec as alterConfigs } from "./33_alter_configs.ts";
import { spec as alterReplicaLogDirs } from "./34_alter_replica_log_dirs.ts";
import { spec as describeLogDirs } from "./35_describe_log_dirs.ts";
import { spec as saslAuthenticate } from "./36_sasl_authenticate.ts";
import { spec as createPartitions } from "./37_create_partitions.ts";
import { spec as createDelegationToken } from "./38_create_delegation_token.ts";
import { spec as renewDelegationToken } from "./39_renew_delegation_token.ts";
import { spec as expireDelegationToken } from "./40_expire_delegation_token.ts";
import { spec as describeDelegationToken } from "./41_describe_delegation_token.ts";
import { spec as deleteGroups } from "./42_delete_groups.ts";
import { spec as electLeaders } from "./43_elect_leaders.ts";
import { spec as incrementalAlterConfigs } from "./44_incremental_alter_configs.ts";
import { spec as alterPartitionReassignments } from "./45_alter_partition_reassignments.ts";
import { spec as listPartitionReassignments } from "./46_list_partition_reassignments.ts";
import { spec as offsetDelete } from "./47_offset_delete.ts";
import { spec as describeClientQuotas } from "./48_describe_client_quotas.ts";
import { spec as alterClientQuotas } from "./49_alter_client_quotas.ts";
import { spec as describeUserScramCredentials } from "./50_describe_user_scram_credentials.ts";
import { spec as alterUserScramCredentials } from "./51_alter_user_scram_credentials.ts";
import { spec as describeQuorum } from "./55_describe_quorum.ts";
import { spec as updateFeatures } from "./57_update_features.ts";
import { spec as describeCluster } from "./60_describe_cluster.ts";
import { spec as describeProducers } from "./61_describe_producers.ts";
import { spec as unregisterBroker } from "./64_unregister_broker.ts";
import { spec as describeTransactions } from "./65_describe_transactions.ts";
import { spec as listTransactions } from "./66_list_transactions.ts";
import { spec as consumerGroupHeartbeat } from "./68_consumer_group_heartbeat.ts";
import { spec as consumerGroupDescribe } from "./69_consumer_group_describe.ts";
import { spec as getTelemetrySubscriptions } from "./71_get_telemetry_subscriptions.ts";
import { spec as pushTelemetry } from "./72_push_telemetry.ts";
import { spec as listConfigResources } from "./74_list_config_resources.ts";
import { spec as describeTopicPartitions } from "./75_describe_topic_partitions.ts";
import { spec as shareGroupHeartbeat } from "./76_share_group_heartbeat.ts";
import { spec as shareGroupDescribe } from "./77_share_group_describe.ts";
import { spec as shareFetch } from "./78_share_fetch.ts";
import { spec as shareAcknowledge } from "./79_share_acknowledge.ts";
import { spec as addRaftVoter } from "./80_add_raft_voter.ts";
import { spec as removeRaftVoter } from "./81_remove_raft_voter.ts";
import { spec as initializeShareGroupState } from "./83_initialize_share_group_state.ts";
import { spec as readShareGroupState } from "./84_read_share_group_state.ts";
import { spec as writeShareGroupState } from "./85_write_share_group_state.ts";
import { spec as deleteShareGroupState } from "./86_delete_share_group_state.ts";
import { spec as readShareGroupStateSummary } from "./87_read_share_group_state_summary.ts";
import { spec as streamsGroupHeartbeat } from "./88_streams_group_heartbeat.ts";
import { spec as streamsGroupDescribe } from "./89_streams_group_describe.ts";
import { spec as describeShareGroupOffsets } from "./90_describe_share_group_offsets.ts";
import { spec as alterShareGroupOffsets } from "./91_alter_share_group_offsets.ts";
import { spec as deleteShareGroupOffsets } from "./92_delete_share_group_offsets.ts";
import { spec as abortTransactionRecord } from "./records/abort_transaction_record.ts";
import { spec as accessControlEntryRecord } from "./records/access_control_entry_record.ts";
import { spec as beginTransactionRecord } from "./records/begin_transaction_record.ts";
import { spec as brokerRegistrationChangeRecord } from "./records/broker_registration_change_record.ts";
import { spec as clearElrRecord } from "./records/clear_elr_record.ts";
import { spec as clientQuotaRecord } from "./records/client_quota_record.ts";
import { spec as configRecord } from "./records/config_record.ts";
import { spec as consumerGroupCurrentMemberAssignmentKey } from "./records/consumer_group_current_member_assignment_key.ts";
import { spec as consumerGroupCurrentMemberAssignmentValue } from "./records/consumer_group_current_member_assignment_value.ts";
import { spec as consumerGroupMemberMetadataKey } from "./records/consumer_group_member_metadata_key.ts";
import { spec as consumerGroupMemberMetadataValue } from "./records/consumer_group_member_metadata_value.ts";
import { spec as consumerGroupMetadataKey } from "./records/consumer_group_metadata_key.ts";
import { spec as consumerGroupMetadataValue } from "./records/consumer_group_metadata_value.ts";
import { spec as consumerGroupPartitionMetadataKey } from "./records/consumer_group_partition_metadata_key.ts";
import { spec as consumerGroupPartitionMetadataValue } from "./records/consumer_group_partition_metadata_value.ts";
import { spec as consumerGroupRegularExpressionKey } from "./records/consumer_group_regular_expression_key.ts";
import { spec as consumerGroupRegularExpressionValue } from "./records/consumer_group_regular_expression_value.ts";
import { spec as consumerGroupTargetAssignmentMemberKey } from "./records/consumer_group_target_assignment_member_key.ts";
import { spec as consumerGroupTargetAssignmentMemberValue } from "./records/consumer_group_target_assignment_member_value.ts";
import { spec as consumerGroupTargetAssignmentMetadataKey } from "./records/consumer_group_target_assignment_metadata_key.ts";
import { spec as consumerGroupTargetAssignmentMetadataValue } from "./records/consumer_group_target_assignment_metadata_value.ts";
import { spec as consumerProtocolAssignment } from "./records/consumer_protocol_assignment.ts";
import { spec as consumerProtocolSubscription } from "./records/consumer_protocol_subscription.ts";
import { spec as delegationTokenRecord } from "./records/delegation_token_record.ts";
import { spec as endTransactionRecord } from "./records/end_transaction_record.ts";
import { spec as endTxnMarker } from "./records/end_txn_marker.ts";
import { spec as featureLevelRecord } from "./records/feature_level_record.ts";
import { spec as fenceBrokerRecord } from "./records/fence_broker_record.ts";
import { spec as groupMetadataKey } from "./records/group_metadata_key.ts";
import { spec as groupMetadataValue } from "./records/group_metadata_value.ts";
import { spec as kRaftVersionRecord } from "./records/kraft_version_record.ts";
import { spec as leaderChangeMessage } from "./records/leader_change_message.ts";
import { spec as legacyOffsetCommitKey } from "./records/legacy_offset_commit_key.ts";
import { spec as legacyOffsetCommitValue } from "./records/legacy_offset_commit_value.ts";
import { spec as noOpRecord } from "./records/no_op_record.ts";
import { spec as offsetCommitKey } from "./records/offset_commit_key.ts";
import { spec as offsetCommitValue } from "./records/offset_commit_value.ts";
import { spec as partitionChangeRecord } from "./records/partition_change_record.ts";
import { spec as partitionRecord } from "./records/partition_record.ts";
import { spec as producerIdsRecord } from "./records/producer_ids_record.ts";
import { spec as quorumStateData } from "./records/quorum_state_data.ts";
import { spec as registerBrokerRecord } from "./records/register_broker_record.ts";
import { spec as registerControllerRecord } from "./records/register_controller_record.ts";
import { spec as removeAccessControlEntryRecord } from "./records/remove_access_control_entry_record.ts";
import { spec as removeDelegationTokenRecord } from "./records/remove_delegation_token_record.ts";
import { spec as removeTopicRecord } from "./records/remove_topic_record.ts";
import { spec as removeUserScramCredentialRecord } from "./records/remove_user_scram_credential_record.ts";
import { spec as shareGroupCurrentMemberAssignmentKey } from "./records/share_group_current_member_assignment_key.ts";
import { spec as shareGroupCurrentMemberAssignmentValue } from "./records/share_group_current_member_assignment_value.ts";
import { spec as shareGroupMemberMetadataKey } from "./records/share_group_member_metadata_key.ts";
import { spec as shareGroupMemberMetadataValue } from "./records/share_group_member_metadata_value.ts";
import { spec as shareGroupMetadataKey } from "./records/share_group_metadata_key.ts";
import { spec as shareGroupMetadataValue } from "./records/share_group_metadata_value.ts";
import { spec as shareGroupStatePartitionMetadataKey } from "./records/share_group_state_partition_metadata_key.ts";
import { spec as shareGroupStatePartitionMetadataValue } from "./records/share_group_state_partition_metadata_value.ts";
import { spec as shareGroupTargetAssignmentMemberKey } from "./records/share_group_target_assignment_member_key.ts";
import { spec as shareGroupTargetAssignmentMemberValue } from "./records/share_group_target_assignment_member_value.ts";
import { spec as shareGroupTargetAssignmentMetadataKey } from "./records/share_group_target_assignment_metadata_key.ts";
import { spec as shareGroupTargetAssignmentMetadataValue } from "./records/share_group_target_assignment_metadata_value.ts";
import { spec as shareSnapshotKey } from "./records/share_snapshot_key.ts";
import { spec as shareSnapshotValue } from "./records/share_snapshot_value.ts";
import { spec as shareUpdateKey } from "./records/share_update_key.ts";
import { spec as shareUpdateValue } from "./records/share_update_value.ts";
import { spec as snapshotFooterRecord } from "./records/snapshot_footer_record.ts";
import { spec as snapshotHeaderRecord } from "./records/snapshot_header_record.ts";
import { spec as streamsGroupCurrentMemberAssignmentKey } from "./records/streams_group_current_member_assignment_key.ts";
import { spec as streamsGroupCurrentMemberAssignmentValue } from "./records/streams_group_current_member_assignment_value.ts";
import { spec as streamsGroupMemberMetadataKey } from "./records/streams_group_member_metadata_key.ts";
import { spec as streamsGroupMemberMetadataValue } from "./records/streams_group_member_metadata_value.ts";
import { spec as streamsGroupMetadataKey } from "./records/streams_group_metadata_key.ts";
import { spec as streamsGroupMetadataValue } from "./records/streams_group_metadata_value.ts";
import { spec as streamsGroupTargetAssignmentMemberKey } from "./records/streams_group_target_assignment_member_key.ts";
import { spec as streamsGroupTargetAssignmentMemberValue } from "./records/streams_group_target_assignment_member_value.ts";
import { spec as streamsGroupTargetAssignmentMetadataKey } from "./records/streams_group_target_assignment_metadata_key.ts";
import { spec as streamsGroupTargetAssignmentMetadataValue } from "./records/streams_group_target_assignment_metadata_value.ts";
import { spec as streamsGroupTopologyKey } from "./records/streams_group_topology_key.ts";
import { spec as streamsGroupTopologyValue } from "./records/streams_group_topology_value.ts";
import { spec as topicRecord } from "./records/topic_record.ts";
import { spec as transactionLogKey } from "./records/transaction_log_key.ts";
import { spec as transactionLogValue } from "./records/transaction_log_value.ts";
import { spec as unfenceBrokerRecord } from "./records/unfence_broker_record.ts";
import { spec as unregisterBrokerRecord } from "./records/unregister_broker_record.ts";
import { spec as userScramCredentialRecord } from "./records/user_scram_credential_record.ts";
import { spec as votersRecord } from "./records/voters_record.ts";
import { spec as zkMigrationStateRecord } from "./records/zk_migration_state_record.ts";
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
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  describeQuorum,
  updateFeatures,
  describeCluster,
  describeProducers,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  getTelemetrySubscriptions,
  pushTelemetry,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
];

/** Records of the internal topics, control records, and the messages of the consumer protocol. */
export const recordSpecs: readonly RecordSpec[] = [
  abortTransactionRecord,
  accessControlEntryRecord,
  beginTransactionRecord,
  brokerRegistrationChangeRecord,
  clearElrRecord,
  clientQuotaRecord,
  configRecord,
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  delegationTokenRecord,
  endTransactionRecord,
  endTxnMarker,
  featureLevelRecord,
  fenceBrokerRecord,
  groupMetadataKey,
  groupMetadataValue,
  kRaftVersionRecord,
  leaderChangeMessage,
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
  noOpRecord,
  offsetCommitKey,
  offsetCommitValue,
  partitionChangeRecord,
  partitionRecord,
  producerIdsRecord,
  quorumStateData,
  registerBrokerRecord,
  registerControllerRecord,
  removeAccessControlEntryRecord,
  removeDelegationTokenRecord,
  removeTopicRecord,
  removeUserScramCredentialRecord,
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
  shareGroupMetadataKey,
  shareGroupMetadataValue,
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
  shareSnapshotKey,
  shareSnapshotValue,
  shareUpdateKey,
  shareUpdateValue,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  streamsGroupCurrentMemberAssignmentKey,
  streamsGroupCurrentMemberAssignmentValue,
  streamsGroupMemberMetadataKey,
  streamsGroupMemberMetadataValue,
  streamsGroupMetadataKey,
  streamsGroupMetadataValue,
  streamsGroupTargetAssignmentMemberKey,
  streamsGroupTargetAssignmentMemberValue,
  streamsGroupTargetAssignmentMetadataKey,
  streamsGroupTargetAssignmentMetadataValue,
  streamsGroupTopologyKey,
  streamsGroupTopologyValue,
  topicRecord,
  transactionLogKey,
  transactionLogValue,
  unfenceBrokerRecord,
  unregisterBrokerRecord,
  userScramCredentialRecord,
  votersRecord,
  zkMigrationStateRecord,
];

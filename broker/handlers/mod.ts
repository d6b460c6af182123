import type { Clock, Logger } from "../../platform/mod.ts";
import type { ClientMetrics } from "../client_metrics/service.ts";
import type { ClusterView } from "../cluster.ts";
import type { DynamicBrokerConfig } from "../config/dynamic_broker_config.ts";
import type { BrokerSettings } from "../config/settings.ts";
import type { GroupService } from "../coordinator/group/service.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import type { AnyHandler, Route } from "../dispatch.ts";
import type { FetchSessions } from "../fetch_sessions.ts";
import { ConfigResourceType } from "../metadata/catalogue.ts";
import type { LogDirectory } from "../log_directory.ts";
import type { MetadataService } from "../metadata/service.ts";
import type { Partitions } from "../partitions.ts";
import { produce } from "./00_produce.ts";
import { fetch, type FetchLimits } from "./01_fetch.ts";
import { listOffsets } from "./02_list_offsets.ts";
import { metadata } from "./03_metadata.ts";
import { offsetCommit } from "./08_offset_commit.ts";
import { offsetFetch } from "./09_offset_fetch.ts";
import { findCoordinator } from "./10_find_coordinator.ts";
import { joinGroup } from "./11_join_group.ts";
import { heartbeat } from "./12_heartbeat.ts";
import { leaveGroup } from "./13_leave_group.ts";
import { syncGroup } from "./14_sync_group.ts";
import { describeGroups } from "./15_describe_groups.ts";
import { listGroups } from "./16_list_groups.ts";
import { apiVersions } from "./18_api_versions.ts";
import { createTopics } from "./19_create_topics.ts";
import { deleteTopics } from "./20_delete_topics.ts";
import { deleteRecords } from "./21_delete_records.ts";
import { initProducerId } from "./22_init_producer_id.ts";
import { offsetForLeaderEpoch } from "./23_offset_for_leader_epoch.ts";
import { addPartitionsToTxn } from "./24_add_partitions_to_txn.ts";
import { addOffsetsToTxn } from "./25_add_offsets_to_txn.ts";
import { endTxn } from "./26_end_txn.ts";
import { writeTxnMarkers } from "./27_write_txn_markers.ts";
import { txnOffsetCommit } from "./28_txn_offset_commit.ts";
import { type ConfigSource, describeConfigs } from "./32_describe_configs.ts";
import { alterConfigs } from "./33_alter_configs.ts";
import { alterReplicaLogDirs } from "./34_alter_replica_log_dirs.ts";
import { describeLogDirs } from "./35_describe_log_dirs.ts";
import { createPartitions } from "./37_create_partitions.ts";
import { deleteGroups } from "./42_delete_groups.ts";
import { electLeaders } from "./43_elect_leaders.ts";
import { incrementalAlterConfigs } from "./44_incremental_alter_configs.ts";
import { alterPartitionReassignments } from "./45_alter_partition_reassignments.ts";
import { listPartitionReassignments } from "./46_list_partition_reassignments.ts";
import { offsetDelete } from "./47_offset_delete.ts";
import { describeClientQuotas } from "./48_describe_client_quotas.ts";
import { alterClientQuotas } from "./49_alter_client_quotas.ts";
import { describeUserScramCredentials } from "./50_describe_user_scram_credentials.ts";
import { describeQuorum } from "./55_describe_quorum.ts";
import { updateFeatures } from "./57_update_features.ts";
import { describeCluster } from "./60_describe_cluster.ts";
import { describeProducers } from "./61_describe_producers.ts";
import { unregisterBroker } from "./64_unregister_broker.ts";
import { describeTransactions } from "./65_describe_transactions.ts";
import { listTransactions } from "./66_list_transactions.ts";
import { getTelemetrySubscriptions } from "./71_get_telemetry_subscriptions.ts";
import { pushTelemetry } from "./72_push_telemetry.ts";
import { listConfigResources } from "./74_list_config_resources.ts";
import { describeTopicPartitions } from "./75_describe_topic_partitions.ts";
import { addRaftVoter } from "./80_add_raft_voter.ts";
import { removeRaftVoter } from "./81_remove_raft_voter.ts";

/** What handlers are made of. */
export interface Services {
  readonly settings: BrokerSettings;
  readonly config: DynamicBrokerConfig;
  readonly logger: Logger;
  readonly cluster: ClusterView;
  readonly partitions: Partitions;
  readonly metadata: MetadataService;
  readonly groups: GroupService;
  readonly transactions: TransactionService;
  /** The same of all nodes: leaders of partitions ask the coordinator wherever it is. */
  readonly transactionsOfAll: TransactionService;
  readonly fetchSessions: FetchSessions;
  readonly fetchLimits: FetchLimits;
  /** Null where nobody receives metrics of clients. */
  readonly clientMetrics: ClientMetrics | null;
  readonly logDirectory: LogDirectory;
  readonly clock: Clock;
}

/** The table from which requests are routed and ApiVersions is answered: all handlers by API key, each with just what it needs. */
export function routes(services: Services): ReadonlyMap<number, Route> {
  const { settings, config, logger, cluster, clock, partitions, logDirectory, metadata: topics } = services;
  const { groups, transactions, fetchSessions, fetchLimits } = services;
  const table: ReadonlyMap<number, Route> = routeTable([
    produce(partitions, services.transactionsOfAll, cluster),
    fetch(partitions, fetchSessions, fetchLimits, cluster),
    listOffsets(partitions),
    metadata(topics, cluster, settings.autoCreateTopics),
    offsetCommit(groups, topics),
    offsetFetch(groups, topics),
    findCoordinator(groups, transactions, (connection) => cluster.nodes(connection)),
    joinGroup(groups),
    heartbeat(groups),
    leaveGroup(groups),
    syncGroup(groups),
    describeGroups(groups),
    listGroups(groups),
    apiVersions(() => table.values(), topics),
    createTopics(topics, config),
    deleteTopics(topics, settings.deleteTopicEnabled),
    deleteRecords(partitions),
    initProducerId(topics, transactions),
    offsetForLeaderEpoch(partitions),
    addPartitionsToTxn(transactions, topics),
    addOffsetsToTxn(transactions, groups),
    endTxn(transactions),
    writeTxnMarkers(partitions, groups),
    txnOffsetCommit(groups, topics),
    describeConfigs(configSource(services)),
    alterConfigs({ logger, metadata: topics }),
    alterReplicaLogDirs(partitions, logDirectory),
    describeLogDirs(partitions, logDirectory),
    createPartitions(topics),
    deleteGroups(groups),
    electLeaders(topics),
    incrementalAlterConfigs({ logger, metadata: topics }),
    alterPartitionReassignments(topics),
    listPartitionReassignments(topics),
    offsetDelete(groups, topics),
    describeClientQuotas(topics),
    alterClientQuotas(topics),
    describeUserScramCredentials(),
    describeQuorum(topics, cluster, clock),
    updateFeatures(topics),
    describeCluster(cluster),
    describeProducers(partitions, topics),
    unregisterBroker(cluster),
    describeTransactions(transactions),
    listTransactions(transactions),
    ...telemetry(services.clientMetrics),
    listConfigResources(topics, () => cluster.nodeIds),
    describeTopicPartitions(topics, cluster, settings.maxRequestPartitions),
    addRaftVoter(cluster),
    removeRaftVoter(cluster),
  ]);
  return table;
}

/** Without a receiver they are as unknown as in a Kafka without a plug-in. */
function telemetry(clientMetrics: ClientMetrics | null): AnyHandler[] {
  return clientMetrics === null ? [] : [getTelemetrySubscriptions(clientMetrics), pushTelemetry(clientMetrics)];
}

/** What is served, for documents and tests. Handlers are made of services only when they handle something, so nothing stands behind these. */
export function served(): readonly Route[] {
  const nothing = {
    settings: {},
    config: {},
    logger: {},
    cluster: {},
    partitions: {},
    metadata: {},
    groups: {},
    transactions: {},
    transactionsOfAll: {},
    fetchSessions: {},
    fetchLimits: {},
    clientMetrics: {},
    logDirectory: {},
    clock: {},
  };
  return [...routes(nothing as unknown as Services).values()];
}

/**
 * The versions that are advertised where they are not those of the codec. Produce is advertised from 0, as by Kafka, although 0 to 2 are refused:
 * older librdkafka would not compress otherwise (KAFKA-18659).
 */
const advertisedFrom: ReadonlyMap<number, number> = new Map([[0, 0]]);

/** Handlers by the key of their API, with the versions that are advertised. */
export function routeTable(handlers: readonly AnyHandler[]): ReadonlyMap<number, Route> {
  return new Map(handlers.map((handler) => {
    const { key, minVersion, maxVersion } = handler.api;
    return [key, { handler, minVersion: advertisedFrom.get(key) ?? minVersion, maxVersion }];
  }));
}

function configSource({ settings, config, logger, metadata }: Services): ConfigSource {
  return {
    logger,
    broker(nodeId) {
      if (nodeId === settings.nodeId) return config;
      const { properties } = settings.nodes.find(({ id }) => id === nodeId)!;
      return config.ofNode(properties, metadata.catalogue.configs(ConfigResourceType.BROKER, String(nodeId)));
    },
    topicOverrides(name) {
      return metadata.topic(name) === undefined ? null : metadata.catalogue.configs(ConfigResourceType.TOPIC, name);
    },
    overrides: (resourceType, name) => metadata.catalogue.configs(resourceType, name),
  };
}

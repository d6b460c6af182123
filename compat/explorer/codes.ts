/**
 * The error codes that the broker of Apache Kafka 4.3.1 can put into the answers of each served API, as its classes have them, and whether a case
 * of the explorer provokes them. Codes that only its clients know are left out: UNKNOWN_PRODUCER_ID, DUPLICATE_SEQUENCE_NUMBER,
 * INVALID_COMMIT_OFFSET_SIZE, INVALID_FETCH_SIZE, REBOOTSTRAP_REQUIRED.
 */
import { served } from "../../broker/handlers/mod.ts";
import { type ErrorName, errorName } from "../../protocol/errors.ts";

/** A case provokes it: on both brokers, or on one and why not on the other; or on both clusters of three nodes. Or why no case does. */
type Provoked = "both" | "nodes" | { readonly kafka: string } | { readonly here: string } | { readonly never: string };
type Codes = Readonly<Partial<Record<ErrorName, Provoked>>>;

/** Error codes by API, as one side has answered them. */
export type Seen = ReadonlyMap<string, ReadonlySet<number>>;

const BOTH = "both";
const never = (why: string): Provoked => ({ never: why });

const AUTHORIZER = never("waits for an authorizer");
const NODES = "nodes";
const LAG = never("needs a follower that lags behind");
const DISK = never("needs a disk that fails");
const QUOTAS = never("waits for quotas");
const MEANWHILE = never("only while a transaction is being ended");
const KIP_848 = never("waits for groups of KIP-848");
const TIERED = never("needs tiered storage");
const FORMAT = never("needs records of format 0 or 1, which no topic has any more");
const LOADING = never("over before a client can ask");
const ENDING = never("only while the broker starts or ends");
const DEAD = never("only between the end of a group and its last request");
const NULL = never("for a group id that is null, which no request can carry");
const UNEXPECTED = never("what nobody has foreseen");
const CONTROLLERS = never("needs a controller elsewhere: the broker asks on");
const KAFKA_FAILS = { kafka: "Kafka fails inside over values that are refused here" };

/** Of every request that goes to a group's coordinator. */
const ofGroup: Codes = {
  UNKNOWN_SERVER_ERROR: UNEXPECTED,
  COORDINATOR_LOAD_IN_PROGRESS: LOADING,
  COORDINATOR_NOT_AVAILABLE: ENDING,
  NOT_COORDINATOR: BOTH,
  GROUP_AUTHORIZATION_FAILED: AUTHORIZER,
};

/** Of every request that goes to the coordinator of a transaction. */
const ofTransaction: Codes = {
  UNKNOWN_SERVER_ERROR: UNEXPECTED,
  COORDINATOR_LOAD_IN_PROGRESS: LOADING,
  COORDINATOR_NOT_AVAILABLE: ENDING,
  NOT_COORDINATOR: BOTH,
  INVALID_REQUEST: BOTH,
  INVALID_PRODUCER_EPOCH: BOTH,
  INVALID_PRODUCER_ID_MAPPING: BOTH,
  CONCURRENT_TRANSACTIONS: MEANWHILE,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: AUTHORIZER,
  PRODUCER_FENCED: BOTH,
};

/** Of every request that the controller answers. */
const ofController: Codes = {
  UNKNOWN_SERVER_ERROR: UNEXPECTED,
  REQUEST_TIMED_OUT: BOTH,
  NOT_CONTROLLER: CONTROLLERS,
  TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
  THROTTLING_QUOTA_EXCEEDED: QUOTAS,
};

/** Of every request that is about the cluster. */
const ofCluster: Codes = { UNKNOWN_SERVER_ERROR: UNEXPECTED, CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER };

/** Of both requests that alter configurations. */
const ofAlterations: Codes = {
  UNKNOWN_SERVER_ERROR: never("Kafka fails inside over an unknown operation, at the expense of requests beside it"),
  UNKNOWN_TOPIC_OR_PARTITION: BOTH,
  INVALID_TOPIC_EXCEPTION: BOTH,
  TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
  GROUP_AUTHORIZATION_FAILED: AUTHORIZER,
  CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
  NOT_CONTROLLER: CONTROLLERS,
  INVALID_CONFIG: BOTH,
  INVALID_REQUEST: BOTH,
  POLICY_VIOLATION: never("needs some hundred topics"),
};

export const codes: Readonly<Record<string, Codes>> = {
  Produce: {
    UNKNOWN_SERVER_ERROR: BOTH,
    CORRUPT_MESSAGE: BOTH,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: NODES,
    REQUEST_TIMED_OUT: LAG,
    MESSAGE_TOO_LARGE: BOTH,
    INVALID_TOPIC_EXCEPTION: BOTH,
    RECORD_LIST_TOO_LARGE: BOTH,
    NOT_ENOUGH_REPLICAS: NODES,
    NOT_ENOUGH_REPLICAS_AFTER_APPEND: LAG,
    INVALID_REQUIRED_ACKS: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_TIMESTAMP: BOTH,
    UNSUPPORTED_FOR_MESSAGE_FORMAT: FORMAT,
    OUT_OF_ORDER_SEQUENCE_NUMBER: BOTH,
    INVALID_PRODUCER_EPOCH: BOTH,
    INVALID_TXN_STATE: BOTH,
    INVALID_PRODUCER_ID_MAPPING: BOTH,
    CONCURRENT_TRANSACTIONS: MEANWHILE,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: BOTH,
    KAFKA_STORAGE_ERROR: DISK,
    UNSUPPORTED_COMPRESSION_TYPE: BOTH,
    INVALID_RECORD: BOTH,
    PRODUCER_FENCED: never("what it is called in Produce is INVALID_PRODUCER_EPOCH"),
    UNKNOWN_TOPIC_ID: BOTH,
    TRANSACTION_ABORTABLE: BOTH,
  },
  Fetch: {
    UNKNOWN_SERVER_ERROR: KAFKA_FAILS,
    OFFSET_OUT_OF_RANGE: BOTH,
    CORRUPT_MESSAGE: DISK,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    KAFKA_STORAGE_ERROR: DISK,
    FETCH_SESSION_ID_NOT_FOUND: BOTH,
    INVALID_FETCH_SESSION_EPOCH: BOTH,
    FENCED_LEADER_EPOCH: BOTH,
    UNKNOWN_LEADER_EPOCH: BOTH,
    UNKNOWN_TOPIC_ID: BOTH,
    INCONSISTENT_TOPIC_ID: BOTH,
    FETCH_SESSION_TOPIC_ID_ERROR: BOTH,
    OFFSET_MOVED_TO_TIERED_STORAGE: TIERED,
  },
  ListOffsets: {
    UNKNOWN_SERVER_ERROR: KAFKA_FAILS,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    LEADER_NOT_AVAILABLE: LAG,
    NOT_LEADER_OR_FOLLOWER: NODES,
    REQUEST_TIMED_OUT: TIERED,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    UNSUPPORTED_VERSION: BOTH,
    INVALID_REQUEST: BOTH,
    UNSUPPORTED_FOR_MESSAGE_FORMAT: FORMAT,
    KAFKA_STORAGE_ERROR: DISK,
    FENCED_LEADER_EPOCH: BOTH,
    UNKNOWN_LEADER_EPOCH: BOTH,
    OFFSET_NOT_AVAILABLE: LAG,
  },
  Metadata: {
    UNKNOWN_SERVER_ERROR: KAFKA_FAILS,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    LEADER_NOT_AVAILABLE: NODES,
    REPLICA_NOT_AVAILABLE: NODES,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_REQUEST: BOTH,
    LISTENER_NOT_FOUND: never("needs brokers with other listeners than the one that is asked"),
    UNKNOWN_TOPIC_ID: BOTH,
  },
  OffsetCommit: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    UNKNOWN_SERVER_ERROR: BOTH,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    OFFSET_METADATA_TOO_LARGE: BOTH,
    ILLEGAL_GENERATION: BOTH,
    INVALID_GROUP_ID: NULL,
    UNKNOWN_MEMBER_ID: BOTH,
    REBALANCE_IN_PROGRESS: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    UNSUPPORTED_VERSION: KIP_848,
    GROUP_ID_NOT_FOUND: BOTH,
    FENCED_INSTANCE_ID: BOTH,
    UNKNOWN_TOPIC_ID: BOTH,
    STALE_MEMBER_EPOCH: KIP_848,
  },
  OffsetFetch: {
    ...ofGroup,
    ILLEGAL_GENERATION: KIP_848,
    INVALID_GROUP_ID: NULL,
    UNKNOWN_MEMBER_ID: KIP_848,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    GROUP_ID_NOT_FOUND: DEAD,
    UNSTABLE_OFFSET_COMMIT: BOTH,
    UNKNOWN_TOPIC_ID: BOTH,
    STALE_MEMBER_EPOCH: KIP_848,
  },
  FindCoordinator: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    COORDINATOR_NOT_AVAILABLE: never("Kafka is asked again until it has made its topic"),
    GROUP_AUTHORIZATION_FAILED: AUTHORIZER,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_REQUEST: BOTH,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: AUTHORIZER,
  },
  JoinGroup: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    UNKNOWN_SERVER_ERROR: BOTH,
    ILLEGAL_GENERATION: KIP_848,
    INCONSISTENT_GROUP_PROTOCOL: BOTH,
    INVALID_GROUP_ID: BOTH,
    UNKNOWN_MEMBER_ID: BOTH,
    INVALID_SESSION_TIMEOUT: BOTH,
    REBALANCE_IN_PROGRESS: KIP_848,
    MEMBER_ID_REQUIRED: BOTH,
    GROUP_MAX_SIZE_REACHED: BOTH,
    FENCED_INSTANCE_ID: BOTH,
    UNSUPPORTED_VERSION: KIP_848,
    UNRELEASED_INSTANCE_ID: KIP_848,
  },
  Heartbeat: {
    ...ofGroup,
    ILLEGAL_GENERATION: BOTH,
    INVALID_GROUP_ID: BOTH,
    UNKNOWN_MEMBER_ID: BOTH,
    REBALANCE_IN_PROGRESS: BOTH,
    FENCED_INSTANCE_ID: BOTH,
  },
  LeaveGroup: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    INVALID_GROUP_ID: BOTH,
    UNKNOWN_MEMBER_ID: BOTH,
    FENCED_INSTANCE_ID: BOTH,
  },
  SyncGroup: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    UNKNOWN_SERVER_ERROR: BOTH,
    ILLEGAL_GENERATION: BOTH,
    INCONSISTENT_GROUP_PROTOCOL: BOTH,
    INVALID_GROUP_ID: BOTH,
    UNKNOWN_MEMBER_ID: BOTH,
    REBALANCE_IN_PROGRESS: BOTH,
    FENCED_INSTANCE_ID: BOTH,
  },
  DescribeGroups: {
    ...ofGroup,
    INVALID_GROUP_ID: NULL,
    GROUP_ID_NOT_FOUND: BOTH,
  },
  ListGroups: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    COORDINATOR_LOAD_IN_PROGRESS: LOADING,
    COORDINATOR_NOT_AVAILABLE: ENDING,
  },
  ApiVersions: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    UNSUPPORTED_VERSION: BOTH,
    INVALID_REQUEST: BOTH,
  },
  CreateTopics: {
    ...ofController,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_ALREADY_EXISTS: BOTH,
    INVALID_PARTITIONS: BOTH,
    INVALID_REPLICATION_FACTOR: BOTH,
    INVALID_REPLICA_ASSIGNMENT: BOTH,
    INVALID_CONFIG: BOTH,
    INVALID_REQUEST: BOTH,
    POLICY_VIOLATION: BOTH,
  },
  DeleteTopics: {
    ...ofController,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    INVALID_REQUEST: BOTH,
    TOPIC_DELETION_DISABLED: BOTH,
    UNKNOWN_TOPIC_ID: BOTH,
  },
  DeleteRecords: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    OFFSET_OUT_OF_RANGE: BOTH,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: NODES,
    REQUEST_TIMED_OUT: LAG,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    POLICY_VIOLATION: BOTH,
    KAFKA_STORAGE_ERROR: DISK,
  },
  InitProducerId: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    COORDINATOR_LOAD_IN_PROGRESS: LOADING,
    COORDINATOR_NOT_AVAILABLE: NODES,
    NOT_COORDINATOR: BOTH,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    UNSUPPORTED_VERSION: never("only in version 6, which Kafka does not serve yet"),
    INVALID_REQUEST: BOTH,
    INVALID_PRODUCER_EPOCH: BOTH,
    INVALID_TRANSACTION_TIMEOUT: BOTH,
    CONCURRENT_TRANSACTIONS: NODES,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: AUTHORIZER,
    PRODUCER_FENCED: BOTH,
  },
  AddPartitionsToTxn: {
    ...ofTransaction,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: BOTH,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    OPERATION_NOT_ATTEMPTED: BOTH,
    TRANSACTION_ABORTABLE: BOTH,
  },
  AddOffsetsToTxn: { ...ofTransaction, GROUP_AUTHORIZATION_FAILED: AUTHORIZER },
  EndTxn: { ...ofTransaction, COORDINATOR_NOT_AVAILABLE: NODES, INVALID_TXN_STATE: BOTH },
  WriteTxnMarkers: {
    UNKNOWN_SERVER_ERROR: BOTH,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: NODES,
    MESSAGE_TOO_LARGE: never("markers are small"),
    NOT_ENOUGH_REPLICAS: NODES,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_PRODUCER_EPOCH: BOTH,
    TRANSACTION_COORDINATOR_FENCED: BOTH,
    KAFKA_STORAGE_ERROR: DISK,
  },
  TxnOffsetCommit: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    // With one node the coordinator of the transaction is asked first, and nobody is that either.
    NOT_COORDINATOR: NODES,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    OFFSET_METADATA_TOO_LARGE: BOTH,
    ILLEGAL_GENERATION: BOTH,
    INVALID_GROUP_ID: BOTH,
    INVALID_REQUEST: never("what Kafka says to an empty transactional id depends on the moment"),
    UNKNOWN_MEMBER_ID: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_PRODUCER_EPOCH: BOTH,
    INVALID_TXN_STATE: BOTH,
    INVALID_PRODUCER_ID_MAPPING: BOTH,
    CONCURRENT_TRANSACTIONS: MEANWHILE,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: AUTHORIZER,
    FENCED_INSTANCE_ID: BOTH,
    TRANSACTION_ABORTABLE: BOTH,
  },
  DescribeProducers: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: NODES,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    KAFKA_STORAGE_ERROR: DISK,
  },
  DescribeTransactions: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    COORDINATOR_LOAD_IN_PROGRESS: LOADING,
    COORDINATOR_NOT_AVAILABLE: ENDING,
    NOT_COORDINATOR: BOTH,
    INVALID_REQUEST: BOTH,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED: AUTHORIZER,
    TRANSACTIONAL_ID_NOT_FOUND: BOTH,
  },
  ListTransactions: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    COORDINATOR_LOAD_IN_PROGRESS: LOADING,
    COORDINATOR_NOT_AVAILABLE: ENDING,
    INVALID_REGULAR_EXPRESSION: BOTH,
  },
  OffsetForLeaderEpoch: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    NOT_LEADER_OR_FOLLOWER: NODES,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    KAFKA_STORAGE_ERROR: DISK,
    FENCED_LEADER_EPOCH: BOTH,
    UNKNOWN_LEADER_EPOCH: BOTH,
  },
  DescribeConfigs: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    GROUP_AUTHORIZATION_FAILED: AUTHORIZER,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_REQUEST: BOTH,
  },
  AlterConfigs: ofAlterations,
  CreatePartitions: {
    ...ofController,
    UNKNOWN_SERVER_ERROR: KAFKA_FAILS,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    INVALID_PARTITIONS: BOTH,
    INVALID_REPLICATION_FACTOR: never("needs a broker that was unregistered"),
    INVALID_REPLICA_ASSIGNMENT: BOTH,
    INVALID_REQUEST: BOTH,
    POLICY_VIOLATION: { here: "where Kafka fails inside over more partitions than a request may ask for" },
  },
  DeleteGroups: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    INVALID_GROUP_ID: NULL,
    NON_EMPTY_GROUP: BOTH,
    GROUP_ID_NOT_FOUND: BOTH,
  },
  IncrementalAlterConfigs: ofAlterations,
  OffsetDelete: {
    ...ofGroup,
    COORDINATOR_NOT_AVAILABLE: NODES,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    INVALID_GROUP_ID: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    NON_EMPTY_GROUP: BOTH,
    GROUP_ID_NOT_FOUND: BOTH,
    GROUP_SUBSCRIBED_TO_TOPIC: BOTH,
  },
  DescribeClientQuotas: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    UNSUPPORTED_VERSION: BOTH,
    INVALID_REQUEST: BOTH,
  },
  AlterClientQuotas: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    NOT_CONTROLLER: CONTROLLERS,
    INVALID_REQUEST: BOTH,
    POLICY_VIOLATION: never("needs some thousand entities"),
  },
  DescribeUserScramCredentials: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    DUPLICATE_RESOURCE: BOTH,
    RESOURCE_NOT_FOUND: BOTH,
  },
  ListConfigResources: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    CLUSTER_AUTHORIZATION_FAILED: AUTHORIZER,
    UNSUPPORTED_VERSION: BOTH,
  },
  DescribeCluster: {
    UNKNOWN_SERVER_ERROR: UNEXPECTED,
    MISMATCHED_ENDPOINT_TYPE: BOTH,
    UNSUPPORTED_ENDPOINT_TYPE: BOTH,
  },
  DescribeTopicPartitions: {
    UNKNOWN_SERVER_ERROR: KAFKA_FAILS,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    INVALID_TOPIC_EXCEPTION: BOTH,
    TOPIC_AUTHORIZATION_FAILED: AUTHORIZER,
    INVALID_REQUEST: BOTH,
  },
  GetTelemetrySubscriptions: { THROTTLING_QUOTA_EXCEEDED: BOTH, INVALID_REQUEST: UNEXPECTED },
  PushTelemetry: {
    UNSUPPORTED_COMPRESSION_TYPE: BOTH,
    INVALID_REQUEST: BOTH,
    INVALID_RECORD: BOTH,
    THROTTLING_QUOTA_EXCEEDED: BOTH,
    UNKNOWN_SUBSCRIPTION_ID: BOTH,
    TELEMETRY_TOO_LARGE: BOTH,
  },
  DescribeLogDirs: { ...ofCluster, KAFKA_STORAGE_ERROR: DISK },
  AlterReplicaLogDirs: {
    ...ofCluster,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    REPLICA_NOT_AVAILABLE: NODES,
    INVALID_TOPIC_EXCEPTION: BOTH,
    KAFKA_STORAGE_ERROR: DISK,
    LOG_DIR_NOT_FOUND: BOTH,
  },
  ElectLeaders: {
    ...ofCluster,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    REQUEST_TIMED_OUT: BOTH,
    NOT_CONTROLLER: CONTROLLERS,
    INVALID_REQUEST: BOTH,
    PREFERRED_LEADER_NOT_AVAILABLE: NODES,
    ELIGIBLE_LEADERS_NOT_AVAILABLE: NODES,
    ELECTION_NOT_NEEDED: BOTH,
  },
  AlterPartitionReassignments: {
    ...ofCluster,
    UNKNOWN_TOPIC_OR_PARTITION: BOTH,
    REQUEST_TIMED_OUT: BOTH,
    INVALID_REPLICATION_FACTOR: NODES,
    INVALID_REPLICA_ASSIGNMENT: BOTH,
    NOT_CONTROLLER: CONTROLLERS,
    NO_REASSIGNMENT_IN_PROGRESS: BOTH,
  },
  ListPartitionReassignments: { ...ofCluster, NOT_CONTROLLER: CONTROLLERS },
  DescribeQuorum: { ...ofCluster, UNKNOWN_TOPIC_OR_PARTITION: BOTH, NOT_LEADER_OR_FOLLOWER: CONTROLLERS },
  UpdateFeatures: {
    ...ofCluster,
    REQUEST_TIMED_OUT: never("the controller takes what time it needs, whatever the request says"),
    NOT_CONTROLLER: CONTROLLERS,
    INVALID_UPDATE_VERSION: BOTH,
  },
  UnregisterBroker: {
    ...ofCluster,
    NOT_CONTROLLER: CONTROLLERS,
    INVALID_REQUEST: never("of a broker that runs: Kafka forgets it, and it has no more to say"),
    BROKER_ID_NOT_REGISTERED: BOTH,
  },
  AddRaftVoter: {
    ...ofCluster,
    NOT_LEADER_OR_FOLLOWER: CONTROLLERS,
    REQUEST_TIMED_OUT: BOTH,
    UNSUPPORTED_VERSION: never("where kraft.version is 0, as of old"),
    INVALID_REQUEST: BOTH,
    INCONSISTENT_CLUSTER_ID: BOTH,
    DUPLICATE_VOTER: BOTH,
  },
  RemoveRaftVoter: {
    ...ofCluster,
    NOT_LEADER_OR_FOLLOWER: CONTROLLERS,
    REQUEST_TIMED_OUT: never("only while another change of the voters is under way"),
    UNSUPPORTED_VERSION: never("where kraft.version is 0, as of old"),
    INVALID_REQUEST: BOTH,
    INCONSISTENT_CLUSTER_ID: BOTH,
    VOTER_NOT_FOUND: BOTH,
  },
};

/** Where the table and the answers of the two sides contradict each other, a line each. */
export function contradictions(kafka: Seen, here: Seen): string[] {
  return served().flatMap((
    { handler: { api: { name } } },
  ) => [...contradict(name, "kafka", kafka.get(name) ?? new Set()), ...contradict(name, "here", here.get(name) ?? new Set())]);
}

/** What is claimed of three nodes and was not answered by both clusters, and what they answered that is claimed of nobody, a line each. */
export function contradictionsOfNodes(kafka: Seen, here: Seen): string[] {
  return served().flatMap(({ handler: { api: { name } } }) => {
    const table = codes[name] ?? {};
    return [["Apache Kafka", kafka], ["the broker", here]].flatMap(([where, seen]) => {
      const names = [...(seen as Seen).get(name) ?? []].map(errorName) as ErrorName[];
      const missed = (Object.keys(table) as ErrorName[]).filter((code) => table[code] === NODES && !names.includes(code));
      return [
        ...missed.map((code) => `${name}: no case has made three nodes of ${where} answer ${code}, as the table of codes says`),
        ...names.filter((code) => table[code] !== NODES && table[code] !== BOTH).map((code) =>
          `${name}: three nodes of ${where} answer ${code}, which the table of codes does not say`
        ),
      ];
    });
  });
}

function contradict(api: string, side: "kafka" | "here", seen: ReadonlySet<number>): string[] {
  const table = codes[api] ?? {};
  const where = side === "kafka" ? "Apache Kafka" : "the broker";
  const claimed = (provoked: Provoked | undefined): boolean => provoked === BOTH || (typeof provoked === "object" && side in provoked);
  const names = [...seen].map(errorName) as ErrorName[];
  const missed = (Object.keys(table) as ErrorName[]).filter((name) => claimed(table[name]) && !names.includes(name));
  return [
    ...names.filter((name) => !claimed(table[name])).map((name) =>
      `${api}: ${where} answers ${name}, which the table of codes does not say`
    ),
    ...missed.map((name) => `${api}: no case has made ${where} answer ${name}, as the table of codes says`),
  ];
}

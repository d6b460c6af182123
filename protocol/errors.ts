/**
 * Kafka's error codes: one row each, from which the constants, names, retriability and default messages are derived.
 * Codes, names and retriability are those of Kafka 4.3.1 (`org.apache.kafka.common.protocol.Errors`, `RetriableException`).
 */

type Row = readonly [code: number, retriable: boolean, message: string];

const rows = {
  UNKNOWN_SERVER_ERROR: [-1, false, "The broker failed in a way it did not expect."],
  NONE: [0, false, "No error."],
  OFFSET_OUT_OF_RANGE: [1, false, "The partition does not hold that offset."],
  CORRUPT_MESSAGE: [2, true, "The records are damaged: wrong checksum, wrong size, or no key where a compacted topic needs one."],
  UNKNOWN_TOPIC_OR_PARTITION: [3, true, "This broker has no such topic or partition."],
  INVALID_FETCH_SIZE: [4, false, "The fetch size is not valid."],
  LEADER_NOT_AVAILABLE: [5, true, "The partition has no leader at the moment."],
  NOT_LEADER_OR_FOLLOWER: [6, true, "This broker does not lead the partition, or holds no replica of it."],
  REQUEST_TIMED_OUT: [7, true, "The request did not finish in its time."],
  BROKER_NOT_AVAILABLE: [8, false, "The broker cannot be reached."],
  REPLICA_NOT_AVAILABLE: [9, true, "The replica cannot be used at the moment."],
  MESSAGE_TOO_LARGE: [10, false, "A record batch is larger than the topic allows."],
  STALE_CONTROLLER_EPOCH: [11, false, "Another broker has become the controller."],
  OFFSET_METADATA_TOO_LARGE: [12, false, "The metadata committed with an offset is too long."],
  NETWORK_EXCEPTION: [13, true, "The connection broke before the response came."],
  COORDINATOR_LOAD_IN_PROGRESS: [14, true, "The coordinator is still loading its state."],
  COORDINATOR_NOT_AVAILABLE: [15, true, "No coordinator can be reached."],
  NOT_COORDINATOR: [16, true, "This broker does not coordinate that key."],
  INVALID_TOPIC_EXCEPTION: [17, false, "The topic's name is not valid, or the topic may not be used this way."],
  RECORD_LIST_TOO_LARGE: [18, false, "The record batch does not fit into a log segment."],
  NOT_ENOUGH_REPLICAS: [19, true, "Fewer replicas are in sync than the topic demands; nothing was written."],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: [20, true, "The records were written, but to fewer replicas than the topic demands."],
  INVALID_REQUIRED_ACKS: [21, false, "Acks must be 0, 1 or -1."],
  ILLEGAL_GENERATION: [22, false, "The group is not in that generation."],
  INCONSISTENT_GROUP_PROTOCOL: [23, false, "The member and the group share no protocol, or the member named none."],
  INVALID_GROUP_ID: [24, false, "The group id is not valid."],
  UNKNOWN_MEMBER_ID: [25, false, "The group has no such member."],
  INVALID_SESSION_TIMEOUT: [26, false, "The session timeout lies outside what the broker allows."],
  REBALANCE_IN_PROGRESS: [27, false, "The group is rebalancing; the member has to rejoin."],
  INVALID_COMMIT_OFFSET_SIZE: [28, false, "The offsets to commit are too large to be stored."],
  TOPIC_AUTHORIZATION_FAILED: [29, false, "Not authorized for the topic."],
  GROUP_AUTHORIZATION_FAILED: [30, false, "Not authorized for the group."],
  CLUSTER_AUTHORIZATION_FAILED: [31, false, "Not authorized for the cluster."],
  INVALID_TIMESTAMP: [32, false, "A record's timestamp is too far from the broker's clock."],
  UNSUPPORTED_SASL_MECHANISM: [33, false, "The broker does not offer that SASL mechanism."],
  ILLEGAL_SASL_STATE: [34, false, "The request does not fit the state of the SASL exchange."],
  UNSUPPORTED_VERSION: [35, false, "The broker does not serve that version of the API."],
  TOPIC_ALREADY_EXISTS: [36, false, "A topic of that name exists."],
  INVALID_PARTITIONS: [37, false, "The number of partitions is not valid."],
  INVALID_REPLICATION_FACTOR: [38, false, "The replication factor is below 1 or above the number of brokers."],
  INVALID_REPLICA_ASSIGNMENT: [39, false, "The assignment of replicas is not valid."],
  INVALID_CONFIG: [40, false, "A configuration value is not valid."],
  NOT_CONTROLLER: [41, true, "This broker is not the controller."],
  INVALID_REQUEST: [42, false, "The request contradicts itself or the protocol; the broker's log says how."],
  UNSUPPORTED_FOR_MESSAGE_FORMAT: [43, false, "The stored record format cannot serve this request."],
  POLICY_VIOLATION: [44, false, "A policy of the broker forbids it."],
  OUT_OF_ORDER_SEQUENCE_NUMBER: [45, false, "The producer's sequence number does not follow the last one."],
  DUPLICATE_SEQUENCE_NUMBER: [46, false, "The producer's sequence number was used before."],
  INVALID_PRODUCER_EPOCH: [47, false, "The producer's epoch is older than the newest known."],
  INVALID_TXN_STATE: [48, false, "The transaction is in a state that does not allow this."],
  INVALID_PRODUCER_ID_MAPPING: [49, false, "The producer id does not belong to that transactional id."],
  INVALID_TRANSACTION_TIMEOUT: [50, false, "The transaction timeout is above what the broker allows."],
  CONCURRENT_TRANSACTIONS: [51, true, "Another operation on the same transaction is still under way."],
  TRANSACTION_COORDINATOR_FENCED: [52, false, "The marker comes from a transaction coordinator that has been replaced."],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: [53, false, "Not authorized for the transactional id."],
  SECURITY_DISABLED: [54, false, "The broker runs without the security feature asked for."],
  OPERATION_NOT_ATTEMPTED: [55, false, "Not attempted, because another part of the request failed."],
  KAFKA_STORAGE_ERROR: [56, true, "The broker's disk failed or is full."],
  LOG_DIR_NOT_FOUND: [57, false, "The broker has no such log directory."],
  SASL_AUTHENTICATION_FAILED: [58, false, "Authentication failed."],
  UNKNOWN_PRODUCER_ID: [59, false, "Nothing is known of that producer id; its records may have been deleted."],
  REASSIGNMENT_IN_PROGRESS: [60, false, "The partition is being reassigned."],
  DELEGATION_TOKEN_AUTH_DISABLED: [61, false, "Delegation tokens are switched off."],
  DELEGATION_TOKEN_NOT_FOUND: [62, false, "No such delegation token."],
  DELEGATION_TOKEN_OWNER_MISMATCH: [63, false, "The principal neither owns nor may renew the delegation token."],
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: [64, false, "Delegation tokens cannot be managed over this kind of connection."],
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: [65, false, "Not authorized for the delegation token."],
  DELEGATION_TOKEN_EXPIRED: [66, false, "The delegation token has expired."],
  INVALID_PRINCIPAL_TYPE: [67, false, "That type of principal is not supported."],
  NON_EMPTY_GROUP: [68, false, "The group still has members."],
  GROUP_ID_NOT_FOUND: [69, false, "No such group."],
  FETCH_SESSION_ID_NOT_FOUND: [70, true, "No such fetch session."],
  INVALID_FETCH_SESSION_EPOCH: [71, true, "The fetch session expects another epoch."],
  LISTENER_NOT_FOUND: [72, true, "The leader has no listener of the name the request came in by."],
  TOPIC_DELETION_DISABLED: [73, false, "The broker does not allow topics to be deleted."],
  FENCED_LEADER_EPOCH: [74, true, "The request's leader epoch is older than the broker's."],
  UNKNOWN_LEADER_EPOCH: [75, true, "The request's leader epoch is newer than the broker's."],
  UNSUPPORTED_COMPRESSION_TYPE: [76, false, "The compression of the partition's records cannot be used in this version."],
  STALE_BROKER_EPOCH: [77, false, "The broker has registered again since."],
  OFFSET_NOT_AVAILABLE: [78, true, "A new leader does not yet know how far its records are committed."],
  MEMBER_ID_REQUIRED: [79, false, "Join again with the member id that came with this answer."],
  PREFERRED_LEADER_NOT_AVAILABLE: [80, true, "The preferred leader cannot take over now."],
  GROUP_MAX_SIZE_REACHED: [81, false, "The group has as many members as it may."],
  FENCED_INSTANCE_ID: [82, false, "Another member has taken over that group instance id."],
  ELIGIBLE_LEADERS_NOT_AVAILABLE: [83, true, "No replica may become leader now."],
  ELECTION_NOT_NEEDED: [84, true, "The partition has the leader it should have."],
  NO_REASSIGNMENT_IN_PROGRESS: [85, false, "The partition is not being reassigned."],
  GROUP_SUBSCRIBED_TO_TOPIC: [86, false, "The group is subscribed to the topic, so its offsets cannot be deleted."],
  INVALID_RECORD: [87, false, "A record was refused."],
  UNSTABLE_OFFSET_COMMIT: [88, true, "A transaction that commits these offsets is still open."],
  THROTTLING_QUOTA_EXCEEDED: [89, true, "The quota is used up for now."],
  PRODUCER_FENCED: [90, false, "A newer producer uses the same transactional id."],
  RESOURCE_NOT_FOUND: [91, false, "The request names something that does not exist."],
  DUPLICATE_RESOURCE: [92, false, "The request names the same thing twice."],
  UNACCEPTABLE_CREDENTIAL: [93, false, "The credential does not meet the rules for credentials."],
  INCONSISTENT_VOTER_SET: [94, false, "Sender or receiver is not one of the expected voters."],
  INVALID_UPDATE_VERSION: [95, false, "The version to update to is not valid."],
  FEATURE_UPDATE_FAILED: [96, false, "The features could not be updated."],
  PRINCIPAL_DESERIALIZATION_FAILURE: [97, false, "The principal of a forwarded request could not be read."],
  SNAPSHOT_NOT_FOUND: [98, false, "No such snapshot."],
  POSITION_OUT_OF_RANGE: [99, false, "The position lies outside the snapshot."],
  UNKNOWN_TOPIC_ID: [100, true, "This broker has no topic of that id."],
  DUPLICATE_BROKER_REGISTRATION: [101, false, "Another broker uses that id."],
  BROKER_ID_NOT_REGISTERED: [102, false, "No broker of that id is registered."],
  INCONSISTENT_TOPIC_ID: [103, true, "The topic's id is not the one in the request."],
  INCONSISTENT_CLUSTER_ID: [104, false, "The request is meant for another cluster."],
  TRANSACTIONAL_ID_NOT_FOUND: [105, false, "No such transactional id."],
  FETCH_SESSION_TOPIC_ID_ERROR: [106, true, "The fetch session mixes requests with and without topic ids."],
  INELIGIBLE_REPLICA: [107, false, "A replica that should join the in-sync set may not."],
  NEW_LEADER_ELECTED: [108, false, "The partition was changed, and it has a new leader."],
  OFFSET_MOVED_TO_TIERED_STORAGE: [109, false, "The offset is found in tiered storage only."],
  FENCED_MEMBER_EPOCH: [110, false, "The member was fenced: it has to give up its partitions and rejoin."],
  UNRELEASED_INSTANCE_ID: [111, false, "Another member still holds that instance id."],
  UNSUPPORTED_ASSIGNOR: [112, false, "The group does not support that assignor or its version."],
  STALE_MEMBER_EPOCH: [113, false, "The member's epoch is out of date; its next heartbeat brings the current one."],
  MISMATCHED_ENDPOINT_TYPE: [114, false, "The request was sent to the wrong type of endpoint."],
  UNSUPPORTED_ENDPOINT_TYPE: [115, false, "That type of endpoint is not supported."],
  UNKNOWN_CONTROLLER_ID: [116, false, "No controller of that id is known."],
  UNKNOWN_SUBSCRIPTION_ID: [117, false, "The telemetry subscription id is wrong or out of date."],
  TELEMETRY_TOO_LARGE: [118, false, "The telemetry is larger than the broker accepts."],
  INVALID_REGISTRATION: [119, false, "The controller refused the broker's registration."],
  TRANSACTION_ABORTABLE: [120, false, "The transaction failed; after an abort the transactional id can be used again."],
  INVALID_RECORD_STATE: [121, false, "The record is in a state that cannot be acknowledged."],
  SHARE_SESSION_NOT_FOUND: [122, true, "No such share session."],
  INVALID_SHARE_SESSION_EPOCH: [123, true, "The share session expects another epoch."],
  FENCED_STATE_EPOCH: [124, false, "The share group's state is at another epoch."],
  INVALID_VOTER_KEY: [125, false, "The voter key is not that of the receiving replica."],
  DUPLICATE_VOTER: [126, false, "The voter is in the set already."],
  VOTER_NOT_FOUND: [127, false, "The voter is not in the set."],
  INVALID_REGULAR_EXPRESSION: [128, false, "The regular expression is not valid."],
  REBOOTSTRAP_REQUIRED: [129, false, "The client's metadata is too old; it should start from its bootstrap servers again."],
  STREAMS_INVALID_TOPOLOGY: [130, false, "The streams topology is not valid."],
  STREAMS_INVALID_TOPOLOGY_EPOCH: [131, false, "The epoch of the streams topology is not valid."],
  STREAMS_TOPOLOGY_FENCED: [132, false, "The epoch of the streams topology is out of date."],
  SHARE_SESSION_LIMIT_REACHED: [133, true, "The broker holds as many share sessions as it may."],
} satisfies Record<string, Row>;

/** The name of an error as Kafka writes it, for example `UNKNOWN_TOPIC_OR_PARTITION`. */
export type ErrorName = keyof typeof rows;

/** An error code as it stands in a response, int16. 0 is no error. A peer may send codes that this table does not know. */
export type ErrorCode = number;

/** The code of each error: `ErrorCode.NONE` is 0. */
export const ErrorCode: { readonly [Name in ErrorName]: number } = Object.freeze(
  Object.fromEntries(Object.entries(rows).map(([name, [code]]) => [name, code])),
) as { readonly [Name in ErrorName]: number };

const byCode = new Map<number, readonly [name: string, row: Row]>(
  Object.entries(rows).map(([name, row]) => [row[0] as number, [name, row as Row]]),
);

/** The name of an error, for logs and texts; `UNKNOWN(code)` for a code that Kafka 4.3.1 does not have. */
export function errorName(code: ErrorCode): string {
  return byCode.get(code)?.[0] ?? `UNKNOWN(${code})`;
}

/** What an error means in one sentence, for the nullable message fields of responses. Kafka's own wording differs. */
export function errorMessage(code: ErrorCode): string {
  return byCode.get(code)?.[1][2] ?? `Unknown error code ${code}.`;
}

/** Whether the same request may succeed when it is sent again (Kafka's `RetriableException`). */
export function isRetriable(code: ErrorCode): boolean {
  return byCode.get(code)?.[1][1] ?? false;
}

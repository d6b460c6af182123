import { ErrorCode } from "../../protocol/errors.ts";
import { FIRST } from "./cases/fixture.ts";
import type { FieldDifference } from "./plain.ts";

/** Differences that are allowed: of one field, in answers of one API, for one reason. */
export interface Allowed {
  /** The API that answers; `*` for all. */
  readonly api: string;
  /** Of the field: a star stands for any one name, a double star at the front for any number. A path covers what is within it. */
  readonly path: string;
  /** Only in histories whose name has this. */
  readonly history?: string;
  /** Only where both values are such. */
  readonly when?: (difference: FieldDifference) => boolean;
  readonly why: string;
  /** It waits for something that is not built. */
  readonly notYet?: true;
}

/** Both say something, in their own words. */
const bothSpeak = ({ kafka, here }: FieldDifference): boolean =>
  typeof kafka === "string" && typeof here === "string" && kafka !== "" && here !== "";

/** The logger that all others inherit from, a resource of DescribeConfigs. */
const ROOT_LOGGER = "root";

/** Kafka's UNKNOWN_SERVER_ERROR: an exception that nobody there has expected. */
const kafkaFails = ({ kafka }: FieldDifference): boolean => kafka === ErrorCode.UNKNOWN_SERVER_ERROR;
const kafkaIsSilent = ({ kafka }: FieldDifference): boolean => kafka === "silent";
const closedHere = ({ here }: FieldDifference): boolean => here === "closed";

const NAMELESS = "Kafka fails inside over a topic without name and id, and says nothing else";
const LARGE_INT64 = "offsets are exact numbers here: an int64 beyond 2^53 ends the connection; Kafka answers";

/** Where the metadata log is: an epoch and offsets of its own, and no listener for it alone. */
const QUORUM = "each has its own metadata log, which here nobody is elected for, and which has no listener of its own";
const quorum = (field: string): Allowed => ({ api: "DescribeQuorum", path: field, why: QUORUM });

const allowed: readonly Allowed[] = [
  ...["leaderEpoch", "highWatermark", "currentVoters/*/logEndOffset"].map((field) => quorum(`topics/*/partitions/*/${field}`)),
  ...["name", "port"].map((field) => quorum(`nodes/*/listeners/*/${field}`)),
  ...["lastFetchTimestamp", "lastCaughtUpTimestamp"].map((field): Allowed => ({
    api: "DescribeQuorum",
    path: `topics/*/partitions/*/currentVoters/*/${field}`,
    when: ({ kafka, here }) => Math.abs(Number(kafka) - Number(here)) < 60_000,
    why: "it is the time of the answer",
  })),
  {
    api: "DescribeLogDirs",
    path: "results/*/usableBytes",
    when: ({ kafka, here }) => Number(kafka) > 0 && Number(here) > 0,
    why: "what is free on the disk that both are on is another moment's",
  },
  {
    api: "DescribeTopicPartitions",
    path: "topics/*/errorCode",
    history: 'name = ""',
    when: kafkaFails,
    why: "Kafka fails inside over a topic without a name",
  },
  {
    api: "DescribeTopicPartitions",
    path: "nextCursor",
    history: "cursor.partitionIndex = 2147483647",
    why: "Kafka adds the limit to the number of the partition, beyond what an int32 holds",
  },
  { api: "Metadata", path: "errorCode", history: "neither name nor id", when: kafkaFails, why: NAMELESS },
  { api: "Metadata", path: "topics/*/errorCode", history: "neither name nor id", when: kafkaFails, why: NAMELESS },
  { api: "Metadata", path: "brokers", history: "neither name nor id", why: NAMELESS },
  { api: "Metadata", path: "clusterId", history: "neither name nor id", why: NAMELESS },
  { api: "Metadata", path: "controllerId", history: "neither name nor id", why: NAMELESS },
  { api: "*", path: "**/errorMessage", when: bothSpeak, why: "the words are ours; whether there are any is compared" },
  { api: "Produce", path: "**/batchIndexErrorMessage", when: bothSpeak, why: "the words are ours; whether there are any is compared" },
  {
    api: "Produce",
    path: "responses/*/partitionResponses/*/errorMessage",
    when: ({ kafka, here }) => kafka === null && typeof here === "string",
    why: "Kafka refuses without a word; we say why",
  },
  {
    api: "Produce",
    path: "",
    history: "records = null",
    when: kafkaIsSilent,
    why: "Kafka fails inside and leaves the client to its timeout",
  },
  {
    api: "Fetch",
    path: "**/errorCode",
    when: kafkaFails,
    why: "Kafka fails inside over a negative size, an unknown isolation level, an extreme session",
  },
  { api: "ListOffsets", path: "**/errorCode", when: kafkaFails, why: "Kafka fails inside over an unknown isolation level" },
  { api: "Fetch", path: "", when: closedHere, history: "fetchOffset = ", why: LARGE_INT64 },
  { api: "Fetch", path: "", when: closedHere, history: "logStartOffset = ", why: LARGE_INT64 },
  { api: "OffsetCommit", path: "", when: closedHere, why: LARGE_INT64 },
  {
    api: "OffsetFetch",
    path: "topics/0",
    when: ({ here }) => here === undefined,
    history: "OffsetCommit: ",
    why: LARGE_INT64,
  },
  { api: "DeleteRecords", path: "", when: closedHere, why: LARGE_INT64 },
  { api: "InitProducerId", path: "", when: closedHere, why: LARGE_INT64 },
  { api: "WriteTxnMarkers", path: "", when: closedHere, why: LARGE_INT64 },
  { api: "TxnOffsetCommit", path: "", when: closedHere, why: LARGE_INT64 },
  {
    api: "OffsetFetch",
    path: "groups/*/topics/*/partitions/*",
    history: "TxnOffsetCommit: topics.0.partitions.0.committedOffset",
    why: LARGE_INT64,
  },
  {
    api: "DescribeProducers",
    path: "topics/*/partitions/*/activeProducers/*/lastTimestamp",
    history: "WriteTxnMarkers: ",
    when: ({ kafka, here }) => Number(kafka) > FIRST && Number(here) > FIRST,
    why: "the time of a marker is that of its broker",
  },
  { api: "AddPartitionsToTxn", path: "", when: closedHere, why: LARGE_INT64 },
  {
    api: "AddPartitionsToTxn",
    path: "",
    when: kafkaIsSilent,
    history: "transactions = []",
    why: "Kafka never answers a request of no transactions",
  },
  {
    api: "DescribeTransactions",
    path: "transactionStates/*/transactionStartTimeMs",
    when: ({ kafka, here }) => Number(kafka) > FIRST && Number(here) > FIRST,
    why: "the time at which a transaction begins is that of its broker",
  },
  { api: "AddOffsetsToTxn", path: "", when: closedHere, why: LARGE_INT64 },
  { api: "EndTxn", path: "", when: closedHere, why: LARGE_INT64 },
  { api: "ListTransactions", path: "", when: closedHere, why: LARGE_INT64 },
  ...["GetTelemetrySubscriptions", "PushTelemetry"].map((api): Allowed => ({
    api,
    path: "",
    when: closedHere,
    history: "without a receiver",
    why: "Kafka names them only with a plug-in, and answers them without one, too",
  })),
  {
    api: "FindCoordinator",
    path: "coordinators/*/errorMessage",
    history: "key type 2",
    when: ({ kafka }) => kafka === "",
    why: "Kafka refuses without a word; we say why",
  },
  {
    api: "JoinGroup",
    path: "",
    when: kafkaIsSilent,
    history: "protocols",
    why: "Kafka fails inside over such protocols, and the group waits for ever",
  },
  { api: "DescribeGroups", path: "groups/0", history: "JoinGroup: protocols", why: "the same: Kafka's group has not come further" },
  {
    api: "ApiVersions",
    path: "apiKeys/*",
    when: ({ here }) => here === undefined,
    why: "APIs that are not served are not named",
    notYet: true,
  },
  {
    api: "ApiVersions",
    path: "supportedFeatures/*",
    when: ({ here }) => here === undefined,
    why: "features are named when there is what they promise",
    notYet: true,
  },
  { api: "ApiVersions", path: "finalizedFeatures/*", when: ({ here }) => here === undefined, why: "the same", notYet: true },
  { api: "ApiVersions", path: "finalizedFeaturesEpoch", why: "an offset in the metadata log, which holds other records" },
  { api: "DescribeConfigs", path: "**/documentation", when: bothSpeak, why: "the words are ours; whether there are any is compared" },
  { api: "DescribeConfigs", path: `results/*/configs/${ROOT_LOGGER}/value`, why: "each has the level it was started with" },
  { api: "DescribeConfigs", path: "results/*/configs/node.id/synonyms", why: "node.id has a default here, none in Kafka" },
  {
    api: "CreatePartitions",
    path: "results/0",
    history: ": 10,001 more",
    when: (difference) => kafkaFails(difference) || difference.kafka === null,
    why: "Kafka fails inside over more partitions than a request may ask for",
  },
  {
    api: "CreatePartitions",
    path: "results/0",
    history: ": the offsets",
    when: ({ kafka, here }) => kafka === 0 && here === 42 || kafka === null,
    why: "the offsets' topic does not grow here: groups would be looked for in other partitions; Kafka looks there from its next start on",
  },
  {
    api: "CreateTopics",
    path: "topics/0/configs/max.message.bytes/value",
    history: "with spaces",
    why: "a value is told as it was understood; Kafka keeps the spaces around it",
    notYet: true,
  },
];

/** The row that allows a difference, if there is one. */
export function rowFor(api: string, history: string, difference: FieldDifference): Allowed | undefined {
  const path = difference.path.split("/");
  return allowed.find((row) =>
    (row.api === "*" || row.api === api) && (row.history === undefined || history.includes(row.history)) &&
    matches(row.path.split("/"), path) && (row.when?.(difference) ?? true)
  );
}

/** The rows that nothing needed, a line each. */
export function stale(used: ReadonlyMap<Allowed, number>): string[] {
  return allowed.filter((row) => !used.has(row)).map(({ api, path, history, why }) =>
    `${api} ${path}${history === undefined ? "" : ` where "${history}"`}: allowed (${why}), but there is no such difference`
  );
}

/** A pattern that begins with a double star fits wherever the field stands. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern[0] === "**") return path.at(-1) === pattern[1];
  return pattern.every((name, i) => name === "*" ? path[i] !== undefined : name === path[i]);
}

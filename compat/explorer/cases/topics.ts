/** Topics, configurations, the cluster: what Kafka's source can answer to each, and what provokes it. */
import { ErrorCode } from "../../../protocol/errors.ts";
import { ask, type Fields, type History, type Step } from "../history.ts";
import { transactionCoordinator } from "./bases.ts";
import { topic } from "./fixture.ts";

/** Of `__cluster_metadata`, in every cluster. */
const METADATA_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
const UNKNOWN_ID = "dGhlcmUgaXMgbm8gdG9waQ";
const { UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE } = ErrorCode;

/** A CreateTopics of one topic. Whatever is created binds `topicId`. */
function creates(name: string, wanted: Fields, before: readonly Step[] = [], fields: Fields = {}): History {
  const request = { topics: [{ name: "c{run}", numPartitions: 1, replicationFactor: 1, ...wanted }], timeoutMs: 5_000, ...fields };
  const more = { before, keyed: { configs: "name" }, bind: { topicId: "topics/0/topicId" } };
  return { ...ask("CreateTopics", name, request, more), sampled: true };
}

const assigned = (...brokerIds: readonly (readonly number[])[]): Fields => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
});
const configured = (...configs: readonly (readonly [string, string | null])[]): Fields => ({
  configs: configs.map(([name, value]) => ({ name, value })),
});

const creating: readonly History[] = [
  ...["", ".", "..", "a b", "é", "x/y", "x".repeat(249), "x".repeat(250), "__cluster_metadata", "stock"].map((name) =>
    creates(`named ${name.length > 20 ? `with ${name.length} characters` : JSON.stringify(name)}`, { name }, [], { validateOnly: true })
  ),
  creates("a name that looks like another", { name: "a_b{run}" }, topic("a.b{run}", "otherId")),
  creates("a name that is there", {}, topic("c{run}", "otherId")),
  creates("only to validate", {}, [], { validateOnly: true }),
  creates("as many as the broker wants", { numPartitions: -1, replicationFactor: -1 }),
  creates("three partitions", { numPartitions: 3 }),
  ...[9_999, 10_000, 10_001].map((numPartitions) => creates(`${numPartitions} partitions`, { numPartitions }, [], { validateOnly: true })),
  ask("CreateTopics", "10,001 partitions in all, and a name that none can have", {
    topics: [
      { name: "one{run}", numPartitions: 5_000, replicationFactor: 1 },
      { name: "two{run}", numPartitions: 5_001, replicationFactor: 1 },
      { name: "not right", numPartitions: 1, replicationFactor: 1 },
    ],
    timeoutMs: 5_000,
  }, { keyed: { topics: "name" } }),
  creates("two replicas", { replicationFactor: 2 }),
  creates("an assignment", assigned([1], [1])),
  creates("an assignment, and a number of partitions", { ...assigned([1]), numPartitions: 1 }),
  creates("an assignment, and a number of replicas", { ...assigned([1]), replicationFactor: 1 }),
  creates("an assignment to a broker that is not there", assigned([9])),
  creates("an assignment to the same broker twice", assigned([1, 1])),
  creates("an assignment to nobody", assigned([])),
  creates("an assignment with different numbers of replicas", assigned([1], [1, 2])),
  creates("an assignment to a negative broker", assigned([-1])),
  creates("an assignment with a gap", {
    ...assigned(),
    assignments: [{ partitionIndex: 0, brokerIds: [1] }, { partitionIndex: 2, brokerIds: [1] }],
  }),
  creates("an assignment that does not begin with 0", { ...assigned(), assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
  creates("an assignment of a partition twice", {
    ...assigned(),
    assignments: [{ partitionIndex: 0, brokerIds: [1] }, { partitionIndex: 0, brokerIds: [1] }],
  }),
  creates("configs", configured(["cleanup.policy", "compact"], ["max.message.bytes", "2000"], ["retention.ms", "-1"])),
  creates("a config that is not there", configured(["no.such.config", "1"])),
  creates("a config that is null", configured(["segment.bytes", null])),
  creates("a config twice", configured(["segment.bytes", "2000000"], ["segment.bytes", "3000000"])),
  creates("a config that is no number", configured(["segment.bytes", "many"])),
  creates("a config that is too small", configured(["segment.bytes", "1"])),
  creates("a config that is no choice", configured(["cleanup.policy", "keep"])),
  creates("a config with spaces", configured(["max.message.bytes", " 1000 "])),
  // As a compact string it can be longer than what a record of the metadata log holds.
  {
    ...creates("a config of 32,768 characters", configured(["leader.replication.throttled.replicas", `${"0:1,".repeat(8_191)}0:10`])),
    versions: "5+",
  },
  creates("a config that is empty", configured(["retention.ms", ""])),
  creates("two policies", configured(["cleanup.policy", "compact,delete"])),
  creates("no policy", configured(["cleanup.policy", ""])),
  creates("a timestamp type", configured(["message.timestamp.type", "LogAppendTime"])),
  creates("a wrong timestamp type", configured(["message.timestamp.type", "logappendtime"])),
  creates("a codec", configured(["compression.type", "zstd"])),
  creates("a wrong codec", configured(["compression.type", "brotli"])),
  creates("throttled replicas", configured(["leader.replication.throttled.replicas", "0:1,1:1"])),
  creates("wrong throttled replicas", configured(["leader.replication.throttled.replicas", "all"])),
  creates("remote storage", configured(["remote.storage.enable", "true"])),
  creates("the config of long ago", configured(["message.format.version", "2.0"])),
  creates("a wrong boolean", configured(["preallocate", "yes"])),
  creates("a wrong ratio", configured(["min.cleanable.dirty.ratio", "2"])),
  creates("more than is retained locally", configured(["retention.ms", "1000"], ["local.retention.ms", "2000"])),
  ask("CreateTopics", "several, of which some fail", {
    topics: [
      { name: "one{run}", numPartitions: 1, replicationFactor: 1 },
      { name: "two{run}", numPartitions: 0, replicationFactor: 1 },
      { name: "stock", numPartitions: 1, replicationFactor: 1 },
      { name: "not right", numPartitions: 1, replicationFactor: 1 },
    ],
    timeoutMs: 5_000,
  }, { keyed: { topics: "name", configs: "name" } }),
];

const wanted = (name: string, more: Fields = {}): Fields => ({ name, numPartitions: 1, replicationFactor: 1, ...more });
const createsAll = (name: string, topics: readonly Fields[], more: Fields = {}, before: readonly Step[] = []): History => ({
  ...ask("CreateTopics", name, { topics, timeoutMs: 5_000, ...more }, { before, keyed: { topics: "name", configs: "name" } }),
  sampled: true,
});
const validate: Fields = { validateOnly: true };

/** Which of several things that are wrong is told. */
const creatingWrong: readonly History[] = [
  createsAll("names that look alike, in one request", [wanted("a.b{run}"), wanted("a_b{run}"), wanted("a.b.{run}")]),
  createsAll(
    "names that look alike and are there, in other ways",
    [wanted("a_b_{run}"), wanted("a.b_{run}")],
    validate,
    topic("a.b.{run}", "otherId"),
  ),
  createsAll("names that look alike, of which one fails", [wanted("a.b{run}", { numPartitions: 0 }), wanted("a_b{run}")], validate),
  createsAll("the same name twice, and one that looks like it", [wanted("a.b{run}"), wanted("a.b{run}"), wanted("a_b{run}")], validate),
  createsAll("a name in capitals beside another", [wanted("c{run}"), wanted("C{run}")], validate),
  createsAll("internal topics", [wanted("__consumer_offsets"), wanted("__share_group_state"), wanted("__cluster_metadata")], validate),
  createsAll("no partitions and no replicas", [wanted("c{run}", { numPartitions: 0, replicationFactor: 0 })]),
  createsAll("no partitions and a wrong config", [wanted("c{run}", { numPartitions: 0, ...configured(["segment.bytes", "1"]) })]),
  createsAll("too many replicas and a wrong config", [wanted("c{run}", { replicationFactor: 3, ...configured(["segment.bytes", "1"]) })]),
  createsAll("a wrong name and a wrong config", [wanted("c d{run}", configured(["segment.bytes", "1"]))]),
  createsAll("a name that is there and a wrong config", [wanted("stock", configured(["segment.bytes", "1"]))]),
  createsAll("a wrong assignment and a wrong config", [wanted("c{run}", { ...assigned([9]), ...configured(["segment.bytes", "1"]) })]),
  createsAll("an assignment, numbers of both, and a broker that is not there", [
    wanted("c{run}", { ...assigned([9]), numPartitions: 1, replicationFactor: 1 }),
  ]),
  createsAll("an assignment, only to validate", [wanted("c{run}", assigned([1], [1], [1]))], validate),
  createsAll("the default of partitions and one replica", [wanted("c{run}", { numPartitions: -1 })]),
  createsAll("two partitions and the default of replicas", [wanted("c{run}", { numPartitions: 2, replicationFactor: -1 })]),
  createsAll("less than the default", [wanted("c{run}", { numPartitions: -2 }), wanted("d{run}", { replicationFactor: -2 })]),
  createsAll("configs and an assignment", [wanted("c{run}", { ...assigned([1]), ...configured(["cleanup.policy", "compact"]) })]),
  createsAll("no topic", []),
  createsAll("no topic, without time", [], { timeoutMs: 0 }),
];

const deletes = (name: string, topics: readonly Fields[], names: readonly string[] = []): History =>
  ask("DeleteTopics", name, { topics, topicNames: names, timeoutMs: 5_000 }, {
    before: topic("d{run}", "topicId"),
    versions: names.length === 0 ? "6+" : "1-5",
    unordered: ["responses"],
  });

const deleting: readonly History[] = [
  deletes("a name and an id", [{ name: "d{run}", topicId: "$topicId" }]),
  deletes("neither name nor id", [{ name: null }]),
  deletes("a topic by its name and by its id", [{ name: "d{run}" }, { name: null, topicId: "$topicId" }]),
  deletes("an id twice, and a name", [{ name: null, topicId: "$topicId" }, { name: null, topicId: "$topicId" }, { name: "d{run}" }]),
  deletes("an unknown id", [{ name: null, topicId: UNKNOWN_ID }]),
  deletes("an unknown name", [{ name: "none{run}" }]),
  deletes("a name that none can have", [{ name: "a b" }]),
  deletes("an unknown name and a known one", [], ["none{run}", "d{run}"]),
  deletes("an unknown one twice", [], ["none{run}", "none{run}"]),
  deletes("a name that none can have, of old", [], ["a b"]),
  deletes("no topic", []),
  deletes("no name", [{ name: "" }]),
  deletes("the metadata", [{ name: "__cluster_metadata" }]),
  deletes("the metadata by id", [{ name: null, topicId: METADATA_ID }]),
  deletes("a name twice, an unknown name and an unknown id", [
    { name: "d{run}" },
    { name: "d{run}" },
    { name: "none{run}" },
    { name: null, topicId: UNKNOWN_ID },
  ]),
  deletes("an unknown id twice", [{ name: null, topicId: UNKNOWN_ID }, { name: null, topicId: UNKNOWN_ID }]),
  deletes("one with an id that is another's", [{ name: "d{run}", topicId: "$stockId" }]),
  deletes("what is there, and what is not in any way", [
    { name: null, topicId: "$topicId" },
    { name: null },
    { name: null, topicId: UNKNOWN_ID },
    { name: "none{run}" },
    { name: "stock", topicId: "$stockId" },
  ]),
  ask("DeleteTopics", "twice, one after the other", { topics: [{ name: "d{run}" }], topicNames: ["d{run}"], timeoutMs: 5_000 }, {
    before: [
      ...topic("d{run}", "topicId"),
      { api: "DeleteTopics", version: 5, request: { topicNames: ["d{run}"], timeoutMs: 5_000 } },
    ],
  }),
];

const tells = (name: string, request: Fields, versions?: string, before: readonly Step[] = []): History =>
  ask("Metadata", name, request, { versions, before, keyed: { topics: "name", brokers: "nodeId" } });

const describing: readonly History[] = [
  tells("by id", { topics: [{ topicId: "$stockId", name: null }] }, "12+"),
  tells("by an id that nobody has", { topics: [{ topicId: UNKNOWN_ID, name: null }] }, "12+"),
  ask("Metadata", "neither name nor id", { topics: [{ name: null }] }, { versions: "10+", keyed: { brokers: "nodeId" } }),
  // Version 0 has no null: an empty list asks for all.
  ...[null, []].map((topics) =>
    ask("Metadata", topics === null ? "all topics" : "an empty list of topics", { topics }, {
      own: ["topics"],
      keyed: { topics: "name", brokers: "nodeId" },
    })
  ),
  tells("by id and name", { topics: [{ topicId: "$stockId", name: "stock" }] }, "10+"),
  tells(
    "by id and a name that is another's",
    { topics: [{ topicId: "$stockId", name: "none{run}" }], allowAutoTopicCreation: false },
    "10+",
  ),
  tells("all that may be done", {
    topics: [{ name: "stock" }],
    includeClusterAuthorizedOperations: true,
    includeTopicAuthorizedOperations: true,
  }),
  tells("an internal topic", { topics: [{ name: "stock" }, { name: "__consumer_offsets" }] }, "4+"),
  tells("the metadata", { topics: [{ name: "__cluster_metadata" }], allowAutoTopicCreation: false }),
  tells("the metadata, which is to be created", { topics: [{ name: "__cluster_metadata" }] }, "4+"),
  tells("the metadata by id", { topics: [{ topicId: METADATA_ID, name: null }] }, "12+"),
  tells("an id twice, and its name", { topics: [{ topicId: "$stockId", name: null }, { topicId: "$stockId", name: null }] }, "12+"),
  tells("what may be done with a topic that is not there", {
    topics: [{ name: "none{run}" }, { name: "stock" }],
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: true,
  }, "8+"),
  tells("what may be done with the cluster alone", {
    topics: [{ name: "stock" }],
    includeClusterAuthorizedOperations: true,
  }, "8-10"),
  tells("several that fail and one that does not", {
    topics: [{ name: "none{run}" }, { name: "a b" }, { name: "stock" }, { name: "" }],
    allowAutoTopicCreation: false,
  }),
  tells("by ids, of which one is known", { topics: [{ topicId: "$stockId", name: null }, { topicId: UNKNOWN_ID, name: null }] }, "12+"),
  tells("a name that looks like another, which is to be created", { topics: [{ name: "a_b{run}" }] }, "4+", topic("a.b{run}", "otherId")),
  tells("a name that none can have, which is to be created", { topics: [{ name: "{run} x" }] }),
  {
    name: "Metadata: a topic that is created on the way",
    api: "Metadata",
    versions: "4+",
    steps: [
      { api: "Metadata", request: { topics: [{ name: "auto{run}" }] }, keyed: { topics: "name" }, bind: { autoId: "topics/0/topicId" } },
      {
        api: "Metadata",
        request: { topics: [{ name: "auto{run}" }] },
        whileError: [UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE],
        bind: { autoId: "topics/0/topicId" },
      },
    ],
  },
];

const configs = (name: string, resources: readonly Fields[], more: Fields = {}): History =>
  ask("DescribeConfigs", name, { resources: resources.map((one) => ({ configurationKeys: null, ...one })), ...more }, {
    keyed: { configs: "name" },
  });

const TOPIC = 2;
const BROKER = 4;
const LOGGER = 8;
const CLIENT_METRICS = 16;
const GROUP = 32;

const configuring: readonly History[] = [
  configs("a topic, with synonyms", [{ resourceType: TOPIC, resourceName: "stock" }], { includeSynonyms: true }),
  configs("keys that are not there", [{ resourceType: TOPIC, resourceName: "stock", configurationKeys: ["none", "segment.bytes"] }]),
  configs("the broker", [{
    resourceType: BROKER,
    resourceName: "1",
    configurationKeys: ["num.io.threads", "log.segment.bytes", "ssl.key.password", "message.max.bytes", "node.id", "log.retention.hours"],
  }], { includeSynonyms: true }),
  configs("all brokers", [{ resourceType: BROKER, resourceName: "", configurationKeys: ["log.segment.bytes"] }]),
  configs("another broker", [{ resourceType: BROKER, resourceName: "9" }]),
  configs("a broker without a number", [{ resourceType: BROKER, resourceName: "one" }]),
  configs("the logger", [{ resourceType: LOGGER, resourceName: "1", configurationKeys: ["root"] }]),
  configs("the logger of nobody", [{ resourceType: LOGGER, resourceName: "" }]),
  configs("the logger of another broker", [{ resourceType: LOGGER, resourceName: "2" }]),
  configs("client metrics", [{ resourceType: CLIENT_METRICS, resourceName: "m" }]),
  configs("client metrics of nobody", [{ resourceType: CLIENT_METRICS, resourceName: "" }]),
  configs("a group", [{ resourceType: GROUP, resourceName: "g{run}" }], { includeSynonyms: true }),
  configs("a group without a name", [{ resourceType: GROUP, resourceName: "" }]),
  configs("a topic that is not there", [{ resourceType: TOPIC, resourceName: "none{run}" }]),
  configs("a name that none can have", [{ resourceType: TOPIC, resourceName: "a b" }]),
  configs("a type that is not there, beside one that is", [
    { resourceType: 3, resourceName: "x" },
    { resourceType: TOPIC, resourceName: "stock" },
  ]),
  configs("several that fail and one that does not", [
    { resourceType: BROKER, resourceName: "7" },
    { resourceType: TOPIC, resourceName: "none{run}" },
    { resourceType: TOPIC, resourceName: "stock", configurationKeys: ["segment.bytes"] },
  ]),
  configs("nothing", []),
];

const OF_TRANSACTION: Fields = { transactionalId: "of{run}", transactionTimeoutMs: 60_000 };

/** Of a transactional id that is the history's own; its coordinator is there. */
const ofTransaction = (name: string, more: Fields, versions?: string, before: readonly Step[] = []): History =>
  ask("InitProducerId", `of a transaction, ${name}`, { ...OF_TRANSACTION, ...more }, {
    versions,
    before: [...transactionCoordinator, ...before],
    bind: { producerId: "producerId" },
  });

const identifying: readonly History[] = [
  ask("InitProducerId", "an empty transactional id", { transactionalId: "", transactionTimeoutMs: 1_000 }),
  ask("InitProducerId", "an id and an epoch without a transactional id", {
    transactionalId: null,
    transactionTimeoutMs: 1_000,
    producerId: 5,
    producerEpoch: 3,
  }, { bind: { producerId: "producerId" } }),
  ofTransaction("too short", { transactionTimeoutMs: 0 }),
  ofTransaction("too long", { transactionTimeoutMs: 900_001 }),
  ofTransaction("of a producer that is another's", { producerId: 5, producerEpoch: 3 }, "3+", [
    { api: "InitProducerId", version: 5, request: OF_TRANSACTION, bind: { producerId: "producerId" } },
  ]),
];

const cluster: readonly History[] = [
  ...[0, 1, 2, 3].map((endpointType) =>
    ask("DescribeCluster", `endpoints of type ${endpointType}`, { endpointType, includeFencedBrokers: true })
  ),
  ...identifying,
];

export const topicHistories: readonly History[] = [...creating, ...creatingWrong, ...deleting, ...describing, ...configuring, ...cluster];

/** Settings of topics: how they are altered and told, and what counts at once. */
import type { ClientName } from "../drivers/driver.ts";
import { FIRST_TIMESTAMP as T } from "../records.ts";
import type { Matcher } from "../steps/match.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create, inPartition } from "./common.ts";

const area = "administration";
const both: readonly ClientName[] = ["java", "franz-go"];
/** A broker that a scenario may alter, as in `configs.ts`. */
const broker = { "background.threads": "10" };

type Changes = Omit<Extract<Step, { op: "alterConfigs" }>, "op" | "type" | "name">;
type Told = Omit<Extract<Step, { op: "describeConfigs" }>, "op" | "type" | "name" | "expect">;

const alters = (changes: Changes, topic = "t"): Step => ({ op: "alterConfigs", type: "topic", name: topic, ...changes });
const tells = (expect: Matcher, told: Told = {}, topic = "t"): Step => ({
  op: "describeConfigs",
  type: "topic",
  name: topic,
  within: 5_000,
  ...told,
  expect,
});

const changed: readonly Omit<RowScenario, "area">[] = [
  {
    name: "what is set and removed at once is refused",
    features: ["KIP-339"],
    clients: both,
    steps: [
      create("t", 1, { "retention.ms": "5000" }),
      { ...alters({ set: { "retention.ms": "6000" }, remove: ["retention.ms"] }), error: "INVALID_REQUEST" },
      tells({ "retention.ms": { value: "5000" } }),
    ],
  },
  {
    name: "of several changes one that is wrong prevents all",
    features: ["KIP-339"],
    steps: [
      create("t", 1, { "retention.ms": "5000" }),
      { ...alters({ set: { "retention.ms": "6000", "segment.bytes": "1" } }), error: "INVALID_CONFIG" },
      tells({ "retention.ms": { value: "5000" } }),
    ],
  },
  {
    name: "nothing can be appended to what is no list",
    features: ["KIP-339"],
    steps: [
      create(),
      { ...alters({ append: { "retention.ms": "1" } }), error: "INVALID_CONFIG" },
      { ...alters({ subtract: { "retention.ms": "1" } }), error: "INVALID_CONFIG" },
    ],
  },
  {
    name: "what is in a list already is not appended again, and what is not in it can be taken away",
    features: ["KIP-339"],
    steps: [
      create("t", 1, { "cleanup.policy": "compact" }),
      alters({ append: { "cleanup.policy": "compact" } }),
      tells({ "cleanup.policy": { value: "compact" } }),
      alters({ subtract: { "cleanup.policy": "delete" } }),
      tells({ "cleanup.policy": { value: "compact" } }),
    ],
  },
  {
    name: "a list of one is empty without it",
    features: ["KIP-339", "cleanup.policy"],
    steps: [create(), alters({ subtract: { "cleanup.policy": "delete" } }), tells({ "cleanup.policy": { value: "" } })],
  },
  {
    name: "two are appended at once",
    features: ["KIP-339"],
    steps: [
      create(),
      alters({ append: { "leader.replication.throttled.replicas": "0:1,1:1" } }),
      tells({ "leader.replication.throttled.replicas": { value: "0:1,1:1" } }),
      alters({ subtract: { "leader.replication.throttled.replicas": "0:1" } }),
      tells({ "leader.replication.throttled.replicas": { value: "1:1" } }),
    ],
  },
  {
    name: "a property that was never set can be removed",
    features: ["KIP-339"],
    steps: [create(), alters({ remove: ["retention.ms"] }), tells({ "retention.ms": { value: "604800000" } })],
  },
  {
    name: "a property that no topic has can be removed, and not set",
    features: ["KIP-339"],
    steps: [
      create(),
      { ...alters({ set: { "no.such.property": "1" } }), error: "INVALID_CONFIG" },
      alters({ remove: ["no.such.property"] }),
    ],
  },
  {
    name: "a topic that is not there has nothing to be altered",
    features: ["KIP-339"],
    steps: [{ ...alters({ set: { "retention.ms": "5000" } }, "nowhere"), error: "UNKNOWN_TOPIC_OR_PARTITION" }],
  },
  {
    name: "what is only to be validated of a topic changes nothing",
    features: ["KIP-339"],
    clients: both,
    steps: [
      create(),
      alters({ set: { "retention.ms": "5000" }, validateOnly: true }),
      { ...alters({ set: { "retention.ms": "soon" }, validateOnly: true }), error: "INVALID_CONFIG" },
      tells({ "retention.ms": { value: "604800000" } }),
    ],
  },
  {
    name: "settings that are replaced are the only ones, the others are defaults again",
    features: ["AlterConfigs"],
    steps: [
      create("t", 1, { "retention.ms": "5000", "segment.bytes": "2097152" }),
      { op: "replaceConfigs", type: "topic", name: "t", set: { "segment.bytes": "3145728" } },
      tells({ "segment.bytes": { value: "3145728" }, "retention.ms": { value: "604800000" } }),
    ],
  },
  {
    name: "a wrong value replaces nothing",
    features: ["AlterConfigs"],
    steps: [
      create("t", 1, { "retention.ms": "5000" }),
      { op: "replaceConfigs", type: "topic", name: "t", set: { "segment.bytes": "1" }, error: "INVALID_CONFIG" },
      tells({ "retention.ms": { value: "5000" }, "segment.bytes": { value: "1073741824" } }),
    ],
  },
];

const atOnce: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a topic that becomes compacted refuses records without a key from then on",
    features: ["cleanup.policy"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "a"), expect: [0] },
      alters({ set: { "cleanup.policy": "compact" } }),
      tells({ "cleanup.policy": { value: "compact" } }),
      { op: "produce", topic: "t", records: inPartition(0, "b"), error: "INVALID_RECORD" },
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["a"] },
    ],
  },
  {
    name: "a topic's timestamps become the broker's at once",
    features: ["message.timestamp.type"],
    clients: ["java", "librdkafka", "franz-go", "kafkajs"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "a", timestamp: T }] },
      alters({ set: { "message.timestamp.type": "LogAppendTime" } }),
      tells({ "message.timestamp.type": { value: "LogAppendTime" } }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "b", timestamp: T }] },
      {
        op: "fetch",
        topic: "t",
        partition: 0,
        from: "earliest",
        count: 2,
        expect: [{ value: "a", timestamp: T }, { value: "b", timestamp: { $atLeast: T + 3_000_000 } }],
      },
    ],
  },
  {
    name: "what is larger than a topic now takes can be read",
    features: ["max.message.bytes"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: inPartition(0, "x".repeat(5_000)), expect: [0] },
      alters({ set: { "max.message.bytes": "1000" } }),
      tells({ "max.message.bytes": { value: "1000" } }),
      { op: "fetch", topic: "t", partition: 0, from: "earliest", count: 1, expect: ["x".repeat(5_000)] },
    ],
  },
  {
    name: "a topic refuses old timestamps as soon as it is told to",
    features: ["KIP-937"],
    steps: [
      create(),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "a", timestamp: T }], expect: [0] },
      alters({ set: { "message.timestamp.before.max.ms": "60000" } }),
      tells({ "message.timestamp.before.max.ms": { value: "60000" } }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "b", timestamp: T }], error: "INVALID_TIMESTAMP" },
    ],
  },
];

const kept: readonly Omit<RowScenario, "area">[] = [
  {
    name: "what was set just before is so after kill -9",
    features: ["KIP-339", "KIP-546", "durability"],
    clients: both,
    steps: [
      create("t", 1, { "segment.bytes": "2097152" }),
      alters({ set: { "retention.ms": "5000" }, remove: ["segment.bytes"] }),
      { op: "alterConfigs", type: "group", name: "g", set: { "consumer.heartbeat.interval.ms": "6000" } },
      { op: "alterQuotas", user: "u", set: { producer_byte_rate: 5 } },
      { op: "killBroker" },
      tells({ "retention.ms": { value: "5000" }, "segment.bytes": { value: "1073741824" } }, { within: 15_000 }),
      { op: "describeConfigs", type: "group", name: "g", expect: { "consumer.heartbeat.interval.ms": { value: "6000" } }, within: 5_000 },
      { op: "describeQuotas", user: "u", expect: { producer_byte_rate: 5 }, within: 5_000 },
    ],
  },
];

const told: readonly Omit<RowScenario, "area">[] = [
  {
    name: "some properties are asked for, others are not told",
    features: ["DescribeConfigs"],
    steps: [
      create(),
      tells({ "retention.ms": { value: "604800000" }, "segment.bytes": { $not: { $any: true } } }, {
        keys: ["retention.ms", "no.such.one"],
      }),
    ],
  },
  {
    name: "beside a value stands what would be there without it",
    features: ["KIP-226"],
    steps: [
      create("t", 1, { "max.message.bytes": "90000" }),
      tells({
        "max.message.bytes": {
          synonyms: [
            { name: "max.message.bytes", value: "90000", source: "DYNAMIC_TOPIC_CONFIG" },
            { name: "message.max.bytes", value: "1048588", source: "DEFAULT_CONFIG" },
          ],
        },
        "segment.bytes": { synonyms: [{ name: "log.segment.bytes", value: "1073741824", source: "DEFAULT_CONFIG" }] },
      }, { synonyms: true }),
    ],
  },
  {
    name: "what would be there instead is told only to who asks",
    features: ["KIP-226"],
    clients: [...both, "kafkajs"],
    steps: [create("t", 1, { "retention.ms": "5000" }), tells({ "retention.ms": { synonyms: [] } })],
  },
  {
    name: "a topic's value goes before a broker's, that before all brokers', that before the default, and all are told",
    features: ["KIP-226"],
    broker,
    clients: both,
    steps: [
      create("t", 1, { "flush.ms": "1000" }),
      { op: "alterConfigs", type: "broker", name: "", set: { "log.flush.interval.ms": "3000" } },
      { op: "alterConfigs", type: "broker", name: "broker", set: { "log.flush.interval.ms": "2000" } },
      tells({
        "flush.ms": {
          value: "1000",
          synonyms: {
            $includes: [
              { name: "flush.ms", value: "1000", source: "DYNAMIC_TOPIC_CONFIG" },
              { name: "log.flush.interval.ms", value: "2000", source: "DYNAMIC_BROKER_CONFIG" },
              { name: "log.flush.interval.ms", value: "3000", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" },
            ],
          },
        },
      }, { synonyms: true }),
    ],
  },
  {
    name: "a property's type is told",
    features: ["KIP-569"],
    clients: both,
    steps: [
      create(),
      tells({
        "retention.ms": { type: "LONG" },
        "max.message.bytes": { type: "INT" },
        "cleanup.policy": { type: "LIST" },
        "compression.type": { type: "STRING" },
        "preallocate": { type: "BOOLEAN" },
        "min.cleanable.dirty.ratio": { type: "DOUBLE" },
      }, { documentation: true }),
      { op: "describeConfigs", type: "broker", name: "broker", expect: { "ssl.key.password": { type: "PASSWORD" } }, documentation: true },
    ],
  },
  {
    name: "a property's description is told to who asks for it",
    features: ["KIP-569"],
    clients: both,
    steps: [
      create(),
      tells({ "retention.ms": { documentation: { $matches: "[a-z]{3}" } } }, { documentation: true }),
      tells({ "retention.ms": { documentation: null } }),
    ],
  },
  {
    name: "the topics of the broker's own are compacted, as the broker says",
    features: ["__consumer_offsets", "__transaction_state"],
    steps: [
      { op: "initTransactions", producer: "p", transactionalId: "x" },
      tells(
        { "cleanup.policy": { value: "compact" }, "segment.bytes": { value: "104857600" }, "compression.type": { value: "producer" } },
        {},
        "__consumer_offsets",
      ),
      tells(
        {
          "cleanup.policy": { value: "compact" },
          "segment.bytes": { value: "104857600" },
          "compression.type": { value: "uncompressed" },
          "unclean.leader.election.enable": { value: "false" },
        },
        {},
        "__transaction_state",
      ),
    ],
  },
  {
    name: "a topic of the broker's own says that it is internal",
    features: ["__consumer_offsets"],
    clients: [...both, "librdkafka"],
    steps: [{ op: "describeTopic", topic: "__consumer_offsets", expect: { internal: true } }],
  },
];

const ofGroupsAndClients: readonly Omit<RowScenario, "area">[] = [
  ...([
    ["a heartbeat slower than its session", { "consumer.session.timeout.ms": "50000", "consumer.heartbeat.interval.ms": "60000" }],
    ["a heartbeat faster than the broker's bounds", { "consumer.heartbeat.interval.ms": "4999" }],
    ["a number that is none", { "share.record.lock.duration.ms": "long" }],
    ["more standby replicas than the broker allows", { "streams.num.standby.replicas": "3" }],
  ] as const).map(([what, set]): Omit<RowScenario, "area"> => ({
    name: `no group is given ${what}`,
    features: ["KIP-848"],
    clients: both,
    steps: [{ op: "alterConfigs", type: "group", name: "g", set, error: "INVALID_CONFIG" }],
  })),
  {
    name: "client metrics are asked for at most hourly",
    features: ["KIP-714"],
    clients: both,
    steps: [
      { op: "alterConfigs", type: "client_metrics", name: "m", set: { "interval.ms": "3600000" } },
      { op: "alterConfigs", type: "client_metrics", name: "m", set: { "interval.ms": "3600001" }, error: "INVALID_REQUEST" },
    ],
  },
  {
    name: "a subscription's metrics are no list to add to",
    features: ["KIP-714"],
    clients: both,
    steps: [{ op: "alterConfigs", type: "client_metrics", name: "m", append: { metrics: "c." }, error: "INVALID_CONFIG" }],
  },
  {
    name: "clients are chosen by several of their marks",
    features: ["KIP-714"],
    clients: both,
    steps: [
      {
        op: "alterConfigs",
        type: "client_metrics",
        name: "m",
        set: { match: "client_software_name=apache-kafka-java,client_source_address=127.0.0.[0-9]" },
      },
      { op: "alterConfigs", type: "client_metrics", name: "m", set: { match: "client_id=a[" }, error: "INVALID_CONFIG" },
      {
        op: "describeConfigs",
        type: "client_metrics",
        name: "m",
        expect: { match: { value: "client_software_name=apache-kafka-java,client_source_address=127.0.0.[0-9]" } },
        within: 5_000,
      },
    ],
  },
];

export const topicConfigsRows: readonly RowScenario[] = [...changed, ...atOnce, ...kept, ...told, ...ofGroupsAndClients].map((each) => ({
  ...each,
  area,
}));

/** Settings of the broker, of groups, client metrics and the logger. */
import type { Matcher } from "../steps/match.ts";
import type { ClientName } from "../drivers/driver.ts";
import type { RowScenario, Step } from "../steps/step.ts";
import { create } from "./common.ts";

const area = "administration";
/** Those whose steps take away again what they have set: two at a time would see each other. */
const alone: readonly ClientName[] = ["java"];
/** A broker that scenarios may alter: others find theirs as it was. */
const broker = { "background.threads": "10" };

type Type = Extract<Step, { op: "alterConfigs" }>["type"];
type Changes = Omit<Extract<Step, { op: "alterConfigs" }>, "op" | "type" | "name">;

const alters = (type: Type, name: string, changes: Changes): Step => ({ op: "alterConfigs", type, name, ...changes });
const tells = (type: Type, name: string, expect: Matcher): Step => ({ op: "describeConfigs", type, name, expect, within: 5_000 });
/** With a key, since a topic may be compacted at that moment. */
const keyed = (value: string) => [{ partition: 0, key: "k", value }];
const large = keyed("x".repeat(5_000));

const ofBrokers: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a broker's own setting is told as dynamic",
    features: ["KIP-226"],
    broker,
    steps: [
      alters("broker", "broker", { set: { "remote.fetch.max.wait.ms": "700" } }),
      tells("broker", "broker", { "remote.fetch.max.wait.ms": { value: "700", readOnly: false } }),
    ],
  },
  {
    name: "the source of a broker's setting is the broker, at run time",
    features: ["KIP-226"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      alters("broker", "broker", { set: { "remote.list.offsets.request.timeout.ms": "31000" } }),
      tells("broker", "broker", { "remote.list.offsets.request.timeout.ms": { source: "DYNAMIC_BROKER_CONFIG" } }),
    ],
  },
  {
    name: "a setting of all brokers is told of all and of each",
    features: ["KIP-226"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      alters("broker", "", { set: { "log.cleaner.io.buffer.size": "524289" } }),
      tells("broker", "", { "log.cleaner.io.buffer.size": { value: "524289", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" } }),
      tells("broker", "broker", { "log.cleaner.io.buffer.size": { value: "524289", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" } }),
    ],
  },
  {
    name: "a broker's own setting wins over that of all, and gives way when it is removed",
    features: ["KIP-226"],
    broker,
    clients: alone,
    steps: [
      alters("broker", "", { set: { "log.index.interval.bytes": "5000" } }),
      alters("broker", "broker", { set: { "log.index.interval.bytes": "6000" } }),
      tells("broker", "broker", { "log.index.interval.bytes": { value: "6000", source: "DYNAMIC_BROKER_CONFIG" } }),
      alters("broker", "broker", { remove: ["log.index.interval.bytes"] }),
      tells("broker", "broker", { "log.index.interval.bytes": { value: "5000", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" } }),
      alters("broker", "", { remove: ["log.index.interval.bytes"] }),
      tells("broker", "broker", { "log.index.interval.bytes": { value: "4096", source: "DEFAULT_CONFIG" } }),
    ],
  },
  {
    name: "a broker's setting is the default of topics",
    features: ["KIP-226"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      create(),
      create("own", 1, { "segment.jitter.ms": "3" }),
      alters("broker", "broker", { set: { "log.roll.jitter.ms": "7" } }),
      tells("topic", "t", { "segment.jitter.ms": { value: "7", source: "DYNAMIC_BROKER_CONFIG" } }),
      tells("topic", "own", { "segment.jitter.ms": { value: "3", source: "DYNAMIC_TOPIC_CONFIG" } }),
    ],
  },
  {
    name: "an altered message.max.bytes counts at once where a topic says nothing else",
    features: ["KIP-226", "message.max.bytes"],
    broker,
    clients: alone,
    steps: [
      create(),
      create("own", 1, { "max.message.bytes": "100000" }),
      { op: "produce", topic: "t", records: large, expect: [0] },
      alters("broker", "", { set: { "message.max.bytes": "1000" } }),
      tells("topic", "t", { "max.message.bytes": { value: "1000" } }),
      { op: "produce", topic: "t", records: large, error: "MESSAGE_TOO_LARGE" },
      { op: "produce", topic: "own", records: large, expect: [0] },
      alters("broker", "", { remove: ["message.max.bytes"] }),
      tells("topic", "t", { "max.message.bytes": { value: "1048588" } }),
      { op: "produce", topic: "t", records: large, expect: [1] },
    ],
  },
  {
    name: "an altered log.message.timestamp.type counts at once",
    features: ["KIP-226", "message.timestamp.type"],
    broker,
    clients: alone,
    steps: [
      create(),
      alters("broker", "broker", { set: { "log.message.timestamp.type": "LogAppendTime" } }),
      tells("topic", "t", { "message.timestamp.type": { value: "LogAppendTime" } }),
      { op: "produce", topic: "t", records: [{ partition: 0, key: "k", value: "a", timestamp: 1_000 }] },
      { op: "fetch", topic: "t", from: "earliest", count: 1, expect: [{ value: "a", timestamp: { $atLeast: 1_600_000_000_000 } }] },
    ],
  },
  {
    name: "an altered log.cleanup.policy makes topics compacted",
    features: ["KIP-226", "cleanup.policy"],
    broker,
    clients: alone,
    steps: [
      create(),
      alters("broker", "", { append: { "log.cleanup.policy": "compact" } }),
      tells("topic", "t", { "cleanup.policy": { value: "delete,compact" } }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "without a key" }], error: "INVALID_RECORD" },
      alters("broker", "", { subtract: { "log.cleanup.policy": "compact" } }),
      tells("topic", "t", { "cleanup.policy": { value: "delete" } }),
      { op: "produce", topic: "t", records: [{ partition: 0, value: "without a key" }] },
    ],
  },
  {
    name: "what is only to be validated of a broker changes nothing",
    features: ["KIP-339"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      alters("broker", "broker", { set: { "log.retention.ms": "5000" }, validateOnly: true }),
      { ...alters("broker", "broker", { set: { "log.retention.ms": "0" }, validateOnly: true }), error: "INVALID_REQUEST" },
      tells("broker", "broker", { "log.retention.ms": { value: null } }),
    ],
  },
  ...([
    ["what is read-only", { "num.partitions": "3" }, "broker", "INVALID_REQUEST"],
    ["a value that is none", { "log.segment.bytes": "small" }, "broker", "INVALID_REQUEST"],
    ["more than twice its threads", { "num.io.threads": "100" }, "broker", "INVALID_REQUEST"],
    ["a key store without a listener", { "ssl.keystore.location": "/nowhere" }, "broker", "INVALID_REQUEST"],
    ["what each broker needs its own of", { "ssl.protocol": "TLSv1.3" }, "", "INVALID_REQUEST"],
    ["fewer than half of its threads", { "background.threads": "4" }, "broker", "INVALID_REQUEST"],
    ["no threads to compact", { "log.cleaner.threads": "0" }, "broker", "INVALID_REQUEST"],
    ["too little room to compact", { "log.cleaner.dedupe.buffer.size": "100" }, "broker", "INVALID_REQUEST"],
    ["addresses that are none", { "max.connections.per.ip.overrides": "somewhere" }, "broker", "INVALID_REQUEST"],
    ["more local retention than retention", { "log.local.retention.ms": "99999999999" }, "broker", "INVALID_REQUEST"],
    ["its own number of in-sync replicas", { "min.insync.replicas": "1" }, "broker", "INVALID_CONFIG"],
  ] as const).map(([what, set, name, error]): Omit<RowScenario, "area"> => ({
    name: `${name === "" ? "all brokers" : "a broker"} cannot be given ${what} while it runs`,
    features: ["KIP-226"],
    clients: name === "" ? ["java", "franz-go"] : ["java", "franz-go", "librdkafka"],
    steps: [{ ...alters("broker", name, { set }), error }],
  })),
  {
    name: "beside a broker's value stands the one that is there without it",
    features: ["KIP-226"],
    broker: { "num.partitions": "3", "log.segment.bytes": "2097152" },
    clients: ["java", "franz-go"],
    steps: [
      create(),
      {
        op: "describeConfigs",
        type: "broker",
        name: "broker",
        synonyms: true,
        expect: {
          "log.segment.bytes": {
            synonyms: [
              { name: "log.segment.bytes", value: "2097152", source: "STATIC_BROKER_CONFIG" },
              { name: "log.segment.bytes", value: "1073741824", source: "DEFAULT_CONFIG" },
            ],
          },
        },
      },
      {
        op: "describeConfigs",
        type: "topic",
        name: "t",
        synonyms: true,
        expect: {
          "segment.bytes": {
            synonyms: [
              { name: "log.segment.bytes", value: "2097152", source: "STATIC_BROKER_CONFIG" },
              { name: "log.segment.bytes", value: "1073741824", source: "DEFAULT_CONFIG" },
            ],
          },
        },
      },
    ],
  },
  {
    name: "in-sync replicas of all brokers can be changed, not removed",
    features: ["KIP-966"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      tells("broker", "", { "min.insync.replicas": { value: "1", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" } }),
      alters("broker", "", { set: { "min.insync.replicas": "1" } }),
      { ...alters("broker", "", { remove: ["min.insync.replicas"] }), error: "INVALID_CONFIG" },
    ],
  },
  {
    name: "a setting that nobody knows is kept, and not shown",
    features: ["KIP-226"],
    broker,
    clients: ["java", "franz-go"],
    steps: [
      alters("broker", "broker", { set: { "my.plugin.password": "hush" } }),
      tells("broker", "broker", { "my.plugin.password": { value: null, sensitive: true, readOnly: true } }),
    ],
  },
  {
    name: "a broker's settings are so after a restart",
    features: ["KIP-226"],
    clients: ["java", "franz-go"],
    steps: [
      alters("broker", "", { set: { "log.roll.jitter.ms": "5" } }),
      alters("broker", "broker", { set: { "log.segment.delete.delay.ms": "1000" } }),
      { op: "restartBroker" },
      {
        op: "describeConfigs",
        type: "broker",
        name: "broker",
        expect: {
          "log.roll.jitter.ms": { value: "5", source: "DYNAMIC_DEFAULT_BROKER_CONFIG" },
          "log.segment.delete.delay.ms": { value: "1000", source: "DYNAMIC_BROKER_CONFIG" },
        },
        within: 15_000,
      },
      create(),
      tells("topic", "t", { "segment.jitter.ms": { value: "5" }, "file.delete.delay.ms": { value: "1000" } }),
    ],
  },
];

const groupAndMetrics: readonly Omit<RowScenario, "area">[] = [
  {
    name: "a group's setting is told, and removed",
    features: ["KIP-848"],
    clients: ["java", "franz-go"],
    steps: [
      tells("group", "g", { "consumer.session.timeout.ms": { value: "45000", source: "DEFAULT_CONFIG" } }),
      alters("group", "g", { set: { "consumer.session.timeout.ms": "50000" } }),
      tells("group", "g", { "consumer.session.timeout.ms": { value: "50000", source: { $matches: "GROUP" } } }),
      alters("group", "g", { remove: ["consumer.session.timeout.ms"] }),
      tells("group", "g", { "consumer.session.timeout.ms": { value: "45000", source: "DEFAULT_CONFIG" } }),
    ],
  },
  ...([
    ["a session beyond the broker's bounds", { "consumer.session.timeout.ms": "60001" }],
    ["a setting that is none", { "session.timeout.ms": "50000" }],
    ["a start that is none", { "share.auto.offset.reset": "yesterday" }],
  ] as const).map(([what, set]): Omit<RowScenario, "area"> => ({
    name: `a group cannot be given ${what}`,
    features: ["KIP-848"],
    clients: ["java", "franz-go"],
    steps: [{ ...alters("group", "g", { set }), error: "INVALID_CONFIG" }],
  })),
  {
    name: "a group has a setting before it has a member, and is listed with it",
    features: ["KIP-1142"],
    clients: ["java", "franz-go"],
    steps: [
      { op: "listConfigResources", type: "group", expect: [] },
      alters("group", "g", { set: { "streams.num.standby.replicas": "1" } }),
      { op: "listConfigResources", type: "group", expect: ["g"], within: 5_000 },
      alters("group", "g", { remove: ["streams.num.standby.replicas"] }),
      { op: "listConfigResources", type: "group", expect: [], within: 5_000 },
    ],
  },
  {
    name: "the settings of a group and of a subscription are there after a restart",
    features: ["KIP-848", "KIP-714"],
    clients: ["java", "franz-go"],
    steps: [
      alters("group", "g", { set: { "consumer.heartbeat.interval.ms": "6000" } }),
      alters("client_metrics", "m", { set: { "interval.ms": "1000" } }),
      { op: "restartBroker" },
      { op: "describeConfigs", type: "group", name: "g", expect: { "consumer.heartbeat.interval.ms": { value: "6000" } }, within: 15_000 },
      tells("client_metrics", "m", { "interval.ms": { value: "1000" } }),
    ],
  },
  {
    name: "a client metrics subscription is made, listed, told and deleted",
    features: ["KIP-714", "KIP-1000"],
    clients: ["java", "franz-go"],
    steps: [
      { op: "listConfigResources", type: "client_metrics", expect: [] },
      alters("client_metrics", "m", { set: { "interval.ms": "1000", metrics: "org.apache.kafka.producer.", match: "client_id=a.*" } }),
      { op: "listConfigResources", type: "client_metrics", expect: ["m"], within: 5_000 },
      tells("client_metrics", "m", { "interval.ms": { value: "1000" }, match: { value: "client_id=a.*" } }),
      alters("client_metrics", "m", { remove: ["interval.ms", "metrics", "match"] }),
      { op: "listConfigResources", type: "client_metrics", expect: [], within: 5_000 },
    ],
  },
  {
    name: "a client metrics subscription that nobody made has defaults",
    features: ["KIP-714"],
    clients: ["java", "franz-go"],
    steps: [tells("client_metrics", "m", { "interval.ms": { value: "300000", source: "DEFAULT_CONFIG" }, metrics: { value: "" } })],
  },
  ...([
    ["too often", { "interval.ms": "99" }, "INVALID_REQUEST"],
    ["of clients by what they have not", { match: "name=a" }, "INVALID_CONFIG"],
    ["with a setting that is none", { "no.such": "1" }, "INVALID_REQUEST"],
  ] as const).map(([what, set, error]): Omit<RowScenario, "area"> => ({
    name: `client metrics cannot be asked for ${what}`,
    features: ["KIP-714"],
    clients: ["java", "franz-go"],
    steps: [{ ...alters("client_metrics", "m", { set }), error }],
  })),
  {
    name: "the root logger gets another level, which is told",
    features: ["KIP-412"],
    broker,
    clients: alone,
    steps: [
      alters("broker_logger", "broker", { set: { root: "ERROR" } }),
      tells("broker_logger", "broker", { root: { value: "ERROR", source: "DYNAMIC_BROKER_LOGGER_CONFIG" } }),
      alters("broker_logger", "broker", { set: { root: "WARN" } }),
      tells("broker_logger", "broker", { root: { value: "WARN" } }),
    ],
  },
  ...([
    ["a level that is none", { set: { root: "LOUD" } }, "INVALID_CONFIG"],
    ["a logger that is not there", { set: { "no.such.logger": "INFO" } }, "INVALID_CONFIG"],
    ["no level at all", { remove: ["root"] }, "INVALID_REQUEST"],
    ["one more level", { append: { root: "INFO" } }, "INVALID_REQUEST"],
  ] as const).map(([what, changes, error]): Omit<RowScenario, "area"> => ({
    name: `the loggers cannot be given ${what}`,
    features: ["KIP-412"],
    clients: ["java", "franz-go"],
    steps: [{ ...alters("broker_logger", "broker", changes), error }],
  })),
];

export const configsRows: readonly RowScenario[] = [...ofBrokers, ...groupAndMetrics].map((each) => ({ ...each, area }));

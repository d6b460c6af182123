/** Configurations of what is no topic, and client quotas. What concerns the broker is only checked: histories that are played beside would hear of it. */
import { ask, type Fields, type History, type Step, type Value } from "../history.ts";
import { APPEND, BROKER, type Change, CLIENT_METRICS, DELETE, GROUP, incrementally, LOGGER, ofResource, SET, SUBTRACT } from "./configs.ts";
import { topic } from "./fixture.ts";

const ofBroker = (name: string, ...changes: readonly Change[]) => ofResource(`the broker, ${name}`, BROKER, "1", ...changes);
const ofAllBrokers = (name: string, ...changes: readonly Change[]) => ofResource(`all brokers, ${name}`, BROKER, "", ...changes);
const ofGroup = (name: string, ...changes: readonly Change[]) => ofResource(`a group, ${name}`, GROUP, "g", ...changes);
const ofMetrics = (name: string, ...changes: readonly Change[]) => ofResource(`client metrics, ${name}`, CLIENT_METRICS, "m", ...changes);

const checking: readonly History[] = [
  ...ofResource("a broker without a number", BROKER, "one", ["log.retention.ms", SET, "5000"]),
  ...ofResource("another broker", BROKER, "9", ["log.retention.ms", SET, "5000"]),
  ...ofResource("the broker, a null", BROKER, "1", ["log.retention.ms", SET, null]),
  ...ofResource("the broker, the same key twice", BROKER, "1", ["log.retention.ms", SET, "1"], ["log.retention.ms", SET, "2"]),
  ...ofResource("the broker, what is read-only", BROKER, "1", ["node.id", SET, "3"]),
  ...ofResource("the broker, a wrong value", BROKER, "1", ["log.retention.ms", SET, "x"]),
  ...ofResource("the broker, something that it may", BROKER, "1", ["log.retention.ms", SET, "5000"]),
  ...ofResource("the broker, nothing", BROKER, "1"),
  ...ofResource("all brokers, something that they may", BROKER, "", ["log.retention.ms", SET, "5000"]),
  ...ofResource("all brokers, nothing", BROKER, ""),
  ...ofResource("a group", GROUP, "g", ["consumer.session.timeout.ms", SET, "45000"]),
  ...ofResource("a group, nothing", GROUP, "g"),
  ...ofResource("a group, a wrong value", GROUP, "g", ["consumer.session.timeout.ms", SET, "x"]),
  ...ofResource("a group without a name", GROUP, "", ["consumer.session.timeout.ms", SET, "45000"]),
  ...ofResource("client metrics", CLIENT_METRICS, "m", ["interval.ms", SET, "1000"]),
  ...ofResource("client metrics, nothing", CLIENT_METRICS, "m"),
  ...ofResource("client metrics of nobody", CLIENT_METRICS, "", ["interval.ms", SET, "1000"]),
  ...ofResource("the logger", LOGGER, "1", ["root", SET, "INFO"]),
  ...ofResource("the logger, nothing", LOGGER, "1"),
  ...ofResource("the logger, a wrong level", LOGGER, "1", ["root", SET, "LOUD"]),
  ...ofResource("the logger, an unknown one", LOGGER, "1", ["no.such.logger", SET, "INFO"]),
  ...ofResource("the logger, a null", LOGGER, "1", ["root", SET, null]),
  ...ofResource("the logger, which is deleted", LOGGER, "1", ["root", DELETE, null]),
  ...ofResource("the logger, to which something is appended", LOGGER, "1", ["root", APPEND, "INFO"]),
  ...ofResource("the logger of nobody", LOGGER, "", ["root", SET, "INFO"]),
  ...ofResource("the logger of another broker", LOGGER, "9", ["root", SET, "INFO"]),
  ...ofBroker("what nobody knows", ["no.such.config", SET, "x"]),
  ...ofBroker("what nobody knows is appended to", ["no.such.config", APPEND, "x"]),
  ...ofBroker("nothing in place of a number", ["log.retention.ms", SET, ""]),
  ...ofBroker("0 milliseconds of retention", ["log.retention.ms", SET, "0"]),
  ...ofBroker("retention for ever", ["log.retention.ms", SET, "-1"]),
  ...ofBroker("retention in hours", ["log.retention.hours", SET, "1"]),
  ...ofBroker("rolling at once", ["log.roll.ms", SET, "0"]),
  ...ofBroker("a jitter below zero", ["log.roll.jitter.ms", SET, "-1"]),
  ...ofBroker("one of two is wrong", ["log.retention.ms", SET, "5000"], ["num.partitions", SET, "3"]),
  ...ofBroker("what is read-only is deleted", ["num.partitions", DELETE, null]),
  ...ofBroker("a policy is appended", ["log.cleanup.policy", APPEND, "compact"]),
  ...ofBroker("a policy is subtracted", ["log.cleanup.policy", SUBTRACT, "delete"]),
  ...ofBroker("a policy that is none", ["log.cleanup.policy", SET, "keep"]),
  ...ofBroker("something is appended to a number", ["log.retention.ms", APPEND, "1"]),
  ...ofBroker("twice the threads", ["num.io.threads", SET, "16"]),
  ...ofBroker("more than twice the threads", ["num.io.threads", SET, "17"]),
  ...ofBroker("less than half of the threads", ["num.io.threads", SET, "3"]),
  ...ofBroker("no threads", ["background.threads", SET, "0"]),
  ...ofBroker("network threads", ["num.network.threads", SET, "7"]),
  ...ofBroker("recovery threads", ["num.recovery.threads.per.data.dir", SET, "4"]),
  ...ofBroker("two cleaners", ["log.cleaner.threads", SET, "2"]),
  ...ofBroker("three cleaners", ["log.cleaner.threads", SET, "3"]),
  ...ofBroker("too little memory for the cleaner", ["log.cleaner.dedupe.buffer.size", SET, "1048576"]),
  ...ofBroker("enough memory for the cleaner", ["log.cleaner.dedupe.buffer.size", SET, "1048577"]),
  ...ofBroker("no connections", ["max.connections", SET, "0"]),
  ...ofBroker("no connections from anywhere", ["max.connections.per.ip", SET, "0"]),
  ...ofBroker("no connections but from one", ["max.connections.per.ip", SET, "0"], [
    "max.connections.per.ip.overrides",
    SET,
    "127.0.0.1:9",
  ]),
  ...ofBroker("connections of everybody", ["max.connections.per.ip.overrides", SET, "everybody"]),
  ...ofBroker("no new connections", ["max.connection.creation.rate", SET, "0"]),
  ...ofBroker("a larger cache of remote indexes", ["remote.log.index.file.cache.total.size.bytes", SET, "2000000000"]),
  ...ofBroker("no cache of remote indexes", ["remote.log.index.file.cache.total.size.bytes", SET, "0"]),
  ...ofBroker("readers of remote logs", ["remote.log.reader.threads", SET, "21"]),
  ...ofBroker("more kept locally than in all", ["log.retention.ms", SET, "1000"], ["log.local.retention.ms", SET, "2000"]),
  ...ofBroker("all kept locally", ["log.retention.ms", SET, "1000"], ["log.local.retention.ms", SET, "-1"]),
  ...ofBroker("more bytes kept locally than in all", ["log.retention.bytes", SET, "1000"], ["log.local.retention.bytes", SET, "2000"]),
  ...ofBroker("producers are forgotten at once", ["producer.id.expiration.ms", SET, "0"]),
  ...ofBroker("a key store", ["ssl.keystore.location", SET, "/nowhere"]),
  ...ofBroker("a key store of a listener that is not there", ["listener.name.external.ssl.keystore.location", SET, "/nowhere"]),
  ...ofBroker("connections of its listener", ["listener.name.plaintext.max.connections", SET, "1000"]),
  ...ofBroker("a wrong number of connections of its listener", ["listener.name.plaintext.max.connections", SET, "many"]),
  ...ofBroker("TLS", ["ssl.protocol", SET, "TLSv1.3"]),
  ...ofBroker("metric reporters that are not there", ["metric.reporters", SET, "no.such.Reporter"]),
  ...ofBroker("the directory takes nothing new, which is another", ["cordoned.log.dirs", SET, "/nowhere"]),
  ...ofBroker("replication of leaders", ["leader.replication.throttled.rate", SET, "1000000"]),
  ...ofBroker("replication below zero", ["follower.replication.throttled.rate", SET, "-1"]),
  ...ofBroker("its in-sync replicas", ["min.insync.replicas", SET, "1"]),
  ...ofAllBrokers("what is read-only", ["node.id", SET, "3"]),
  ...ofAllBrokers("a wrong value", ["log.retention.ms", SET, "x"]),
  ...ofAllBrokers("what each needs its own of", ["ssl.protocol", SET, "TLSv1.3"]),
  ...ofAllBrokers("listeners", ["listeners", SET, "PLAINTEXT://127.0.0.1:9092"]),
  ...ofAllBrokers("directories that take nothing new", ["cordoned.log.dirs", SET, "/nowhere"]),
  ...ofAllBrokers("connections of a listener", ["listener.name.plaintext.max.connections", SET, "1000"]),
  ...ofAllBrokers("in-sync replicas", ["min.insync.replicas", SET, "1"]),
  ...ofAllBrokers("in-sync replicas are deleted", ["min.insync.replicas", DELETE, null]),
  ...ofAllBrokers("another default is deleted", ["log.retention.ms", DELETE, null]),
  ...ofGroup("what nobody knows", ["no.such.config", SET, "1"]),
  ...ofGroup("what nobody knows is deleted", ["no.such.config", DELETE, null]),
  ...ofGroup("a session that is too short", ["consumer.session.timeout.ms", SET, "44999"]),
  ...ofGroup("a session that is too long", ["consumer.session.timeout.ms", SET, "60001"]),
  ...ofGroup("the longest session", ["consumer.session.timeout.ms", SET, "60000"]),
  ...ofGroup("heartbeats that are too rare", ["consumer.heartbeat.interval.ms", SET, "15001"]),
  ...ofGroup("assignments that are too rare", ["consumer.assignment.interval.ms", SET, "15001"]),
  ...ofGroup("something is appended", ["consumer.session.timeout.ms", APPEND, "1"]),
  ...ofGroup("a start", ["share.auto.offset.reset", SET, "by_duration:PT1H"]),
  ...ofGroup("a start that is none", ["share.auto.offset.reset", SET, "by_duration:1h"]),
  ...ofGroup("an isolation", ["share.isolation.level", SET, "read_committed"]),
  ...ofGroup("an isolation that is none", ["share.isolation.level", SET, "serializable"]),
  ...ofGroup("too many deliveries", ["share.delivery.count.limit", SET, "11"]),
  ...ofGroup("locks that are too short", ["share.record.lock.duration.ms", SET, "14999"]),
  ...ofGroup("locks that are too many", ["share.partition.max.record.locks", SET, "10001"]),
  ...ofGroup("too many standby replicas", ["streams.num.standby.replicas", SET, "3"]),
  ...ofGroup("a long delay", ["streams.initial.rebalance.delay.ms", SET, "100000000"]),
  ...ofMetrics("what nobody knows", ["no.such.config", SET, "1"]),
  ...ofMetrics("too often", ["interval.ms", SET, "99"]),
  ...ofMetrics("too rarely", ["interval.ms", SET, "3600001"]),
  ...ofMetrics("no number", ["interval.ms", SET, "soon"]),
  ...ofMetrics("all of them", ["metrics", SET, "*"]),
  ...ofMetrics("the same twice", ["metrics", SET, "a,a"]),
  ...ofMetrics("one is empty", ["metrics", SET, "a,,b"]),
  ...ofMetrics("one is appended", ["metrics", APPEND, "a"]),
  ...ofMetrics("clients", ["match", SET, "client_id=a.*,client_source_port=[0-9]+"]),
  ...ofMetrics("clients by what they have not", ["match", SET, "name=a"]),
  ...ofMetrics("clients by nothing", ["match", SET, "client_id"]),
  ...ofMetrics("clients by no pattern", ["match", SET, "client_id=["]),
].flat();

/** What is set, once Kafka's broker has heard of it from its controller, which a later topic shows. */
const told = (resourceType: number, resourceName: string): readonly Step[] => [
  ...topic("w{run}", "laterId"),
  {
    api: "DescribeConfigs",
    version: 4,
    request: { resources: [{ resourceType, resourceName, configurationKeys: null }], includeSynonyms: true },
    keyed: { configs: "name" },
  },
  { api: "ListConfigResources", version: 1, request: { resourceTypes: [] }, own: ["configResources"], unordered: ["configResources"] },
];

function changes(name: string, type: number, of: string, ...steps: readonly (readonly Change[])[]): History {
  const request = (changes: readonly Change[]): Fields => ({
    resources: [{ resourceType: type, resourceName: of, configs: incrementally(changes) }],
  });
  const before = steps.slice(0, -1).map((changes): Step => ({ api: "IncrementalAlterConfigs", request: request(changes) }));
  return ask("IncrementalAlterConfigs", name, request(steps.at(-1)!), { versions: "1", before, after: told(type, of) });
}

/** With spaces around it Kafka's broker fails inside, and hears nothing more from its controller. */
const session = (value: string): Change => ["consumer.session.timeout.ms", SET, value];
const interval = (value: string): Change => ["interval.ms", SET, value];

const changing: readonly History[] = [
  changes("a group's setting", GROUP, "g{run}", [session("50000")]),
  changes("a group's settings are deleted", GROUP, "g{run}", [session("50000")], [["consumer.session.timeout.ms", DELETE, null]]),
  changes("one of a group's settings is wrong", GROUP, "g{run}", [session("50000"), ["share.delivery.count.limit", SET, "1"]]),
  changes("a subscription's settings", CLIENT_METRICS, "m{run}", [interval("1000"), ["metrics", SET, "a, b"], [
    "match",
    SET,
    "client_id=x",
  ]]),
  changes("a subscription's metrics that are there twice", CLIENT_METRICS, "m{run}", [["metrics", SET, "a,b,a"], [
    "match",
    SET,
    "client_id=x",
  ]]),
  changes("a subscription is deleted", CLIENT_METRICS, "m{run}", [interval("1000")], [["interval.ms", DELETE, null]]),
];

const [EXACT, DEFAULT, SPECIFIED] = [0, 1, 2];
const user = (entityName: string | null) => ({ entityType: "user", entityName });
const client = (entityName: string | null) => ({ entityType: "client-id", entityName });
const address = (entityName: string | null) => ({ entityType: "ip", entityName });
const set = (key: string, value: number) => ({ key, value, remove: false });
const remove = (key: string) => ({ key, value: 0, remove: true });
const ofUser = { entity: [user("u{run}")], ops: [set("producer_byte_rate", 1000)] };

const inOrder = { own: ["entries"], unordered: ["entries", "entity", "values"] };
const found = (components: Value = [], strict = false): readonly Step[] => [
  ...topic("w{run}", "laterId"),
  { api: "DescribeClientQuotas", version: 1, request: { components, strict }, ...inOrder },
];

const alters = (name: string, ...entries: readonly Fields[]): History =>
  ask("AlterClientQuotas", name, { entries }, { versions: "1", unordered: ["entries", "entity"], after: found() });
const seeks = (name: string, components: Value, strict = false): History =>
  ask("DescribeClientQuotas", name, { components, strict }, {
    versions: "1",
    before: [{
      api: "AlterClientQuotas",
      request: {
        entries: [
          ofUser,
          { ...ofUser, entity: [user("u{run}"), client("c{run}")] },
          { ...ofUser, entity: [user("u{run}"), client(null)] },
          { ...ofUser, entity: [client("c{run}")] },
        ],
      },
      unordered: ["entries", "entity"],
    }, ...topic("w{run}", "laterId")],
    ...inOrder,
  });
const match = (entityType: string, matchType: number, name: string | null = null) => ({ entityType, matchType, match: name });

const quotas: readonly History[] = [
  alters("a user's", ofUser),
  alters("a user's client's", { ...ofUser, entity: [user("u{run}"), client("c{run}")] }),
  alters("the default client's of a user", { ...ofUser, entity: [user("u{run}"), client(null)] }),
  alters("all there are", {
    ...ofUser,
    ops: [
      set("producer_byte_rate", 1),
      set("consumer_byte_rate", 2 ** 53),
      set("request_percentage", 12.5),
      set("controller_mutation_rate", 0.1),
    ],
  }),
  alters("one is removed, one set", { ...ofUser, ops: [remove("producer_byte_rate"), set("request_percentage", 5)] }),
  alters("one is removed that never was", { ...ofUser, ops: [remove("speed")] }),
  alters("nothing", { ...ofUser, ops: [] }),
  alters("the same entity twice", ofUser, { ...ofUser, ops: [set("producer_byte_rate", 2000)] }),
  alters("the same entity twice, the first wrong", { ...ofUser, ops: [set("speed", 1)] }, ofUser),
  alters("the same quota twice", { ...ofUser, ops: [set("producer_byte_rate", 1), set("producer_byte_rate", 2)] }),
  alters("the same type twice", { ...ofUser, entity: [user("u{run}"), user("v{run}")] }),
  alters("nobody's", { ...ofUser, entity: [] }),
  alters("a user's without a name", { ...ofUser, entity: [user("")] }),
  alters("a client's without a name", { ...ofUser, entity: [client("")] }),
  alters("those of a type that is not there", { ...ofUser, entity: [{ entityType: "group", entityName: "g{run}" }] }),
  alters("a user's address's", { ...ofUser, entity: [user("u{run}"), address("127.0.0.1")] }),
  alters("connections of what is no address", { entity: [address("1.2.3.400")], ops: [set("connection_creation_rate", 1)] }),
  alters("half a connection", { entity: [address("127.0.0.1")], ops: [set("connection_creation_rate", 0.5)] }),
  alters("too many connections", { entity: [address("127.0.0.1")], ops: [set("connection_creation_rate", 2 ** 31)] }),
  alters("bytes of an address", { entity: [address("127.0.0.1")], ops: [set("producer_byte_rate", 1)] }),
  alters("connections of a user", { ...ofUser, ops: [set("connection_creation_rate", 1)] }),
  alters("a quota that is not there", { ...ofUser, ops: [set("speed", 1)] }),
  alters("zero", { ...ofUser, ops: [set("producer_byte_rate", 0)] }),
  alters("less than zero", { ...ofUser, ops: [set("request_percentage", -1)] }),
  alters("half a byte", { ...ofUser, ops: [set("producer_byte_rate", 1.5)] }),
  alters("hardly more than a byte", { ...ofUser, ops: [set("producer_byte_rate", 1.0000001)] }),
  alters("too many bytes", { ...ofUser, ops: [set("consumer_byte_rate", 2 ** 64)] }),
  alters("a right one and a wrong one", ofUser, { entity: [user("v{run}")], ops: [set("producer_byte_rate", -1)] }),
  ask("AlterClientQuotas", "only to validate", { entries: [ofUser], validateOnly: true }, { after: found() }),
  ask("AlterClientQuotas", "only to validate what is wrong", { entries: [{ ...ofUser, ops: [set("speed", 1)] }], validateOnly: true }),
  seeks("all", []),
  seeks("strictly nobody's", [], true),
  seeks("a user's", [match("user", EXACT, "u{run}")]),
  seeks("strictly a user's", [match("user", EXACT, "u{run}")], true),
  seeks("every user's", [match("user", SPECIFIED)]),
  seeks("strictly every user's client's", [match("user", SPECIFIED), match("client-id", EXACT, "c{run}")], true),
  seeks("the default client's", [match("client-id", DEFAULT)]),
  seeks("nobody's", [match("user", EXACT, "nobody{run}")]),
  seeks("those of no type", [match("", SPECIFIED)]),
  seeks("those of a type that is not there", [match("group", SPECIFIED)]),
  seeks("those of the same type twice", [match("user", SPECIFIED), match("user", DEFAULT)]),
  seeks("those of a name that is none", [match("user", EXACT)]),
  seeks("the default with a name", [match("user", DEFAULT, "u{run}")]),
  seeks("every one with a name", [match("user", SPECIFIED, "u{run}")]),
  seeks("an unknown match", [match("user", 3)]),
  seeks("a user's address's", [match("user", SPECIFIED), match("ip", SPECIFIED)]),
];

const listing: readonly History[] = ([[], [GROUP], [CLIENT_METRICS], [GROUP, GROUP], [1], [64, GROUP], [0]] as const).map((resourceTypes) =>
  ask("ListConfigResources", `of types ${resourceTypes}`, { resourceTypes }, {
    versions: "1",
    before: [
      ...[[GROUP, "g{run}", session("50000")] as const, [CLIENT_METRICS, "m{run}", interval("1000")] as const].map((
        [type, of, change],
      ) => ({
        api: "IncrementalAlterConfigs",
        request: { resources: [{ resourceType: type, resourceName: of, configs: incrementally([change]) }] },
      })),
      ...topic("w{run}", "laterId"),
    ],
    own: ["configResources"],
    unordered: ["configResources"],
  })
);

export const resourceHistories: readonly History[] = [...checking, ...changing, ...quotas, ...listing];

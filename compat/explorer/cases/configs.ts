/** Configurations that change: what Kafka's source can answer to IncrementalAlterConfigs and AlterConfigs, what provokes it, and what is told afterwards. */
import { batchOf } from "../../../broker/testing/requests.ts";
import { ask, type Await, type Fields, type History, type Step, type Value } from "../history.ts";
import { topic } from "./fixture.ts";

export const [TOPIC, BROKER, LOGGER, CLIENT_METRICS, GROUP] = [2, 4, 8, 16, 32];
export const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];

const MESSAGE_TOO_LARGE = 10;

/** A setting with its operation; AlterConfigs has none but to set. */
export type Change = readonly [name: string, operation: number, value: string | null];

export const incrementally = (changes: readonly Change[]): Value =>
  changes.map(([name, configOperation, value]) => ({ name, configOperation, value }));
const atOnce = (changes: readonly Change[]): Value => changes.map(([name, , value]) => ({ name, value }));

/** What `a{run}` is configured with, once Kafka's broker has heard of it from its controller, which a later topic shows. */
const told: readonly Step[] = [
  ...topic("w{run}", "laterId"),
  {
    api: "DescribeConfigs",
    version: 4,
    request: { resources: [{ resourceType: TOPIC, resourceName: "a{run}", configurationKeys: null }], includeSynonyms: true },
    keyed: { configs: "name" },
  },
];

/** Before everything: `a{run}` has two settings of its own. */
const configured = topic("a{run}", "topicId", 1, { "retention.ms": "1000", "cleanup.policy": "compact" });

const before = (changes: readonly Change[]): readonly Step[] => [...configured, {
  api: "IncrementalAlterConfigs",
  request: { resources: [{ resourceType: TOPIC, resourceName: "a{run}", configs: incrementally(changes) }] },
}];

/** Changes that are made, and what is told of the topic then; in the newest version, as the older ones say the same in other bytes. */
function changes(name: string, changes: readonly Change[], earlier: readonly (Step | Await)[] = configured): History {
  const request = { resources: [{ resourceType: TOPIC, resourceName: "a{run}", configs: incrementally(changes) }] };
  return ask("IncrementalAlterConfigs", name, request, { versions: "1", before: earlier, after: told });
}

function replaces(name: string, changes: readonly Change[]): History {
  const request = { resources: [{ resourceType: TOPIC, resourceName: "a{run}", configs: atOnce(changes) }] };
  return ask("AlterConfigs", name, request, { versions: "2", before: configured, after: told });
}

/**
 * Resources whose changes are only checked, by both APIs where AlterConfigs can say it. Kafka never answers an AlterConfigs that names a resource twice,
 * and fails inside over an operation that it does not know, at the expense of requests beside it: neither is asked.
 */
function checks(name: string, resources: readonly { readonly type: number; readonly of: string; readonly changes: readonly Change[] }[]) {
  const request = (configs: (changes: readonly Change[]) => Value): Fields => ({
    resources: resources.map(({ type, of, changes }) => ({ resourceType: type, resourceName: of, configs: configs(changes) })),
    validateOnly: true,
  });
  const histories = [ask("IncrementalAlterConfigs", name, request(incrementally))];
  const distinct = new Set(resources.map(({ type, of }) => `${type} ${of}`)).size === resources.length;
  if (distinct && resources.every(({ changes }) => changes.every(([, operation]) => operation === SET))) {
    histories.push(ask("AlterConfigs", name, request(atOnce)));
  }
  return histories;
}

const check = (name: string, ...changes: readonly Change[]) => checks(name, [{ type: TOPIC, of: "stock", changes }]);
export const ofResource = (name: string, type: number, of: string, ...changes: readonly Change[]) => checks(name, [{ type, of, changes }]);
const retention: Change = ["retention.ms", SET, "5000"];
const policy = (operation: number, value: string | null): Change => ["cleanup.policy", operation, value];

const changing: readonly History[] = [
  changes("a value", [retention]),
  changes("a value that it has", [["retention.ms", SET, "1000"]]),
  changes("a value that is the default", [["retention.ms", SET, "604800000"]]),
  changes("a value with spaces", [["retention.ms", SET, " 5000 "]]),
  changes("two values", [retention, ["max.message.bytes", SET, "2000"]]),
  changes("one value is deleted, one set", [["retention.ms", DELETE, null], ["max.message.bytes", SET, "2000"]]),
  changes("a value is deleted that is not there", [["segment.bytes", DELETE, null]]),
  changes("a value is deleted that is told, too", [["retention.ms", DELETE, "7"]]),
  changes("an unknown key is deleted", [["no.such.config", DELETE, null]]),
  changes("everything is deleted", [["retention.ms", DELETE, null], policy(DELETE, null)]),
  changes("a policy is appended", [policy(APPEND, "delete")]),
  changes("a policy is appended that is there", [policy(APPEND, "compact")]),
  changes("two policies are appended", [policy(APPEND, "compact,delete")]),
  changes("a policy is appended with a space", [policy(APPEND, " delete")]),
  changes("nothing is appended", [policy(APPEND, "")]),
  changes("commas are appended", [policy(APPEND, ",")]),
  changes("something is appended to a default that is empty", [["leader.replication.throttled.replicas", APPEND, "0:1"]]),
  changes("a policy is appended to the default", [policy(APPEND, "compact")], topic("a{run}", "topicId")),
  changes("a policy is subtracted", [policy(SUBTRACT, "compact")]),
  changes("a policy is subtracted that is not there", [policy(SUBTRACT, "delete")]),
  changes("a policy is subtracted from the default", [policy(SUBTRACT, "delete")], topic("a{run}", "topicId")),
  changes("a policy is subtracted that is there twice", [policy(SUBTRACT, "delete")], before([policy(SET, "delete,compact,delete")])),
  changes("a policy is subtracted of those with spaces", [policy(SUBTRACT, "delete")], before([policy(SET, "compact, delete")])),
  changes("no policy", [policy(SET, "")]),
  changes("none of them is changed, since one is wrong", [retention, ["segment.bytes", SET, "1"]]),
  changes("nothing", []),
  changes("what has no effect on one broker", [
    ["unclean.leader.election.enable", SET, "true"],
    ["min.insync.replicas", SET, "2"],
    ["follower.replication.throttled.replicas", SET, "*"],
    ["preallocate", SET, "true"],
  ]),
  changes(
    "a lag that contradicts the one that is there",
    [["max.compaction.lag.ms", SET, "5"]],
    before([["min.compaction.lag.ms", SET, "10"]]),
  ),
  changes(
    "a list that becomes too long",
    [["leader.replication.throttled.replicas", APPEND, replicas(20_000)]],
    before([["leader.replication.throttled.replicas", SET, replicas(10_000)]]),
  ),
  replaces("one value", [["max.message.bytes", SET, "2000"]]),
  replaces("a value that it has", [["retention.ms", SET, "1000"]]),
  replaces("nothing", []),
  replaces("none of them, since one is wrong", [retention, ["segment.bytes", SET, "1"]]),
  replaces("an unknown key", [["no.such.config", SET, "1"]]),
];

const checking: readonly History[] = [
  check("only to validate", retention),
  check("a null", ["retention.ms", SET, null]),
  check("a null among others", retention, ["segment.bytes", SET, null]),
  check("a null is appended", policy(APPEND, null)),
  check("a null is subtracted", policy(SUBTRACT, null)),
  check("the same key twice", retention, retention),
  check("the same key with two operations", policy(SET, "delete"), policy(APPEND, "compact")),
  check("something is appended to a number", ["retention.ms", APPEND, "1"]),
  check("something is subtracted from a number", ["retention.ms", SUBTRACT, "1"]),
  check("something is appended to an unknown key", ["no.such.config", APPEND, "1"]),
  check("an unknown operation, no value", ["retention.ms", -1, null]),
  check("an unknown key", ["no.such.config", SET, "1"]),
  check("an unknown key and a wrong value", ["segment.bytes", SET, "1"], ["no.such.config", SET, "1"]),
  check("no key", ["", SET, "1"]),
  check("no key is deleted", ["", DELETE, null]),
  check("the key of another resource", ["log.retention.ms", SET, "1"]),
  check("the config of long ago", ["message.format.version", SET, "2.0"]),
  check("another config of long ago", ["message.downconversion.enable", SET, "false"]),
  check("a third config of long ago", ["message.timestamp.difference.max.ms", SET, "5"]),
  check("an internal config", ["internal.segment.bytes", SET, "100"]),
  check("no number", ["segment.bytes", SET, "many"]),
  check("a number that is too small", ["segment.bytes", SET, "1"]),
  check("a number that is too large", ["max.message.bytes", SET, "3000000000"]),
  check("an empty number", ["retention.ms", SET, ""]),
  check("no choice", ["cleanup.policy", SET, "keep"]),
  check("no choice is appended", policy(APPEND, "keep")),
  check("a wrong boolean", ["preallocate", SET, "yes"]),
  check("a wrong ratio", ["min.cleanable.dirty.ratio", SET, "2"]),
  check("a wrong codec", ["compression.type", SET, "brotli"]),
  check("a wrong timestamp type", ["message.timestamp.type", SET, "logappendtime"]),
  check("wrong throttled replicas", ["leader.replication.throttled.replicas", SET, "all"]),
  check("lags that contradict each other", ["min.compaction.lag.ms", SET, "10"], ["max.compaction.lag.ms", SET, "5"]),
  check("remote storage", ["remote.storage.enable", SET, "true"]),
  check("more than is retained locally", ["retention.ms", SET, "1000"], ["local.retention.ms", SET, "2000"]),
  check("copying to remote storage is disabled", ["remote.log.copy.disable", SET, "true"]),
  check("remote storage is emptied", ["remote.log.delete.on.disable", SET, "true"]),
  check("a value of 32767 bytes", ["leader.replication.throttled.replicas", SET, `${"0:1,".repeat(8191)}0:1`]),
  ...ofResource("a topic that is not there", TOPIC, "none{run}", retention),
  ...ofResource("a topic that is not there, with a wrong value", TOPIC, "none{run}", ["segment.bytes", SET, "1"]),
  ...ofResource("a topic that is not there, with nothing", TOPIC, "none{run}"),
  ...ofResource("a name that none can have", TOPIC, "a b", retention),
  ...ofResource("a name that none can have, with a wrong value", TOPIC, "a b", ["segment.bytes", SET, "1"]),
  ...ofResource("no name", TOPIC, "", retention),
  ...ofResource("the metadata", TOPIC, "__cluster_metadata", retention),
  ...ofResource("the offsets", TOPIC, "__consumer_offsets", retention),
  ...ofResource("a type that is not there", 3, "x", retention),
  ...ofResource("no type", 0, "x", retention),
  ...checks("the same topic twice", [
    { type: TOPIC, of: "stock", changes: [retention] },
    { type: TOPIC, of: "stock", changes: [["segment.bytes", SET, "1"]] },
  ]),
  ...checks("the same topic three times, and another one", [
    { type: TOPIC, of: "stock", changes: [retention] },
    { type: TOPIC, of: "none{run}", changes: [retention] },
    { type: TOPIC, of: "stock", changes: [retention] },
    { type: TOPIC, of: "stock", changes: [retention] },
  ]),
  ...checks("a type that is not there twice", [{ type: 3, of: "x", changes: [] }, { type: 3, of: "x", changes: [] }]),
  ...checks("several that fail and one that does not", [
    { type: TOPIC, of: "none{run}", changes: [retention] },
    { type: 3, of: "x", changes: [retention] },
    { type: TOPIC, of: "stock", changes: [retention] },
    { type: TOPIC, of: "a b", changes: [retention] },
    { type: BROKER, of: "7", changes: [] },
  ]),
  ...checks("no resource", []),
].flat();

/** Replicas of partitions from `first` on: some 18,000 characters. */
function replicas(first: number): string {
  return Array.from({ length: 2_250 }, (_, i) => `${first + i}:1`).join(",");
}

const produces = (records: Uint8Array, more: Partial<Step> = {}): Step => ({
  api: "Produce",
  version: 9,
  request: { acks: -1, timeoutMs: 5_000, topicData: [{ name: "a{run}", partitionData: [{ index: 0, records }] }] },
  ...more,
});

/** What is changed counts from then on. */
const effective: readonly History[] = [
  ...([["IncrementalAlterConfigs", incrementally], ["AlterConfigs", atOnce]] as const).map(([api, configs]) =>
    ask(
      api,
      "the size of messages, which counts",
      { resources: [{ resourceType: TOPIC, resourceName: "a{run}", configs: configs([["max.message.bytes", SET, "50"]]) }] },
      { before: topic("a{run}", "topicId"), after: [produces(batchOf(["x".repeat(100)]), { untilError: MESSAGE_TOO_LARGE })] },
    )
  ),
];

export const configHistories: readonly History[] = [
  ...changing,
  ...checking,
  ...effective,
];

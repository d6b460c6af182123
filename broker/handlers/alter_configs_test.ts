import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settleThrough } from "../../platform/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { ListOffsets } from "../../protocol/generated/02_list_offsets.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { JoinGroup } from "../../protocol/generated/11_join_group.ts";
import { LeaveGroup } from "../../protocol/generated/13_leave_group.ts";
import { SyncGroup } from "../../protocol/generated/14_sync_group.ts";
import { CreateTopics } from "../../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../../protocol/generated/20_delete_topics.ts";
import { DescribeConfigs } from "../../protocol/generated/32_describe_configs.ts";
import { AlterConfigs } from "../../protocol/generated/33_alter_configs.ts";
import { IncrementalAlterConfigs, type IncrementalAlterConfigsResource } from "../../protocol/generated/44_incremental_alter_configs.ts";
import { ListConfigResources } from "../../protocol/generated/74_list_config_resources.ts";
import { errorName } from "../../protocol/errors.ts";
import type { RequestContext } from "../handler.ts";
import { ConfigOperation } from "../metadata/alter_configs.ts";
import { batchOf, offsetOf, produceTo } from "../testing/requests.ts";
import { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";
import { alterConfigs } from "./33_alter_configs.ts";
import { incrementalAlterConfigs } from "./44_incremental_alter_configs.ts";

const [TOPIC, BROKER, LOGGER, METRICS, GROUP] = [2, 4, 8, 16, 32];
const { SET, DELETE, APPEND } = ConfigOperation;

type Change = readonly [name: string, configOperation: number, value: string | null];

function resource(resourceType: number, resourceName: string, ...changes: readonly Change[]): IncrementalAlterConfigsResource {
  return { resourceType, resourceName, configs: changes.map(([name, configOperation, value]) => ({ name, configOperation, value })) };
}

async function alter(
  client: WireClient,
  resources: IncrementalAlterConfigsResource[],
  validateOnly = false,
  version = 1,
): Promise<string[]> {
  const { responses } = await client.call(IncrementalAlterConfigs, version, { resources, validateOnly });
  return responses.map(({ resourceName, errorCode }) => `${resourceName}: ${errorName(errorCode)}`);
}

async function replace(client: WireClient, name: string, configs: Record<string, string | null>, validateOnly = false): Promise<string[]> {
  const named = Object.entries(configs).map(([name, value]) => ({ name, value }));
  const resources = [{ resourceType: TOPIC, resourceName: name, configs: named }];
  const { responses } = await client.call(AlterConfigs, 2, { resources, validateOnly });
  return responses.map(({ resourceName, errorCode }) => `${resourceName}: ${errorName(errorCode)}`);
}

/** What DescribeConfigs tells of one setting: value, source, and the synonyms with theirs. */
async function told(client: WireClient, topic: string, name: string): Promise<[value: string | null, source: number, synonyms: string[]]> {
  const resources = [{ resourceType: TOPIC, resourceName: topic, configurationKeys: [name] }];
  const { results } = await client.call(DescribeConfigs, 4, { resources, includeSynonyms: true, includeDocumentation: false });
  const [{ value, configSource, synonyms }] = results[0].configs;
  return [value, configSource, synonyms.map(({ name, value, source }) => `${name}=${value} (${source})`)];
}

async function produced(client: WireClient, topic: string, value: string): Promise<{ errorCode: string; logAppendTimeMs: number }> {
  const { responses } = await client.call(Produce, 9, produceTo(topic, 0, batchOf([value])));
  const { errorCode, logAppendTimeMs } = responses[0].partitionResponses[0];
  return { errorCode: errorName(errorCode), logAppendTimeMs: Number(logAppendTimeMs) };
}

describe("IncrementalAlterConfigs and AlterConfigs", () => {
  it("alter what DescribeConfigs tells, and give defaults back", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} }, properties: { "message.max.bytes": "3000" } });
    const client = await world.connect();
    const byDefault = ["3000", 4, ["message.max.bytes=3000 (4)", "message.max.bytes=1048588 (5)"]];
    assert.deepEqual(await told(client, "t", "max.message.bytes"), byDefault);
    assert.deepEqual(await alter(client, [resource(TOPIC, "t", ["max.message.bytes", SET, "2000"])]), ["t: NONE"]);
    assert.deepEqual(await told(client, "t", "max.message.bytes"), [
      "2000",
      1,
      ["max.message.bytes=2000 (1)", "message.max.bytes=3000 (4)", "message.max.bytes=1048588 (5)"],
    ]);
    assert.deepEqual(await alter(client, [resource(TOPIC, "t", ["max.message.bytes", DELETE, null])], false, 0), ["t: NONE"]);
    assert.deepEqual(await told(client, "t", "max.message.bytes"), byDefault);
    assert.deepEqual(await replace(client, "t", { "max.message.bytes": "1000", "retention.ms": "7" }), ["t: NONE"]);
    assert.deepEqual(await replace(client, "t", { "retention.ms": "8" }), ["t: NONE"]);
    assert.deepEqual(await told(client, "t", "max.message.bytes"), byDefault);
    assert.deepEqual((await told(client, "t", "retention.ms")).slice(0, 2), ["8", 1]);
  });

  it("count at once, in every partition that is open, and only in the topic's own", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 }, u: {} } });
    const client = await world.connect();
    const [small, large] = ["x", "x".repeat(1000)];
    assert.equal((await produced(client, "t", large)).errorCode, "NONE");
    await alter(client, [resource(TOPIC, "t", ["max.message.bytes", SET, "500"], ["message.timestamp.type", SET, "LogAppendTime"])]);
    for (const index of [0, 1]) {
      const { responses } = await client.call(Produce, 9, produceTo("t", index, batchOf([large])));
      assert.equal(errorName(responses[0].partitionResponses[0].errorCode), "MESSAGE_TOO_LARGE");
    }
    assert.deepEqual(await produced(client, "t", small), { errorCode: "NONE", logAppendTimeMs: world.platform.clock.now() });
    assert.deepEqual(await produced(client, "u", large), { errorCode: "NONE", logAppendTimeMs: -1 });
    await replace(client, "t", { "cleanup.policy": "compact" });
    assert.equal((await produced(client, "t", small)).errorCode, "INVALID_RECORD", "records of a compacted topic need a key");
    await replace(client, "t", {});
    assert.deepEqual(await produced(client, "t", large), { errorCode: "NONE", logAppendTimeMs: -1 });
  });

  it("count where old records are looked for", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { configs: { "retention.ms": "-1" } } } });
    const client = await world.connect();
    const earliest = async () => (await client.call(ListOffsets, 7, offsetOf("t", 0, -2n))).topics[0].partitions[0].offset;
    const checkIntervalMs = 300_000;
    await produced(client, "t", "old");
    await settleThrough(world.platform.clock, 2 * checkIntervalMs);
    assert.equal(await earliest(), 0);
    await alter(client, [resource(TOPIC, "t", ["retention.ms", SET, "1000"])]);
    await settleThrough(world.platform.clock, 2 * checkIntervalMs);
    assert.equal(await earliest(), 1);
  });

  it("count for the broker's own records, too", async () => {
    const world = await BrokerWorld.start(1, {});
    const client = await world.connect();
    await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] });
    const member = { groupId: "g", memberId: "", groupInstanceId: null, protocolType: "consumer", reason: null };
    const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 };
    const outcomes: string[] = [];
    for (const bytes of ["1000", "100000"]) {
      assert.deepEqual(await alter(client, [resource(TOPIC, "__consumer_offsets", ["max.message.bytes", SET, bytes])]), [
        "__consumer_offsets: NONE",
      ]);
      const joined = await client.call(JoinGroup, 3, { ...member, ...times, protocols: [{ name: "range", metadata: Uint8Array.of() }] });
      const { memberId, generationId } = joined;
      const named = { groupId: "g", memberId, generationId, groupInstanceId: null, protocolType: null, protocolName: null };
      const { errorCode } = await client.call(SyncGroup, 3, { ...named, assignments: [{ memberId, assignment: new Uint8Array(5_000) }] });
      outcomes.push(errorName(errorCode));
      await client.call(LeaveGroup, 2, { groupId: "g", memberId, members: [] });
    }
    assert.deepEqual(outcomes, ["UNKNOWN_SERVER_ERROR", "NONE"]);
  });

  it("are there after a clean stop, a kill and a power cut", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const restarts = [() => world.reopen(), () => world.restart("kill"), () => world.restart("power cut")];
    for (const [at, restart] of restarts.entries()) {
      await alter(await world.connect(), [
        resource(TOPIC, "t", ["max.message.bytes", SET, `${500 + at}`], ["retention.ms", at ? DELETE : SET, "5"]),
      ]);
      await restart();
      const client = await world.connect();
      assert.deepEqual((await told(client, "t", "max.message.bytes")).slice(0, 2), [`${500 + at}`, 1]);
      assert.deepEqual((await told(client, "t", "retention.ms"))[0], at ? "604800000" : "5");
      assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "MESSAGE_TOO_LARGE");
    }
  });

  it("leave a topic of the same name as it is created anew", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    await alter(client, [resource(TOPIC, "t", ["max.message.bytes", SET, "100"])]);
    await client.call(DeleteTopics, 5, { topicNames: ["t"], topics: [], timeoutMs: 1000 });
    assert.deepEqual(await alter(client, [resource(TOPIC, "t", ["max.message.bytes", SET, "100"])]), ["t: UNKNOWN_TOPIC_OR_PARTITION"]);
    const topic = { name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    await client.call(CreateTopics, 7, { topics: [topic], timeoutMs: 1000, validateOnly: false });
    assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "NONE");
  });

  it("change nothing that is only to be validated", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    assert.deepEqual(await alter(client, [resource(TOPIC, "t", ["max.message.bytes", SET, "100"])], true), ["t: NONE"]);
    assert.deepEqual(await alter(client, [resource(TOPIC, "t", ["segment.bytes", SET, "1"])], true), ["t: INVALID_CONFIG"]);
    assert.deepEqual(await replace(client, "t", { "max.message.bytes": "100" }, true), ["t: NONE"]);
    assert.equal((await told(client, "t", "max.message.bytes"))[1], 5);
    assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "NONE");
  });

  it("answer each resource by itself, in the order of the request", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {}, u: {}, v: {} } });
    const client = await world.connect();
    const change: Change = ["retention.ms", SET, "5"];
    const resources = [
      resource(TOPIC, "none", change),
      resource(TOPIC, "t", change),
      resource(TOPIC, "u", change),
      resource(3, "t", change),
      resource(TOPIC, "v", ["segment.bytes", SET, "1"]),
      resource(TOPIC, "u"),
    ];
    assert.deepEqual(await alter(client, resources), [
      "none: UNKNOWN_TOPIC_OR_PARTITION",
      "t: NONE",
      "u: INVALID_REQUEST",
      "t: INVALID_REQUEST",
      "v: INVALID_CONFIG",
      "u: INVALID_REQUEST",
    ]);
    assert.equal((await told(client, "t", "retention.ms"))[0], "5");
    assert.equal((await told(client, "u", "retention.ms"))[0], "604800000");
  });
});

/** What becomes of one resource, by a broker with the id 1 that would accept everything, when nobody may alter what is `denied`. */
async function outcome(one: IncrementalAlterConfigsResource, denied = "", older = false): Promise<string> {
  const metadata = {
    alterConfigs: (all: readonly unknown[]) => Promise.resolve(all.map(() => ({ errorCode: 0, errorMessage: null, records: [] }))),
  };
  const context = {
    connection: { nodeId: 1 },
    authorize: (operation: string, type: string) => operation === "AlterConfigs" && type !== denied,
  } as unknown as RequestContext;
  const request = { resources: [one], validateOnly: false };
  const admin = { metadata, logger: { level: "info" as const } };
  const response = await (older ? alterConfigs(admin).handle(context, request) : incrementalAlterConfigs(admin).handle(context, request));
  return errorName(response!.responses[0].errorCode);
}

describe("a request to alter configurations", () => {
  const refusals: readonly [what: string, resource: IncrementalAlterConfigsResource][] = [
    ["a setting named twice", resource(TOPIC, "t", ["retention.ms", SET, "1"], ["retention.ms", DELETE, null])],
    ["a value that is null", resource(TOPIC, "t", ["retention.ms", SET, null])],
    ["null appended", resource(TOPIC, "t", ["cleanup.policy", APPEND, null])],
    ["an unknown operation", resource(TOPIC, "t", ["retention.ms", 4, "1"])],
    ["an unknown type", resource(7, "t")],
    ["another broker", resource(BROKER, "2")],
    ["no broker", resource(BROKER, "b")],
    ["a logger's level, which is taken away", resource(LOGGER, "1", ["root", DELETE, null])],
    ["a logger's level, to which is appended", resource(LOGGER, "1", ["root", APPEND, "INFO"])],
    ["a logger of nobody", resource(LOGGER, "")],
  ];
  for (const [what, one] of refusals) {
    it(`is refused: ${what}`, async () => assert.equal(await outcome(one), "INVALID_REQUEST"));
  }

  it("is refused where there is no such logger, or level", async () => {
    assert.equal(await outcome(resource(LOGGER, "1", ["kafka", SET, "INFO"])), "INVALID_CONFIG");
    assert.equal(await outcome(resource(LOGGER, "1", ["root", SET, "info"])), "INVALID_CONFIG");
    assert.equal(await outcome(resource(LOGGER, "1"), "", true), "INVALID_REQUEST", "AlterConfigs knows no loggers");
  });

  it("is asked for by those who may", async () => {
    assert.equal(await outcome(resource(TOPIC, "t"), "Topic"), "TOPIC_AUTHORIZATION_FAILED");
    assert.equal(await outcome(resource(GROUP, "g"), "Group"), "GROUP_AUTHORIZATION_FAILED");
    assert.equal(await outcome(resource(BROKER, ""), "Cluster"), "CLUSTER_AUTHORIZATION_FAILED");
    assert.equal(await outcome(resource(LOGGER, "1"), "Cluster"), "CLUSTER_AUTHORIZATION_FAILED");
    assert.equal(await outcome(resource(METRICS, "m"), "Cluster"), "CLUSTER_AUTHORIZATION_FAILED");
  });
});

/** What DescribeConfigs tells of one setting of any resource. */
async function valueOf(
  client: WireClient,
  resourceType: number,
  resourceName: string,
  name: string,
): Promise<[string | null, number] | null> {
  const resources = [{ resourceType, resourceName, configurationKeys: [name] }];
  const { results } = await client.call(DescribeConfigs, 4, { resources, includeSynonyms: false, includeDocumentation: false });
  const [found] = results[0].configs;
  return found === undefined ? null : [found.value, found.configSource];
}

describe("settings of the broker", () => {
  it("are told, those of all brokers beneath its own, and are defaults of topics at once", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {}, u: { configs: { "max.message.bytes": "5000" } } } });
    const client = await world.connect();
    assert.deepEqual(await alter(client, [resource(BROKER, "", ["message.max.bytes", SET, "3000"])]), [": NONE"]);
    assert.deepEqual(await alter(client, [resource(BROKER, "1", ["message.max.bytes", SET, "500"])]), ["1: NONE"]);
    assert.deepEqual(await valueOf(client, BROKER, "", "message.max.bytes"), ["3000", 3]);
    assert.deepEqual(await valueOf(client, BROKER, "1", "message.max.bytes"), ["500", 2]);
    assert.deepEqual((await told(client, "t", "max.message.bytes")).slice(0, 2), ["500", 2]);
    assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "MESSAGE_TOO_LARGE");
    assert.equal((await produced(client, "u", "x".repeat(1000))).errorCode, "NONE");
    await alter(client, [resource(BROKER, "1", ["message.max.bytes", DELETE, null])]);
    assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "NONE");
    assert.equal((await produced(client, "t", "x".repeat(3000))).errorCode, "MESSAGE_TOO_LARGE");
  });

  it("are there, and obeyed, after a clean stop, a kill and a power cut", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    for (const [at, restart] of [() => world.reopen(), () => world.restart("kill"), () => world.restart("power cut")].entries()) {
      await alter(await world.connect(), [resource(BROKER, "1", ["message.max.bytes", SET, `${500 + at}`])]);
      await restart();
      const client = await world.connect();
      assert.deepEqual(await valueOf(client, BROKER, "1", "message.max.bytes"), [`${500 + at}`, 2]);
      assert.equal((await produced(client, "t", "x".repeat(1000))).errorCode, "MESSAGE_TOO_LARGE");
    }
  });

  it("count for connections and for producers that write nothing", async () => {
    const world = await BrokerWorld.start(1, {});
    const client = await world.connect();
    await alter(client, [resource(BROKER, "", ["max.connections", SET, "1"])]);
    const refused = await world.connect();
    await assert.rejects(refused.call(DescribeConfigs, 4, { resources: [], includeSynonyms: false, includeDocumentation: false }));
    await alter(client, [resource(BROKER, "", ["max.connections", DELETE, null])]);
    assert.equal(await valueOf(await world.connect(), BROKER, "", "max.connections"), null);
  });

  it("are refused as Kafka refuses them, and then nothing has changed", async () => {
    const world = await BrokerWorld.start(1, {});
    const client = await world.connect();
    const both = resource(BROKER, "1", ["log.retention.ms", SET, "5"], ["num.partitions", SET, "3"]);
    assert.deepEqual(await alter(client, [both]), ["1: INVALID_REQUEST"]);
    assert.deepEqual(await alter(client, [resource(BROKER, "1", ["log.retention.ms", SET, "x"])]), ["1: INVALID_REQUEST"]);
    assert.deepEqual(await alter(client, [resource(BROKER, "1", ["log.retention.ms", APPEND, "5"])]), ["1: INVALID_CONFIG"]);
    assert.deepEqual(await alter(client, [resource(BROKER, "1", ["log.retention.ms", SET, "5"])], true), ["1: NONE"]);
    assert.deepEqual(await valueOf(client, BROKER, "1", "log.retention.ms"), [null, 5]);
    assert.deepEqual(await alter(client, [resource(BROKER, "", ["log.cleanup.policy", APPEND, "compact"])]), [": NONE"]);
    assert.deepEqual(await valueOf(client, BROKER, "", "log.cleanup.policy"), ["delete,compact", 3]);
  });
});

describe("settings of several nodes", () => {
  it("are told by each of itself", async () => {
    const world = await BrokerWorld.start(1, { nodes: 2 });
    const client = await world.connect();
    const other = new WireClient(await world.platform.network.connect({ hostname: "127.0.0.1", port: world.broker.port + 1 }));
    assert.deepEqual(await alter(other, [resource(BROKER, "2", ["log.retention.ms", SET, "5"])]), ["2: NONE"]);
    assert.deepEqual(await alter(client, [resource(BROKER, "2", ["log.retention.ms", SET, "6"])]), ["2: INVALID_REQUEST"]);
    assert.deepEqual(await valueOf(other, BROKER, "2", "log.retention.ms"), ["5", 2]);
    assert.deepEqual(await valueOf(other, BROKER, "2", "node.id"), ["2", 4]);
    assert.deepEqual(await valueOf(client, BROKER, "1", "log.retention.ms"), [null, 5]);
  });
});

describe("settings of groups, subscriptions and the logger", () => {
  it("are told, and there after a restart, but for the logger's", async () => {
    const world = await BrokerWorld.start(1, {});
    const client = await world.connect();
    const { logger } = world.platform;
    const resources = [
      resource(GROUP, "g", ["consumer.session.timeout.ms", SET, "50000"]),
      resource(METRICS, "m", ["interval.ms", SET, "1000"]),
      resource(LOGGER, "1", ["root", SET, "WARN"]),
    ];
    assert.deepEqual(await alter(client, resources, true), ["g: NONE", "m: NONE", "1: NONE"]);
    assert.equal(logger.level, "debug");
    assert.deepEqual(await alter(client, resources), ["g: NONE", "m: NONE", "1: NONE"]);
    assert.deepEqual([logger.level, await valueOf(client, LOGGER, "1", "root")], ["warn", ["WARN", 6]]);
    await world.restart("kill");
    const again = await world.connect();
    assert.deepEqual(await valueOf(again, GROUP, "g", "consumer.session.timeout.ms"), ["50000", 8]);
    assert.deepEqual(await valueOf(again, METRICS, "m", "interval.ms"), ["1000", 7]);
    const { configResources } = await again.call(ListConfigResources, 1, { resourceTypes: [] });
    const named = configResources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`);
    assert.deepEqual(named, ["32 g", "16 m", "8 1", "4 1"]);
    assert.deepEqual((await again.call(ListConfigResources, 1, { resourceTypes: [METRICS] })).configResources.length, 1);
    assert.equal(errorName((await again.call(ListConfigResources, 1, { resourceTypes: [1] })).errorCode), "UNSUPPORTED_VERSION");
    assert.deepEqual((await again.call(ListConfigResources, 0, { resourceTypes: [] })).configResources, [
      { resourceName: "m", resourceType: METRICS },
    ]);
    await alter(again, [resource(GROUP, "g", ["consumer.session.timeout.ms", DELETE, null])]);
    assert.deepEqual((await again.call(ListConfigResources, 1, { resourceTypes: [GROUP] })).configResources, []);
  });

  it("are refused", async () => {
    const client = await (await BrokerWorld.start(1, {})).connect();
    assert.deepEqual(await alter(client, [resource(GROUP, "", ["consumer.session.timeout.ms", SET, "50000"])]), [": INVALID_REQUEST"]);
    assert.deepEqual(await alter(client, [resource(GROUP, "g", ["consumer.session.timeout.ms", SET, "1"])]), ["g: INVALID_CONFIG"]);
    assert.deepEqual(await alter(client, [resource(METRICS, "m", ["metrics", APPEND, "a"])]), ["m: INVALID_CONFIG"]);
    assert.deepEqual(await alter(client, [resource(METRICS, "m", ["interval.ms", SET, "1"])]), ["m: INVALID_REQUEST"]);
    assert.deepEqual(await alter(client, [resource(METRICS, "", ["interval.ms", SET, "1000"])]), [": INVALID_REQUEST"]);
  });
});

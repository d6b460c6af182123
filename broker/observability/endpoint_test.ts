import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle, settleThrough, simulatedPlatform } from "../../platform/mod.ts";
import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { OffsetCommit } from "../../protocol/generated/08_offset_commit.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { JoinGroup } from "../../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../../protocol/generated/12_heartbeat.ts";
import { SyncGroup } from "../../protocol/generated/14_sync_group.ts";
import { Broker } from "../broker.ts";
import { resolveSettings } from "../config/resolve.ts";
import { routes, type Services } from "../handlers/mod.ts";
import { parseExposition, type ScrapedMetric } from "../testing/prometheus.ts";
import { batchOf, fetchFrom, produceTo } from "../testing/requests.ts";
import type { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";
import { ObservabilityEndpoint } from "./endpoint.ts";
import { metrics } from "./metrics.ts";
import { requestRows } from "./request_rows.ts";
import type { Source } from "./source.ts";

function started(): Promise<BrokerWorld> {
  return BrokerWorld.start(1, { http: "127.0.0.1:0", topics: { orders: { partitions: 2 } } });
}

function ask(world: BrokerWorld, path: string, method = "GET") {
  return world.platform.http.request(world.broker.httpAddress!, method, path);
}

function damaged(batch: Uint8Array): Uint8Array {
  const copy = batch.slice();
  copy[copy.length - 1] ^= 1;
  return copy;
}

/** The value of a sample, by its text without the name. */
function scrape(world: BrokerWorld): (name: string, labels?: string) => number | undefined {
  const { status, headers, body } = ask(world, "/metrics");
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  const scraped: Map<string, ScrapedMetric> = parseExposition(body);
  return (name, labels = "") => {
    const family = scraped.get(name) ?? scraped.get(name.replace(/_(count|sum|bucket)$/, ""));
    return family?.samples.get(name + labels);
  };
}

/** A member joins a group of its own, is assigned and commits. */
async function joinAndCommit(client: WireClient, groupId: string, offset: number): Promise<string> {
  await client.call(FindCoordinator, 3, { key: groupId, keyType: 0, coordinatorKeys: [] });
  const protocols = [{ name: "range", metadata: new Uint8Array(0) }];
  const timeouts = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 };
  const join = { groupId, ...timeouts, memberId: "", groupInstanceId: null, protocolType: "consumer", protocols, reason: null };
  const { memberId, generationId } = await client.call(JoinGroup, 2, join);
  const member = { groupId, generationId, memberId, groupInstanceId: null };
  const assignments = [{ memberId, assignment: Uint8Array.of(1) }];
  await client.call(SyncGroup, 1, { ...member, protocolType: null, protocolName: null, assignments });
  const partition = { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: null };
  const topics = [{ name: "orders", topicId: ZERO_UUID, partitions: [partition] }];
  const who = { groupId, generationIdOrMemberEpoch: generationId, memberId, groupInstanceId: null, retentionTimeMs: -1 };
  await client.call(OffsetCommit, 5, { ...who, topics });
  return memberId;
}

describe("/metrics", () => {
  it("counts what was asked, to the request and to the byte", async () => {
    const world = await started();
    const client = await world.connect();
    const batch = batchOf(["a", "b", "c"]);
    for (let i = 0; i < 3; i++) await client.call(Produce, 9, produceTo("orders", 0, batch.slice()));
    await client.call(Produce, 8, produceTo("nowhere", 0, batch.slice()));
    await client.call(Produce, 9, produceTo("orders", 1, damaged(batch)));
    const { responses } = await client.call(Fetch, 12, fetchFrom("orders", 0, 3));
    const bytesOut = responses[0].partitions[0].records?.byteLength;

    const value = scrape(world);
    assert.equal(value("kafka_network_requestmetrics_requests_total", '{request="Produce",version="9"}'), 4);
    assert.equal(value("kafka_network_requestmetrics_requests_total", '{request="Produce",version="8"}'), 1);
    assert.equal(value("kafka_network_requestmetrics_errors_total", '{request="Produce",error="NONE"}'), 3);
    assert.equal(value("kafka_network_requestmetrics_errors_total", '{request="Produce",error="UNKNOWN_TOPIC_OR_PARTITION"}'), 1);
    assert.equal(value("kafka_network_requestmetrics_errors_total", '{request="Produce",error="CORRUPT_MESSAGE"}'), 1);
    assert.equal(value("kafka_network_requestmetrics_totaltimems_count", '{request="Produce"}'), 5);
    assert.equal(value("kafka_network_requestmetrics_requests_total", '{request="Fetch",version="12"}'), 1);
    for (const topic of ["", '{topic="orders"}']) {
      assert.equal(value("kafka_server_brokertopicmetrics_messagesin_total", topic), 9);
      assert.equal(value("kafka_server_brokertopicmetrics_bytesin_total", topic), 3 * batch.length);
      assert.equal(value("kafka_server_brokertopicmetrics_bytesout_total", topic), bytesOut);
      assert.equal(value("kafka_server_brokertopicmetrics_failedproducerequests_total", topic), 1);
    }
    assert.equal(bytesOut, 2 * batch.length);
    assert.equal(value("kafka_log_log_logendoffset", '{topic="orders",partition="0"}'), 9);
    assert.equal(value("ottla_log_highwatermark", '{topic="orders",partition="0"}'), 9);
    assert.equal(value("kafka_log_log_size", '{topic="orders",partition="0"}'), 3 * batch.length);
    assert.equal(value("kafka_server_replicamanager_partitioncount"), 2);
    assert.equal(value("kafka_server_socket_server_metrics_connections", '{listener="PLAINTEXT"}'), 1);
    await world.broker.close();
  });

  it("knows how far groups are and what waits", async () => {
    const world = await started();
    const client = await world.connect();
    await client.call(Produce, 9, produceTo("orders", 0, batchOf(["a", "b", "c"])));
    await joinAndCommit(client, 'bill"ing', 1);
    const waiting = (await world.connect()).call(Fetch, 12, fetchFrom("orders", 1, 0, { maxWaitMs: 500 }));
    await settle();
    const value = scrape(world);
    const labels = '{consumergroup="bill\\"ing",topic="orders",partition="0"}';
    assert.equal(value("kafka_consumergroup_current_offset", labels), 1);
    assert.equal(value("kafka_consumergroup_lag", labels), 2);
    assert.equal(value("kafka_consumergroup_members", '{consumergroup="bill\\"ing"}'), 1);
    assert.equal(value("kafka_coordinator_group_groupmetadatamanager_numgroups"), 1);
    assert.equal(value("kafka_coordinator_group_groupmetadatamanager_numgroupsstable"), 1);
    assert.equal(value("kafka_coordinator_group_groupmetadatamanager_numgroupsempty"), 0);
    assert.equal(value("kafka_coordinator_group_groupmetadatamanager_numoffsets"), 1);
    assert.equal(value("kafka_server_delayedoperationpurgatory_numdelayedoperations", '{delayedoperation="Fetch"}'), 1);
    world.platform.clock.advance(500);
    await waiting;
    assert.equal(scrape(world)("kafka_server_delayedoperationpurgatory_numdelayedoperations", '{delayedoperation="Fetch"}'), 0);
    await world.broker.close();
  });

  it("has names that Prometheus likes, each once, and counters that say so", () => {
    assert.equal(new Set(metrics.map(({ name }) => name)).size, metrics.length);
    for (const { name, type, labels, help } of metrics) {
      assert.match(name, /^(kafka|ottla|process)(_[a-z0-9]+)+$/);
      assert.equal(name.endsWith("_total"), type === "counter", name);
      assert.doesNotMatch(name, /_(count|sum|bucket|info_total)$/);
      for (const label of labels) assert.match(label, /^[a-z_]+$/);
      assert.doesNotMatch(help, /\.$/);
    }
  });
});

describe("/health", () => {
  const healthOf = (world: BrokerWorld) => {
    const { status, body } = ask(world, "/health");
    return { code: status, ...JSON.parse(body) };
  };

  it("is well when everything can be read and written", async () => {
    const world = await started();
    const nothing = { count: 0, names: [] };
    const expected = {
      offlinePartitions: nothing,
      readOnlyPartitions: nothing,
      damagedPartitions: nothing,
      failedCoordinators: [],
      loadingCoordinators: [],
    };
    assert.deepEqual(healthOf(world), { code: 200, status: "ok", ...expected });
    await world.broker.close();
  });

  it("names what takes no more writes after a disk that failed", async () => {
    const world = await started();
    const client = await world.connect();
    // The first batch has more to be synced than itself.
    await client.call(Produce, 9, produceTo("orders", 1, batchOf(["a"])));
    await world.platform.pending.idle();
    world.platform.disk.failNext("sync", "EIO");
    const { responses } = await client.call(Produce, 9, produceTo("orders", 1, batchOf(["b"])));
    assert.equal(responses[0].partitionResponses[0].errorCode, ErrorCode.KAFKA_STORAGE_ERROR);
    const { code, status, readOnlyPartitions } = healthOf(world);
    assert.deepEqual([code, status, readOnlyPartitions], [503, "degraded", { count: 1, names: ["orders-1"] }]);
    assert.equal(scrape(world)("ottla_partitions_readonly"), 1);
  });

  it("names partitions that could not be opened or are damaged, and coordinators that could not be read back", async () => {
    const world = await started();
    const client = await world.connect();
    for (const value of ["a", "b", "c"]) await client.call(Produce, 9, produceTo("orders", 0, batchOf([value])));
    await joinAndCommit(client, "billing", 1);
    await client.call(Produce, 9, produceTo("orders", 1, batchOf(["a"])));
    // By then it stands on the disk that all of it was durable, and what was durable is never cut off.
    await settleThrough(world.platform.clock, 60_000);
    for (const directory of ["orders-0", "__consumer_offsets-0"]) {
      const file = world.platform.disk.open(`data/${directory}/00000000000000000000.log`);
      file.overwrite(Uint8Array.of(0xff), 66);
      file.close();
      // What a checkpoint tells of is not read again.
      await world.platform.disk.remove(`data/${directory}/00000000000000000000.ottla`);
    }
    world.platform.disk.open("data/orders-1/log-start-offset", { create: true }).close();
    await world.restart("kill");
    const { code, status, offlinePartitions, damagedPartitions, failedCoordinators } = healthOf(world);
    assert.deepEqual([code, status], [503, "degraded"]);
    assert.deepEqual(offlinePartitions, { count: 1, names: ["orders-1"] });
    assert.deepEqual(damagedPartitions, { count: 2, names: ["orders-0", "__consumer_offsets-0"] });
    assert.deepEqual(failedCoordinators, ["__consumer_offsets-0"]);
    assert.equal(scrape(world)("kafka_controller_kafkacontroller_offlinepartitionscount"), 1);
    assert.equal(scrape(world)("kafka_server_replicamanager_partitioncount"), 2);
    await world.broker.close();
  });

  it("answers 500 and logs why when it cannot be told, as do metrics that break off", () => {
    const platform = simulatedPlatform(1);
    const address = { hostname: "127.0.0.1", port: 9404 };
    const endpoint = new ObservabilityEndpoint(platform, address);
    endpoint.opened({} as Source);
    assert.equal(platform.http.request("127.0.0.1:9404", "GET", "/health").status, 500);
    assert.throws(() => platform.http.request("127.0.0.1:9404", "GET", "/metrics"), TypeError);
    const failures = platform.logger.events.filter(({ level }) => level === "error");
    assert.deepEqual(failures.map(({ facts }) => facts?.path), ["/health", "/metrics"]);
  });

  it("says that the broker starts while logs are recovered", async () => {
    const platform = simulatedPlatform(1);
    const { settings } = resolveSettings({ http: "127.0.0.1:9404" }, {}, { port: 9092, dataDir: "data" });
    const starting = Broker.start(platform, settings);
    const { status, body } = platform.http.request("127.0.0.1:9404", "GET", "/health");
    assert.deepEqual([status, JSON.parse(body).status], [503, "starting"]);
    assert.equal(platform.http.request("127.0.0.1:9404", "GET", "/metrics").status, 503);
    const broker = await starting;
    assert.equal(platform.http.request("127.0.0.1:9404", "GET", "/health").status, 200);
    await broker.close();
  });

  it("says that the broker closes, and is gone with it", async () => {
    const world = await started();
    const closing = world.broker.close();
    const { code, status } = healthOf(world);
    assert.deepEqual([code, status], [503, "closing"]);
    await closing;
    assert.throws(() => ask(world, "/health"), { code: "ECONNREFUSED" });
  });
});

describe("the endpoint", () => {
  it("answers GET and HEAD on its two paths, and nothing else", async () => {
    const world = await started();
    assert.equal(ask(world, "/", "GET").status, 404);
    assert.equal(ask(world, "/metrics/x", "DELETE").status, 404);
    assert.equal(ask(world, "/health", "HEAD").status, 200);
    const { status, headers } = ask(world, "/metrics", "POST");
    assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
    await world.broker.close();
  });

  it("stops the start where its address is taken, and leaves nothing behind", async () => {
    const world = await BrokerWorld.start(1);
    await world.broker.close();
    const taken = world.platform.http.serve({ hostname: "127.0.0.1", port: 9404 }, () => ({ status: 200, headers: {}, body: "" }));
    const { settings } = resolveSettings({ http: "127.0.0.1:9404" }, {}, { port: 9092, dataDir: "data" });
    const address = { hostname: "127.0.0.1", port: 9404 };
    await assert.rejects(Broker.start(world.platform, settings), { code: "EADDRINUSE", address });
    await taken.close();
    const broker = await Broker.start(world.platform, settings);
    assert.equal(broker.httpAddress, "127.0.0.1:9404");
    await broker.close();
  });

  it("is not there unless it is asked for", async () => {
    const world = await BrokerWorld.start(1);
    assert.equal(world.broker.httpAddress, null);
    await world.broker.close();
  });
});

describe("the request log", () => {
  it("has a row for every API that is served", () => {
    const nothing = { settings: {}, cluster: {}, partitions: {}, metadata: {}, groups: {} } as unknown as Services;
    const unknown = [...routes(nothing).values()].filter(({ handler }) => !requestRows.has(handler.api.key));
    assert.deepEqual(unknown.map(({ handler }) => handler.api.name), []);
  });
});

describe("the log at debug", () => {
  it("names topics that are asked for by their ids", async () => {
    const world = await started();
    const client = await world.connect();
    const request = {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    const { topicId } = (await client.call(Metadata, 12, request)).topics[0];
    await client.call(Produce, 13, {
      ...produceTo("", 0, batchOf(["a"])),
      topicData: [{ name: "", topicId, partitionData: [{ index: 0, records: null }] }],
    });
    const { asked } = world.platform.logger.events.at(-1)!.facts;
    assert.equal(asked, "orders-0 0 B; acks=all");
    await world.broker.close();
  });

  it("tells the story of a record and of a group", async () => {
    const world = await started();
    const client = await world.connect("shop");
    await client.call(Produce, 9, produceTo("orders", 0, batchOf(["secret", "b"])));
    await client.call(Produce, 9, produceTo("nowhere", 3, batchOf(["a"]), 1));
    const member = await joinAndCommit(client, "billing", 1);
    const gone = { groupId: "billing", generationId: 7, memberId: member, groupInstanceId: null };
    await client.call(Heartbeat, 3, gone);
    await client.call(Fetch, 12, fetchFrom("orders", 0, 0));
    client.close();
    await settleThrough(world.platform.clock, 10_000);
    await settle();
    await world.broker.close();

    const told = world.platform.logger.events.map(({ message, facts }) => {
      const { asked, answered, error, reason, group } = facts;
      return [message, group, asked, answered, error, reason].filter((part) => part !== undefined).join(" | ").replaceAll(member, "M");
    });
    assert.deepEqual(told, [
      "topic created",
      "connection opened",
      "Produce v9 | orders-0 2 records, 82 B; acks=all | orders-0 at 0",
      "Produce v9 | nowhere-3 1 record, 69 B; acks=1 | nowhere-3 UNKNOWN_TOPIC_OR_PARTITION | UNKNOWN_TOPIC_OR_PARTITION",
      "topic created",
      "FindCoordinator v3 | groups: billing | node 1",
      "member joins | billing",
      "rebalance begins | billing | member M joins: not provided",
      "generation begins | billing",
      "JoinGroup v2 | group billing with range, session 10000 ms | generation 1, range, M leads 1 member",
      "group is stable | billing",
      "SyncGroup v1 | group billing, member M, generation 1, assigns to 1 member | an assignment of 1 B",
      "OffsetCommit v5 | group billing, member M, generation 1: orders-0 to 1 | committed",
      "Heartbeat v3 | group billing, member M, generation 7 | ILLEGAL_GENERATION | ILLEGAL_GENERATION",
      "Fetch v12 | orders-0 from 0; at least 1 B or after 0 ms | orders-0 82 B of records, high watermark 2",
      "connection closed | the client closed it",
      "member failed: no heartbeat in time | billing",
      "rebalance begins | billing | member M failed",
      "group is empty | billing",
      "broker closes",
      "broker closed",
    ]);
    const everything = JSON.stringify(world.platform.logger.events);
    assert.ok(!everything.includes("secret") && everything.includes('"client":"shop"'));
  });
});

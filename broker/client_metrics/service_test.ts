import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoCompression } from "../../platform/deno/mod.ts";
import { settle, settleThrough } from "../../platform/mod.ts";
import { errorName, ZERO_UUID } from "../../protocol/mod.ts";
import { ApiVersions } from "../../protocol/generated/18_api_versions.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/44_incremental_alter_configs.ts";
import {
  GetTelemetrySubscriptions,
  type GetTelemetrySubscriptionsResponse,
} from "../../protocol/generated/71_get_telemetry_subscriptions.ts";
import { PushTelemetry, type PushTelemetryRequest } from "../../protocol/generated/72_push_telemetry.ts";
import { compress, compressionTypes } from "../../protocol/records/mod.ts";
import type { ClientTelemetryPush } from "../client_telemetry.ts";
import type { BrokerOptions } from "../config/options.ts";
import type { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";

const CLIENT_METRICS = 16;
const ID = "dGhlcmUgaXMgbm8gdG9waQ";
const INTERVAL_MS = 1000;

/** A broker whose receiver keeps what it is given. */
async function started(options: BrokerOptions = {}): Promise<{ world: BrokerWorld; client: WireClient; pushes: ClientTelemetryPush[] }> {
  const pushes: ClientTelemetryPush[] = [];
  const world = await BrokerWorld.start(1, { clientTelemetry: (push) => void pushes.push(push), ...options }, denoCompression);
  return { world, client: await world.connect("orders-1"), pushes };
}

/** Subscribes to metrics of all clients, unless `configs` say otherwise; a value of null removes a setting. */
async function subscribe(client: WireClient, name: string, configs: Record<string, string | null> = {}): Promise<void> {
  const all = { metrics: "org.apache.kafka.producer.", "interval.ms": String(INTERVAL_MS), ...configs };
  const { responses } = await client.call(IncrementalAlterConfigs, 1, {
    resources: [{
      resourceType: CLIENT_METRICS,
      resourceName: name,
      configs: Object.entries(all).map(([name, value]) => ({ name, configOperation: value === null ? 1 : 0, value })),
    }],
    validateOnly: false,
  });
  assert.equal(responses[0].errorMessage, null);
}

function ask(client: WireClient, clientInstanceId = ZERO_UUID): Promise<GetTelemetrySubscriptionsResponse> {
  return client.call(GetTelemetrySubscriptions, 0, { clientInstanceId });
}

type Told = Pick<PushTelemetryRequest, "clientInstanceId" | "subscriptionId">;

async function push(client: WireClient, told: Told, changes: Partial<PushTelemetryRequest> = {}): Promise<string> {
  const { clientInstanceId, subscriptionId } = told;
  const request = { clientInstanceId, subscriptionId, terminating: false, compressionType: 0, metrics: Uint8Array.of(1, 2, 3), ...changes };
  return errorName((await client.call(PushTelemetry, 0, request)).errorCode);
}

describe("client metrics", () => {
  it("are asked of nobody where nobody receives them", async () => {
    const world = await BrokerWorld.start(1);
    const client = await world.connect();
    const { apiKeys } = await client.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" });
    assert.deepEqual(apiKeys.filter(({ apiKey }) => apiKey === 71 || apiKey === 72), []);
    await assert.rejects(ask(client), /ended before/);
    await world.broker.close();
  });

  it("are asked for and taken, with all that is known of the client", async () => {
    const { world, client, pushes } = await started();
    const { apiKeys } = await client.call(ApiVersions, 4, { clientSoftwareName: "wire", clientSoftwareVersion: "1.0" });
    assert.deepEqual(apiKeys.filter(({ apiKey }) => apiKey === 71 || apiKey === 72).length, 2);
    await subscribe(client, "producers", { match: "client_software_name=wire" });
    const told = await ask(client);
    const { clientInstanceId, subscriptionId, ...rest } = told;
    assert.notEqual(clientInstanceId, ZERO_UUID);
    assert.deepEqual(rest, {
      throttleTimeMs: 0,
      errorCode: 0,
      acceptedCompressionTypes: [4, 3, 1, 2],
      pushIntervalMs: INTERVAL_MS,
      telemetryMaxBytes: 1_048_576,
      deltaTemporality: true,
      requestedMetrics: ["org.apache.kafka.producer."],
    });
    assert.equal(await push(client, { clientInstanceId, subscriptionId }, { terminating: true }), "NONE");
    const { address, metrics, ...given } = pushes[0];
    assert.match(address, /^127\.0\.0\.1:\d+$/);
    assert.deepEqual([...metrics], [1, 2, 3]);
    assert.deepEqual(given, {
      clientInstanceId,
      clientId: "orders-1",
      softwareName: "wire",
      softwareVersion: "1.0",
      principal: "User:ANONYMOUS",
      nodeId: 1,
      pushIntervalMs: INTERVAL_MS,
      terminating: true,
      contentType: "OTLP",
    });
    await world.broker.close();
  });

  it("are decompressed, within bounds", async () => {
    const { world, client, pushes } = await started({ properties: { "telemetry.max.bytes": 1000 } });
    await subscribe(client, "producers");
    const told = await ask(client);
    const metrics = new Uint8Array(1000).fill(7);
    const codes: string[] = [];
    for (const type of compressionTypes) {
      const compressionType = compressionTypes.indexOf(type);
      codes.push(await push(client, told, { compressionType, metrics: compress(type, metrics, denoCompression) }));
      world.platform.clock.advance(INTERVAL_MS);
    }
    assert.deepEqual(codes, ["NONE", "NONE", "NONE", "NONE", "NONE"]);
    assert.deepEqual(pushes.map((push) => push.metrics), Array(5).fill(metrics));
    const bomb = compress("gzip", new Uint8Array(1001), denoCompression);
    assert.equal(await push(client, told, { compressionType: 1, metrics: bomb }), "INVALID_RECORD");
    world.platform.clock.advance(INTERVAL_MS);
    assert.equal(await push(client, told, { compressionType: 1 }), "INVALID_RECORD");
    world.platform.clock.advance(INTERVAL_MS);
    assert.equal(await push(client, told, { metrics: new Uint8Array(1001) }), "TELEMETRY_TOO_LARGE");
    world.platform.clock.advance(INTERVAL_MS);
    assert.equal(await push(client, told, { compressionType: 5 }), "UNSUPPORTED_COMPRESSION_TYPE");
    assert.equal((await ask(client, told.clientInstanceId)).errorCode, 0, "who chose a wrong compression may ask at once");
    assert.equal(await push(client, told, { metrics: new Uint8Array(0) }), "THROTTLING_QUOTA_EXCEEDED");
    world.platform.clock.advance(INTERVAL_MS);
    assert.equal(await push(client, told, { metrics: new Uint8Array(0) }), "NONE");
    assert.equal(pushes.length, 5);
    await world.broker.close();
  });

  it("are not taken before the interval is over, but the last ones", async () => {
    const { world, client } = await started();
    const { clock } = world.platform;
    await subscribe(client, "producers");
    const told = await ask(client);
    assert.equal(errorName((await ask(client, told.clientInstanceId)).errorCode), "THROTTLING_QUOTA_EXCEEDED");
    assert.equal(await push(client, told), "NONE");
    clock.advance(INTERVAL_MS - 1);
    assert.equal(await push(client, told), "THROTTLING_QUOTA_EXCEEDED");
    assert.equal(errorName((await ask(client, told.clientInstanceId)).errorCode), "THROTTLING_QUOTA_EXCEEDED");
    clock.advance(1);
    assert.equal(await push(client, told), "NONE");
    assert.equal(await push(client, told, { terminating: true }), "NONE");
    assert.equal(await push(client, told, { terminating: true }), "INVALID_REQUEST");
    assert.equal(await push(client, told), "INVALID_REQUEST");
    clock.advance(INTERVAL_MS);
    assert.equal(await push(client, told), "NONE", "one that went on begins anew");
    clock.advance(INTERVAL_MS - 1);
    assert.equal(errorName((await ask(client, told.clientInstanceId)).errorCode), "THROTTLING_QUOTA_EXCEEDED");
    clock.advance(1);
    assert.equal((await ask(client, told.clientInstanceId)).errorCode, 0);
    await world.broker.close();
  });

  it("are asked for anew once a subscription has changed", async () => {
    const { world, client } = await started();
    await subscribe(client, "producers");
    const told = await ask(client);
    assert.equal(await push(client, told), "NONE");
    await subscribe(client, "producers", { metrics: "*" });
    assert.equal(await push(client, told), "UNKNOWN_SUBSCRIPTION_ID");
    const again = await ask(client, told.clientInstanceId);
    assert.deepEqual(again.requestedMetrics, ["*"]);
    assert.equal(errorName((await ask(client, told.clientInstanceId)).errorCode), "THROTTLING_QUOTA_EXCEEDED", "it has been told");
    assert.notEqual(again.subscriptionId, told.subscriptionId);
    assert.equal(await push(client, again), "THROTTLING_QUOTA_EXCEEDED", "that was a push, too");
    world.platform.clock.advance(INTERVAL_MS);
    assert.equal(await push(client, again), "NONE");
    await subscribe(client, "producers", { metrics: null, "interval.ms": null });
    const none = await ask(client, told.clientInstanceId);
    assert.deepEqual([none.requestedMetrics, none.pushIntervalMs], [[], 300_000]);
    assert.equal(world.platform.logger.events.filter(({ message }) => message === "a client pushes metrics").length, 1);
    await world.broker.close();
  });

  it("are asked of a client as it was when it came", async () => {
    const { world, client } = await started();
    assert.equal((await ask(client, ID)).errorCode, 0);
    await subscribe(client, "producers", { match: "client_id=orders-1" });
    const other = await world.connect("other");
    assert.equal((await ask(other, ID)).requestedMetrics.length, 1);
    assert.equal((await ask(other)).requestedMetrics.length, 0);
    await world.broker.close();
  });

  it("have ids of their own, which nobody takes who is told none", async () => {
    const { world, client } = await started();
    for (const clientInstanceId of [ZERO_UUID, "AAAAAAAAAAAAAAAAAAAAAQ"]) {
      assert.equal(await push(client, { clientInstanceId, subscriptionId: 0 }), "INVALID_REQUEST");
    }
    assert.equal((await ask(client, ID)).clientInstanceId, ID, "a client keeps the id that another broker gave it");
    await world.broker.close();
  });

  it("are forgotten with their connection, and after three intervals without a word", async () => {
    const { world, client } = await started({ nodes: 2 });
    const { clock } = world.platform;
    await subscribe(client, "producers", { "interval.ms": "100000" });
    const asked = async (by: WireClient) => errorName((await ask(by, ID)).errorCode);
    assert.equal(await asked(client), "NONE");
    const other = await world.connect();
    assert.equal(await asked(other), "THROTTLING_QUOTA_EXCEEDED");
    assert.equal(await asked(await world.connect("orders-1", 2)), "NONE", "the other node knows nothing of it");
    const third = await world.connect();
    assert.equal(await asked(third), "THROTTLING_QUOTA_EXCEEDED");
    third.close();
    await settle();
    assert.equal(await asked(other), "THROTTLING_QUOTA_EXCEEDED", "it came by another connection");
    client.close();
    await settle();
    assert.equal(await asked(other), "NONE", "the connection by which it came is over");
    const { subscriptionId } = await ask(other);
    assert.equal(await push(other, { clientInstanceId: ID, subscriptionId }, { terminating: true }), "UNKNOWN_SUBSCRIPTION_ID");
    await settleThrough(clock, 299_999);
    assert.equal(await push(other, { clientInstanceId: ID, subscriptionId }), "INVALID_REQUEST");
    assert.equal(await push(other, { clientInstanceId: ID, subscriptionId }, { terminating: true }), "UNKNOWN_SUBSCRIPTION_ID");
    await settleThrough(clock, 300_000);
    assert.equal(
      await push(other, { clientInstanceId: ID, subscriptionId }),
      "UNKNOWN_SUBSCRIPTION_ID",
      "it is forgotten that it had ended",
    );
    await world.broker.close();
  });

  it("are forgotten after a minute at the earliest", async () => {
    const { world, client } = await started();
    await subscribe(client, "producers", { "interval.ms": "100" });
    const told = await ask(client, ID);
    assert.equal(await push(client, told, { terminating: true }), "NONE");
    await settleThrough(world.platform.clock, 59_999);
    assert.equal(await push(client, told, { terminating: true }), "INVALID_REQUEST");
    await settleThrough(world.platform.clock, 60_000);
    assert.equal(await push(client, told), "NONE");
    await world.broker.close();
  });

  it("that a receiver does not take are refused, and nobody else is the worse for it", async () => {
    const failures = [
      () => {
        throw new Error("no room");
      },
      () => Promise.reject(new Error("no room")),
    ];
    for (const clientTelemetry of failures) {
      const { world, client } = await started({ clientTelemetry, http: "127.0.0.1:0" });
      await subscribe(client, "producers");
      const told = await ask(client);
      assert.equal(await push(client, told), "INVALID_RECORD");
      assert.equal((await ask(await world.connect())).errorCode, 0);
      const [logged] = world.platform.logger.events.filter(({ level }) => level === "error");
      assert.match(`${logged.message}: ${logged.facts?.reason}`, /receiver of client metrics failed: Error: no room/);
      const { body } = world.platform.http.request(world.broker.httpAddress!, "GET", "/metrics");
      assert.match(body, /kafka_server_client_metrics_plugin_error_total\{client_software_name="unknown"\} 1\n/);
      await world.broker.close();
    }
  });

  it("are counted by the software of clients, where a property asks for no more", async () => {
    const { world, client } = await started({
      clientTelemetry: undefined,
      properties: { "ottla.client.telemetry": true },
      http: "127.0.0.1:0",
    });
    await client.call(ApiVersions, 3, { clientSoftwareName: "wire", clientSoftwareVersion: "1.0" });
    await subscribe(client, "producers");
    const told = await ask(client);
    for (let i = 0; i < 3; i++) {
      assert.equal(await push(client, told), "NONE");
      world.platform.clock.advance(INTERVAL_MS);
    }
    const { body } = world.platform.http.request(world.broker.httpAddress!, "GET", "/metrics");
    assert.match(body, /kafka_server_client_metrics_instances 1\n/);
    assert.match(body, /kafka_server_client_metrics_plugin_export_total\{client_software_name="wire"\} 3\n/);
    assert.match(body, /ottla_client_metrics_bytes_total\{client_software_name="wire"\} 9\n/);
    assert.equal(world.platform.logger.events.filter(({ message }) => message === "a client pushes metrics").length, 1);
    world.platform.clock.advance(60_000);
    assert.match(world.platform.http.request(world.broker.httpAddress!, "GET", "/metrics").body, /client_metrics_instances 0\n/);
    await world.broker.close();
  });

  it("of clients beyond 64 names of software are counted together", async () => {
    const { world, client } = await started({ http: "127.0.0.1:0" });
    await subscribe(client, "producers");
    for (let i = 0; i < 70; i++) {
      const another = await world.connect();
      await another.call(ApiVersions, 3, { clientSoftwareName: `wire${i}`, clientSoftwareVersion: "1.0" });
      assert.equal(await push(another, await ask(another)), "NONE");
      another.close();
    }
    const { body } = world.platform.http.request(world.broker.httpAddress!, "GET", "/metrics");
    assert.equal(body.match(/plugin_export_total\{/g)?.length, 65);
    assert.match(body, /plugin_export_total\{client_software_name="other"\} 6\n/);
    await world.broker.close();
  });

  it("of 16,384 clients are known at a time", async () => {
    const { world, client } = await started({ http: "127.0.0.1:0" });
    assert.equal((await ask(client, ID)).errorCode, 0);
    for (let i = 0; i < 16_383; i++) await ask(client);
    assert.equal(errorName((await ask(client, ID)).errorCode), "THROTTLING_QUOTA_EXCEEDED");
    for (let i = 0; i < 16_383; i++) await ask(client);
    assert.equal(errorName((await ask(client, ID)).errorCode), "THROTTLING_QUOTA_EXCEEDED");
    for (let i = 0; i < 16_384; i++) await ask(client);
    assert.equal((await ask(client, ID)).errorCode, 0, "the one that was not seen for longest has given way");
    assert.match(world.platform.http.request(world.broker.httpAddress!, "GET", "/metrics").body, /client_metrics_instances 16384\n/);
    await world.broker.close();
  });

  it("are asked for as before after a restart", async () => {
    const { world, client } = await started();
    await subscribe(client, "producers", { match: "client_id=orders-.*" });
    const { subscriptionId } = await ask(client, ID);
    await world.restart("kill");
    const again = await ask(await world.connect("orders-1"), ID);
    assert.equal(again.subscriptionId, subscriptionId);
    assert.deepEqual((await ask(await world.connect("other"))).requestedMetrics, []);
    await world.broker.close();
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { commandLineDefaults } from "./command_line.ts";
import type { BrokerOptions } from "./options.ts";
import type { PlaceDefaults } from "./places.ts";
import { parseProperties } from "./properties.ts";
import { resolveSettings } from "./resolve.ts";
import type { ConfigValues } from "./row.ts";
import { topicLogConfig } from "./topic.ts";

const embedded: PlaceDefaults = { port: 0, dataDir: null };
const resolve = (options: BrokerOptions, file: ConfigValues = {}, defaults = embedded) => resolveSettings(options, file, defaults);

describe("resolveSettings", () => {
  it("is memory on a free loopback port for those who embed a broker and say nothing", () => {
    const { settings, notes } = resolve({});
    assert.deepEqual(notes, []);
    assert.deepEqual([settings.nodes[0].listen, settings.durability, settings.dataDirectory], [
      { hostname: "127.0.0.1", port: 0 },
      "memory",
      null,
    ]);
    assert.deepEqual([settings.nodeId, settings.numPartitions, settings.logLevel], [1, 1, "silent"]);
  });

  it("starts with the server.properties that Kafka ships", () => {
    const file = parseProperties(readFileSync(new URL("./testdata/server.properties", import.meta.url), "utf8"));
    const { settings, notes } = resolve({ logLevel: "info" }, file, commandLineDefaults);
    assert.deepEqual(settings.nodes[0].listen, { hostname: "127.0.0.1", port: 9092 });
    assert.deepEqual(settings.nodes[0].advertised, { hostname: "localhost", port: 9092 });
    assert.deepEqual([settings.dataDirectory, settings.durability], [".tmp/kraft-combined-logs", "power"]);
    assert.equal(topicLogConfig(new Map(), settings.properties).segmentBytes, 1_073_741_824);
    assert.equal(notes.length, 2);
    assert.match(notes[0], /names no host for PLAINTEXT/);
    assert.match(
      notes[1],
      /^Kafka properties without effect in Ottla: controller\.quorum\.bootstrap\.servers, inter\.broker\.listener\.name, num/,
    );
  });

  it("lets options win over the file, and the file over defaults", () => {
    const file = { "num.partitions": "2", "node.id": "7", "log.dirs": "file" };
    const { settings } = resolve({ dataDir: "option", properties: { "num.partitions": 4 } }, file);
    assert.deepEqual([settings.numPartitions, settings.nodeId, settings.dataDirectory], [4, 7, "option"]);
    assert.equal(settings.properties["log.dirs"], "option");
  });

  it("forgets the file's directory in memory", () => {
    const { settings } = resolve({ durability: "memory" }, { "log.dirs": "file" }, commandLineDefaults);
    assert.deepEqual([settings.dataDirectory, settings.properties["log.dirs"]], [null, undefined]);
  });

  it("takes broker.id for node.id where only that is set", () => {
    assert.equal(resolve({}, { "broker.id": "5" }).settings.nodeId, 5);
    assert.equal(resolve({}, { "broker.id": "5", "node.id": "6" }).settings.nodeId, 6);
  });

  it("knows what Kafka leaves to plug-ins and single listeners", () => {
    const file = { "listener.name.external.ssl.keystore.location": "x", "super.users": "User:a", "rsm.config.bucket": "b" };
    assert.deepEqual(resolve({}, file).notes, [`Kafka properties without effect in Ottla: ${Object.keys(file).join(", ")}`]);
  });

  it("checks topics and their overrides", () => {
    const { settings } = resolve({ topics: { orders: { partitions: 3, configs: { "retention.ms": 1000 } }, plain: {} } });
    assert.deepEqual(settings.topics, [
      { name: "orders", partitions: 3, replicationFactor: null, configs: { "retention.ms": "1000" } },
      { name: "plain", partitions: null, replicationFactor: null, configs: {} },
    ]);
  });

  it("takes no limit for a very high one", () => {
    const { settings } = resolve({ properties: { "queued.max.request.bytes": -1, "connections.max.idle.ms": -1 } });
    assert.deepEqual([settings.queuedMaxRequestBytes, settings.connectionsMaxIdleMs], [Number.MAX_SAFE_INTEGER, 2147483647]);
  });

  const refusals: readonly [sentence: RegExp | string, options: BrokerOptions, file?: ConfigValues][] = [
    ["Kafka 4.3.1 knows no property nun.partitions. Did you mean num.partitions?", {}, { "nun.partitions": "1" }],
    ["Kafka 4.3.1 knows no property retention.ms. Did you mean log.retention.ms?", { properties: { "retention.ms": 1 } }],
    ["Invalid value x for configuration num.partitions: Not a number of type INT", {}, { "num.partitions": "x" }],
    ["Invalid value 0 for configuration num.partitions: Value must be at least 1", { properties: { "num.partitions": 0 } }],
    ["log.roll.ms must not be below 1", { properties: { "log.roll.ms": 0 } }],
    ["log.roll.jitter.ms must not be below 0", {}, { "log.roll.jitter.ms": "-1" }],
    ["log.retention.ms, .minutes or .hours must not be 0", {}, { "log.retention.hours": "0" }],
    ["log.cleaner.dedupe.buffer.size must be above 1 MiB for each thread", { properties: { "log.cleaner.dedupe.buffer.size": 1 } }],
    ["log.dirs names 2 directories: Ottla keeps its data in one", {}, { "log.dirs": "a, b" }],
    ["durability power needs a data directory", { durability: "power" }],
    ["A broker in memory has no data directory: choose one of the two", { durability: "memory", dataDir: "d" }],
    ["durability process needs a data directory", { durability: "process" }],
    ["process.roles has no broker, and Ottla is nothing else", {}, { "process.roles": "controller" }],
    [/^The topic 'a b' cannot be created: /, { topics: { "a b": {} } }],
    ["Unknown topic config name: nonsense", { topics: { a: { configs: { nonsense: 1 } } } }],
    [/^topics\.a\.partitions: /, { topics: { a: { partitions: 0 } } }],
    [/^port: /, { port: 65536 }],
    [/^options: .*'prt'/, { prt: 1 } as BrokerOptions],
  ];
  for (const [message, options, file] of refusals) {
    it(`refuses: ${message}`, () => assert.throws(() => resolve(options, file), { name: "ConfigError", message }));
  }
});

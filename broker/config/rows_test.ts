import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { brokerConfig } from "./broker.ts";
import { clientMetricsConfig } from "./client_metrics.ts";
import { DynamicBrokerConfig } from "./dynamic_broker_config.ts";
import { updateModeOf } from "./dynamic_rows.ts";
import { groupConfig } from "./group.ts";
import { resolveSettings } from "./resolve.ts";
import { ConfigError, type Row, type Rows } from "./row.ts";
import { brokerTwins, topicConfig, topicLogConfig } from "./topic.ts";

const kinds: Readonly<Record<string, Rows>> = {
  broker: brokerConfig,
  topic: topicConfig,
  group: groupConfig,
  metrics: clientMetricsConfig,
};

/** Where our default is not Kafka's; `-` is unset, `!` none at all, `TMP` the directory for temporary files. */
const ours: Readonly<Record<string, readonly [kafka: string, ottla: string]>> = {
  "node.id": ["!", "1"],
  "process.roles": ["!", "broker,controller"],
  "controller.listener.names": ["!", "CONTROLLER"],
  "max.connections": ["2147483647", "10000"],
  "queued.max.request.bytes": ["-1", "268435456"],
  "group.initial.rebalance.delay.ms": ["3000", "0"],
  "offsets.topic.num.partitions": ["50", "1"],
  "transaction.state.log.min.isr": ["2", "1"],
  "transaction.state.log.num.partitions": ["50", "1"],
  "share.coordinator.state.topic.min.isr": ["2", "1"],
  "share.coordinator.state.topic.num.partitions": ["50", "1"],
  "share.coordinator.state.topic.replication.factor": ["3", "1"],
  "log.dir": ["TMP/kafka-logs", "-"],
};

/** What compat/config-rows/ConfigRows.java printed with the jars of Kafka 4.3.1. */
const kafka = readFileSync(new URL("./testdata/properties-4.3.1.tsv", import.meta.url), "utf8").trimEnd().split("\n")
  .map((line) => line.split("\t"));

describe("the rows", () => {
  it("hold every property of Kafka 4.3.1, with its type, default, kind and how it may be set while the broker runs", () => {
    const differences: string[] = [];
    for (const [kind, name, type, initial, updateMode, internal] of kafka) {
      const row = Object.hasOwn(kinds[kind], name) ? kinds[kind][name] : undefined;
      const expected = [type, kind === "broker" && name in ours ? ours[name][1] : initial, updateMode, internal];
      const mode = !row?.dynamic ? "read-only" : kind === "broker" ? updateModeOf(name) : "any";
      const actual = row && [row.type, row.initial ?? "-", mode, String(row.internal)];
      if (JSON.stringify(actual) !== JSON.stringify(expected)) differences.push(`${name}: ${actual} instead of ${expected}`);
    }
    assert.deepEqual(differences, []);
  });

  it("hold nothing else but what is named as ours", () => {
    for (const [kind, rows] of Object.entries(kinds)) {
      const known = kafka.filter((row) => row[0] === kind).map((row) => row[1]);
      assert.deepEqual(Object.keys(rows).filter((name) => !name.startsWith("ottla.")).sort(), known.sort());
    }
  });

  it("differ from Kafka only where the list above says so", () => {
    for (const [name, [initial]] of Object.entries(ours)) {
      assert.equal(kafka.find((row) => row[0] === "broker" && row[1] === name)?.[3], initial, name);
    }
  });

  it("have defaults that their own rules accept, in Kafka's text form", () => {
    for (const [name, row] of Object.values(kinds).flatMap((rows) => Object.entries(rows))) {
      if (row.initial !== null) assert.equal(row.parse(name, row.initial).text, row.initial, name);
    }
  });

  it("are said to be applied exactly where they change something", () => {
    for (const [name, row] of Object.entries<Row<unknown>>(brokerConfig)) {
      const changed = effectOf(name, row) !== effects(besides(name));
      // Beside `listeners` only; the other listener's name has nothing to be skipped from.
      if (name !== "controller.listener.names") assert.equal(changed, row.applied, name);
    }
    assert.throws(() => effects({ listeners: "A://127.0.0.1:1,B://127.0.0.1:2", "listener.security.protocol.map": "A:PLAINTEXT" }));
    assert.doesNotThrow(() =>
      effects({
        listeners: "A://127.0.0.1:1,B://127.0.0.1:2",
        "listener.security.protocol.map": "A:PLAINTEXT",
        "controller.listener.names": "B",
      })
    );
  });

  it("of topics are said to be applied exactly where storage gets them", () => {
    const configOf = (overrides: Record<string, string>) => JSON.stringify(topicLogConfig(new Map(Object.entries(overrides)), {}));
    for (const [name, row] of Object.entries<Row<unknown>>(topicConfig)) {
      const changed = configOf({ ...besides(name), [name]: sample(name, row) }) !== configOf(besides(name));
      assert.equal(changed, row.applied, name);
    }
  });

  it("have a broker twin for each topic property that has one, of the same type and default", () => {
    for (const [name, row] of Object.entries<Row<unknown>>(topicConfig)) {
      const [twin] = brokerTwins(name);
      if (twin === undefined) continue;
      const other: Row<unknown> = (brokerConfig as Rows)[twin];
      assert.equal(other.type, row.type, name);
      if (other.initial !== null) assert.equal(other.initial, row.initial, name);
    }
  });
});

/** A value that is not the default. */
function sample(name: string, row: Row<unknown>): string {
  const candidates = ["2097152", "7", "2", "1", "0.25", "false", "true", "compact", "LogAppendTime", "lz4", "x"];
  for (const text of [samples[name] ?? [], candidates].flat()) {
    try {
      const parsed = row.parse(name, text).text;
      if (parsed !== row.initial) return text;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }
  return row.initial ?? "x";
}

const samples: Readonly<Record<string, string>> = {
  // More, and there would be too little memory for each.
  "log.cleaner.threads": "2",
  "max.connections.per.ip.overrides": "127.0.0.1:5",
  listeners: "PLAINTEXT://127.0.0.1:1",
  "advertised.listeners": "PLAINTEXT://elsewhere:1",
  "listener.security.protocol.map": "PLAINTEXT:SSL",
  "process.roles": "controller",
};

/** What must be set for a property to mean anything. */
function besides(name: string): Record<string, string> {
  const codec = /^compression\.(.*)\.level$/.exec(name)?.[1];
  return codec === undefined ? {} : { "compression.type": codec };
}

function effectOf(name: string, row: Row<unknown>): string {
  try {
    return effects({ ...besides(name), [name]: sample(name, row) });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Everything that a broker with these properties is told, but for the list of properties itself. */
function effects(properties: Record<string, string>): string {
  const { settings: { properties: all, ...settings } } = resolveSettings({ properties }, {}, { port: 0, dataDir: null });
  return JSON.stringify([settings, new DynamicBrokerConfig(all).settings, topicLogConfig(new Map(), all)]);
}

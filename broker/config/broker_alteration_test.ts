import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { invalidBroker } from "./broker_alteration.ts";
import { DynamicBrokerConfig } from "./dynamic_broker_config.ts";

const started = { "log.dirs": "/data", listeners: "PLAINTEXT://127.0.0.1:9092", "log.cleaner.threads": "3" };

function verdict(configs: Record<string, string>, own = true, ofAll: Record<string, string> = {}): "taken" | "refused" {
  const config = new DynamicBrokerConfig(started);
  config.alter(new Map(Object.entries(ofAll)), new Map());
  return invalidBroker(new Map(Object.entries(configs)), own, config) === null ? "taken" : "refused";
}

// Each of these is what Kafka 4.3.1 says, but for what Ottla cannot change: compat/explorer plays them beside it.
const taken: readonly Record<string, string>[] = [
  { "log.retention.ms": "5000" },
  { "log.retention.ms": "-1" },
  { "log.retention.ms": "-9223372036854775808" },
  { "no.such.config": "x" },
  { "leader.replication.throttled.rate": "1000" },
  { "ssl.protocol": "TLSv1.2" },
  { "sasl.login.refresh.buffer.seconds": "5" },
  { "listener.name.plaintext.ssl.keystore.location": "/x" },
  { "listener.name.plaintext.max.connections": "5" },
  { listeners: "PLAINTEXT://127.0.0.1:9092" },
  { "num.io.threads": "16" },
  { "num.io.threads": "4" },
  { "log.cleaner.threads": "1" },
  { "cordoned.log.dirs": "/data" },
  { "max.connections.per.ip": "0", "max.connections.per.ip.overrides": "127.0.0.1:5,::1:7" },
  { "log.local.retention.ms": "1000", "log.retention.ms": "1000" },
];
const refused: readonly Record<string, string>[] = [
  { "node.id": "1" },
  { "log.retention.hours": "5" },
  { "log.retention.ms": "x" },
  { "log.retention.ms": "0" },
  { "log.roll.ms": "0" },
  { "log.roll.jitter.ms": "-1" },
  { "log.retention.ms": "5000", "num.partitions": "2" },
  { "leader.replication.throttled.rate": "-1" },
  { "ssl.keystore.location": "/x" },
  { "listener.name.plaintext.max.connections": "many" },
  { listeners: "PLAINTEXT://127.0.0.1:9093" },
  { "metric.reporters": "no.such.Reporter" },
  { "principal.builder.class": "no.such.Builder" },
  { "num.io.threads": "17" },
  { "num.io.threads": "3" },
  { "background.threads": "0" },
  { "log.cleaner.threads": "7" },
  { "log.cleaner.threads": "0" },
  { "log.cleaner.dedupe.buffer.size": "3145728" },
  { "max.connections": "0" },
  { "max.connections.per.ip": "0" },
  { "max.connections.per.ip.overrides": "everybody" },
  { "remote.log.manager.copy.max.bytes.per.second": "0" },
  { "log.local.retention.ms": "2000", "log.retention.ms": "1000" },
  { "log.local.retention.bytes": "-1", "log.retention.bytes": "1000" },
  { "cordoned.log.dirs": "/elsewhere" },
];

describe("what is set of a broker while it runs", () => {
  for (const configs of taken) it(`may be ${JSON.stringify(configs)}`, () => assert.equal(verdict(configs), "taken"));
  for (const configs of refused) it(`must not be ${JSON.stringify(configs)}`, () => assert.equal(verdict(configs), "refused"));

  it("must not be set for all where each broker needs its own", () => {
    assert.equal(verdict({ "log.retention.ms": "5000" }, false), "taken");
    assert.equal(verdict({ "listener.name.plaintext.max.connections": "5" }, false), "taken");
    assert.equal(verdict({ "ssl.protocol": "TLSv1.2" }, false), "refused");
    assert.equal(verdict({ "cordoned.log.dirs": "/data" }, false), "refused");
    assert.equal(verdict({ "listener.name.plaintext.ssl.keystore.location": "/x" }, false), "refused");
  });

  it("must go together with what was set for all", () => {
    assert.equal(verdict({ "log.local.retention.ms": "2000" }, true, { "log.retention.ms": "1000" }), "refused");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeBroker, type DescribedConfig, describeGroup, describeTopic } from "./describe.ts";
import type { ConfigValues } from "./row.ts";

/** `value from`, then the synonyms: as in the answers of a live Kafka 4.3.1 to the same properties, all of which were compared once. */
function shown(configs: readonly DescribedConfig[], name: string): string {
  const config = configs.find((candidate) => candidate.name === name);
  if (config === undefined) return "absent";
  const synonyms = config.synonyms.map((synonym) => `${synonym.name}=${synonym.value}:${synonym.source}`);
  return `${config.value} ${config.origin} [${synonyms.join(", ")}]`;
}

const broker: ConfigValues = { "log.retention.minutes": "1000", "num.partitions": "4", "ssl.keystore.password": "hush hush" };

describe("describeTopic", () => {
  const overrides = new Map([["retention.ms", "1000"], ["cleanup.policy", "compact,delete"]]);

  it("shows overrides above the broker's value", () => {
    assert.equal(
      shown(describeTopic(overrides, broker), "cleanup.policy"),
      "compact,delete 1 [cleanup.policy=compact,delete:1, log.cleanup.policy=delete:5]",
    );
    assert.equal(shown(describeTopic(overrides, broker), "retention.ms"), "1000 1 [retention.ms=1000:1]");
  });

  it("shows a value in milliseconds without the property behind it, as Kafka does", () => {
    assert.equal(shown(describeTopic(new Map(), broker), "retention.ms"), "60000000 5 []");
    assert.equal(shown(describeTopic(new Map(), {}), "segment.ms"), "604800000 5 []");
  });

  it("shows the broker's property where one was set", () => {
    const configs = describeTopic(new Map(), { "log.segment.bytes": "2097152" });
    assert.equal(shown(configs, "segment.bytes"), "2097152 4 [log.segment.bytes=2097152:4, log.segment.bytes=1073741824:5]");
  });

  it("hides what is internal, and nothing is read-only", () => {
    const configs = describeTopic(new Map(), {});
    assert.equal(configs.length, 33);
    assert.equal(shown(configs, "internal.segment.bytes"), "absent");
    assert.ok(configs.every(({ readOnly }) => !readOnly));
  });
});

describe("describeBroker", () => {
  const configs = describeBroker(broker);

  it("shows what was set, and the default beneath it", () => {
    assert.equal(shown(configs, "num.partitions"), "4 4 [num.partitions=4:4, num.partitions=1:5]");
    assert.equal(shown(configs, "num.io.threads"), "8 5 [num.io.threads=8:5]");
  });

  it("shows weaker names of one value, not stronger ones", () => {
    assert.equal(shown(configs, "log.retention.minutes"), "1000 4 [log.retention.minutes=1000:4, log.retention.hours=168:5]");
    assert.equal(shown(configs, "log.retention.hours"), "168 5 [log.retention.hours=168:5]");
    assert.equal(shown(configs, "log.retention.ms"), "null 5 []");
  });

  it("never shows a secret", () => {
    assert.equal(shown(configs, "ssl.keystore.password"), "null 4 [ssl.keystore.password=null:4]");
    assert.ok(configs.find(({ name }) => name === "ssl.keystore.password")!.isSensitive);
    assert.doesNotMatch(JSON.stringify(configs), /hush hush/);
  });

  it("shows all but the internal ones, read-only unless Kafka can change them", () => {
    assert.equal(configs.length, 340);
    assert.equal(configs.filter(({ readOnly }) => !readOnly).length, 99);
    assert.ok(configs.every(({ doc }) => doc !== null && /^[A-Z_a-z].*\.$/.test(doc)));
  });
});

describe("describeGroup", () => {
  it("shows the broker's properties as defaults", () => {
    const configs = describeGroup({ "group.consumer.session.timeout.ms": "50000" });
    const set = "50000 4 [group.consumer.session.timeout.ms=50000:4, group.consumer.session.timeout.ms=45000:5]";
    assert.equal(shown(configs, "consumer.session.timeout.ms"), set);
    assert.equal(shown(configs, "share.auto.offset.reset"), "latest 5 [share.auto.offset.reset=latest:5]");
    assert.equal(configs.length, 17);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeBroker, describeBrokers, describeClientMetrics, type DescribedConfig, describeGroup, describeTopic } from "./describe.ts";
import { DynamicBrokerConfig } from "./dynamic_broker_config.ts";

/** `value from`, then the synonyms: as in the answers of a live Kafka 4.3.1 to the same properties, all of which were compared once. */
function shown(configs: readonly DescribedConfig[], name: string): string {
  const config = configs.find((candidate) => candidate.name === name);
  if (config === undefined) return "absent";
  const synonyms = config.synonyms.map((synonym) => `${synonym.name}=${synonym.value}:${synonym.source}`);
  return `${config.value} ${config.origin} [${synonyms.join(", ")}]`;
}

const broker = new DynamicBrokerConfig({ "log.retention.minutes": "1000", "num.partitions": "4", "ssl.keystore.password": "hush hush" });
const untold = new DynamicBrokerConfig({});

/** A broker that was told this at start, and that while it runs, with all others and alone. */
function altered(started: Record<string, string>, ofAll: Record<string, string>, own: Record<string, string>): DynamicBrokerConfig {
  const config = new DynamicBrokerConfig(started);
  config.alter(new Map(Object.entries(ofAll)), new Map(Object.entries(own)));
  return config;
}

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
    assert.equal(shown(describeTopic(new Map(), untold), "segment.ms"), "604800000 5 []");
  });

  it("shows the broker's property where one was set", () => {
    const configs = describeTopic(new Map(), new DynamicBrokerConfig({ "log.segment.bytes": "2097152" }));
    assert.equal(shown(configs, "segment.bytes"), "2097152 4 [log.segment.bytes=2097152:4, log.segment.bytes=1073741824:5]");
  });

  it("hides what is internal, and nothing is read-only", () => {
    const configs = describeTopic(new Map(), untold);
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
    const configs = describeGroup(new Map(), new DynamicBrokerConfig({ "group.consumer.session.timeout.ms": "50000" }));
    const set = "50000 4 [group.consumer.session.timeout.ms=50000:4, group.consumer.session.timeout.ms=45000:5]";
    assert.equal(shown(configs, "consumer.session.timeout.ms"), set);
    assert.equal(shown(configs, "share.auto.offset.reset"), "latest 5 [share.auto.offset.reset=latest:5]");
    assert.equal(configs.length, 17);
  });

  it("shows a group's own above them", () => {
    const configs = describeGroup(new Map([["consumer.session.timeout.ms", "50000"], ["share.auto.offset.reset", "earliest"]]), untold);
    const set = "50000 8 [consumer.session.timeout.ms=50000:8, group.consumer.session.timeout.ms=45000:5]";
    assert.equal(shown(configs, "consumer.session.timeout.ms"), set);
    const reset = "earliest 8 [share.auto.offset.reset=earliest:8, share.auto.offset.reset=latest:5]";
    assert.equal(shown(configs, "share.auto.offset.reset"), reset);
  });
});

describe("what was set while the broker runs", () => {
  const name = "log.retention.ms";
  const config = altered({ [name]: "1" }, { [name]: "2", "log.segment.bytes": " 2097152 " }, { [name]: "3" });

  it("stands above what it was started with, a broker's own above that of all", () => {
    const synonyms = `${name}=3:2, ${name}=2:3, ${name}=1:4`;
    assert.equal(shown(describeBroker(config), name), `3 2 [${synonyms}, log.retention.hours=168:5]`);
    assert.equal(shown(describeTopic(new Map(), config), "retention.ms"), `3 2 [${synonyms}, log.retention.hours=168:5]`);
  });

  it("is shown alone of all brokers", () => {
    assert.deepEqual(describeBrokers(config).map(({ name, value, origin }) => [name, value, origin]), [
      [name, "2", 3],
      ["log.segment.bytes", " 2097152 ", 3],
    ]);
  });

  it("is shown as Kafka prints it, and as it was written among its synonyms", () => {
    const written = "log.segment.bytes= 2097152 :3, log.segment.bytes=1073741824:5";
    assert.equal(shown(describeBroker(config), "log.segment.bytes"), `2097152 3 [${written}]`);
    assert.equal(shown(describeTopic(new Map(), config), "segment.bytes"), `2097152 3 [${written}]`);
  });

  it("takes the place of what was set under another name", () => {
    assert.equal(altered({ "log.retention.ms": "5" }, {}, { "log.retention.ms": "6" }).values["log.retention.ms"], "6");
    const hours = altered({ "log.roll.hours": "5" }, { "log.roll.ms": "7" }, {});
    assert.deepEqual([hours.values["log.roll.hours"], hours.values["log.roll.ms"]], [undefined, "7"]);
  });

  it("is not believed where it is no value any more", () => {
    assert.equal(altered({}, { "log.segment.bytes": "small" }, {}).values["log.segment.bytes"], undefined);
  });

  it("is shown without its value where nobody knows it", () => {
    const config = altered({}, {}, { "my.plugin": "hush", "leader.replication.throttled.rate": "5" });
    const [unknown] = describeBroker(config).filter((one) => one.name === "my.plugin");
    assert.deepEqual([unknown.value, unknown.isSensitive, unknown.readOnly, unknown.type, unknown.origin], [null, true, true, 0, 2]);
    const [throttled] = describeBroker(config).filter((one) => one.name === "leader.replication.throttled.rate");
    assert.deepEqual([throttled.value, throttled.isSensitive, throttled.readOnly, throttled.type], ["5", false, false, 5]);
    assert.equal(shown([throttled], throttled.name), "5 2 [leader.replication.throttled.rate=5:2]", "nobody tells its default");
  });
});

describe("describeClientMetrics", () => {
  it("shows what was set, and defaults that have no synonyms", () => {
    const configs = describeClientMetrics(new Map([["interval.ms", "1000"]]));
    assert.equal(shown(configs, "interval.ms"), "1000 7 [interval.ms=1000:7]");
    assert.equal(shown(configs, "metrics"), " 5 []");
    assert.equal(configs.length, 3);
  });
});

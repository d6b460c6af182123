import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkTopicConfigs, invalidTopicConfigs, topicDefaults, topicLogConfig } from "./topic.ts";

const invalid = (configs: Record<string, string | null>) => invalidTopicConfigs(new Map(Object.entries(configs)));

describe("invalidTopicConfigs", () => {
  // What CreateTopics of a live Kafka 4.3.1 said to each; null: it created the topic.
  const answers: readonly [name: string, value: string, answer: string | null][] = [
    ["nonsense", "1", "Unknown topic config name: nonsense"],
    ["message.format.version", "3.0", "Unknown topic config name: message.format.version"],
    ["retention.ms", "abc", "Invalid value abc for configuration retention.ms: Not a number of type LONG"],
    ["retention.ms", "-2", "Invalid value -2 for configuration retention.ms: Value must be at least -1"],
    ["retention.ms", "", "Invalid value  for configuration retention.ms: Not a number of type LONG"],
    ["retention.ms", " 5 ", null],
    ["retention.ms", "+5", null],
    ["retention.ms", "1.5", "Invalid value 1.5 for configuration retention.ms: Not a number of type LONG"],
    ["retention.ms", "9223372036854775807", null],
    ["retention.ms", "9223372036854775808", "Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG"],
    ["retention.bytes", "-7", null],
    ["max.message.bytes", "-1", "Invalid value -1 for configuration max.message.bytes: Value must be at least 0"],
    ["max.message.bytes", "3000000000", "Invalid value 3000000000 for configuration max.message.bytes: Not a number of type INT"],
    ["segment.bytes", "100", "Invalid value 100 for configuration segment.bytes: Value must be at least 1048576"],
    ["internal.segment.bytes", "100", null],
    ["cleanup.policy", "foo", "Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete"],
    ["cleanup.policy", "", null],
    ["cleanup.policy", "delete,delete", null],
    ["cleanup.policy", "compact, delete", null],
    ["compression.gzip.level", "-1", null],
    [
      "compression.gzip.level",
      "0",
      "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
    ],
    [
      "compression.gzip.level",
      "10",
      "Invalid value 10 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1",
    ],
    ["compression.zstd.level", "23", "Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22"],
    ["compression.lz4.level", "0", "Invalid value 0 for configuration compression.lz4.level: Value must be at least 1"],
    [
      "compression.type",
      "brotli",
      "Invalid value brotli for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer",
    ],
    ["min.cleanable.dirty.ratio", "2", "Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1"],
    ["min.cleanable.dirty.ratio", "x", "Invalid value x for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE"],
    ["preallocate", "maybe", "Invalid value maybe for configuration preallocate: Expected value to be either true or false"],
    ["preallocate", "TRUE", null],
    [
      "message.timestamp.type",
      "foo",
      "Invalid value foo for configuration message.timestamp.type: String must be one of: CreateTime, LogAppendTime",
    ],
    ["leader.replication.throttled.replicas", "*", null],
    ["leader.replication.throttled.replicas", "0:1,1:2", null],
    ["min.insync.replicas", "0", "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1"],
    ["min.insync.replicas", "5", null],
  ];
  for (const [name, value, answer] of answers) {
    it(`says of ${name}=${value} what Kafka says`, () => assert.equal(invalid({ [name]: value }), answer));
  }

  it("refuses what is no list of replicas", () => {
    assert.match(
      invalid({ "leader.replication.throttled.replicas": "x" })!,
      /^Invalid value \[x\] for configuration leader\.replication.*'\*'/,
    );
  });

  it("refuses a null before anything else", () => {
    assert.equal(invalid({ "retention.ms": null, nonsense: "1" }), "Null value not supported for topic configs: retention.ms");
  });

  it("refuses names before values", () => {
    assert.equal(invalid({ "retention.ms": "abc", nonsense: "1" }), "Unknown topic config name: nonsense");
  });

  it("refuses lags that contradict each other", () => {
    const message = "conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)";
    assert.equal(invalid({ "min.compaction.lag.ms": "10", "max.compaction.lag.ms": "5" }), message);
  });

  it("refuses tiered storage, as Kafka does without it", () =>
    assert.match(invalid({ "remote.storage.enable": "true" })!, /tiered storage/));
});

describe("checkTopicConfigs", () => {
  it("answers Kafka's own text form", () => {
    const given = {
      "retention.ms": " +5 ",
      preallocate: "TRUE",
      "cleanup.policy": "compact , delete",
      "min.cleanable.dirty.ratio": "1e-4",
    };
    assert.deepEqual(checkTopicConfigs(new Map(Object.entries(given))), {
      "retention.ms": "5",
      preallocate: "true",
      "cleanup.policy": "compact,delete",
      "min.cleanable.dirty.ratio": "1.0E-4",
    });
  });
});

describe("topicDefaults", () => {
  it("takes the strongest twin that is set, in its unit", () => {
    assert.equal(topicDefaults({})["retention.ms"], "604800000");
    assert.equal(topicDefaults({ "log.retention.hours": "2" })["retention.ms"], "7200000");
    assert.equal(topicDefaults({ "log.retention.hours": "2", "log.retention.minutes": "3" })["retention.ms"], "180000");
    assert.equal(topicDefaults({ "log.retention.hours": "2", "log.retention.ms": "4" })["retention.ms"], "4");
    assert.equal(topicDefaults({ "log.retention.minutes": "-1" })["retention.ms"], "-1");
    assert.equal(topicDefaults({ "log.retention.ms": "-7" })["retention.ms"], "-1");
    assert.equal(topicDefaults({ "log.retention.bytes": "-7" })["retention.bytes"], "-7");
    assert.equal(topicDefaults({ "log.flush.scheduler.interval.ms": "9" })["flush.ms"], "9");
  });
});

describe("topicLogConfig", () => {
  it("takes overrides first, then the broker's properties, then Kafka's defaults", () => {
    const config = topicLogConfig(new Map([["max.message.bytes", "10"], ["cleanup.policy", "delete,compact"]]), {
      "message.max.bytes": "20",
      "log.segment.bytes": "2097152",
      "log.message.timestamp.type": "LogAppendTime",
      "compression.type": "uncompressed",
    });
    assert.deepEqual(config, {
      segmentBytes: 2097152,
      segmentMs: 604_800_000,
      segmentJitterMs: 0,
      indexIntervalBytes: 4096,
      segmentIndexBytes: 10_485_760,
      maxMessageBytes: 10,
      messageTimestampType: "LogAppendTime",
      messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
      messageTimestampAfterMaxMs: 3_600_000,
      compressionType: "none",
      compressionLevel: undefined,
      compact: true,
      delete: true,
      retentionBytes: -1,
      retentionMs: 604_800_000,
      minCleanableDirtyRatio: 0.5,
      minCompactionLagMs: 0,
      minInSyncReplicas: 1,
      maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
      deleteRetentionMs: 86_400_000,
      fileDeleteDelayMs: 60_000,
    });
  });

  it("takes the level of the compression that the topic has", () => {
    const levelOf = (overrides: Record<string, string>) =>
      topicLogConfig(new Map(Object.entries(overrides)), { "compression.zstd.level": "-5" }).compressionLevel;
    assert.equal(levelOf({ "compression.type": "zstd" }), -5);
    assert.equal(levelOf({ "compression.type": "zstd", "compression.zstd.level": "19" }), 19);
    assert.equal(levelOf({ "compression.type": "gzip", "compression.zstd.level": "19" }), -1);
    assert.equal(levelOf({ "compression.type": "lz4", "compression.lz4.level": "12" }), undefined, "there is but the fast one");
    assert.equal(levelOf({ "compression.type": "snappy" }), undefined);
    assert.equal(levelOf({}), undefined);
  });
});

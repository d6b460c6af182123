import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type Subscription, subscriptionOf } from "../config/client_metrics.ts";
import { loadPatterns } from "../pattern.ts";
import { type ClientAttributes, wantedOf } from "./wanted.ts";

const ID = "dGhlcmUgaXMgbm8gdG9waQ";

const client: ClientAttributes = {
  client_instance_id: ID,
  client_id: "orders-1",
  client_software_name: "apache-kafka-java",
  client_software_version: "4.3.1",
  client_source_address: "127.0.0.1",
  client_source_port: "50123",
};

function subscriptions(...all: Record<string, string>[]): Subscription[] {
  return all.map((configs) => subscriptionOf(new Map(Object.entries(configs))));
}

describe("what a client is asked for", () => {
  before(loadPatterns);

  // Made with `HashSet`, `Crc32C` and `Uuid` of Kafka 4.3.1, as its `ClientMetricsManager` does.
  for (
    const [id, interval, names, order, subscriptionId] of [
      [ID, "300000", "", [], -1852946282],
      [ID, "100", "a,*", ["*"], 1893199849],
      [
        ID,
        "1000",
        "org.apache.kafka.producer.,org.apache.kafka.consumer.,a,q,b,org.apache.kafka.client.,zz,y",
        ["org.apache.kafka.producer.", "zz", "a", "q", "org.apache.kafka.consumer.", "b", "org.apache.kafka.client.", "y"],
        161818209,
      ],
      [
        "_____________________w",
        "1000",
        "m13,m1,m2,m3,m4,m5,m6,m7,m8,m9,m10,m11,m12,m14,org.apache.kafka.producer.record.queue.time.,org.apache.kafka.consumer.fetch.",
        [
          ...["m1", "m2", "m3", "m4", "m5", "m6", "org.apache.kafka.consumer.fetch.", "m7", "m8", "m9", "m11"],
          ...["org.apache.kafka.producer.record.queue.time.", "m10", "m13", "m12", "m14"],
        ],
        834238182,
      ],
    ] as const
  ) {
    it(`has Kafka's order and Kafka's id: ${names || "nothing"}`, () => {
      const wanted = wantedOf(id, { ...client, client_instance_id: id }, subscriptions({ metrics: names, "interval.ms": interval }));
      assert.deepEqual(wanted, { metrics: order, pushIntervalMs: Number(interval), subscriptionId });
    });
  }

  it("is nothing where there is no subscription, every five minutes", () => {
    const { metrics, pushIntervalMs } = wantedOf(ID, client, []);
    assert.deepEqual([metrics, pushIntervalMs], [[], 300_000]);
  });

  it("is what all that match want together, once, at the shortest interval", () => {
    const { metrics, pushIntervalMs } = wantedOf(
      ID,
      client,
      subscriptions(
        { metrics: "a,b", "interval.ms": "2000" },
        { metrics: "b,c", "interval.ms": "1000", match: "client_id=orders-.*" },
        { metrics: "d", "interval.ms": "100", match: "client_id=orders" },
      ),
    );
    assert.deepEqual([[...metrics].sort(), pushIntervalMs], [["a", "b", "c"], 1000]);
  });

  it("comes every five minutes at least", () => {
    assert.equal(wantedOf(ID, client, subscriptions({ metrics: "a", "interval.ms": "3600000" })).pushIntervalMs, 300_000);
  });

  for (
    const [match, matches] of [
      ["client_instance_id=dGhl.*", true],
      ["client_software_name=apache-kafka-java", true],
      ["client_software_name=apache", false],
      ["client_software_version=4\\..*", true],
      ["client_source_address=127\\.0\\.0\\.1", true],
      ["client_source_port=[0-9]+", true],
      ["client_source_port=1", false],
      ["client_id=orders-1,client_source_port=1", false],
      ["client_id=other,client_id=orders-1", true],
      ["client_id=(?i)ORDERS.*", true],
    ] as const
  ) {
    it(`${matches ? "is" : "is not"} of ${match}`, () => {
      assert.equal(wantedOf(ID, client, subscriptions({ metrics: "a", match })).metrics.length, matches ? 1 : 0);
    });
  }

  it("is not of a pattern for what nobody knows", () => {
    assert.deepEqual(wantedOf(ID, { ...client, client_id: null }, subscriptions({ metrics: "a", match: "client_id=.*" })).metrics, []);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle } from "../../platform/mod.ts";
import { errorName } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../../protocol/generated/02_list_offsets.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { DeleteRecords } from "../../protocol/generated/21_delete_records.ts";
import { batchOf, fetchFrom, offsetOf, produceTo } from "../testing/requests.ts";
import type { WireClient } from "../testing/wire_client.ts";
import { BrokerWorld } from "../testing/world.ts";

const EARLIEST = -2n;

/** A topic with the offsets 0 to 4, in batches of one. */
async function started(durability: "process" | "power" = "process"): Promise<{ world: BrokerWorld; client: WireClient }> {
  const policy = (text: string) => ({ configs: { "cleanup.policy": text } });
  const world = await BrokerWorld.start(1, { durability, topics: { t: {}, compacted: policy("compact"), kept: policy("") } });
  const client = await world.connect();
  for (const value of ["a", "b", "c", "d", "e"]) await client.call(Produce, 9, produceTo("t", 0, batchOf([value])));
  return { world, client };
}

/** `<low watermark>`, or the error. */
async function deleted(client: WireClient, offset: number, topic = "t", partitionIndex = 0): Promise<string> {
  const request = { topics: [{ name: topic, partitions: [{ partitionIndex, offset }] }], timeoutMs: 1000 };
  const [{ errorCode, lowWatermark }] = (await client.call(DeleteRecords, 2, request)).topics[0].partitions;
  return errorCode === 0 ? `${lowWatermark}` : `${errorName(errorCode)} ${lowWatermark}`;
}

async function earliest(client: WireClient): Promise<number> {
  return (await client.call(ListOffsets, 7, offsetOf("t", 0, EARLIEST))).topics[0].partitions[0].offset;
}

async function fetched(client: WireClient, offset: number): Promise<string> {
  const [{ errorCode, logStartOffset }] = (await client.call(Fetch, 12, fetchFrom("t", 0, offset))).responses[0].partitions;
  return `${errorName(errorCode)} ${logStartOffset}`;
}

describe("DeleteRecords", () => {
  it("moves the start of the log, never back, also to the high watermark, and what is below is out of range", async () => {
    const { client } = await started();
    assert.deepEqual([await deleted(client, 3), await deleted(client, 1), await deleted(client, 0)], ["3", "3", "3"]);
    assert.equal(await earliest(client), 3);
    assert.deepEqual([await fetched(client, 2), await fetched(client, 3)], ["OFFSET_OUT_OF_RANGE -1", "NONE 3"]);
    assert.equal(await deleted(client, -1), "5");
    assert.equal(await earliest(client), 5);
    await client.call(Produce, 9, produceTo("t", 0, batchOf(["f"])));
    assert.equal(await fetched(client, 5), "NONE 5");
  });

  it("refuses what is beyond the end, below -1, unknown, internal, or only compacted", async () => {
    const { client } = await started();
    await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] });
    await settle();
    assert.deepEqual([
      await deleted(client, 6),
      await deleted(client, -2),
      await deleted(client, 0, "nowhere"),
      await deleted(client, 0, "t", 1),
      await deleted(client, 0, "__consumer_offsets"),
      await deleted(client, 0, "compacted"),
    ], [
      "OFFSET_OUT_OF_RANGE -1",
      "OFFSET_OUT_OF_RANGE -1",
      "UNKNOWN_TOPIC_OR_PARTITION -1",
      "UNKNOWN_TOPIC_OR_PARTITION -1",
      "INVALID_TOPIC_EXCEPTION -1",
      "POLICY_VIOLATION -1",
    ]);
    assert.equal(await earliest(client), 0);
  });

  it("takes away what cleanup.policy has nothing taken away of by itself", async () => {
    const { client } = await started();
    assert.equal(await deleted(client, 0, "kept"), "0");
  });

  it("answers a partition once, by the last that is said of it, and does not name a topic without partitions", async () => {
    const { client } = await started();
    const named = (...partitions: [number, number][]) => ({
      name: "t",
      partitions: partitions.map(([partitionIndex, offset]) => ({ partitionIndex, offset })),
    });
    const topics = [{ name: "compacted", partitions: [] }, named([0, 4], [7, 0]), named([0, 9], [0, 2])];
    const { topics: answered } = await client.call(DeleteRecords, 2, { topics, timeoutMs: 1000 });
    assert.deepEqual(
      answered.map((
        { name, partitions },
      ) => [name, ...partitions.map((one) => `${one.partitionIndex} ${errorName(one.errorCode)} ${one.lowWatermark}`)]),
      [["t", "0 NONE 2", "7 UNKNOWN_TOPIC_OR_PARTITION -1"]],
    );
    assert.equal(await earliest(client), 2);
  });

  for (const durability of ["process", "power"] as const) {
    it(`is for good once it is answered: neither a kill nor a power cut brings records back, or gives their offsets away (${durability})`, async () => {
      const { world, client } = await started(durability);
      await deleted(client, -1);
      for (const how of ["power cut", "kill", "power cut"] as const) {
        await world.restart(how);
        const again = await world.connect();
        assert.equal(await earliest(again), 5);
        assert.equal(await fetched(again, 4), "OFFSET_OUT_OF_RANGE -1");
      }
      const again = await world.connect();
      const produced = await again.call(Produce, 9, produceTo("t", 0, batchOf(["f"])));
      assert.equal(produced.responses[0].partitionResponses[0].baseOffset, 5);
    });
  }
});

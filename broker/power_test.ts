import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settleThrough } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch } from "../protocol/generated/01_fetch.ts";
import { batches } from "../protocol/records/mod.ts";
import { batchOf, fetchFrom, produceTo } from "./testing/requests.ts";
import type { WireClient } from "./testing/wire_client.ts";
import { BrokerWorld } from "./testing/world.ts";

const decoder = new TextDecoder();

async function within<T>(world: BrokerWorld, outcome: Promise<T>): Promise<T> {
  await settleThrough(world.platform.clock, 10);
  return await outcome;
}

async function outcomeOf(world: BrokerWorld, client: WireClient, value: string, acks: number): Promise<number> {
  const { responses } = await within(world, client.call(Produce, 9, produceTo("t", 0, batchOf([value]), acks)));
  return responses[0].partitionResponses[0].errorCode;
}

async function valuesIn(world: BrokerWorld, client: WireClient): Promise<string[]> {
  const { responses } = await within(world, client.call(Fetch, 12, fetchFrom("t", 0, 0)));
  const records = responses[0].partitions[0].records as Uint8Array;
  return [...batches(records)].flatMap((batch) => [...batch.records()]).map(({ value }) => decoder.decode(value!));
}

describe("durability power", () => {
  it("refuses acks=all after a failed sync, shows consumers nothing of it, and takes no more writes", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 1 } } });
    const client = await world.connect();
    assert.equal(await outcomeOf(world, client, "kept", -1), ErrorCode.NONE);
    world.platform.disk.failNext("sync", "EIO");
    assert.equal(await outcomeOf(world, client, "lost", -1), ErrorCode.KAFKA_STORAGE_ERROR);
    assert.deepEqual(await valuesIn(world, client), ["kept"]);
    assert.equal(await outcomeOf(world, client, "late", 1), ErrorCode.KAFKA_STORAGE_ERROR);
  });

  it("answers acks=1 after the write; the record becomes visible when it is durable", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 1 } } });
    const client = await world.connect();
    assert.equal(await outcomeOf(world, client, "kept", -1), ErrorCode.NONE);
    world.platform.disk.failNext("sync", "EIO");
    assert.equal(await outcomeOf(world, client, "never", 1), ErrorCode.NONE);
    assert.deepEqual(await valuesIn(world, client), ["kept"]);
    await world.restart("power cut");
    const next = await world.connect();
    assert.equal(await outcomeOf(world, next, "more", 1), ErrorCode.NONE);
    assert.equal((await valuesIn(world, next)).at(-1), "more");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DiskError } from "../platform/mod.ts";
import { StorageStartError } from "../storage/mod.ts";
import { BrokerWorld } from "./testing/world.ts";

const topics = { orders: { partitions: 2 } };

describe("a disk that dies while the broker starts is told in one sentence, whenever it dies", () => {
  it("the first time", async () => {
    for (let operation = 1; await failsAt(BrokerWorld.stopped(1, { topics }), operation); operation++);
  });

  it("after a crash", async () => {
    const crashed = async (): Promise<BrokerWorld> => await BrokerWorld.start(1, { topics });
    for (let operation = 1; await failsAt(await crashed(), operation); operation++);
  });
});

/** Starts the broker on a disk that ends before this operation. False when the start needed fewer; what it failed with otherwise must be a sentence. */
async function failsAt(world: BrokerWorld, operation: number): Promise<boolean> {
  try {
    await world.restart("kill", operation);
  } catch (error) {
    assert.ok(error instanceof StorageStartError || error instanceof DiskError, `operation ${operation}: ${error}`);
    assert.doesNotMatch(error.message, /error code/, `operation ${operation}`);
    return true;
  }
  return false;
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settle } from "../platform/mod.ts";
import type { GroupService } from "./coordinator/group/service.ts";
import type { Partition } from "./partitions.ts";
import { endTransaction } from "./transaction_partitions.ts";

const marker = { producerId: 1, producerEpoch: 2, committed: true, coordinatorEpoch: 0, transactionVersion: 2 };

describe("the end of a transaction in a partition", () => {
  it("has come when its marker is durable", async () => {
    let release = () => {};
    const steps: string[] = [];
    const partition = {
      topic: "t",
      appendEndMarker: () => steps.push("appended"),
      durable: () => new Promise<void>((resolve) => release = resolve),
    };
    const ended = endTransaction(partition as unknown as Partition, {} as GroupService, marker).then(() => steps.push("ended"));
    await settle();
    assert.deepEqual(steps, ["appended"]);
    release();
    await ended;
    assert.deepEqual(steps, ["appended", "ended"]);
  });

  it("is the groups' business in `__consumer_offsets`", async () => {
    const told: unknown[] = [];
    const groups = { completeTransaction: (...what: unknown[]) => Promise.resolve(void told.push(...what)) };
    await endTransaction({ topic: "__consumer_offsets", index: 3 } as Partition, groups as unknown as GroupService, marker);
    assert.deepEqual(told, [3, marker]);
  });
});

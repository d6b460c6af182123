import assert from "node:assert/strict";
import { it } from "node:test";
import { BrokerWorld } from "../broker/testing/world.ts";
import { batchOf, produceTo } from "../broker/testing/requests.ts";
import { runInspect } from "../inspect/command.ts";
import { denoCompression } from "../platform/deno/mod.ts";
import { type Disk, settle } from "../platform/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { OffsetCommit } from "../protocol/generated/08_offset_commit.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import { ErrorCode } from "../protocol/errors.ts";

/** Every file below `path`. */
function* files(disk: Disk, path: string): Generator<string, void, void> {
  for (const name of disk.list(path)) {
    const inside = `${path}/${name}`;
    if (disk.stat(inside)?.kind === "directory") yield* files(disk, inside);
    else yield inside;
  }
}

it("reads every file that a broker leaves behind", async () => {
  const properties = { "log.segment.bytes": 1 << 20, "log.index.interval.bytes": 200, "log.roll.ms": 1_000_000 };
  const world = await BrokerWorld.start(1, { topics: { orders: { partitions: 2 } }, properties }, denoCompression);
  const client = await world.connect();
  const request = {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
    producerId: -1,
    producerEpoch: -1,
    enable2Pc: false,
    keepPreparedTxn: false,
  };
  const { producerId, producerEpoch } = await client.call(InitProducerId, 4, request);
  for (let i = 0; i < 40; i++) {
    const records = batchOf(["tea", "milk"], {
      producerId,
      producerEpoch,
      baseSequence: 2 * i,
      compressionType: "gzip",
      codecs: denoCompression,
    });
    const { responses } = await client.call(Produce, 9, produceTo("orders", 0, records));
    assert.equal(responses[0].partitionResponses[0].errorCode, ErrorCode.NONE);
  }
  await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["kitchen"] });
  await settle();
  const committed = await client.call(OffsetCommit, 8, {
    groupId: "kitchen",
    generationIdOrMemberEpoch: -1,
    memberId: "",
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [{
      name: "orders",
      topicId: "",
      partitions: [{ partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: -1, committedMetadata: null }],
    }],
  });
  assert.equal(committed.topics[0].partitions[0].errorCode, ErrorCode.NONE);
  await world.broker.close();

  const { disk } = world.platform;
  const seen = new Set<string>();
  for (const path of files(disk, "data")) {
    let output = "";
    const process = { args: [path], print: (text: string) => void (output += text) };
    assert.equal(runInspect({ process, disk, codecs: denoCompression }), 0, `${path}: ${output}`);
    const { type, length, children } = JSON.parse(output);
    assert.equal(length, disk.stat(path)!.size);
    if (children.length > 0) seen.add(type);
    if (path.includes("__consumer_offsets") && type === "segment" && length > 0) {
      assert.match(output, /"name": "offset", "type": "int64", .*"value": 7 /);
    }
    if (path.includes("__cluster_metadata") && type === "segment") {
      assert.match(output, /"name": "name", "type": "string", .*"value": "orders" /);
    }
  }
  assert.deepEqual([...seen].sort(), [
    "checkpoint",
    "offset index",
    "producer snapshot",
    "properties",
    "segment",
    "segment checkpoint",
    "text",
    "time index",
  ]);
});

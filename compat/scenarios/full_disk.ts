import assert from "node:assert/strict";
import { batchOf, produceTo } from "../../broker/testing/requests.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import { errorName } from "../../protocol/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { BrokerProcess } from "../broker_process.ts";
import { MissingTool } from "../prepare.ts";
import { run } from "../processes.ts";
import type { Context, Scenario } from "../scenario.ts";
import { connectWire, createTopic, endOffsets, readPartition } from "../wire.ts";

const TOPIC = "filling";
const BALLAST_BYTES = 2 << 20;

export const fullDiskRefusesAndGoesOn: Scenario = {
  name: "a full disk: writes are refused, reads go on, and so do writes when there is room, without a restart",
  ownBroker: true,
  onlyOttla: true,
  long: true,
  async run({ temp }: Context): Promise<void> {
    if (Deno.uid() !== 0) throw new MissingTool("A small disk needs root, to mount it.");
    for (const durability of ["process", "power"] as const) {
      const disk = `${temp}/${durability}`;
      await Deno.mkdir(disk);
      await run("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
      try {
        await fill(disk, durability);
      } finally {
        await run("umount", [disk]);
      }
    }
  },
};

async function fill(disk: string, durability: string): Promise<void> {
  const start = (): BrokerProcess => new BrokerProcess(`${disk}/data`, ["--durability", durability]);
  await Deno.writeFile(`${disk}/ballast`, new Uint8Array(BALLAST_BYTES));
  let broker = start();
  try {
    let client = await connectWire(await broker.ready());
    await createTopic(client, TOPIC, 1);
    let acknowledged = 0;
    for (let refused = 0; refused < 5;) {
      const error = await send(client, acknowledged);
      if (error === "NONE") {
        acknowledged++;
      } else {
        assert.equal(error, "KAFKA_STORAGE_ERROR");
        refused++;
      }
    }
    await readAll(client, acknowledged);
    await Deno.remove(`${disk}/ballast`);
    for (let i = 0; i < 5; i++) assert.equal(await send(client, acknowledged++), "NONE", "when there is room");
    client.close();
    await broker.kill9();
    broker = start();
    client = await connectWire(await broker.ready());
    await readAll(client, acknowledged);
    client.close();
    await broker.stop();
  } finally {
    await broker.abandon();
  }
}

const value = (number: number): string => `${number} ${".".repeat(30_000)}`;

async function send(client: WireClient, number: number): Promise<string> {
  const { responses } = await client.call(Produce, 9, produceTo(TOPIC, 0, batchOf([value(number)], {}, Date.now())));
  return errorName(responses[0].partitionResponses[0].errorCode);
}

/** Exactly what was acknowledged is there. */
async function readAll(client: WireClient, acknowledged: number): Promise<void> {
  assert.deepEqual(await endOffsets(client, TOPIC, 1), [acknowledged]);
  await readPartition(client, TOPIC, 0, 0, (found, offset) => assert.equal(found, value(offset)));
}

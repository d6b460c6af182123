import assert from "node:assert/strict";
import { residentBytes } from "../procfs.ts";
import { waitUntil } from "../processes.ts";
import { Bytes, frame, RawConnection } from "../raw.ts";
import { binaryRecords, FIRST_TIMESTAMP } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";

const FETCHES = 10_000;
const MAX_GROWTH = 96 * 1024 * 1024;
const FETCH_BYTES = 1024 * 1024;

export const unreadAnswersCostNothing: Scenario = {
  name: "a client that pipelines 10,000 fetches of 1 MiB and reads nothing keeps the broker's memory flat",
  ownBroker: true,
  async run({ target, kafkajs }: Context): Promise<void> {
    const topic = "unread";
    await kafkajs.createTopic(topic, 1);
    for (let seed = 1; seed <= 8; seed++) await kafkajs.send(topic, binaryRecords(200, 1, FIRST_TIMESTAMP, seed), "none");
    const before = residentBytes(target.pid);
    let highest = before;
    const watch = setInterval(() => highest = Math.max(highest, residentBytes(target.pid)), 20);
    const greedy = await RawConnection.open(target.bootstrap);
    try {
      const one = frame(1, 4, 1, fetchBody(topic));
      const all = new Uint8Array(one.length * FETCHES);
      for (let i = 0; i < FETCHES; i++) all.set(one, i * one.length);
      const sending = greedy.send(all);
      await waitForStandstill(target.pid);
      const neighbour = await RawConnection.open(target.bootstrap);
      await neighbour.send(frame(3, 1, 2, new Bytes().int32(0).done()));
      assert.notEqual(typeof await neighbour.receive(5_000), "string", "another client is answered meanwhile");
      neighbour.close();
      greedy.close();
      await sending;
    } finally {
      clearInterval(watch);
      greedy.close();
    }
    const growth = highest - before;
    assert.ok(growth < MAX_GROWTH, `resident memory grew by ${Math.round(growth / 1024 / 1024)} MiB`);
  },
};

function fetchBody(topic: string): Uint8Array {
  return new Bytes().int32(-1).int32(500).int32(1).int32(FETCH_BYTES).int8(0).int32(1).string(topic).int32(1).int32(0).int64(0n).int32(
    FETCH_BYTES,
  )
    .done();
}

/** The broker has done all it can do for a client that does not read: its memory stays for a second. */
async function waitForStandstill(pid: number): Promise<void> {
  let last = -1;
  let same = 0;
  await waitUntil("the broker's memory stands still", 30_000, () => {
    const now = residentBytes(pid);
    same = Math.abs(now - last) < 1024 * 1024 ? same + 1 : 0;
    last = now;
    return same >= 10;
  }, 100);
}

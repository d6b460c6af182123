import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../platform/mod.ts";
import { CloseConnection } from "../kafka_error.ts";
import { MemoryBudget } from "./memory_budget.ts";
import { RequestBuffer } from "./request_buffer.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

function frame(size: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(4 + size).fill(fill);
  new DataView(bytes.buffer).setInt32(0, size);
  return bytes;
}

/** Feeds `stream` in pieces of at most `piece` bytes; answers copies of the requests that come out. */
async function feed(buffer: RequestBuffer, stream: Uint8Array, piece: () => number): Promise<Uint8Array[]> {
  const requests: Uint8Array[] = [];
  for (let position = 0; position < stream.length;) {
    const room = await buffer.room();
    const count = Math.min(piece(), room.length, stream.length - position);
    room.set(stream.subarray(position, position + count));
    position += count;
    buffer.arrived(count);
    for (let request = buffer.next(); request !== null; request = buffer.next()) requests.push(request.slice());
  }
  return requests;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((position, part) => (whole.set(part, position), position + part.length), 0);
  return whole;
}

describe("request buffer", () => {
  it("gives back the requests that went in, however they are cut into pieces", async () => {
    const random = new SeededRandom(7);
    const frames = Array.from({ length: 200 }, (_, i) => frame(1 + random.below(i % 20 === 0 ? 600 * KIB : 3000), i));
    for (const most of [3, 1000, 100 * KIB]) {
      const some = most === 3 ? frames.filter(({ length }) => length < 3000) : frames;
      const requests = await feed(new RequestBuffer(MIB, new MemoryBudget(8 * MIB)), concat(some), () => 1 + random.below(most));
      assert.equal(requests.length, some.length);
      requests.forEach((request, i) => assert.deepEqual(request, some[i].subarray(4)));
    }
  });

  it("does not believe a length: memory grows with the bytes that arrived", async () => {
    const budget = new MemoryBudget(100 * MIB);
    const buffer = new RequestBuffer(100 * MIB, budget);
    await feed(buffer, frame(90 * MIB, 1).subarray(0, 300 * KIB), () => 64 * KIB);
    assert.ok((await buffer.room()).length < MIB);
    buffer.release();
    assert.equal(budget.available, 100 * MIB);
  });

  it("waits for the budget when a large request must be held, and goes on when others give memory back", async () => {
    const budget = new MemoryBudget(MIB);
    const [first, second] = [new RequestBuffer(4 * MIB, budget), new RequestBuffer(4 * MIB, budget)];
    await feed(first, frame(3 * MIB, 1).subarray(0, 2 * MIB), () => MIB);
    assert.equal(budget.available, 0);
    let fed = false;
    const feeding = feed(second, frame(2 * MIB, 2), () => MIB).then((requests) => {
      fed = true;
      return requests;
    });
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    assert.equal(fed, false);
    first.release();
    assert.equal((await feeding)[0].length, 2 * MIB);
  });

  for (
    const [what, size] of [["a negative length", -1], ["no bytes", 0], ["more than the limit", MIB + 1], ["2 GB", 0x7fff_ffff]] as const
  ) {
    it(`refuses a request of ${what}`, () => {
      const buffer = new RequestBuffer(MIB, new MemoryBudget(MIB));
      const length = new Uint8Array(4);
      new DataView(length.buffer).setInt32(0, size);
      return assert.rejects(feed(buffer, length, () => 4), CloseConnection);
    });
  }
});

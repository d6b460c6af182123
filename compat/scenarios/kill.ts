import assert from "node:assert/strict";
import { consoleRead } from "../clients/console.ts";
import { waitAssigned } from "../clients/kafkajs_client.ts";
import { java } from "../java.ts";
import { waitUntil } from "../processes.ts";
import { assertSameRecords, binaryRecords, FIRST_TIMESTAMP, positionOf, type RecordLine, unhex } from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";

const PARTITIONS = 3;

export const everythingSurvivesKill: Scenario = {
  name: "kill -9 and start: acknowledged records are there, the group goes on where it committed",
  ownBroker: true,
  async run({ target, kafkajs, written }: Context): Promise<void> {
    const topic = "survives-kill";
    await kafkajs.createTopic(topic, PARTITIONS);
    const before = await sendInParts(kafkajs, topic, binaryRecords(3_000, PARTITIONS, FIRST_TIMESTAMP, 77));
    const first = await kafkajs.consume("goes-on", topic);
    await waitAssigned([first], PARTITIONS);
    await waitUntil("the first consumer has everything", 30_000, () => first.lines.length >= before.length);
    await first.leave();
    const committed = await committedOffsets(kafkajs, topic);
    assert.deepEqual(committed, nextOffsets(before), "the group has committed to the end");
    const unread = await sendInParts(kafkajs, topic, binaryRecords(300, PARTITIONS, FIRST_TIMESTAMP + 100_000, 78));

    await target.kill9();
    await target.start();

    assert.deepEqual(await committedOffsets(kafkajs, topic), committed, "committed offsets after the restart");
    const second = await kafkajs.consume("goes-on", topic);
    await waitUntil("the group goes on", 60_000, () => second.lines.length >= unread.length);
    await second.leave();
    assertSameRecords("the group after the restart", second.lines, unread);
    const after = await sendInParts(kafkajs, topic, binaryRecords(300, PARTITIONS, FIRST_TIMESTAMP + 200_000, 79));
    written.set(topic, [...before, ...unread, ...after]);
    for (const [name, lines] of written) {
      assertSameRecords(`${name} after the restart`, await consoleRead(target.bootstrap, name, lines.length), lines);
    }
  },
};

export const producerGoesOnThroughKill: Scenario = {
  name: "kill -9 under a Java producer that is sending: no loss, no duplicate, order kept",
  ownBroker: true,
  async run({ target, kafkajs, written }: Context): Promise<void> {
    const topic = "sending-through-kill";
    await kafkajs.createTopic(topic, PARTITIONS);
    const acknowledged = new Map<number, string>();
    const failures: string[] = [];
    const sender = java("compat.Sender", [target.bootstrap, topic, String(PARTITIONS)], {
      onLine: (line) => {
        const [word, number, partition, offset] = line.split(" ");
        if (word === "ack") acknowledged.set(Number(number), `${partition}-${offset}`);
        else if (word === "failed") failures.push(line);
      },
    });
    const reach = (count: number): Promise<unknown> =>
      waitUntil(`${count} acknowledged: ${failures[0] ?? sender.tail.at(-1)}`, 90_000, () => {
        if (sender.hasExited) throw new Error(`the producer ended:\n${sender.tail.join("\n")}`);
        return acknowledged.size >= count;
      });
    for (const kills of [1, 2]) {
      await reach(acknowledged.size + 1_500 * kills);
      await target.kill9();
      await target.start();
    }
    await reach(acknowledged.size + 2_000);
    await sender.closeInput();
    await sender.finished();
    assert.deepEqual(failures, []);

    const ends = await kafkajs.call("topicOffsets", { topic }) as { high: string }[];
    const total = ends.reduce((sum, { high }) => sum + Number(high), 0);
    assert.equal(total, acknowledged.size, "as many records as were acknowledged");
    const lines = await consoleRead(target.bootstrap, topic, total);
    assertEachNumberOnce(lines, acknowledged);
    written.set(topic, lines);
  },
};

/** Number n lies alone at the position that was acknowledged for it, and the numbers of a partition rise. */
function assertEachNumberOnce(lines: readonly RecordLine[], acknowledged: ReadonlyMap<number, string>): void {
  const last = new Map<string, number>();
  const seen = new Set<number>();
  for (const line of lines) {
    const [partition, , , , value] = line.split("\t");
    const number = Number(new TextDecoder().decode(unhex(value) ?? undefined));
    assert.ok(!seen.has(number), `${number} is there twice`);
    seen.add(number);
    assert.equal(positionOf(line), acknowledged.get(number), `where ${number} was acknowledged`);
    assert.ok(number > (last.get(partition) ?? -1), `${number} comes after ${last.get(partition)} in partition ${partition}`);
    last.set(partition, number);
  }
  assert.equal(seen.size, acknowledged.size);
}

async function sendInParts(
  kafkajs: Context["kafkajs"],
  topic: string,
  records: ReturnType<typeof binaryRecords>,
): Promise<RecordLine[]> {
  const lines: RecordLine[] = [];
  for (let from = 0; from < records.length; from += 300) lines.push(...await kafkajs.send(topic, records.slice(from, from + 300), "none"));
  return lines;
}

async function committedOffsets(kafkajs: Context["kafkajs"], topic: string): Promise<Record<number, number>> {
  const answer = await kafkajs.call("groupOffsets", { group: "goes-on", topic }) as {
    partitions: { partition: number; offset: string }[];
  }[];
  return Object.fromEntries(answer[0].partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}

function nextOffsets(lines: readonly RecordLine[]): Record<number, number> {
  const next: Record<number, number> = {};
  for (const line of lines) {
    const [partition, offset] = line.split("\t").map(Number);
    next[partition] = Math.max(next[partition] ?? 0, offset + 1);
  }
  return next;
}

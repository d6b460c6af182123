import assert from "node:assert/strict";
import { waitAssigned } from "../clients/kafkajs_client.ts";
import { ConsoleMember, consoleProduce, consoleRead, NULL_MARKER, waitMembers } from "../clients/console.ts";
import { waitUntil } from "../processes.ts";
import {
  assertSameRecords,
  binaryRecords,
  COMPRESSIONS,
  contentOfLine,
  FIRST_TIMESTAMP,
  hex,
  positionOf,
  type RecordLine,
} from "../records.ts";
import type { Context, Scenario } from "../scenario.ts";

const PARTITIONS = 4;
const TOTAL = 10_000;
const PER_COMPRESSION = TOTAL / COMPRESSIONS.length;

export const kafkajsToConsole: Scenario = {
  name: "10,000 records of kafkajs, every compression, to two ConsoleConsumers of which one leaves midway",
  async run({ target, kafkajs, written }: Context): Promise<void> {
    const topic = "kafkajs-to-console";
    await kafkajs.createTopic(topic, PARTITIONS, { "segment.bytes": "1048576", "index.interval.bytes": "512" });
    const members = [1, 2].map(() => new ConsoleMember(target.bootstrap, "console-pair", topic));
    await waitMembers(members, PARTITIONS);
    const expected: RecordLine[] = [];
    for (const [i, compression] of COMPRESSIONS.entries()) {
      const records = binaryRecords(PER_COMPRESSION, PARTITIONS, FIRST_TIMESTAMP + i * PER_COMPRESSION, i + 1);
      for (let from = 0; from < records.length; from += 200) {
        expected.push(...await kafkajs.send(topic, records.slice(from, from + 200), compression));
      }
      if (i === 2) {
        await waitUntil("both console consumers have records", 30_000, () => members.every(({ lines }) => lines.length > 0));
        await members[0].leave();
      }
    }
    await waitForAll(() => members.flatMap(({ lines }) => lines), expected.length);
    await members[1].leave();
    assertSameRecords("ConsoleConsumers", members.flatMap(({ lines }) => lines), expected);
    written.set(topic, expected);
  },
};

export const consoleToKafkajs: Scenario = {
  name: "10,000 records of ConsoleProducer, every compression, to two kafkajs consumers of which one leaves midway",
  async run({ target, kafkajs, written }: Context): Promise<void> {
    const topic = "console-to-kafkajs";
    await kafkajs.createTopic(topic, PARTITIONS, { "segment.bytes": "1048576", "index.interval.bytes": "512" });
    const views = await Promise.all([1, 2].map(() => kafkajs.consume("kafkajs-pair", topic)));
    await waitAssigned(views, PARTITIONS);
    const from = Date.now();
    const sent: ConsoleLine[] = [];
    for (const [i, compression] of COMPRESSIONS.entries()) {
      const lines = consoleLines(i * PER_COMPRESSION, PER_COMPRESSION);
      await consoleProduce(target.bootstrap, topic, lines.map(({ input }) => input), compression);
      sent.push(...lines);
      if (i === 2) {
        await waitUntil("both kafkajs consumers have records", 30_000, () => views.every(({ lines }) => lines.length > 0));
        await views[0].leave();
      }
    }
    const to = Date.now();
    const seen = (): RecordLine[] => views.flatMap(({ lines }) => lines);
    await waitForAll(seen, TOTAL);
    await views[1].leave();

    const byConsole = await consoleRead(target.bootstrap, topic, TOTAL);
    assertSameRecords("kafkajs against a ConsoleConsumer", seen(), byConsole);
    assert.deepEqual(
      byConsole.map(contentOfLine).sort(),
      sent.map(({ content }) => content).sort(),
      "key, value and headers as they were typed",
    );
    assertOffsetsDense(byConsole);
    for (const line of byConsole) {
      const timestamp = Number(line.split("\t")[2]);
      assert.ok(timestamp >= from && timestamp <= to, `timestamp outside the time of sending: ${line}`);
    }
    written.set(topic, byConsole);
  },
};

async function waitForAll(lines: () => RecordLine[], count: number): Promise<void> {
  try {
    await waitUntil("all records consumed", 60_000, () => new Set(lines().map(positionOf)).size >= count, 100);
  } catch (error) {
    throw new Error(`${new Set(lines().map(positionOf)).size} of ${count} records were consumed`, { cause: error });
  }
}

function assertOffsetsDense(lines: readonly RecordLine[]): void {
  const next = new Map<string, number>();
  for (const line of lines) {
    const [partition, offset] = line.split("\t");
    assert.equal(Number(offset), next.get(partition) ?? 0, `offsets of partition ${partition} have no gap and come in order`);
    next.set(partition, Number(offset) + 1);
  }
}

/** A line typed into ConsoleProducer and the record it means. */
interface ConsoleLine {
  readonly input: string;
  readonly content: string;
}

function consoleLines(first: number, count: number): ConsoleLine[] {
  return Array.from({ length: count }, (_, i) => consoleLine(first + i));
}

function consoleLine(n: number): ConsoleLine {
  const key = n % 11 === 0 ? null : `key ${n % 500}`;
  const value = n % 17 === 0 ? null : n % 23 === 0 ? "" : `žluťoučký kůň ${n} ${"x".repeat(n % 97)}`;
  const headers: [string, string | null][] = n % 3 === 0
    ? []
    : n % 3 === 1
    ? [["n", String(n)], ["n", "again"]]
    : [["nothing", null], ["e", ""]];
  const typed = headers.map(([name, text]) => `${name}:${text ?? NULL_MARKER}`).join(",");
  const bytes = (text: string | null): string => hex(text === null ? null : new TextEncoder().encode(text));
  return {
    input: [headers.length === 0 ? NULL_MARKER : typed, key ?? NULL_MARKER, value ?? NULL_MARKER].join("\t"),
    content: [bytes(key), bytes(value), headers.map(([name, text]) => `${bytes(name)}:${bytes(text)}`).join(",")].join("\t"),
  };
}

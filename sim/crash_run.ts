import assert from "node:assert/strict";
import { ErrorCode } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { DescribeConfigs } from "../protocol/generated/32_describe_configs.ts";
import { batches } from "../protocol/records/mod.ts";
import { SeededRandom } from "../platform/mod.ts";
import { BrokerWorld } from "../broker/testing/world.ts";
import { checkTransactions } from "./crash_transactions.ts";
import { Clients, Facts, type ProducerFacts } from "./crash_clients.ts";
import { IN_FLIGHT, REMADE, Workload } from "./crash_workload.ts";

/** What ends the broker, and what it had promised. */
export interface CrashCase {
  readonly durability: "process" | "power";
  readonly how: "kill" | "power cut";
}

export const CRASHES: readonly CrashCase[] = [
  { durability: "process", how: "kill" },
  { durability: "process", how: "power cut" },
  { durability: "power", how: "kill" },
  { durability: "power", how: "power cut" },
];

/** Process after a power cut: the disk may have lost the last writes of each file, whatever was answered. */
const promisesAll = ({ durability, how }: CrashCase): boolean => durability === "power" || how === "kill";

/** Disk operations that a start makes, about. */
const START_OPERATIONS = 60;

const decoder = new TextDecoder();

/** How many disk operations stories make, those that were asked for last. */
const counted = new Map<string, number>();
const COUNTED = 100;

/** How many disk operations a story makes: a crash may come before each of them. */
async function operationsOf(story: number, { durability }: CrashCase): Promise<number> {
  const key = `${story} ${durability}`;
  const known = counted.get(key);
  if (known !== undefined) return known;
  const world = BrokerWorld.stopped(1, options(durability));
  assert.ok(await runUntilTheEnd(world, new Facts(), story, Infinity), "without a crash the story comes to its end");
  if (counted.size >= COUNTED) counted.clear();
  counted.set(key, world.platform.disk.operations);
  return world.platform.disk.operations;
}

/** Seeds of a story, of every kind of crash as many. */
export const CRASHES_PER_STORY = 100;

/**
 * One crash: `seed` tells the kind, the story, before which of its disk operations it comes, what a power cut leaves, and how often the disk ends again while
 * the broker starts. All promises must be kept.
 */
export async function runCrash(seed: number): Promise<void> {
  const kind = CRASHES[seed % CRASHES.length];
  const story = Math.floor(seed / CRASHES_PER_STORY);
  const random = new SeededRandom(seed);
  const operations = await operationsOf(story, kind);
  const at = 1 + random.below(operations);
  try {
    await crash(kind, story, at, random);
  } catch (cause) {
    const again = `deno run -A sim/long.ts crashes --runs 1 --seed ${seed}`;
    throw new Error(`${kind.durability}, ${kind.how} before disk operation ${at} of ${operations}; again: ${again}`, { cause });
  }
}

async function crash(kind: CrashCase, story: number, at: number, random: SeededRandom): Promise<void> {
  const world = BrokerWorld.stopped(random.below(2 ** 32), options(kind.durability));
  const facts = new Facts();
  await runUntilTheEnd(world, facts, story, at);
  for (let interrupted = random.below(3); interrupted > 0; interrupted--) {
    await restartUntilTheEnd(world, kind.how, 1 + random.below(START_OPERATIONS));
  }
  await world.restart(kind.how);
  await new Aftermath(kind, facts, await Clients.connect(world)).check();
}

function options(durability: "process" | "power") {
  return { durability, properties: { "log.index.interval.bytes": 100, "transaction.state.log.num.partitions": 1 } };
}

/** Answers whether the story came to its end. Only a disk that has ended may keep it from that. */
async function runUntilTheEnd(world: BrokerWorld, facts: Facts, story: number, at: number): Promise<boolean> {
  try {
    await world.restart("kill", at);
    await new Workload(await Clients.connect(world), facts, story).run();
    return true;
  } catch (error) {
    if (!world.platform.disk.hasEnded) throw error;
    return false;
  }
}

/** Starts the broker on a disk that ends before operation `at`, if it makes so many. */
async function restartUntilTheEnd(world: BrokerWorld, how: CrashCase["how"], at: number): Promise<void> {
  try {
    await world.restart(how, at);
  } catch (error) {
    if (!world.platform.disk.hasEnded) throw error;
  }
}

/** What clients find when the broker is there again. */
class Aftermath {
  constructor(private readonly kind: CrashCase, private readonly facts: Facts, private readonly clients: Clients) {}

  async check(): Promise<void> {
    await this.#topics();
    for (const producer of this.facts.producers) await this.#producer(producer);
    await this.#groups();
    if (promisesAll(this.kind)) await checkTransactions(this.clients, this.facts.transactions);
    const { producerIds } = this.facts;
    const next = await this.clients.initProducerId();
    assert.equal(new Set([...producerIds, next]).size, producerIds.length + 1, `producer id ${next} was given out twice`);
  }

  /** Metadata is durable in every mode, leader epochs too, which a start after a crash raises. */
  async #topics(): Promise<void> {
    const topics = await this.clients.topics();
    const online = topics.filter(({ partitions }) => partitions.every(({ errorCode }) => errorCode === ErrorCode.NONE)).map(({ name }) =>
      name
    );
    const partitions = topics.find(({ name }) => name === "t")?.partitions;
    possible(this.facts.partitions, partitions?.length, 2);
    const first = partitions?.[0].leaderEpoch ?? Infinity;
    const { leaderEpoch, isStopping } = this.facts;
    assert.ok(isStopping ? first >= leaderEpoch : first > leaderEpoch, `leader epoch ${first} after ${leaderEpoch}`);
    const resources = [{ resourceType: 2, resourceName: "t", configurationKeys: ["retention.ms"] }];
    const described = { resources, includeSynonyms: false, includeDocumentation: false };
    const { results } = await this.clients.within(this.clients.client.call(DescribeConfigs, 4, described));
    possible(this.facts.retentions, results[0].configs.at(0)?.value ?? undefined, "604800000");
    for (const [name, exists] of this.facts.topics) if (exists !== null) assert.equal(online.includes(name), exists, `topic ${name}`);
    if (online.includes(REMADE)) await this.#remade();
  }

  /** Nothing of an incarnation before the last one. */
  async #remade(): Promise<void> {
    const { sent, acknowledged } = this.facts.remade;
    const { values } = await this.#contents(REMADE, 0);
    assert.deepEqual(values, sent.slice(0, values.length), "what was written to the last incarnation");
    if (promisesAll(this.kind)) assert.ok(values.length >= acknowledged, `${values.length} of ${acknowledged} acknowledged`);
  }

  async #producer(producer: ProducerFacts): Promise<void> {
    const { sent, deleted, partition } = producer;
    const all = sent.flatMap(({ values }) => values);
    const { start, values } = await this.#contents("t", partition);
    const end = start + values.length;
    const stored = end / 2;
    assert.ok(Number.isInteger(stored) && stored <= sent.length, `${end} records, of ${sent.length} batches`);
    assert.deepEqual(values, all.slice(start, end), "whole batches, in order, each once");
    const mayStart = this.facts.retentions.asked.includes("3600000") ? end : deleted.asked;
    assert.ok(start >= deleted.acknowledged && start <= mayStart, `starts at ${start}, not from ${deleted.acknowledged} to ${mayStart}`);
    sent.slice(0, stored).forEach(({ acknowledgedAt }, index) => {
      if (acknowledgedAt !== null) assert.equal(acknowledgedAt, 2 * index, "the offset that was acknowledged");
    });
    if (promisesAll(this.kind)) {
      assert.ok(end >= producer.seen, "all that consumers were shown");
      assert.ok(sent.slice(stored).every(({ acknowledgedAt }) => acknowledgedAt === null), "all that was acknowledged");
    }
    // Answers of the last five may have been lost, and are asked for again; what is not there is sent again.
    for (const [index, batch] of sent.entries()) {
      if (index < Math.max(stored - IN_FLIGHT, start / 2)) continue;
      const answer = await this.clients.within(this.clients.produce(producer, batch));
      assert.deepEqual(answer, [ErrorCode.NONE, 2 * index], `batch ${index} again, of which ${stored} were stored`);
    }
    assert.deepEqual((await this.#contents("t", partition)).values, all.slice(start), "each record once");
  }

  async #contents(topic: string, partition: number): Promise<{ readonly start: number; readonly values: readonly string[] }> {
    const start = await this.clients.offset(topic, partition, "earliest");
    const values: string[] = [];
    for (;;) {
      const next = start + values.length;
      const { errorCode, records, highWatermark } = await this.clients.fetch(topic, partition, next);
      assert.equal(errorCode, ErrorCode.NONE);
      for (const batch of batches(records as Uint8Array)) {
        for (const { offset, value } of batch.records()) if (offset >= next) values.push(decoder.decode(value!));
      }
      if (start + values.length >= highWatermark) return { start, values };
    }
  }

  async #groups(): Promise<void> {
    const end = await this.clients.offset("t", 0, "latest");
    for (const [groupId, { offsets, acknowledged }] of this.facts.commits) {
      const group = { groupId, memberId: null, memberEpoch: -1, topics: null };
      const request = { groupId: "", topics: [], groups: [group], requireStable: false };
      const { groups } = await this.clients.within(this.clients.client.call(OffsetFetch, 9, request));
      const committed = groups[0].topics.at(0)?.partitions[0].committedOffset ?? -1;
      const possible = promisesAll(this.kind) ? offsets.slice(Math.max(0, acknowledged - 1)) : [-1, ...offsets];
      if (acknowledged === 0) possible.push(-1);
      if (promisesAll(this.kind)) assert.ok(committed <= end, `${groupId} has committed ${committed}, and the log ends at ${end}`);
      assert.ok(possible.includes(committed), `${groupId} committed ${offsets}, ${acknowledged} acknowledged, and finds ${committed}`);
    }
    if (!promisesAll(this.kind)) return;
    for (const [groupId, members] of this.facts.members) {
      for (const member of members) assert.equal(await this.clients.heartbeat(groupId, member), ErrorCode.NONE, `${groupId} goes on`);
    }
  }
}

/** What was acknowledged last is there, or what was asked for after it; at first what is there without asking, or no topic at all. */
function possible<T>(
  { asked, acknowledged }: { readonly asked: readonly T[]; readonly acknowledged: number },
  found: T | undefined,
  first: T,
): void {
  const last = acknowledged === 0 ? [undefined, first] : [];
  const all = [...last, ...asked.slice(Math.max(0, acknowledged - 1))];
  assert.ok(all.includes(found), `asked for ${asked}, ${acknowledged} acknowledged, found ${found}`);
}

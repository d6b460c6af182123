import assert from "node:assert/strict";
import { ErrorCode } from "../protocol/mod.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { DescribeConfigs } from "../protocol/generated/32_describe_configs.ts";
import { batches } from "../protocol/records/mod.ts";
import { BrokerWorld } from "../broker/testing/world.ts";
import { Clients, Facts, IN_FLIGHT, type ProducerFacts, Workload } from "./crash_workload.ts";

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

const decoder = new TextDecoder();

const counted = new Map<string, number>();

/** How many disk operations the workload makes: a crash may come before each of them. */
export async function diskOperations({ durability }: CrashCase): Promise<number> {
  if (!counted.has(durability)) counted.set(durability, await count(durability));
  return counted.get(durability)!;
}

async function count(durability: CrashCase["durability"]): Promise<number> {
  const world = BrokerWorld.stopped(1, options(durability));
  const facts = new Facts();
  assert.ok(await runUntilTheEnd(world, facts, Infinity), "without a crash the workload comes to its end");
  return world.platform.disk.operations;
}

/**
 * Runs the workload until the disk ends before operation `at`, starts the broker again (before that once on a disk that ends meanwhile), and
 * checks that all promises are kept. `seed` decides what a power cut leaves.
 */
export async function crash(kind: CrashCase, at: number, seed: number): Promise<void> {
  const world = BrokerWorld.stopped(seed, options(kind.durability));
  const facts = new Facts();
  await runUntilTheEnd(world, facts, at);
  await restartUntilTheEnd(world, kind.how, 1 + seed % 60);
  await world.restart(kind.how);
  await new Aftermath(kind, facts, await Clients.connect(world)).check();
}

function options(durability: "process" | "power") {
  return { durability, properties: { "log.segment.bytes": 1 << 20, "log.index.interval.bytes": 200 } };
}

/** Answers whether the workload came to its end. Only a disk that has ended may keep it from that. */
async function runUntilTheEnd(world: BrokerWorld, facts: Facts, at: number): Promise<boolean> {
  try {
    await world.restart("kill", at);
    await new Workload(await Clients.connect(world), facts).run();
    return true;
  } catch (error) {
    if (world.platform.disk.operations < at) throw error;
    return false;
  }
}

/** Starts the broker on a disk that ends before operation `at`, if it makes so many. */
async function restartUntilTheEnd(world: BrokerWorld, how: CrashCase["how"], at: number): Promise<void> {
  try {
    await world.restart(how, at);
  } catch (error) {
    if (world.platform.disk.operations < at) throw error;
  }
}

/** What clients find when the broker is there again. */
class Aftermath {
  constructor(private readonly kind: CrashCase, private readonly facts: Facts, private readonly clients: Clients) {}

  async check(): Promise<void> {
    await this.#topics();
    for (const producer of this.facts.producers) await this.#producer(producer);
    await this.#groups();
    const { producerIds } = this.facts;
    const next = await this.clients.initProducerId();
    assert.equal(new Set([...producerIds, next]).size, producerIds.length + 1, `producer id ${next} was given out twice`);
  }

  /** Metadata is durable in every mode. */
  async #topics(): Promise<void> {
    const all = {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    const { topics } = await this.clients.within(this.clients.client.call(Metadata, 12, all));
    const online = topics.filter((topic) => topic.partitions.every(({ errorCode }) => errorCode === ErrorCode.NONE)).map(({ name }) =>
      name
    );
    possible(this.facts.partitions, topics.find(({ name }) => name === "t")?.partitions.length, 2);
    const resources = [{ resourceType: 2, resourceName: "t", configurationKeys: ["retention.ms"] }];
    const described = { resources, includeSynonyms: false, includeDocumentation: false };
    const { results } = await this.clients.within(this.clients.client.call(DescribeConfigs, 4, described));
    possible(this.facts.retentions, results[0].configs.at(0)?.value ?? undefined, "604800000");
    for (const [name, exists] of this.facts.topics) if (exists !== null) assert.equal(online.includes(name), exists, `topic ${name}`);
  }

  async #producer(producer: ProducerFacts): Promise<void> {
    const { sent } = producer;
    const found = await this.#contents(producer.partition);
    const kept = sent.findIndex((_, index) => found.length < 2 * (index + 1));
    const stored = kept < 0 ? sent.length : kept;
    assert.deepEqual(found, sent.slice(0, stored).flatMap(({ values }) => values), "whole batches, in order, each once");
    sent.slice(0, stored).forEach(({ acknowledgedAt }, index) => {
      if (acknowledgedAt !== null) assert.equal(acknowledgedAt, 2 * index, "the offset that was acknowledged");
    });
    if (promisesAll(this.kind)) {
      assert.ok(found.length >= producer.seen, "all that consumers were shown");
      assert.ok(sent.slice(stored).every(({ acknowledgedAt }) => acknowledgedAt === null), "all that was acknowledged");
    }
    // Answers of the last five may have been lost, and are asked for again; what is not there is sent again.
    for (const [index, batch] of sent.entries()) {
      if (index < stored - IN_FLIGHT) continue;
      const answer = await this.clients.within(this.clients.produce(producer, batch));
      assert.deepEqual(answer, [ErrorCode.NONE, 2 * index], `batch ${index} again, of which ${stored} were stored`);
    }
    assert.deepEqual(await this.#contents(producer.partition), sent.flatMap(({ values }) => values), "each record once");
  }

  async #contents(partition: number): Promise<string[]> {
    const values: string[] = [];
    for (;;) {
      const { errorCode, records, highWatermark } = await this.clients.fetch(partition, values.length);
      assert.equal(errorCode, ErrorCode.NONE);
      for (const batch of batches(records as Uint8Array)) {
        for (const { offset, value } of batch.records()) if (offset >= values.length) values.push(decoder.decode(value!));
      }
      if (values.length >= highWatermark) return values;
    }
  }

  async #groups(): Promise<void> {
    for (const [groupId, { offsets, acknowledged }] of this.facts.commits) {
      const group = { groupId, memberId: null, memberEpoch: -1, topics: null };
      const request = { groupId: "", topics: [], groups: [group], requireStable: false };
      const { groups } = await this.clients.within(this.clients.client.call(OffsetFetch, 9, request));
      const committed = groups[0].topics.at(0)?.partitions[0].committedOffset ?? -1;
      const possible = promisesAll(this.kind) ? offsets.slice(Math.max(0, acknowledged - 1)) : [-1, ...offsets];
      if (acknowledged === 0) possible.push(-1);
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

/**
 * A broker that is killed again and again, under load, while it starts and while it recovers from the kill before; and what must be left each time.
 * It is killed from outside at some moment, or at some system call.
 */

import type { WireClient } from "../broker/testing/wire_client.ts";
import { type Random, SeededRandom } from "../platform/mod.ts";
import { errorName } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { BrokerProcess } from "./broker_process.ts";
import type { LastCall } from "./kill_at_call.ts";
import { Committer, LaneProducer, outcome, TopicMaker } from "./kill_load.ts";
import { Lane } from "./lane.ts";
import { connectWire, createTopic, readPartition } from "./wire.ts";

const TOPIC = "killed";
const PARTITIONS = 4;
const PRODUCERS = 4;
const GROUPS = 3;
/** Of so many kills one comes before the broker is ready, or about then. */
const KILLS_FOR_ONE_AT_START = 4;
const MAX_LOAD_MS = 400;
/** A last call is one of the first 2^12, early ones more often: half of all kills come while the broker starts. */
const LAST_CALL_BITS = 12;
/** A broker that has not come to its last call by then is killed from outside. */
const LAST_CALL_LIMIT_MS = 3_000;
/** From the end of a connection to the end of its process. */
const DEATH_MS = 2_000;
/** Segments roll now and then. */
const SETTINGS = ["log.segment.bytes=1048576", "log.roll.ms=2000", "offsets.topic.segment.bytes=1048576"];

export interface KillLoopOptions {
  readonly durability: "process" | "power";
  readonly kills: number;
  /** At system calls, not at moments. */
  readonly atCalls: boolean;
  readonly seed: number;
  /** An empty directory. */
  readonly dataDir: string;
}

/** What the loop went through. */
export interface KillCounts {
  /** Kills before the broker was ready; the others came under load. */
  readonly atStart: number;
  /** By the name of the call, how often it was the last one. */
  readonly calls: ReadonlyMap<string, number>;
  readonly records: number;
  readonly commits: number;
}

/** Kills the broker `kills` times. Throws as soon as something acknowledged is gone, moved, doubled or out of order, or something is there that was not sent. */
export async function killLoop({ durability, kills, atCalls, seed, dataDir }: KillLoopOptions): Promise<KillCounts> {
  const settings = ["--durability", durability, ...SETTINGS.flatMap((setting) => ["--set", setting])];
  const start = (lastCall?: LastCall): BrokerProcess => new BrokerProcess(dataDir, settings, lastCall);
  const random = new SeededRandom(seed);
  let broker = start();
  const client = await connectWire(await broker.ready());
  const load = await Load.make(client, random);
  client.close();
  await broker.kill9();
  const counts = { atStart: 0, calls: new Map<string, number>() };
  let readyMs = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const lastCall = atCalls
      ? { number: Math.floor(2 ** (LAST_CALL_BITS * random.below(1000) / 1000)), part: random.below(101) }
      : undefined;
    const started = performance.now();
    broker = start(lastCall);
    try {
      if (lastCall === undefined && random.below(KILLS_FOR_ONE_AT_START) === 0) {
        counts.atStart++;
        await sleep(readyMs * random.below(1200) / 1000);
        await broker.kill9();
      } else if (await broker.readyOrDead()) {
        readyMs = performance.now() - started;
        await load.verifyAndRun(broker, lastCall === undefined ? random.below(MAX_LOAD_MS) : LAST_CALL_LIMIT_MS, random.below(2) === 0);
      } else counts.atStart++;
      const call = await broker.died() ?? "none";
      if (atCalls) counts.calls.set(call, (counts.calls.get(call) ?? 0) + 1);
    } catch (error) {
      const where = `at kill ${kill} of seed ${seed}, ${durability}, ${JSON.stringify(lastCall ?? "any moment")}`;
      throw new Error(`${where}: ${error instanceof Error ? error.stack : error}`, { cause: error });
    }
  }
  broker = start();
  load.rewind();
  await load.verify(await broker.ready());
  await broker.stop();
  return { ...counts, ...load.counts };
}

/** All clients, and what they know. */
class Load {
  /** By producer and partition. */
  readonly #lanes = Array.from(
    { length: PRODUCERS },
    (_, p) => Array.from({ length: PARTITIONS }, (_, partition) => new Lane(p, partition)),
  );
  readonly #producers: LaneProducer[] = [];
  readonly #committers: Committer[] = [];
  readonly #topicMaker: TopicMaker;
  /** By partition, where a reader goes on. */
  readonly #readTo: number[] = new Array(PARTITIONS).fill(0);

  private constructor(random: Random) {
    this.#topicMaker = new TopicMaker(random);
  }

  static async make(client: WireClient, random: Random): Promise<Load> {
    await createTopic(client, TOPIC, PARTITIONS);
    const load = new Load(random);
    for (const lanes of load.#lanes) load.#producers.push(await LaneProducer.make(client, lanes, TOPIC, random));
    for (let g = 0; g < GROUPS; g++) load.#committers.push(await Committer.make(client, `group-${g}`, TOPIC, PARTITIONS, random));
    return load;
  }

  get counts(): { records: number; commits: number } {
    return {
      records: this.#lanes.flat().reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      commits: this.#committers.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    };
  }

  /** {@link verify}, then everybody works for `ms` or until the broker has come to its last call, and it is dead. `deaf`: see {@link run}. */
  async verifyAndRun(broker: BrokerProcess, ms: number, deaf: boolean): Promise<void> {
    try {
      await this.verify(await broker.ready());
    } catch (error) {
      if (await broker.died(DEATH_MS) === undefined) throw error;
      this.rewind();
      return;
    }
    await this.run(broker, ms, deaf);
  }

  /** `deaf`: answers that have come before the kill and were not looked at are lost. */
  async run(broker: BrokerProcess, ms: number, deaf: boolean): Promise<void> {
    let killed = false;
    const bootstrap = await broker.ready();
    const workers = [...this.#producers, ...this.#committers, this.#topicMaker];
    const ends = workers.map(async (worker) => {
      const client = await outcome(connectWire(bootstrap));
      if (!(client instanceof Error)) {
        await worker.run(client, () => deaf && killed);
        client.close();
      }
      if (!killed && await broker.died(DEATH_MS) === undefined) throw new Error("the broker closed a connection by itself");
    });
    await Promise.race([sleep(ms), Promise.all(ends)]);
    killed = true;
    await broker.kill9();
    await Promise.all(ends);
  }

  /** The next {@link verify} reads all from the beginning. */
  rewind(): void {
    this.#readTo.fill(0);
    for (const lane of this.#lanes.flat()) lane.rewind();
  }

  /** Reads what has come since the last time, and all committed offsets. */
  async verify(bootstrap: string): Promise<void> {
    const client = await connectWire(bootstrap);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      this.#readTo[partition] = await readPartition(client, TOPIC, partition, this.#readTo[partition], (value, offset) => {
        this.#lanes[Number(value.split(" ", 1)[0])][partition].see(value, offset);
      });
    }
    for (const lane of this.#lanes.flat()) lane.end();
    for (const committer of this.#committers) await findCommitted(client, committer);
    await this.#topicMaker.verify(client);
    client.close();
  }
}

async function findCommitted(client: WireClient, committer: Committer): Promise<void> {
  const topics = [{ name: TOPIC, partitionIndexes: Array.from({ length: PARTITIONS }, (_, index) => index) }];
  const answer = await client.call(OffsetFetch, 7, { groupId: committer.group, topics, groups: [], requireStable: false });
  if (answer.errorCode !== 0) throw new Error(`${committer.group}: no offsets: ${errorName(answer.errorCode)}`);
  for (const { committedOffset, metadata, errorCode } of answer.topics[0].partitions) {
    if (errorCode !== 0) throw new Error(`${committer.group}: no offset: ${errorName(errorCode)}`);
    committer.see(Math.max(committedOffset, 0), metadata ?? "");
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

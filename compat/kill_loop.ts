/** A broker that is killed again and again, under load, while it starts and while it recovers from the kill before; and what must be left each time. */

import type { WireClient } from "../broker/testing/wire_client.ts";
import { type Random, SeededRandom } from "../platform/mod.ts";
import { errorName } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { BrokerProcess } from "./broker_process.ts";
import { Committer, LaneProducer } from "./kill_load.ts";
import { Lane } from "./lane.ts";
import { connectWire, createTopic, readPartition } from "./wire.ts";

const TOPIC = "killed";
const PARTITIONS = 4;
const PRODUCERS = 4;
const GROUPS = 3;
/** Of so many kills one comes before the broker is ready, or about then. */
const KILLS_FOR_ONE_AT_START = 4;
const MAX_LOAD_MS = 400;
/** Segments roll now and then. */
const SETTINGS = ["log.segment.bytes=1048576", "offsets.topic.segment.bytes=1048576"];

export interface KillLoopOptions {
  readonly durability: "process" | "power";
  readonly kills: number;
  readonly seed: number;
  /** An empty directory. */
  readonly dataDir: string;
}

/** What the loop went through. */
export interface KillCounts {
  /** Kills before the broker was ready; the others came under load. */
  readonly atStart: number;
  readonly records: number;
  readonly commits: number;
}

/** Kills the broker `kills` times. Throws as soon as something acknowledged is gone, moved, doubled or out of order, or something is there that was not sent. */
export async function killLoop({ durability, kills, seed, dataDir }: KillLoopOptions): Promise<KillCounts> {
  const start = (): BrokerProcess =>
    new BrokerProcess(dataDir, ["--durability", durability, ...SETTINGS.flatMap((setting) => ["--set", setting])]);
  const random = new SeededRandom(seed);
  let broker = start();
  const client = await connectWire(await broker.ready());
  const load = await Load.make(client, random);
  client.close();
  await broker.kill9();
  let atStart = 0;
  let readyMs = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const started = performance.now();
    broker = start();
    try {
      if (random.below(KILLS_FOR_ONE_AT_START) === 0) {
        atStart++;
        await sleep(readyMs * random.below(1200) / 1000);
        await broker.kill9();
      } else {
        const bootstrap = await broker.ready();
        readyMs = performance.now() - started;
        await load.verify(bootstrap);
        await load.run(bootstrap, random.below(MAX_LOAD_MS), random.below(2) === 0, () => broker.kill9());
      }
    } catch (error) {
      throw new Error(`at kill ${kill} of seed ${seed}, ${durability}: ${error instanceof Error ? error.stack : error}`, { cause: error });
    }
  }
  broker = start();
  load.rewind();
  await load.verify(await broker.ready());
  await broker.stop();
  return { atStart, ...load.counts };
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
  /** By partition, where a reader goes on. */
  readonly #readTo: number[] = new Array(PARTITIONS).fill(0);

  static async make(client: WireClient, random: Random): Promise<Load> {
    await createTopic(client, TOPIC, PARTITIONS);
    const load = new Load();
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

  /** Everybody works for `ms`, until `kill`; `deaf`: answers that have come by then and were not looked at are lost. */
  async run(bootstrap: string, ms: number, deaf: boolean, kill: () => Promise<void>): Promise<void> {
    let killed = false;
    const clients = await Promise.all([...this.#producers, ...this.#committers].map(async (worker) => {
      const client = await connectWire(bootstrap);
      return { client, worker };
    }));
    const ends = clients.map(({ client, worker }) =>
      worker.run(client, () => deaf && killed).then(() => {
        if (!killed) throw new Error("the broker closed a connection by itself");
      })
    );
    await Promise.race([sleep(ms), ...ends]);
    killed = true;
    await kill();
    await Promise.all(ends);
    for (const { client } of clients) client.close();
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

/** All clients of the kill loop, and what they know. */

import type { WireClient } from "../broker/testing/wire_client.ts";
import { NetworkError, type Random } from "../platform/mod.ts";
import { errorName } from "../protocol/mod.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import type { BrokerProcess } from "./broker_process.ts";
import { Committer, LaneProducer, outcome, rest, TopicMaker, Trimmer } from "./kill_workers.ts";
import { Lane } from "./lane.ts";
import type { PowerCutDisk } from "./power_cut_disk.ts";
import { connectWire, createTopic, readPartition } from "./wire.ts";

const TOPIC = "killed";
const PARTITIONS = 4;
const PRODUCERS = 4;
const GROUPS = 3;
/** From the end of a connection to the end of its process. */
const DEATH_MS = 10_000;

/** How a broker is to end. */
export interface Ending {
  /** After so many milliseconds, if it has not come to its last call by then. */
  readonly ms: number;
  /** Answers that have come before the kill, and were not looked at, are lost. */
  readonly deaf: boolean;
  kill(): Promise<void>;
}

export class Load {
  /** Since the last {@link verify} power was cut, and the end of each log may be gone. */
  mayHaveLost = false;
  /** By producer and partition. */
  readonly #lanes = Array.from(
    { length: PRODUCERS },
    (_, p) => Array.from({ length: PARTITIONS }, (_, partition) => new Lane(p, partition)),
  );
  readonly #producers: LaneProducer[] = [];
  readonly #committers: Committer[] = [];
  readonly #topicMaker: TopicMaker;
  readonly #trimmer: Trimmer;
  #lost = 0;
  /** By partition, where a reader goes on. */
  readonly #readTo: number[] = new Array(PARTITIONS).fill(0);

  private constructor(private readonly random: Random, private readonly disk: PowerCutDisk | undefined, trimmer: Trimmer) {
    this.#topicMaker = new TopicMaker(random);
    this.#trimmer = trimmer;
  }

  /** `disk`: where the broker's files are. */
  static async make(bootstrap: string, random: Random, disk?: PowerCutDisk): Promise<Load> {
    const client = await connectWire(bootstrap);
    await createTopic(client, TOPIC, PARTITIONS);
    const load = new Load(random, disk, await Trimmer.make(client, random));
    for (const lanes of load.#lanes) load.#producers.push(await LaneProducer.make(client, lanes, TOPIC, random));
    for (let g = 0; g < GROUPS; g++) load.#committers.push(await Committer.make(client, `group-${g}`, TOPIC, PARTITIONS, random));
    client.close();
    return load;
  }

  get counts(): { records: number; commits: number; lost: number } {
    return {
      records: this.#lost + this.#lanes.flat().reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      lost: this.#lost,
      commits: this.#committers.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    };
  }

  /** {@link verify}, then everybody works until the broker has come to its end. */
  async verifyAndRun(broker: BrokerProcess, ending: Ending): Promise<void> {
    try {
      await this.verify(await broker.ready());
    } catch (error) {
      if (await broker.died(DEATH_MS) === undefined) throw error;
      return await ending.kill();
    }
    await this.#run(broker, ending);
  }

  async #run(broker: BrokerProcess, { ms, deaf, kill }: Ending): Promise<void> {
    let killed = false;
    const isDeaf = (): boolean => deaf && killed;
    const bootstrap = await broker.ready();
    const reader = { run: (client: WireClient) => this.#readOn(client, isDeaf) };
    const ends = [...this.#producers, ...this.#committers, this.#topicMaker, this.#trimmer, reader].map(async (worker) => {
      const client = await outcome(connectWire(bootstrap));
      if (!(client instanceof Error)) {
        await worker.run(client, isDeaf);
        client.close();
      }
      if (!killed && await broker.died(DEATH_MS) === undefined) throw await broker.unexpected();
    });
    const writingBack = this.disk?.writeBack(this.random, () => killed);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), Promise.all(ends)]);
    killed = true;
    await writingBack;
    await kill();
    await Promise.all(ends);
  }

  /** The next {@link verify} reads all from the beginning. */
  rewind(): void {
    this.#readTo.fill(0);
    for (const lane of this.#lanes.flat()) lane.rewind();
  }

  /** Reads what has come since the last time, and all committed offsets. */
  async verify(bootstrap: string): Promise<void> {
    if (this.mayHaveLost) this.#expectLoss();
    const client = await connectWire(bootstrap);
    for (let partition = 0; partition < PARTITIONS; partition++) await this.#read(client, partition, () => false);
    for (const lane of this.#lanes.flat()) {
      if (this.mayHaveLost) this.#lost += lane.loseUnread();
      lane.end();
    }
    for (const committer of this.#committers) await findCommitted(client, committer);
    for (const worker of [this.#topicMaker, this.#trimmer]) await worker.verify(client, this.mayHaveLost);
    this.mayHaveLost = false;
    client.close();
  }

  /** What is read next is all that there is: whatever is there must still be what it was, with nothing left out before it. */
  #expectLoss(): void {
    this.rewind();
    for (const producer of this.#producers) producer.forgetUnanswered();
    for (const committer of this.#committers) committer.forgetFloor();
  }

  /** Reads what comes until the connection ends or nobody is to hear the answers any more: what has been read once must be there ever after. */
  async #readOn(client: WireClient, deaf: () => boolean): Promise<void> {
    for (let partition = 0; !deaf(); partition = (partition + 1) % PARTITIONS) {
      const problem = await outcome(this.#read(client, partition, deaf));
      if (problem instanceof Error) {
        if (problem instanceof NetworkError || problem.message.startsWith("the connection ended")) return;
        throw problem;
      }
      await rest(this.random);
    }
  }

  async #read(client: WireClient, partition: number, deaf: () => boolean): Promise<void> {
    await readPartition(client, TOPIC, partition, this.#readTo[partition], (value, offset) => {
      if (deaf()) return;
      this.#lanes[Number(value.split(" ", 1)[0])][partition].see(value, offset);
      this.#readTo[partition] = offset + 1;
    });
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

/** Writes a {@link RandomTopic} to a broker and has it compacted. */
import { WireClient } from "../../broker/testing/wire_client.ts";
import { TransactionalProducer } from "../../broker/testing/transaction_client.ts";
import { offsetOf, produceTo } from "../../broker/testing/requests.ts";
import { denoCompression } from "../../platform/deno/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { ListOffsets } from "../../protocol/generated/02_list_offsets.ts";
import { InitProducerId } from "../../protocol/generated/22_init_producer_id.ts";
import { IncrementalAlterConfigs } from "../../protocol/generated/44_incremental_alter_configs.ts";
import { errorName } from "../../protocol/mod.ts";
import { buildBatch } from "../../protocol/records/mod.ts";
import { waitUntil, within } from "../processes.ts";
import type { Target } from "../target.ts";
import { connectWire, makeTopic } from "../wire.ts";
import { PRODUCERS, type RandomTopic, RETENTION_MS, type Step } from "./random_topic.ts";

const PATIENCE_MS = 60_000;
const COMPACTED = "cleaner-offset-checkpoint";
const LATEST = -1n;
const EARLIEST = -2n;
const TOPIC_RESOURCE = 2;
const LARGEST_MESSAGE = { "max.message.bytes": "1048588" };

interface Producer {
  readonly transactional: TransactionalProducer | null;
  producerId: number;
  producerEpoch: number;
  sequence: number;
  /** Where its transaction begins that is open, or null. */
  openFrom: number | null;
}

/** By raw requests, so that each broker gets the very same batches, and rolls where the other does. */
export class TopicPlayer {
  readonly #producers: Producer[] = [];
  /** Where the log ends, as far as is known here. */
  #end = 0;
  /** The first offset of a record, or of a marker, that is not old. */
  #firstYoung = Infinity;
  /** The first offset behind the records that are to be deleted. */
  #firstKept = 0;

  private constructor(private readonly client: WireClient, private readonly target: Target, private readonly topic: RandomTopic) {}

  /** Makes the topic and what writes to it. */
  static async start(target: Target, topic: RandomTopic): Promise<TopicPlayer> {
    await makeTopic(target.bootstrap, topic.name, 1, topic.config);
    const player = new TopicPlayer(await connectWire(target.bootstrap), target, topic);
    for (const [index, kind] of PRODUCERS.entries()) player.#producers.push(await player.#producer(kind, index));
    return player;
  }

  get directory(): string {
    return `${this.target.dataDir}/${this.topic.name}-0`;
  }

  get written(): number {
    return this.#end;
  }

  /** Which of the topic's producers has which id. */
  get producerIds(): ReadonlyMap<number, number> {
    return new Map(this.#producers.map(({ producerId }, index) => [producerId, index]));
  }

  /** Writes a round, and waits until all is compacted that may be. */
  async play(round: number): Promise<void> {
    for (const step of this.topic.rounds[round]) {
      if (step.kind === "append") await this.#append(step);
      else await this.#endTransaction(step.producer, step.commits);
    }
    if (round === 0 && this.topic.isDeleting) await this.#deleteOldest();
    await this.#compact();
  }

  close(): void {
    this.client.close();
  }

  async #producer(kind: typeof PRODUCERS[number], index: number): Promise<Producer> {
    const none = { transactional: null, producerId: -1, producerEpoch: -1, sequence: -1, openFrom: null };
    if (kind === "plain") return none;
    if (kind === "idempotent") {
      const request = {
        transactionalId: null,
        transactionTimeoutMs: 0,
        producerId: -1,
        producerEpoch: -1,
        enable2Pc: false,
        keepPreparedTxn: false,
      };
      const given = await waitUntil("an id is given", PATIENCE_MS, async () => {
        const answer = await this.client.call(InitProducerId, 4, request);
        return answer.errorCode === 0 ? answer : undefined;
      });
      return { ...none, producerId: given.producerId, producerEpoch: given.producerEpoch, sequence: 0 };
    }
    const transactional = new TransactionalProducer(this.client, `${this.topic.name} ${index}`, kind === "transactional 1" ? 1 : 2);
    await waitUntil("there is a coordinator", PATIENCE_MS, async () => await transactional.init(600_000) === "NONE");
    const { producerId, producerEpoch } = transactional;
    return { transactional, producerId, producerEpoch, sequence: 0, openFrom: null };
  }

  async #append({ producer: index, compressionType, records }: Step & { readonly kind: "append" }): Promise<void> {
    const producer = this.#producers[index];
    const { transactional, producerId, producerEpoch } = producer;
    const isVersion1 = PRODUCERS[index] === "transactional 1";
    if (isVersion1 && producer.openFrom === null) {
      // The markers of the one before may not have been written in all partitions of the coordinator's own log.
      await waitUntil("the transaction begins", PATIENCE_MS, async () => await transactional!.add(this.topic.name, 0) === "NONE");
    }
    if (transactional !== null) producer.openFrom ??= this.#end;
    const batch = buildBatch(records, {
      ...{ compressionType, codecs: denoCompression, producerId, producerEpoch, baseSequence: producer.sequence },
      isTransactional: transactional !== null,
    });
    const request = { ...produceTo(this.topic.name, 0, batch), transactionalId: transactional?.transactionalId ?? null };
    // Until it is known everywhere that it takes batches again.
    const { errorCode, baseOffset } = await waitUntil(`${this.topic.name} takes a batch`, PATIENCE_MS, async () => {
      const { responses } = await this.client.call(Produce, isVersion1 ? 9 : 12, request);
      const [answer] = responses[0].partitionResponses;
      return ["MESSAGE_TOO_LARGE", "CONCURRENT_TRANSACTIONS"].includes(errorName(answer.errorCode)) ? undefined : answer;
    });
    if (errorCode !== 0 || baseOffset !== this.#end) {
      throw new Error(`${this.topic.name} at ${this.#end}: ${errorName(errorCode)}, ${baseOffset}`);
    }
    const newest = Math.max(...records.map(({ timestamp }) => timestamp));
    if (newest > Date.now() - this.topic.minLagMs) this.#firstYoung = Math.min(this.#firstYoung, this.#end);
    this.#end += records.length;
    if (newest < Date.now() - RETENTION_MS) this.#firstKept = this.#end;
    if (producer.sequence >= 0) producer.sequence += records.length;
  }

  async #endTransaction(index: number, commits: boolean): Promise<void> {
    const producer = this.#producers[index];
    const transactional = producer.transactional!;
    const error = await transactional.end(commits);
    if (error !== "NONE") throw new Error(`${this.topic.name} at ${this.#end}: the end of a transaction: ${error}`);
    if (transactional.producerEpoch !== producer.producerEpoch) producer.sequence = 0;
    Object.assign(producer, { producerEpoch: transactional.producerEpoch, openFrom: null });
    this.#firstYoung = Math.min(this.#firstYoung, this.#end);
    this.#end++;
    // Kafka answers before it writes the marker, and others go on meanwhile.
    await waitUntil(
      `${this.target.broker} has written the marker before ${this.#end}`,
      PATIENCE_MS,
      async () => await this.#offset(LATEST) === this.#end,
      2,
    );
  }

  /** Has retention take away what is too old. */
  async #deleteOldest(): Promise<void> {
    const start = this.#baseOfSegmentWith(this.#firstKept);
    await this.#configure({ "retention.ms": `${RETENTION_MS}` });
    await waitUntil(`${this.topic.name} starts at ${start}`, PATIENCE_MS, async () => await this.#offset(EARLIEST) === start);
    await this.#configure({ "retention.ms": "-1" });
  }

  /** Lets the cleaner loose. Meanwhile the topic takes no batch: once it takes one again, nothing is compacted before the next round is over. */
  async #compact(): Promise<void> {
    const { minLagMs, compacting, config } = this.topic;
    const stable = Math.min(this.#end, ...this.#producers.map(({ openFrom }) => openFrom ?? Infinity));
    await waitUntil(`${this.topic.name} is stable up to ${stable}`, PATIENCE_MS, async () => await this.#offset(LATEST, 1) === stable);
    const end = this.#baseOfSegmentWith(Math.min(stable, minLagMs > 0 ? this.#firstYoung : Infinity));
    const told = (file: string) => this.#checkpoint(file) ?? 0;
    // Ottla does not touch what is not on the disk yet: it would go over it in two rounds.
    await waitUntil("segments are on the disk", PATIENCE_MS, () => told("recovery-point-offset-checkpoint") >= end);
    await this.#configure({ ...compacting, "max.message.bytes": "0" });
    if (end > await this.#offset(EARLIEST)) {
      const isDone = await within(PATIENCE_MS, () => told(COMPACTED) === end);
      if (!isDone) throw new Error(`${this.target.broker} has compacted ${this.topic.name} up to ${told(COMPACTED)}, not to ${end}`);
    }
    const before = Object.keys(compacting).map((name) => [name, config[name]]);
    await this.#configure({ ...Object.fromEntries(before), ...LARGEST_MESSAGE });
  }

  async #configure(changes: Readonly<Record<string, string>>): Promise<void> {
    const configs = Object.entries(changes).map(([name, value]) => ({ name, configOperation: 0, value }));
    const resource = { resourceType: TOPIC_RESOURCE, resourceName: this.topic.name, configs };
    const { responses } = await this.client.call(IncrementalAlterConfigs, 1, { resources: [resource], validateOnly: false });
    if (responses[0].errorCode !== 0) throw new Error(`${JSON.stringify(changes)}: ${errorName(responses[0].errorCode)}`);
  }

  async #offset(timestamp: bigint, isolationLevel = 0): Promise<number> {
    const { topics } = await this.client.call(ListOffsets, 5, { ...offsetOf(this.topic.name, 0, timestamp), isolationLevel });
    return topics[0].partitions[0].offset;
  }

  #baseOfSegmentWith(offset: number): number {
    const names = [...Deno.readDirSync(this.directory)].map(({ name }) => name).filter((name) => name.endsWith(".log"));
    return Math.max(...names.map((name) => parseInt(name)).filter((base) => base <= offset));
  }

  /** What one of the broker's checkpoint files tells of the partition. */
  #checkpoint(file: string): number | undefined {
    try {
      const lines = Deno.readTextFileSync(`${this.target.dataDir}/${file}`).split("\n");
      const line = lines.find((line) => line.startsWith(`${this.topic.name} 0 `));
      return line === undefined ? undefined : Number(line.split(" ")[2]);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}

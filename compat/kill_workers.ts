/** Clients of the kill loop, which outlive the broker: each goes on where it was when it is given a new connection. */

import { batchOf, offsetOf, produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import type { Random } from "../platform/mod.ts";
import { errorName, ZERO_UUID } from "../protocol/mod.ts";
import { Produce, type ProduceResponse } from "../protocol/generated/00_produce.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { OffsetCommit, type OffsetCommitResponse } from "../protocol/generated/08_offset_commit.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { DeleteRecords } from "../protocol/generated/21_delete_records.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import type { Lane } from "./lane.ts";
import { createTopic, readPartition } from "./wire.ts";

/** As many batches as a broker must know again. */
const BATCHES_UNDER_WAY = 5;
const COMMITS_UNDER_WAY = 3;
const MAX_BATCH = 8;
/** Clients rest a little, up to so long, after an answer: the log is to stay small. */
const REST_MS = 4;

interface Batch {
  readonly lane: Lane;
  readonly first: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Sends to its lanes in turn, at most five batches unanswered; after a restart these come first, as they were. */
export class LaneProducer {
  readonly #unanswered: Batch[] = [];
  #turn = 0;

  private constructor(readonly producerId: number, readonly lanes: readonly Lane[], readonly topic: string, readonly random: Random) {}

  static async make(client: WireClient, lanes: readonly Lane[], topic: string, random: Random): Promise<LaneProducer> {
    const request = {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    };
    const { errorCode, producerId } = await client.call(InitProducerId, 4, request);
    if (errorCode !== 0) throw new Error(`no producer id: ${errorName(errorCode)}`);
    return new LaneProducer(producerId, lanes, topic, random);
  }

  /** Sends until the connection ends or nobody is to hear the answers any more. Throws when the broker refuses something. */
  async run(client: WireClient, deaf: () => boolean): Promise<void> {
    const answers = this.#unanswered.map((batch) => this.#send(client, batch));
    while (true) {
      while (answers.length < BATCHES_UNDER_WAY) answers.push(this.#send(client, this.#next()));
      const answer = await answers.shift();
      if (answer === undefined || answer instanceof Error || deaf()) return;
      const { errorCode, baseOffset } = answer.responses[0].partitionResponses[0];
      const { lane, first, count } = this.#unanswered[0];
      if (errorCode !== 0) throw new Error(`${lane}: ${errorName(errorCode)} for ${count} records from ${first} on`);
      lane.acknowledge(first, count, baseOffset);
      this.#unanswered.shift();
      await rest(this.random);
    }
  }

  /** What was not answered is lost, and begins anew where the lanes do. */
  forgetUnanswered(): void {
    this.#unanswered.length = 0;
  }

  #send(client: WireClient, { lane, bytes }: Batch): Promise<ProduceResponse | Error> {
    return outcome(client.call(Produce, 9, produceTo(this.topic, lane.partition, bytes)));
  }

  #next(): Batch {
    const lane = this.lanes[this.#turn++ % this.lanes.length];
    const count = 1 + this.random.below(MAX_BATCH);
    const first = lane.take(count);
    const values = Array.from({ length: count }, (_, i) => lane.value(first + i));
    const bytes = batchOf(values, { producerId: this.producerId, producerEpoch: 0, baseSequence: first }, Date.now());
    const batch = { lane, first, count, bytes };
    this.#unanswered.push(batch);
    return batch;
  }
}

/** Commits 1, 2, 3 … as a group's offset of each partition, a few at once; never a lower one again. */
export class Committer {
  acknowledged = 0;
  #sent = 0;
  /** The group's offsets may not be lower than what was acknowledged, or found once. */
  #floor = 0;

  private constructor(readonly group: string, readonly topic: string, readonly partitions: number, readonly random: Random) {}

  /** The first to ask for a coordinator makes the broker create the topic that groups are kept in. */
  static async make(client: WireClient, group: string, topic: string, partitions: number, random: Random): Promise<Committer> {
    const { errorCode } = await client.call(FindCoordinator, 3, { key: group, keyType: 0, coordinatorKeys: [] });
    if (errorCode !== 0) throw new Error(`${group}: no coordinator: ${errorName(errorCode)}`);
    return new Committer(group, topic, partitions, random);
  }

  /** Commits until the connection ends or nobody is to hear the answers any more. Throws when the broker refuses something. */
  async run(client: WireClient, deaf: () => boolean): Promise<void> {
    const commits: { number: number; answer: Promise<OffsetCommitResponse | Error> }[] = [];
    while (true) {
      while (commits.length < COMMITS_UNDER_WAY) {
        const number = ++this.#sent;
        commits.push({ number, answer: this.#send(client, number) });
      }
      const [{ number, answer }] = commits.splice(0, 1);
      const said = await answer;
      if (said instanceof Error || deaf()) return;
      const refused = said.topics[0].partitions.find(({ errorCode }) => errorCode !== 0);
      if (refused !== undefined) throw new Error(`${this.group}: commit ${number} refused with ${errorName(refused.errorCode)}`);
      this.acknowledged++;
      this.#floor = number;
      await rest(this.random);
    }
  }

  /** Commits may have been lost; those that are found next count. */
  forgetFloor(): void {
    this.#floor = 0;
  }

  /** A reader finds this committed; 0: nothing. Throws when the offset was moved back or never sent, or its metadata is not its own. */
  see(offset: number, metadata: string): void {
    if (metadata !== (offset === 0 ? "" : String(offset))) throw new Error(`${this.group}: offset ${offset} with metadata "${metadata}"`);
    if (offset < this.#floor || offset > this.#sent) {
      throw new Error(`${this.group}: offset ${offset} is committed, at least ${this.#floor} and at most ${this.#sent} must be`);
    }
    this.#floor = Math.max(this.#floor, offset);
  }

  #send(client: WireClient, number: number): Promise<OffsetCommitResponse | Error> {
    const partitions = Array.from({ length: this.partitions }, (_, partitionIndex) => (
      { partitionIndex, committedOffset: number, committedLeaderEpoch: -1, committedMetadata: String(number) }
    ));
    const request = {
      groupId: this.group,
      generationIdOrMemberEpoch: -1,
      memberId: "",
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [{ name: this.topic, topicId: ZERO_UUID, partitions }],
    };
    return outcome(client.call(OffsetCommit, 7, request));
  }
}

/** Makes a topic, writes one record to it, deletes it, and again by the same name. */
export class TopicMaker {
  static readonly #TOPIC = "reborn";
  /** How many of these steps have been done: a third of it, and the topic has lived as often. */
  #done = 0;
  /** The next step was asked for, and not answered. */
  #asked = false;

  constructor(readonly random: Random) {}

  /** Takes steps until the connection ends or nobody is to hear the answers any more. Throws when the broker refuses something. */
  async run(client: WireClient, deaf: () => boolean): Promise<void> {
    while (true) {
      this.#asked = true;
      const errorCode = await outcome(this.#step(client));
      if (errorCode instanceof Error || deaf()) return;
      if (errorCode !== 0) throw new Error(`step ${this.#done} with ${TopicMaker.#TOPIC}: ${errorName(errorCode)}`);
      this.#asked = false;
      this.#done++;
      await rest(this.random);
    }
  }

  /** Throws when the topic is not there as it was left, or holds what an earlier one of its name held. `mayHaveLost`: its record may be gone. */
  async verify(client: WireClient, mayHaveLost: boolean): Promise<void> {
    const expected = this.#asked ? [this.#done, this.#done + 1] : [this.#done];
    if (mayHaveLost && this.#done % 3 === 2) expected.push(this.#done - 1);
    const found = await this.#look(client);
    const done = expected.find((done) => found === this.#content(done));
    if (done === undefined) {
      throw new Error(`${TopicMaker.#TOPIC} is "${found}" and must be ${expected.map((done) => `"${this.#content(done)}"`).join(" or ")}`);
    }
    this.#done = done;
    this.#asked = false;
  }

  /** What stands in the topic after so many steps. */
  #content(done: number): string {
    return ["not there", "empty", `record ${Math.floor(done / 3)}`][done % 3];
  }

  async #look(client: WireClient): Promise<string> {
    const { topics } = await client.call(ListOffsets, 5, offsetOf(TopicMaker.#TOPIC, 0, -1n));
    const { errorCode } = topics[0].partitions[0];
    if (errorName(errorCode) === "UNKNOWN_TOPIC_OR_PARTITION") return "not there";
    if (errorCode !== 0) return errorName(errorCode);
    const values: string[] = [];
    await readPartition(client, TopicMaker.#TOPIC, 0, 0, (value) => values.push(value));
    return values.length === 0 ? "empty" : values.join();
  }

  async #step(client: WireClient): Promise<number> {
    const name = TopicMaker.#TOPIC;
    switch (this.#done % 3) {
      case 0: {
        const topic = { name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] };
        return (await client.call(CreateTopics, 5, { topics: [topic], timeoutMs: 10_000, validateOnly: false })).topics[0].errorCode;
      }
      case 1: {
        const records = batchOf([`record ${Math.floor(this.#done / 3)}`], {}, Date.now());
        return (await client.call(Produce, 9, produceTo(name, 0, records))).responses[0].partitionResponses[0].errorCode;
      }
      default:
        return (await client.call(DeleteTopics, 5, { topics: [], topicNames: [name], timeoutMs: 10_000 })).responses[0].errorCode;
    }
  }
}

/** Writes to a topic at its end and deletes records at its start; each record says at which offset it is. */
export class Trimmer {
  static readonly #TOPIC = "trimmed";
  #start = 0;
  #end = 0;
  /** Another start or another end, asked for and not answered. */
  #asked: { readonly start: number; readonly end: number } | null = null;

  private constructor(readonly random: Random) {}

  static async make(client: WireClient, random: Random): Promise<Trimmer> {
    await createTopic(client, Trimmer.#TOPIC, 1);
    return new Trimmer(random);
  }

  /** Writes and deletes until the connection ends or nobody is to hear the answers any more. Throws when the broker refuses something. */
  async run(client: WireClient, deaf: () => boolean): Promise<void> {
    while (true) {
      const length = this.#end - this.#start;
      const trims = length > 0 && this.random.below(4) === 0;
      const start = trims ? this.#start + 1 + this.random.below(length) : this.#start;
      const end = trims ? this.#end : this.#end + 1 + this.random.below(MAX_BATCH);
      this.#asked = { start, end };
      const errorCode = await outcome(trims ? this.#delete(client, start) : this.#write(client, end));
      if (errorCode instanceof Error || deaf()) return;
      if (errorCode !== 0) throw new Error(`${Trimmer.#TOPIC}: ${errorName(errorCode)} for ${start} to ${end}`);
      [this.#start, this.#end, this.#asked] = [start, end, null];
      await rest(this.random);
    }
  }

  /** Throws when the topic does not begin, end, or hold what it must. `mayHaveLost`: its end may be gone. */
  async verify(client: WireClient, mayHaveLost: boolean): Promise<void> {
    const [start, end] = await Promise.all([this.#offset(client, -2n), this.#offset(client, -1n)]);
    const asked = this.#asked ?? { start: this.#start, end: this.#end };
    const isStart = start === this.#start || start === asked.start;
    const isEnd = mayHaveLost ? end >= start && end <= asked.end : end === this.#end || end === asked.end;
    if (!isStart || !isEnd) {
      throw new Error(`${Trimmer.#TOPIC} has ${start} to ${end}, not ${this.#start} to ${this.#end} or ${asked.start} to ${asked.end}`);
    }
    await readPartition(client, Trimmer.#TOPIC, 0, start, (value, offset) => {
      if (value !== String(offset)) throw new Error(`${Trimmer.#TOPIC}: "${value}" at offset ${offset}`);
    });
    [this.#start, this.#end, this.#asked] = [start, end, null];
  }

  async #offset(client: WireClient, timestamp: bigint): Promise<number> {
    const { topics } = await client.call(ListOffsets, 5, offsetOf(Trimmer.#TOPIC, 0, timestamp));
    const { errorCode, offset } = topics[0].partitions[0];
    if (errorCode !== 0) throw new Error(`${Trimmer.#TOPIC}: ${errorName(errorCode)}`);
    return offset;
  }

  async #write(client: WireClient, end: number): Promise<number> {
    const values = Array.from({ length: end - this.#end }, (_, i) => String(this.#end + i));
    const { responses } = await client.call(Produce, 9, produceTo(Trimmer.#TOPIC, 0, batchOf(values, {}, Date.now())));
    return responses[0].partitionResponses[0].errorCode;
  }

  async #delete(client: WireClient, offset: number): Promise<number> {
    const topics = [{ name: Trimmer.#TOPIC, partitions: [{ partitionIndex: 0, offset }] }];
    const answer = await client.call(DeleteRecords, 2, { topics, timeoutMs: 10_000 });
    return answer.topics[0].partitions[0].errorCode;
  }
}

/** What comes of it, or why nothing does: what nobody is waiting for any more may fail too. */
export function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error) => error instanceof Error ? error : new Error(String(error)));
}

/** A moment of nothing. */
export async function rest(random: Random): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, random.below(REST_MS)));
}

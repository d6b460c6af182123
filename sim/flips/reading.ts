import { ErrorCode } from "../../protocol/mod.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { OffsetFetch } from "../../protocol/generated/09_offset_fetch.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { HEADER_BYTES, parseEndTransactionMarker, RecordBatch } from "../../protocol/records/mod.ts";
import { settleThrough } from "../../platform/mod.ts";
import { fetchFrom, offsetOf } from "../../broker/testing/requests.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import type { BrokerWorld } from "../../broker/testing/world.ts";
import { GROUPS, TOPICS } from "./image.ts";

const decoder = new TextDecoder();

/** Everything that clients can learn, each fact by its name; `error` stands for any explicit error. */
export interface Reading {
  readonly facts: Map<string, string>;
  /** Offsets, as `topic-partition isolation offset`, of which clients were told that they cannot be read. */
  readonly errors: Set<string>;
}

export const ERROR = "error";
const EARLIEST = -2n;
const LATEST = -1n;
const MAX_TIMESTAMP = -3n;

/** Reads all there is. `ends`: up to where there is something, if that is known. */
export async function readAll(world: BrokerWorld, ends: ReadonlyMap<string, number> | null): Promise<Reading> {
  return await new Reader(world, ends).run();
}

class Reader {
  readonly #facts = new Map<string, string>();
  readonly #errors = new Set<string>();
  #client!: WireClient;

  constructor(private readonly world: BrokerWorld, private readonly ends: ReadonlyMap<string, number> | null) {}

  async run(): Promise<Reading> {
    this.#client = await this.world.connect();
    await this.#topics();
    for (const [topic, partitions] of Object.entries(TOPICS)) {
      for (let partition = 0; partition < partitions; partition++) await this.#partition(topic, partition);
    }
    for (const group of GROUPS) await this.#committed(group);
    return { facts: this.#facts, errors: this.#errors };
  }

  async #topics(): Promise<void> {
    const asked = {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    };
    const { topics, clusterId } = await this.#settled(this.#client.call(Metadata, 12, asked));
    this.#facts.set("cluster", clusterId ?? "");
    this.#facts.set("topics", topics.map(({ name, topicId }) => `${name} ${topicId}`).sort().join());
  }

  async #partition(topic: string, partition: number): Promise<void> {
    const name = `${topic}-${partition}`;
    for (
      const [what, timestamp] of [["start", EARLIEST], ["end", LATEST], ["newest", MAX_TIMESTAMP], ["10020", 10_020n], [
        "5002",
        5_002n,
      ]] as const
    ) {
      const { topics } = await this.#settled(this.#client.call(ListOffsets, 7, offsetOf(topic, partition, timestamp)));
      const { errorCode, offset, timestamp: found, leaderEpoch } = topics[0].partitions[0];
      this.#facts.set(`${name} ${what}`, errorCode === ErrorCode.NONE ? `${offset} ${found} ${what === "end" ? "" : leaderEpoch}` : ERROR);
    }
    const start = Number.parseInt(this.#facts.get(`${name} start`)!);
    if (Number.isNaN(start)) return;
    for (const isolation of [0, 1]) await this.#read(topic, partition, isolation, start);
  }

  /** Reads as a consumer does, which checks checksums; where it is told of an error it goes on with the next offset. */
  async #read(topic: string, partition: number, isolationLevel: number, start: number): Promise<void> {
    const name = `${topic}-${partition} ${isolationLevel}`;
    for (let offset = start;;) {
      const request = fetchFrom(topic, partition, offset, { isolationLevel, maxBytes: 600 });
      request.topics[0].partitions[0].partitionMaxBytes = 600;
      const { errorCode, responses } = await this.#settled(this.#client.call(Fetch, 12, request));
      const answer = errorCode === ErrorCode.NONE ? responses[0].partitions[0] : null;
      if (answer !== null && answer.errorCode === ErrorCode.NONE) {
        const end = isolationLevel === 0 ? answer.highWatermark : answer.lastStableOffset;
        if (offset === start) {
          this.#facts.set(`${name} ends`, `${answer.highWatermark} ${answer.lastStableOffset} ${answer.logStartOffset}`);
        }
        if (offset >= end) return;
      }
      const next = answer === null || answer.errorCode !== ErrorCode.NONE ? offset : this.#take(
        name,
        offset,
        (answer.records ?? new Uint8Array()) as Uint8Array,
        isolationLevel === 0 ? [] : answer.abortedTransactions ?? [],
      );
      if (next > offset) offset = next;
      else this.#errors.add(`${name} ${offset++}`);
      if (offset > (this.ends?.get(name) ?? 1_000)) return;
    }
  }

  /** Notes the records; answers the offset behind the last that could be read. Kafka: `CompletedFetch`. */
  #take(name: string, from: number, bytes: Uint8Array, aborted: readonly { producerId: number; firstOffset: number }[]): number {
    const left = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
    const ids = new Set<number>();
    let offset = from;
    for (let position = 0; position + HEADER_BYTES <= bytes.length;) {
      const batch = new RecordBatch(bytes, position);
      if (batch.sizeInBytes > bytes.length - position && position > 0) break;
      if (batch.magic !== 2 || !batch.isValid()) return offset;
      while (left.length > 0 && left[0].firstOffset <= batch.lastOffset) ids.add(left.shift()!.producerId);
      for (const record of batch.records()) {
        const isAborted = batch.isTransactional && ids.has(batch.producerId);
        if (batch.isControl && parseEndTransactionMarker(record.key, record.value)?.type === 0) ids.delete(batch.producerId);
        if (record.offset < from || batch.isControl || isAborted) continue;
        this.#facts.set(`${name} ${record.offset}`, `${batch.partitionLeaderEpoch} ${record.timestamp} ${decoder.decode(record.value!)}`);
      }
      offset = batch.lastOffset + 1;
      position += batch.sizeInBytes;
    }
    return offset;
  }

  async #committed(groupId: string): Promise<void> {
    await this.#settled(this.#client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: [groupId] }));
    const groups = [{ groupId, memberId: null, memberEpoch: -1, topics: null }];
    const answer = await this.#settled(this.#client.call(OffsetFetch, 8, { groupId: "", topics: [], groups, requireStable: false }));
    const [{ errorCode, topics }] = answer.groups;
    const committed = topics.map(({ name, partitions }) =>
      `${name} ${partitions.map((one) => `${one.committedOffset} ${one.metadata} ${one.errorCode}`)}`
    );
    this.#facts.set(`committed ${groupId}`, errorCode === ErrorCode.NONE ? committed.join() : ERROR);
  }

  async #settled<T>(outcome: Promise<T>): Promise<T> {
    let settled = false;
    const marked = outcome.finally(() => settled = true);
    marked.catch(() => undefined);
    for (let turn = 0; turn < 50 && !settled; turn++) await settleThrough(this.world.platform.clock, 0);
    if (!settled) throw new Error("no answer");
    return await marked;
  }
}

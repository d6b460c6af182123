import { type Api, ErrorCode, errorName } from "../../protocol/mod.ts";
import { batches } from "../../protocol/records/mod.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { InitProducerId } from "../../protocol/generated/22_init_producer_id.ts";
import { AddPartitionsToTxn } from "../../protocol/generated/24_add_partitions_to_txn.ts";
import { AddOffsetsToTxn } from "../../protocol/generated/25_add_offsets_to_txn.ts";
import { EndTxn } from "../../protocol/generated/26_end_txn.ts";
import { TxnOffsetCommit } from "../../protocol/generated/28_txn_offset_commit.ts";
import { batchOf, fetchFrom, produceTo } from "./requests.ts";
import type { WireClient } from "./wire_client.ts";

const decoder = new TextDecoder();

/** By which version of transactions a producer goes, and the versions of requests that tell. */
const versions = {
  1: { produce: 9, endTxn: 3, commit: 3 },
  2: { produce: 12, endTxn: 5, commit: 5 },
} as const;

/** A broker's world, or whatever else can be connected to. */
interface Connectable {
  connect(): Promise<WireClient>;
}

/** A producer with a transactional id, as small as can be. What it is refused it answers by the error's name. */
export class TransactionalProducer {
  producerId = -1;
  producerEpoch = -1;
  /** By partition. */
  readonly #sequences = new Map<string, number>();

  constructor(private readonly client: WireClient, readonly transactionalId: string, private readonly version: 1 | 2) {}

  static async connect(world: Connectable, transactionalId: string, version: 1 | 2): Promise<TransactionalProducer> {
    return new TransactionalProducer(await world.connect(), transactionalId, version);
  }

  /** Another that goes on where this one is, on a connection of its own. */
  async reconnected(world: Connectable): Promise<TransactionalProducer> {
    const other = await TransactionalProducer.connect(world, this.transactionalId, this.version);
    other.#become(this.producerId, this.producerEpoch);
    for (const [partition, sequence] of this.#sequences) other.#sequences.set(partition, sequence);
    return other;
  }

  async init(transactionTimeoutMs = 60_000, keeping = false): Promise<string> {
    await this.#call(FindCoordinator, 4, { key: "", keyType: 1, coordinatorKeys: [this.transactionalId] });
    const { producerId, producerEpoch } = keeping ? this : { producerId: -1, producerEpoch: -1 };
    const request = {
      transactionalId: this.transactionalId,
      transactionTimeoutMs,
      producerId,
      producerEpoch,
      enable2Pc: false,
      keepPreparedTxn: false,
    };
    const answer = await this.#call(InitProducerId, 4, request);
    if (answer.errorCode === ErrorCode.NONE) this.#become(answer.producerId, answer.producerEpoch);
    return errorName(answer.errorCode);
  }

  async add(topic: string, ...partitions: number[]): Promise<string> {
    const answer = await this.#call(AddPartitionsToTxn, 3, {
      transactions: [],
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.producerId,
      v3AndBelowProducerEpoch: this.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    });
    const codes = answer.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode)
    );
    return [...new Set(codes)].map(errorName).join(" ");
  }

  /** Sends a batch of these values; with version 1 of transactions its partition must have been added. */
  async send(topic: string, partition: number, values: readonly string[], how: { version?: number; acks?: number } = {}): Promise<string> {
    const { producerId, producerEpoch } = this;
    const place = `${topic}-${partition}`;
    const baseSequence = this.#sequences.get(place) ?? 0;
    this.#sequences.set(place, baseSequence + values.length);
    const records = batchOf(values, { producerId, producerEpoch, baseSequence, isTransactional: true });
    const request = { ...produceTo(topic, partition, records, how.acks), transactionalId: this.transactionalId };
    const { responses } = await this.#call(Produce, how.version ?? versions[this.version].produce, request);
    return errorName(responses[0].partitionResponses[0].errorCode);
  }

  /** Commits an offset of a group in the transaction. */
  async commitOffset(groupId: string, topic: string, partition: number, offset: number): Promise<string> {
    const { transactionalId, producerId, producerEpoch } = this;
    const producer = { transactionalId, producerId, producerEpoch, groupId };
    if (this.version === 1) {
      const { errorCode } = await this.#call(AddOffsetsToTxn, 3, producer);
      if (errorCode !== ErrorCode.NONE) return errorName(errorCode);
    }
    const partitions = [{ partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: null }];
    const { topics } = await this.#call(TxnOffsetCommit, versions[this.version].commit, {
      ...producer,
      generationId: -1,
      memberId: "",
      groupInstanceId: null,
      topics: [{ name: topic, partitions }],
    });
    return errorName(topics[0].partitions[0].errorCode);
  }

  async end(committed: boolean): Promise<string> {
    const { transactionalId, producerId, producerEpoch } = this;
    const answer = await this.#call(EndTxn, versions[this.version].endTxn, { transactionalId, producerId, producerEpoch, committed });
    if (answer.errorCode === ErrorCode.NONE && this.version === 2) this.#become(answer.producerId, answer.producerEpoch);
    return errorName(answer.errorCode);
  }

  #become(producerId: number, producerEpoch: number): void {
    if (producerId !== this.producerId || producerEpoch !== this.producerEpoch) this.#sequences.clear();
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
  }

  #call<Req, Res>(api: Api<Req, Res>, version: number, request: Req): Promise<Res> {
    return this.client.call(api, version, request);
  }
}

/** What a consumer of `read_committed` reads of a partition, and up to where. */
export async function readCommitted(
  client: WireClient,
  topic: string,
  partition: number,
): Promise<{ values: string[]; lastStableOffset: number }> {
  const values: string[] = [];
  for (let offset = 0;;) {
    const { responses } = await client.call(Fetch, 11, fetchFrom(topic, partition, offset, { isolationLevel: 1 }));
    const { errorCode, records, abortedTransactions, lastStableOffset = -1 } = responses[0].partitions[0];
    if (errorCode !== ErrorCode.NONE) throw new Error(errorName(errorCode));
    const aborted = [...abortedTransactions ?? []].sort((a, b) => a.firstOffset - b.firstOffset);
    const ids = new Set<number>();
    const before = offset;
    for (const batch of batches((records ?? new Uint8Array(0)) as Uint8Array)) {
      while (aborted.length > 0 && aborted[0].firstOffset <= batch.lastOffset) ids.add(aborted.shift()!.producerId);
      if (batch.isControl) ids.delete(batch.producerId);
      else if (!batch.isTransactional || !ids.has(batch.producerId)) {
        for (const { offset: at, value } of batch.records()) if (at >= offset) values.push(decoder.decode(value!));
      }
      offset = batch.lastOffset + 1;
    }
    if (offset === before) return { values, lastStableOffset };
  }
}

import { settleThrough } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch, type FetchResponse } from "../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../protocol/generated/02_list_offsets.ts";
import { Metadata, type MetadataResponse } from "../protocol/generated/03_metadata.ts";
import { Heartbeat } from "../protocol/generated/12_heartbeat.ts";
import { InitProducerId } from "../protocol/generated/22_init_producer_id.ts";
import { batchOf, fetchFrom, offsetOf, produceTo } from "../broker/testing/requests.ts";
import type { WireClient } from "../broker/testing/wire_client.ts";
import type { BrokerWorld } from "../broker/testing/world.ts";

/** Timestamps, in milliseconds: where they begin, and from one batch to the next. */
const YESTERDAY = 1_767_225_600_000 - 86_400_000;
const BATCH_MS = 400;

/** One after the other; `leave` is one that its producer forgets, so that the next one aborts it. */
export interface TransactionFacts {
  readonly end: "commit" | "abort" | "leave";
  acknowledged: boolean;
}

/** A batch of an idempotent producer, and where the broker said that it stands. */
export interface SentBatch {
  readonly values: readonly string[];
  readonly baseSequence: number;
  acknowledgedAt: number | null;
}

/** A producer that writes to one partition of `t`, and everything that it sent, in order. */
export interface ProducerFacts {
  readonly id: number;
  readonly partition: number;
  readonly sent: SentBatch[];
  /** Up to which offset consumers were told that they may read. */
  seen: number;
  /** Up to which offset its records were asked to be deleted, and up to which that was acknowledged. */
  readonly deleted: { asked: number; acknowledged: number };
}

/** A member that was told its assignment, and has not begun to rejoin since. */
export interface MemberFacts {
  readonly memberId: string;
  readonly instance: string | null;
  readonly generation: number;
}

/** What clients know: what they were told, and what they asked for without hearing more. */
export class Facts {
  readonly producers: ProducerFacts[] = [];
  /** Every producer id that was given to somebody. */
  readonly producerIds: number[] = [];
  /** `retention.ms` of `t`: what was asked for, and how many of these were acknowledged. */
  readonly retentions = { asked: [] as string[], acknowledged: 0 };
  /** How many partitions of `t` were asked for, and how many times that was acknowledged. */
  readonly partitions = { asked: [] as number[], acknowledged: 0 };
  /** Values in the present incarnation of {@link REMADE}: what was sent, and how many of these were acknowledged. */
  remade = { sent: [] as string[], acknowledged: 0 };
  /** The largest leader epoch of `t` that anybody was told. */
  leaderEpoch = -1;
  /** The broker was asked to stop in good order, and is not back: whether its logs were closed nobody knows. */
  isStopping = false;
  /** By topic, whether it exists; null while nobody was told. */
  readonly topics: Map<string, boolean | null> = new Map();
  /** By group, what was asked to be committed, and how many of these were acknowledged. */
  readonly commits: Map<string, { readonly offsets: number[]; acknowledged: number }> = new Map();
  /** By group; none while the group is on its way to a new generation. */
  readonly members: Map<string, readonly MemberFacts[]> = new Map();
  /** Of two producers. */
  readonly transactions: readonly TransactionFacts[][] = [[], []];
}

/** A request that was refused, or not answered: the broker's disk has ended. */
export class Interrupted extends Error {}

/** Clients of a broker that may end at any moment. */
export class Clients {
  private constructor(private readonly world: BrokerWorld, public client: WireClient) {}

  static async connect(world: BrokerWorld): Promise<Clients> {
    return new Clients(world, await world.connect());
  }

  /** A connection of somebody else. */
  another(): Promise<WireClient> {
    return this.world.connect();
  }

  /** Lets time pass until `outcome` is there: `patience` times a millisecond, then ten seconds. */
  async within<T>(outcome: Promise<T>, patience = 10): Promise<T> {
    let settled = false;
    const marked = outcome.finally(() => settled = true);
    marked.catch(() => undefined);
    for (let turn = 0; turn < patience + 10 && !settled; turn++) {
      await settleThrough(this.world.platform.clock, turn < patience ? 1 : 1000);
    }
    if (!settled) throw new Interrupted("no answer");
    return await marked;
  }

  async pass(ms: number): Promise<void> {
    await settleThrough(this.world.platform.clock, ms);
    await this.world.platform.pending.idle();
  }

  /** Has the broker stop in good order, and start again. */
  async reopen(): Promise<void> {
    await this.within(this.world.reopen());
    this.client = await this.world.connect();
  }

  async initProducerId(): Promise<number> {
    const request = {
      transactionalId: null,
      transactionTimeoutMs: 0,
      producerId: -1,
      producerEpoch: -1,
      enable2Pc: false,
      keepPreparedTxn: false,
    };
    const { errorCode, producerId } = await this.within(this.client.call(InitProducerId, 4, request));
    accepted(errorCode);
    return producerId;
  }

  /** The error code and the base offset. */
  async produce({ id, partition }: ProducerFacts, { values, baseSequence }: SentBatch): Promise<[errorCode: number, baseOffset: number]> {
    const batch = batchOf(values, { producerId: id, producerEpoch: 0, baseSequence }, YESTERDAY + baseSequence * BATCH_MS / 2);
    const { responses } = await this.client.call(Produce, 9, produceTo("t", partition, batch));
    const [{ errorCode, baseOffset }] = responses[0].partitionResponses;
    return [errorCode, baseOffset];
  }

  async fetch(topic: string, partition: number, offset: number): Promise<FetchResponse["responses"][number]["partitions"][number]> {
    const { responses } = await this.within(this.client.call(Fetch, 12, fetchFrom(topic, partition, offset)));
    return responses[0].partitions[0];
  }

  /** Where consumers may begin to read, and up to where they may read; -1 without an answer. Other than a fetch it reads nothing from a disk that may have ended. */
  async offset(topic: string, partition: number, which: "earliest" | "latest"): Promise<number> {
    const request = offsetOf(topic, partition, which === "latest" ? -1n : -2n);
    const { topics } = await this.within(this.client.call(ListOffsets, 7, request));
    return topics[0].partitions[0].offset;
  }

  /** All topics, with their partitions. */
  async topics(): Promise<MetadataResponse["topics"]> {
    const all = { topics: null, allowAutoTopicCreation: false };
    const request = { ...all, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
    return (await this.within(this.client.call(Metadata, 12, request))).topics;
  }

  async heartbeat(groupId: string, { memberId, instance: groupInstanceId, generation: generationId }: MemberFacts): Promise<number> {
    const request = { groupId, generationId, memberId, groupInstanceId };
    return (await this.within(this.client.call(Heartbeat, 4, request))).errorCode;
  }
}

export function accepted(errorCode: number): void {
  if (errorCode !== ErrorCode.NONE) throw new Interrupted(`refused with ${errorCode}`);
}

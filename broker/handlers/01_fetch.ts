import { ErrorCode } from "../../protocol/errors.ts";
import {
  Fetch,
  type FetchableTopicResponse,
  type FetchPartition,
  type FetchPartitionData,
  type FetchRequest,
  type FetchResponse,
  type FetchTopic,
} from "../../protocol/generated/01_fetch.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { StorageError } from "../../storage/mod.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { lookUp } from "../partition_lookup.ts";
import type { Partition, Partitions } from "../partitions.ts";
import type { Delayed } from "../purgatory.ts";
import { leaderEpochProblem } from "../leader_epochs.ts";

/** From this version on topics are named by id (KIP-516). */
const TOPIC_ID_VERSION = 13;
const READ_COMMITTED = 1;

/** What a broker grants a fetch, whatever it asks for. */
export interface FetchLimits {
  /** Most bytes of records in a response (`fetch.max.bytes` of the broker). */
  readonly maxBytes: number;
  /** Bytes that all buffers together may still take; large fetches shrink with it. */
  readonly available: () => number;
}

/** Every fetch may have this much, however little memory is left. */
const ALWAYS_GRANTED_BYTES = 1024 * 1024;

/**
 * Reads batches from partitions, waiting until there are `minBytes` of them or `maxWaitMs` have passed. The bytes are not read here but when the response
 * is written. The first batch of the first partition that has one is sent whole even when it is larger than the limits (KIP-74).
 */
export function fetch(partitions: Partitions, limits: FetchLimits): Handler<FetchRequest, FetchResponse> {
  return {
    api: Fetch,
    gaps: ["every fetch is a full one: sessions (KIP-227) are answered with session id 0, as Kafka does when its cache is full"],
    handle(context, request) {
      if (request.sessionId !== 0) return whole(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
      const pending = new PendingFetch(partitions, context, request, limits);
      const response = pending.read();
      if (pending.satisfiedBy(response) || request.maxWaitMs <= 0) return response;
      return new Promise((resolve) => partitions.fetches.park(pending.partitions(), request.maxWaitMs, pending.delayed(resolve)));
    },
    fail: (_request, code) => whole(code),
  };
}

/** A fetch that may have to be read more than once before it is answered. Kafka: `DelayedFetch`. */
class PendingFetch {
  readonly #partitions: Partitions;
  readonly #context: RequestContext;
  readonly #request: FetchRequest;
  readonly #limits: FetchLimits;
  /** Most bytes that the last read could answer. */
  #granted = 0;

  constructor(partitions: Partitions, context: RequestContext, request: FetchRequest, limits: FetchLimits) {
    this.#partitions = partitions;
    this.#context = context;
    this.#request = request;
    this.#limits = limits;
  }

  /** What there is now. */
  read(): FetchResponse {
    const share = Math.max(ALWAYS_GRANTED_BYTES, Math.floor(this.#limits.available() / 4));
    this.#granted = Math.min(this.#request.maxBytes, this.#limits.maxBytes, share);
    let left = this.#granted;
    let nothingYet = true;
    const responses: FetchableTopicResponse[] = [];
    for (const topic of this.#request.topics) {
      const results: FetchPartitionData[] = [];
      for (const wanted of topic.partitions) {
        const result = this.#readPartition(topic, wanted, left, nothingYet);
        const bytes = result.records?.byteLength ?? 0;
        left = Math.max(0, left - bytes);
        if (bytes > 0) nothingYet = false;
        results.push(result);
      }
      responses.push({ topic: topic.topic, topicId: topic.topicId, partitions: results });
    }
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, sessionId: 0, responses };
  }

  /** Whether a response need not wait: enough bytes, nothing asked for, or an error that the client should learn of at once. */
  satisfiedBy(response: FetchResponse): boolean {
    let bytes = 0;
    let asked = 0;
    for (const topic of response.responses) {
      for (const partition of topic.partitions) {
        if (partition.errorCode !== ErrorCode.NONE) return true;
        bytes += partition.records?.byteLength ?? 0;
        asked++;
      }
    }
    // Who wants more than it may have, has enough with what it may have (`KafkaApis.handleFetchRequest`).
    return asked === 0 || bytes >= Math.min(this.#request.minBytes, this.#granted);
  }

  /** The partitions whose growth may complete the fetch. */
  partitions(): Partition[] {
    const found = this.#request.topics.flatMap((topic) => topic.partitions.map(({ partition }) => this.#find(topic, partition)));
    return found.filter((partition) => typeof partition !== "number");
  }

  /** The fetch as an operation that waits; `answer` is called once. */
  delayed(answer: (response: FetchResponse) => void): Delayed {
    return {
      tryComplete: () => {
        const response = this.read();
        const complete = this.satisfiedBy(response);
        if (complete) answer(response);
        return complete;
      },
      expire: () => answer(this.read()),
    };
  }

  #find({ topic: name, topicId }: FetchTopic, index: number): Partition | ErrorCode {
    const byId = this.#context.apiVersion >= TOPIC_ID_VERSION;
    return lookUp(this.#partitions, this.#context, "Read", { name, topicId, byId }, index);
  }

  #readPartition(topic: FetchTopic, wanted: FetchPartition, left: number, nothingYet: boolean): FetchPartitionData {
    const partition = this.#find(topic, wanted.partition);
    if (typeof partition === "number") return refused(wanted, partition);
    if (replicaId(this.#request) >= 0) return refused(wanted, ErrorCode.NOT_LEADER_OR_FOLLOWER);
    const problem = leaderEpochProblem(partition, wanted.currentLeaderEpoch);
    if (problem !== ErrorCode.NONE) return refused(wanted, problem);
    return this.#readLog(partition, wanted, left, nothingYet);
  }

  #readLog({ log }: Partition, wanted: FetchPartition, left: number, nothingYet: boolean): FetchPartitionData {
    const { highWatermark, lastStableOffset, logStartOffset } = log;
    const upTo = this.#request.isolationLevel === READ_COMMITTED ? lastStableOffset : highWatermark;
    try {
      const records = log.read(wanted.fetchOffset, Math.min(wanted.partitionMaxBytes, left), { minOneBatch: nothingYet, upTo });
      return {
        partitionIndex: wanted.partition,
        errorCode: ErrorCode.NONE,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        abortedTransactions: this.#request.isolationLevel === READ_COMMITTED ? [] : null,
        preferredReadReplica: -1,
        records,
      };
    } catch (error) {
      if (error instanceof StorageError) return refused(wanted, ErrorCode.KAFKA_STORAGE_ERROR);
      if (!(error instanceof RecordsError)) throw error;
      return { ...refused(wanted, error.code), highWatermark, lastStableOffset, logStartOffset };
    }
  }
}

/** Followers name themselves; no node here follows another. */
function replicaId(request: FetchRequest): number {
  return Math.max(request.replicaId, request.replicaState?.replicaId ?? -1);
}

function refused(wanted: FetchPartition, errorCode: number): FetchPartitionData {
  return {
    partitionIndex: wanted.partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: noRecords,
  };
}

const noRecords = new Uint8Array(0);

function whole(errorCode: number): FetchResponse {
  return { throttleTimeMs: 0, errorCode, sessionId: 0, responses: [] };
}

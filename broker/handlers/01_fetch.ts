import { ErrorCode, ZERO_UUID } from "../../protocol/mod.ts";
import {
  Fetch,
  type FetchableTopicResponse,
  type FetchEpochEndOffset,
  type FetchPartition,
  type FetchPartitionData,
  type FetchRequest,
  type FetchResponse,
} from "../../protocol/generated/01_fetch.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { StorageError } from "../../storage/mod.ts";
import type { ClusterView } from "../cluster.ts";
import type { FetchContext, FetchedData, FetchedPartition, FetchSessions } from "../fetch_sessions.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { NO_LEADER } from "../metadata/leadership.ts";
import { lookUp, type TopicReference } from "../partition_lookup.ts";
import type { Partition, Partitions } from "../partitions.ts";
import type { Delayed } from "../purgatory.ts";
import { leadershipProblem, NO_EPOCH } from "../leader_epochs.ts";

/** From this version on a client may say which epoch it fetched last (KIP-595). A session remembers it, whatever version its next request has. */
const DIVERGING_EPOCH_VERSION = 12;
/** From this version on a client may say in which rack it is, and read from followers (KIP-392). */
const RACK_VERSION = 11;
/** From this version on topics are named by id (KIP-516). */
const TOPIC_ID_VERSION = 13;
/** From this version on a refusal may say who leads (KIP-951). */
const CURRENT_LEADER_VERSION = 16;
const READ_COMMITTED = 1;

/** What a broker grants a fetch, whatever it asks for. */
export interface FetchLimits {
  /** Most bytes of records in a response (`fetch.max.bytes` of the broker). */
  readonly maxBytes: number;
  /** Whether a client is sent to a follower in its rack (`replica.selector.class`, KIP-392). */
  readonly rackAware: boolean;
  /** Bytes that all buffers together may still take; large fetches shrink with it. */
  readonly available: () => number;
}

/** Every fetch may have this much, however little memory is left. */
const ALWAYS_GRANTED_BYTES = 1024 * 1024;

/**
 * Reads batches from partitions, waiting until there are `minBytes` of them or `maxWaitMs` have passed. The bytes are not read here but when the response
 * is written. The first batch of the first partition that has one is sent whole even when it is larger than the limits (KIP-74).
 */
export function fetch(
  partitions: Partitions,
  sessions: FetchSessions,
  limits: FetchLimits,
  cluster: ClusterView,
): Handler<FetchRequest, FetchResponse> {
  return {
    api: Fetch,
    handle(context, request) {
      const asked = sessions.begin(request, context.apiVersion >= TOPIC_ID_VERSION);
      if (typeof asked === "number") return whole(asked);
      const pending = new PendingFetch(partitions, context, request, asked, limits, cluster);
      const found = pending.read();
      if (pending.satisfiedBy(found) || request.maxWaitMs <= 0) return pending.answer(found);
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
  readonly #asked: FetchContext;
  readonly #limits: FetchLimits;
  readonly #cluster: ClusterView;
  readonly #fromReplica: boolean;
  readonly #committedOnly: boolean;
  /** Most bytes that the last read could answer. */
  #granted = 0;

  constructor(
    partitions: Partitions,
    context: RequestContext,
    request: FetchRequest,
    asked: FetchContext,
    limits: FetchLimits,
    cluster: ClusterView,
  ) {
    this.#partitions = partitions;
    this.#context = context;
    this.#request = request;
    this.#asked = asked;
    this.#limits = limits;
    this.#cluster = cluster;
    this.#fromReplica = replicaId(request) >= 0;
    this.#committedOnly = request.isolationLevel === READ_COMMITTED;
  }

  /** What there is now that the client has to be told. */
  read(): FetchedData[] {
    const share = Math.max(ALWAYS_GRANTED_BYTES, Math.floor(this.#limits.available() / 4));
    this.#granted = Math.min(this.#request.maxBytes, this.#limits.maxBytes, share);
    let left = this.#granted;
    let nothingYet = true;
    const found: FetchedData[] = [];
    for (const fetched of this.#asked.partitions.values()) {
      const data = this.#readPartition(fetched, left, nothingYet);
      if (data === null) continue;
      const bytes = data.records?.byteLength ?? 0;
      left = Math.max(0, left - bytes);
      if (bytes > 0) nothingYet = false;
      if (!this.#asked.incremental || news(fetched, data)) found.push({ fetched, data });
    }
    return found;
  }

  /** Whether an answer need not wait: enough bytes, nothing asked for, or an error or a cut that the client should learn of at once. */
  satisfiedBy(found: readonly FetchedData[]): boolean {
    let bytes = 0;
    for (const { data } of found) {
      if (data.errorCode !== ErrorCode.NONE || diverges(data) || data.preferredReadReplica >= 0) return true;
      bytes += data.records?.byteLength ?? 0;
    }
    // Who wants more than it may have, has enough with what it may have (`KafkaApis.handleFetchRequest`).
    return this.#asked.partitions.size === 0 || bytes >= Math.min(this.#request.minBytes, this.#granted);
  }

  /** The response; from then on the session takes it as known. */
  answer(found: readonly FetchedData[]): FetchResponse {
    const { errorCode, sessionId } = this.#asked.conclude(found);
    const responses: FetchableTopicResponse[] = [];
    if (errorCode !== ErrorCode.NONE) return { throttleTimeMs: 0, errorCode, sessionId, responses };
    let last: TopicReference | null = null;
    for (const { fetched, data } of found) {
      const { topic } = fetched;
      this.#count(fetched, data);
      if (last === null || topic.name !== last.name || topic.topicId !== last.topicId) {
        responses.push({ topic: topic.name, topicId: topic.topicId, partitions: [] });
      }
      responses[responses.length - 1].partitions.push(data);
      last = topic;
    }
    return { throttleTimeMs: 0, errorCode, sessionId, responses, ...this.#endpoints(found) };
  }

  /** Where the leaders named in an answer are reached (KIP-951). Followers are not told. */
  #endpoints(found: readonly FetchedData[]): Pick<FetchResponse, "nodeEndpoints"> {
    if (this.#fromReplica || found.every(({ data }) => data.currentLeader === undefined)) return {};
    const leaders = new Set(found.map(({ data }) => data.currentLeader?.leaderId ?? NO_LEADER));
    return { nodeEndpoints: this.#cluster.endpointsOf(leaders, this.#context.connection) };
  }

  #count(fetched: FetchedPartition, { errorCode, records }: FetchPartitionData): void {
    const bytes = records?.byteLength ?? 0;
    if (bytes === 0 && errorCode === ErrorCode.NONE) return;
    const partition = this.#find(fetched);
    if (typeof partition === "number") return;
    if (errorCode === ErrorCode.NONE) partition.stats.fetched(bytes);
    else partition.stats.fetchFailed();
  }

  /** The partitions whose growth may complete the fetch. */
  partitions(): Partition[] {
    const found: Partition[] = [];
    for (const fetched of this.#asked.partitions.values()) {
      const partition = this.#find(fetched);
      if (typeof partition !== "number") found.push(partition);
    }
    return found;
  }

  /** The fetch as an operation that waits; `resolve` is called once. */
  delayed(resolve: (response: FetchResponse) => void): Delayed {
    return {
      tryComplete: () => {
        const found = this.read();
        const complete = this.satisfiedBy(found);
        if (complete) resolve(this.answer(found));
        return complete;
      },
      expire: () => resolve(this.answer(this.read())),
    };
  }

  /** A session keeps the name that an id had first: without it the topic is unknown by its name, and one made anew in its place is another. */
  #find(fetched: FetchedPartition): Partition | ErrorCode {
    const { topic, wanted: { partition } } = fetched;
    const found = lookUp(this.#partitions, this.#context, "Read", topic, partition);
    if (!topic.byId) return found;
    if (found !== ErrorCode.UNKNOWN_TOPIC_ID) {
      fetched.knownAs ??= this.#partitions.topicName(topic.topicId) ?? null;
      return found;
    }
    if (fetched.knownAs === null) return found;
    const another = lookUp(this.#partitions, this.#context, "Read", { name: fetched.knownAs, topicId: ZERO_UUID, byId: false }, partition);
    return typeof another === "number" ? another : ErrorCode.INCONSISTENT_TOPIC_ID;
  }

  /** Null where there is nothing that the client does not know. */
  #readPartition(fetched: FetchedPartition, left: number, nothingYet: boolean): FetchPartitionData | null {
    const { wanted } = fetched;
    const partition = this.#find(fetched);
    if (partition === ErrorCode.INCONSISTENT_TOPIC_ID) return refused(wanted, partition);
    // The one refusal with a list of aborted transactions, an empty one (`FetchResponse.partitionResponse`).
    if (typeof partition === "number") return { ...refused(wanted, partition), abortedTransactions: [] };
    // A fetch may say with any negative number that it knows no epoch (`FetchRequest.optionalEpoch`).
    const epoch = Math.max(wanted.currentLeaderEpoch, NO_EPOCH);
    const onlyLeader = this.#fromReplica || this.#context.apiVersion < RACK_VERSION;
    const problem = leadershipProblem(partition, this.#context.connection.nodeId, epoch, { onlyLeader });
    if (problem !== ErrorCode.NONE) return this.#misdirected(wanted, problem, partition);
    if (this.#fromReplica) return this.#misdirected(wanted, notAReplica(wanted), partition);
    const preferred = this.#preferredReplica(partition, wanted.fetchOffset);
    if (preferred !== null) return elsewhere(partition, wanted, preferred);
    if (this.#asked.incremental && this.#unchanged(fetched, partition)) return null;
    return this.#readLog(partition, wanted, left, nothingYet);
  }

  /** The follower that a client should rather read from, as it is in the client's rack and the leader is not. Kafka: `RackAwareReplicaSelector`. */
  #preferredReplica({ log, leader, isr }: Partition, fetchOffset: number): number | null {
    const { rackId } = this.#request;
    const { nodeId } = this.#context.connection;
    if (!this.#limits.rackAware || this.#context.apiVersion < RACK_VERSION || rackId === "" || nodeId !== leader) return null;
    if (this.#cluster.rackOf(leader) === rackId || fetchOffset < log.logStartOffset || fetchOffset > log.logEndOffset) return null;
    const near = isr.filter((id) => this.#cluster.rackOf(id) === rackId);
    return near.length === 0 ? null : Math.max(...near);
  }

  /** Who has to look for the leader, or knows an older one, is told of it (KIP-951). */
  #misdirected(wanted: FetchPartition, code: ErrorCode, { leader, leaderEpoch }: Partition): FetchPartitionData {
    const stale = code === ErrorCode.NOT_LEADER_OR_FOLLOWER || code === ErrorCode.FENCED_LEADER_EPOCH;
    const tells = stale && this.#context.apiVersion >= CURRENT_LEADER_VERSION;
    return { ...refused(wanted, code), ...(tells ? { currentLeader: { leaderId: leader, leaderEpoch } } : {}) };
  }

  /** Whether the client waits at the end of a partition of which it knows everything. In a session that is the rule, so nothing is allocated for it. */
  #unchanged({ wanted, highWatermark, logStartOffset }: FetchedPartition, { log }: Partition): boolean {
    const upTo = this.#committedOnly ? log.lastStableOffset : log.highWatermark;
    return wanted.fetchOffset === upTo && wanted.lastFetchedEpoch < 0 && wanted.fetchOffset >= log.logStartOffset &&
      highWatermark === log.highWatermark && logStartOffset === log.logStartOffset;
  }

  #readLog(partition: Partition, wanted: FetchPartition, left: number, nothingYet: boolean): FetchPartitionData {
    const { highWatermark, lastStableOffset, logStartOffset } = partition.log;
    const upTo = this.#committedOnly ? lastStableOffset : highWatermark;
    try {
      const divergingEpoch = this.#context.apiVersion < DIVERGING_EPOCH_VERSION ? null : divergence(partition, wanted);
      const maxBytes = Math.min(wanted.partitionMaxBytes, left);
      const read = { minOneBatch: nothingYet, upTo };
      const found = divergingEpoch === null ? partition.log.read(wanted.fetchOffset, maxBytes, read) : null;
      const aborted = found === null || !this.#committedOnly ? [] : partition.log.abortedTransactions(wanted.fetchOffset, found);
      return {
        partitionIndex: wanted.partition,
        errorCode: ErrorCode.NONE,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        ...(divergingEpoch === null ? {} : { divergingEpoch }),
        abortedTransactions: this.#committedOnly ? aborted : null,
        preferredReadReplica: -1,
        records: found ?? noRecords,
      };
    } catch (error) {
      if (error instanceof StorageError) return refused(wanted, ErrorCode.KAFKA_STORAGE_ERROR);
      if (!(error instanceof RecordsError)) throw error;
      return refused(wanted, error.code);
    }
  }
}

/** Nothing is read where the client should go elsewhere. */
function elsewhere({ log }: Partition, { partition }: FetchPartition, preferredReadReplica: number): FetchPartitionData {
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  const ends = { highWatermark, lastStableOffset, logStartOffset };
  return {
    partitionIndex: partition,
    errorCode: ErrorCode.NONE,
    ...ends,
    abortedTransactions: null,
    preferredReadReplica,
    records: noRecords,
  };
}

/** Whether a client that knows its session has to be told of this. Kafka: `CachedPartition.maybeUpdateResponseData`. */
function news({ highWatermark, logStartOffset }: FetchedPartition, data: FetchPartitionData): boolean {
  return (data.records?.byteLength ?? 0) > 0 || data.errorCode !== ErrorCode.NONE || highWatermark !== data.highWatermark ||
    logStartOffset !== data.logStartOffset || diverges(data) || data.preferredReadReplica >= 0;
}

function diverges({ divergingEpoch }: FetchPartitionData): boolean {
  return divergingEpoch !== undefined && divergingEpoch.epoch >= 0;
}

/**
 * Where the log that the client has read parts from ours, if it does (KIP-595). Throws {@link RecordsError} with OFFSET_OUT_OF_RANGE where that cannot
 * be told. Kafka: `Partition.readRecords`.
 */
function divergence(partition: Partition, { lastFetchedEpoch, fetchOffset }: FetchPartition): FetchEpochEndOffset | null {
  if (lastFetchedEpoch < 0) return null;
  const found = partition.endOffsetForEpoch(lastFetchedEpoch);
  if (found === null || fetchOffset < partition.log.logStartOffset) {
    throw new RecordsError(ErrorCode.OFFSET_OUT_OF_RANGE, `Where epoch ${lastFetchedEpoch} ended is not known, or ${fetchOffset} is gone.`);
  }
  return found.epoch < lastFetchedEpoch || found.endOffset < fetchOffset ? found : null;
}

/** What a fetcher hears that says it is a follower and holds no replica: perhaps it knows a newer assignment (`Partition.followerReplicaOrThrow`). */
function notAReplica({ currentLeaderEpoch }: FetchPartition): ErrorCode {
  return currentLeaderEpoch <= NO_EPOCH ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_LEADER_EPOCH;
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

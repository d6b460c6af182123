import type { Clock, Random } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { FetchPartition, FetchPartitionData, FetchRequest } from "../protocol/generated/01_fetch.ts";
import type { TopicReference } from "./partition_lookup.ts";

const NO_SESSION = 0;
const INITIAL_EPOCH = 0;
const FINAL_EPOCH = -1;
const MAX_EPOCH = 0x7fff_ffff;
/** A session unused for so long gives way to any other; one younger than that to none (Kafka: `MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS`). */
const EVICTION_MS = 120_000;
/** Partitions that all sessions together may hold, some 200 bytes each. Kafka bounds only the sessions. */
const MAX_PARTITIONS = 250_000;

/** A partition that is fetched again and again, and what its client was last told. Kafka: `CachedPartition`. */
export interface FetchedPartition {
  readonly key: string;
  readonly topic: TopicReference;
  /** The name that the topic with this id had when it was first found; null before. */
  knownAs: string | null;
  /** What the client last asked for. */
  wanted: FetchPartition;
  highWatermark: number;
  logStartOffset: number;
}

/** What was read of a partition. */
export interface FetchedData {
  readonly fetched: FetchedPartition;
  readonly data: FetchPartitionData;
}

/** What one fetch is about, once its session is known. Kafka: `FetchContext`. */
export interface FetchContext {
  readonly partitions: ReadonlyMap<string, FetchedPartition>;
  /** Whether the client knows what has not changed, so that it need not be answered. */
  readonly incremental: boolean;
  /** Notes what the client is told now. Called once, with what is to be answered; where there is an error nothing of it is. */
  conclude(answered: readonly FetchedData[]): { readonly errorCode: ErrorCode; readonly sessionId: number };
}

interface FetchSession {
  readonly id: number;
  readonly byId: boolean;
  readonly createdMs: number;
  /** In the order of reading: what was answered with records goes to the end, so that no partition starves the others. */
  readonly partitions: Map<string, FetchedPartition>;
  lastUsedMs: number;
  /** That the next request must have. */
  epoch: number;
  /** How many of its partitions are counted. */
  size: number;
}

/** What clients fetch over and over, so that they need name only what changes (KIP-227). Kafka: `FetchManager` and `FetchSessionCache`. */
export class FetchSessions {
  readonly #slots: number;
  readonly #maxPartitions: number;
  readonly #clock: Clock;
  readonly #random: Random;
  /** By id, the one unused for longest first. */
  readonly #sessions = new Map<number, FetchSession>();
  #partitionCount = 0;
  #evictions = 0;

  constructor(
    slots: number,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
    maxPartitions: number = MAX_PARTITIONS,
  ) {
    this.#slots = slots;
    this.#maxPartitions = maxPartitions;
    this.#clock = clock;
    this.#random = random;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Partitions that the sessions hold, all together. */
  get partitionCount(): number {
    return this.#partitionCount;
  }

  /** Sessions that gave way to others since the start. */
  get evictions(): number {
    return this.#evictions;
  }

  /**
   * What a fetch is about, and the next epoch of its session; or FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH or
   * FETCH_SESSION_TOPIC_ID_ERROR. Epochs 0 and -1 end the session that is named and fetch without; 0 may begin another.
   */
  begin(request: FetchRequest, byId: boolean): FetchContext | ErrorCode {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      const named = this.#sessions.get(sessionId);
      if (named !== undefined) this.#remove(named);
      return this.#full(request, byId, sessionEpoch === INITIAL_EPOCH);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND;
    if (session.epoch !== sessionEpoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH;
    if (session.byId !== byId) return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
    update(session, request);
    if (session.partitions.size === 0) {
      this.#remove(session);
      return this.#full(request, byId, false);
    }
    this.#touch(session);
    if (this.#partitionCount > this.#maxPartitions) {
      // The client begins anew, and is told then that there is no room for a session.
      this.#remove(session);
      return ErrorCode.FETCH_SESSION_ID_NOT_FOUND;
    }
    session.epoch = nextEpoch(session.epoch);
    return incremental(session);
  }

  #full(request: FetchRequest, byId: boolean, wantsSession: boolean): FetchContext {
    const partitions = new Map<string, FetchedPartition>();
    addAll(partitions, request, byId);
    return {
      partitions,
      incremental: false,
      conclude: (answered) => {
        if (!wantsSession) return { errorCode: ErrorCode.NONE, sessionId: NO_SESSION };
        for (const one of answered) note(one);
        return { errorCode: ErrorCode.NONE, sessionId: this.#create(partitions, byId) };
      },
    };
  }

  /** A new session's id, or 0 if there is no room for it. */
  #create(partitions: Map<string, FetchedPartition>, byId: boolean): number {
    while (this.#sessions.size >= this.#slots || this.#partitionCount + partitions.size > this.#maxPartitions) {
      if (!this.#evict(partitions.size)) return NO_SESSION;
    }
    const now = this.#clock.monotonic();
    const session = { id: this.#newId(), byId, createdMs: now, partitions, lastUsedMs: now, epoch: nextEpoch(INITIAL_EPOCH), size: 0 };
    this.#touch(session);
    return session.id;
  }

  #newId(): number {
    for (;;) {
      const id = 1 + this.#random.below(MAX_EPOCH - 1);
      if (!this.#sessions.has(id)) return id;
    }
  }

  /** Makes room for a session of `size` partitions: a stale one goes, or the smallest that is no longer new and smaller. */
  #evict(size: number): boolean {
    const [oldest] = this.#sessions.values();
    if (oldest === undefined) return false;
    if (this.#clock.monotonic() - oldest.lastUsedMs > EVICTION_MS) {
      this.#remove(oldest);
      this.#evictions++;
      return true;
    }
    let smallest: FetchSession | null = null;
    for (const session of this.#sessions.values()) {
      if (session.lastUsedMs - session.createdMs <= EVICTION_MS) continue;
      if (smallest === null || session.size < smallest.size || (session.size === smallest.size && session.id < smallest.id)) {
        smallest = session;
      }
    }
    if (smallest === null || smallest.size >= size) return false;
    this.#remove(smallest);
    this.#evictions++;
    return true;
  }

  /** Makes a session the last used one, and counts its partitions. */
  #touch(session: FetchSession): void {
    session.lastUsedMs = this.#clock.monotonic();
    this.#partitionCount += session.partitions.size - session.size;
    session.size = session.partitions.size;
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
  }

  #remove(session: FetchSession): void {
    this.#sessions.delete(session.id);
    this.#partitionCount -= session.size;
    session.size = 0;
  }
}

function incremental(session: FetchSession): FetchContext {
  const { id: sessionId, epoch, partitions } = session;
  return {
    partitions,
    incremental: true,
    conclude(answered) {
      // The client has sent its next request without waiting for this answer, or another client sends for it.
      if (session.epoch !== epoch) return { errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH, sessionId };
      for (const one of answered) {
        note(one);
        if ((one.data.records?.byteLength ?? 0) === 0) continue;
        partitions.delete(one.fetched.key);
        partitions.set(one.fetched.key, one.fetched);
      }
      return { errorCode: ErrorCode.NONE, sessionId };
    },
  };
}

/** Keeps what the client is told. After an error it is told everything again. */
function note({ fetched, data }: FetchedData): void {
  fetched.highWatermark = data.errorCode === ErrorCode.NONE ? data.highWatermark : -1;
  fetched.logStartOffset = data.logStartOffset;
}

function update(session: FetchSession, request: FetchRequest): void {
  addAll(session.partitions, request, session.byId);
  for (const { topic, topicId, partitions } of request.forgottenTopicsData) {
    for (const partition of partitions) session.partitions.delete(keyOf(session.byId ? topicId : topic, partition));
  }
}

function addAll(partitions: Map<string, FetchedPartition>, { topics }: FetchRequest, byId: boolean): void {
  for (const { topic: name, topicId, partitions: asked } of topics) {
    const topic = { name, topicId, byId };
    for (const wanted of asked) {
      const key = keyOf(byId ? topicId : name, wanted.partition);
      const known = partitions.get(key);
      if (known === undefined) partitions.set(key, { key, topic, knownAs: null, wanted, highWatermark: -1, logStartOffset: -1 });
      else known.wanted = wanted;
    }
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** After the largest comes 1: 0 begins a session. */
function nextEpoch(epoch: number): number {
  return epoch === MAX_EPOCH ? 1 : epoch + 1;
}

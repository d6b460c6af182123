/**
 * What a coordinator is made of: a state machine that decides, and the records that change it. Kafka: `CoordinatorShard`,
 * `CoordinatorResult`, `CoordinatorTimer`, `CoordinatorRecordSerde`.
 */

/** A replicated state machine. Its methods are synchronous and touch no clock, no disk and no socket. */
export interface Shard<Rec> {
  /**
   * Applies a record, in a transaction of this producer or, with -1, in none. Nothing else may change hard state but {@link replayEndTransactionMarker}; so a shard that
   * is read from its log is the one that wrote it.
   */
  replay(record: Rec, offset: number, producerId: number): void;
  /** What was written in the producer's transaction counts from now on, or never will. */
  replayEndTransactionMarker?(producerId: number, committed: boolean): void;
  /** Called once, when everything that the log holds has been replayed: the place to set timers. */
  loaded?(): void;
}

/** What a shard wants done with a request. */
export interface Decision<Res, Rec> {
  /** The answer, given once the records are as durable as promised; or a reply that a later decision gives. */
  readonly response: Res | Parked<Res>;
  /** Appended to the log as one batch, then replayed. */
  readonly records: readonly Rec[];
  /** Answers to requests that were parked before; given when the answer to this one is. */
  readonly replies?: readonly Reply[];
}

/** The answer to a parked request. */
export interface Reply {
  readonly parked: Waiting;
  readonly give: () => void;
}

/** A request without an answer yet, as the runtime knows it. */
export interface Waiting {
  /** Answers with an error, because the shard that was to answer is gone. */
  fail(error: Error): void;
}

/** A request that waits for others: a JoinGroup for the rest of its group. It is completed once, by a reply or by the end of its shard. */
export class Parked<Res> implements Waiting {
  readonly promise: Promise<Res>;
  #resolve!: (response: Res) => void;
  #reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined); // nobody listens when the request failed before it could wait
  }

  /** The reply for a decision to carry. */
  reply(response: Res): Reply {
    return { parked: this, give: () => this.#resolve(response) };
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}

/** Timers with names. What they run is a decision like any other. */
export interface ShardTimers<Rec> {
  /** Runs `operation` in `delayMs`. A second call with the same key replaces the first. */
  schedule(key: string, delayMs: number, operation: () => Decision<void, Rec>): void;
  /** Forgets a timer; one that is not set is fine. */
  cancel(key: string): void;
}

/** Records and their bytes. */
export interface RecordCodec<Rec> {
  encode(record: Rec): KeyValue;
  /** Null for a record of a type that this version does not know, which is skipped with a warning. Throws when the bytes are none. */
  decode(key: Uint8Array | null, value: Uint8Array | null): Rec | null;
}

/** A record as it stands in a log. */
export interface KeyValue {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

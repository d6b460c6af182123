import { ErrorCode } from "../../../protocol/errors.ts";

/** What a producer believes it is. */
export interface Credential {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** An id that is new; which, the service tells. */
export const NEW = "new";

/** What is expected of a request: an error's code, nothing in particular, or the id, or {@link NEW}, and the epoch that the producer has then. */
export type Expected = number | "done" | { readonly producerId: number | typeof NEW; readonly producerEpoch: number };

type State = "Empty" | "Ongoing" | "PrepareCommit" | "PrepareAbort" | "CompleteCommit" | "CompleteAbort";

const MAX_EPOCH = 32_767;
const LAST_EPOCH = MAX_EPOCH - 1;

const { CONCURRENT_TRANSACTIONS, INVALID_PRODUCER_ID_MAPPING, INVALID_TRANSACTION_TIMEOUT, INVALID_TXN_STATE, PRODUCER_FENCED } = ErrorCode;

/** A transactional id as the rules have it, said once more and in other words than the shard's: what is asked of it, in order, one thing at a time. */
export class ModelTransactionalId {
  state: State | null = null;
  producerId: number | typeof NEW = NEW;
  /** Of the newest change. */
  previousId: number | typeof NEW = NEW;
  /** What a producer goes on with whose epochs are used up. */
  replaced = false;
  epoch = 0;
  lastEpoch = -1;
  partitions: string[] = [];
  timeoutMs = 0;
  startedAt = -1;
  /** Markers that must have been written, or will be, as soon as they can. */
  readonly markers: string[] = [];

  constructor(private readonly canWriteMarkers: () => boolean) {}

  init(timeoutMs: number, expected: Credential | null, now: number): Expected {
    if (timeoutMs <= 0) return INVALID_TRANSACTION_TIMEOUT;
    if (this.state === null) {
      this.state = "Empty";
      this.timeoutMs = timeoutMs;
      return { producerId: NEW, producerEpoch: 0 };
    }
    const isKnown = expected === null || expected.producerId === this.producerId ||
      (expected.producerId === this.previousId && expected.producerEpoch >= LAST_EPOCH);
    if (!isKnown) return PRODUCER_FENCED;
    if (this.isPrepared) return CONCURRENT_TRANSACTIONS;
    if (this.state === "Ongoing") {
      this.fence(now);
      return this.init(timeoutMs, expected, now);
    }
    if (this.epoch >= LAST_EPOCH && (expected === null || expected.producerEpoch === this.epoch)) {
      this.#emptied(timeoutMs, expected === null ? -1 : this.epoch, 0);
      this.producerId = NEW;
    } else if (expected === null || expected.producerEpoch === this.epoch) {
      this.#emptied(timeoutMs, expected === null ? -1 : this.epoch, this.epoch + 1);
    } else if (expected.producerEpoch === this.lastEpoch) {
      this.#emptied(timeoutMs, this.lastEpoch, this.epoch);
    } else {
      return PRODUCER_FENCED;
    }
    return this.#credential();
  }

  add({ producerId, producerEpoch }: Credential, partition: string, now: number, isEnding = false): Expected {
    if (this.state === null || producerId !== this.producerId) return INVALID_PRODUCER_ID_MAPPING;
    if (producerEpoch !== this.epoch) return PRODUCER_FENCED;
    if (isEnding || this.isPrepared) return CONCURRENT_TRANSACTIONS;
    if (this.state === "Ongoing" && this.partitions.includes(partition)) return "done";
    if (this.state !== "Ongoing") this.startedAt = now;
    this.#changed("Ongoing");
    this.partitions = [...new Set([...this.partitions, partition])];
    return "done";
  }

  end(credential: Credential, committed: boolean, version: 0 | 2, now: number): Expected {
    if (this.state === null) return INVALID_PRODUCER_ID_MAPPING;
    return version === 0 ? this.#endV1(credential, committed, now) : this.#endV2(credential, committed, now);
  }

  /** The broker aborts it, and nobody has the epoch it has then. */
  fence(now: number): void {
    this.#decide(false, true, now);
  }

  get isPrepared(): boolean {
    return this.state === "PrepareCommit" || this.state === "PrepareAbort";
  }

  /** Markers can be written again, and somebody tries. */
  complete(): void {
    if (!this.isPrepared) return;
    const committed = this.state === "PrepareCommit";
    for (const partition of this.partitions) this.markers.push(`${partition} ${this.producerId}/${this.epoch} ${committed}`);
    this.#changed(committed ? "CompleteCommit" : "CompleteAbort");
    this.partitions = [];
    if (this.replaced) [this.producerId, this.epoch] = [NEW, 0];
    this.replaced = false;
  }

  #endV1({ producerId, producerEpoch }: Credential, committed: boolean, now: number): Expected {
    if (producerId !== this.producerId) return INVALID_PRODUCER_ID_MAPPING;
    if (producerEpoch !== this.epoch) return PRODUCER_FENCED;
    if (this.state === "Ongoing") {
      this.#decide(committed, false, now);
      return this.#credential();
    }
    const wanted = committed ? "Commit" : "Abort";
    if (this.state === `Complete${wanted}`) return this.#credential();
    return this.state === `Prepare${wanted}` ? CONCURRENT_TRANSACTIONS : INVALID_TXN_STATE;
  }

  #endV2({ producerId, producerEpoch }: Credential, committed: boolean, now: number): Expected {
    const isOver = this.state === "CompleteCommit" || this.state === "CompleteAbort";
    const isBefore = producerId === this.producerId && producerEpoch + 1 === this.epoch && (isOver || this.isPrepared);
    const isOverflow = isOver && producerId === this.previousId && producerEpoch === LAST_EPOCH && this.epoch === 0;
    const isAgain = isBefore || isOverflow;
    if (!isAgain && producerId !== this.producerId) return INVALID_PRODUCER_ID_MAPPING;
    if (!isAgain && (this.isPrepared || producerEpoch !== this.epoch)) return PRODUCER_FENCED;
    const was = this.state?.endsWith("Commit") === true;
    if (this.isPrepared) return was === committed ? CONCURRENT_TRANSACTIONS : INVALID_TXN_STATE;
    if (isAgain) return was === committed ? this.#credential() : INVALID_TXN_STATE;
    if (committed && this.state !== "Ongoing") return INVALID_TXN_STATE;
    if (this.epoch >= LAST_EPOCH) this.replaced = true;
    const { replaced } = this;
    this.#decide(committed, true, now);
    return replaced ? { producerId: NEW, producerEpoch: 0 } : this.#credential();
  }

  #decide(committed: boolean, bumps: boolean, now: number): void {
    if (this.state !== "Ongoing") this.startedAt = now;
    if (bumps) {
      this.lastEpoch = this.epoch;
      this.epoch = Math.min(this.epoch + 1, MAX_EPOCH);
    }
    this.#changed(committed ? "PrepareCommit" : "PrepareAbort");
    if (this.canWriteMarkers() || this.partitions.length === 0) this.complete();
  }

  #emptied(timeoutMs: number, lastEpoch: number, epoch: number): void {
    this.#changed("Empty");
    [this.timeoutMs, this.lastEpoch, this.epoch, this.startedAt] = [timeoutMs, lastEpoch, epoch, -1];
  }

  #changed(state: State): void {
    this.state = state;
    this.previousId = this.producerId;
  }

  #credential(): Expected {
    return { producerId: this.producerId, producerEpoch: this.epoch };
  }
}

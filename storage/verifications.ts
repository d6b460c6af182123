import type { RecordBatch } from "../protocol/records/mod.ts";

/** What a batch says of who wrote it. */
export type ProducerBatch = Pick<RecordBatch, "producerId" | "producerEpoch" | "baseSequence">;

interface Verification {
  /** The smallest sequence of the batches that wait for the answer, and their epoch: none of a larger sequence may come before. */
  lowestSequence: number;
  epoch: number;
  /** Whether the producer has an epoch of its own for each transaction (transaction version 2), and so begins each with sequence 0. */
  readonly supportsEpochBump: boolean;
  /** On the monotonic clock. */
  readonly startedAt: number;
}

/** That the transaction coordinator is being asked about a producer's transaction. An append shows it to tell that the answer was yes (KIP-890). */
export type VerificationGuard = Readonly<Verification>;

/**
 * The producers of a partition about whose transaction the coordinator is asked, from the question until the transaction's first batch is written. A marker
 * that is written meanwhile ends it, so that no late batch begins a transaction that nobody will end. Kafka: `VerificationStateEntry` and its map in `ProducerStateManager`.
 */
export class Verifications {
  readonly #guards = new Map<number, Verification>();

  get(producerId: number): VerificationGuard | undefined {
    return this.#guards.get(producerId);
  }

  /** All who ask about one producer share a guard. */
  start(
    { producerId, producerEpoch: epoch, baseSequence }: ProducerBatch,
    supportsEpochBump: boolean,
    startedAt: number,
  ): VerificationGuard {
    const known = this.#guards.get(producerId);
    if (known === undefined) {
      const guard = { lowestSequence: baseSequence, epoch, supportsEpochBump, startedAt };
      this.#guards.set(producerId, guard);
      return guard;
    }
    if (epoch > known.epoch || (epoch === known.epoch && baseSequence < known.lowestSequence)) {
      known.epoch = epoch;
      known.lowestSequence = baseSequence;
    }
    return known;
  }

  /** A transactional batch has been written: the question is settled, unless it is about the transaction that follows the one which the marker ends. */
  written({ producerId, producerEpoch, isControl }: RecordBatch): void {
    const guard = this.#guards.get(producerId);
    if (guard === undefined || (isControl && guard.supportsEpochBump && guard.epoch === producerEpoch)) return;
    this.#guards.delete(producerId);
  }

  /** Forgets those that were asked about at `time` on the monotonic clock or before. */
  removeStartedBefore(time: number): void {
    for (const [producerId, { startedAt }] of this.#guards) if (startedAt <= time) this.#guards.delete(producerId);
  }
}

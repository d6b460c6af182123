import type { Logger } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";

/**
 * Bytes of a segment that are no batches, in front of good ones: they stay where they are, and what their offsets were cannot be read, but all others can.
 * Kafka's recovery would drop everything behind them (`LogLoader.recoverLog`).
 */
export interface Damage {
  readonly position: number;
  /** Where the next good batch begins, or the segment ends. */
  readonly end: number;
  /** The offsets from here up to {@link nextOffset} are those that are gone. */
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly reason: string;
}

/** The damage of a segment, in the order of the file. */
export class DamagedParts {
  readonly #parts: Damage[];

  constructor(parts: Iterable<Damage> = []) {
    this.#parts = [...parts];
  }

  get all(): readonly Damage[] {
    return this.#parts;
  }

  add(damage: Damage): void {
    this.#parts.push(damage);
    this.#parts.sort((a, b) => a.position - b.position);
  }

  /** The last in front of `offset`, or null. */
  before(offset: number): Damage | null {
    return this.#parts.findLast(({ nextOffset }) => nextOffset <= offset) ?? null;
  }

  /** The last that `position` stands in, or right behind, or null. */
  at(position: number): Damage | null {
    return this.#parts.findLast((damage) => damage.position <= position && damage.end >= position) ?? null;
  }

  /** Throws {@link RecordsError} with CORRUPT_MESSAGE where `offset` of `segment` is one of those that cannot be read. */
  refuse(offset: number, segment: { readonly path: string }): void {
    const damage = this.#parts.find(({ firstOffset, nextOffset }) => offset >= firstOffset && offset < nextOffset);
    if (damage !== undefined) throw corrupt(segment.path, damage);
  }

  /** Where the bytes end that can be read from `position` on, in a segment of `size`. */
  goodEnd(position: number, size: number): number {
    return this.#parts.find((damage) => damage.position >= position)?.position ?? size;
  }

  /** Where the bytes begin that can be read from `position` on, in a segment of `size`, or null. */
  goodStart(position: number, size: number): number | null {
    const damage = this.#parts.find((damage) => damage.position <= position && position < damage.end);
    const start = damage?.end ?? position;
    return start >= size ? null : start;
  }
}

/** The answer to whoever asks for an offset in the damage. */
function corrupt(path: string, { position, firstOffset, nextOffset, reason }: Damage): RecordsError {
  const message = `Offsets ${firstOffset} to ${nextOffset - 1} cannot be read: ${path} is damaged at ${position} (${reason}).`;
  return new RecordsError(ErrorCode.CORRUPT_MESSAGE, message);
}

/** Tells of damage, once for each place. */
export function reportDamage(logger: Logger): (path: string, damage: Damage) => void {
  return (path, { position, end, firstOffset, nextOffset, reason }) =>
    logger.error("a log is damaged: some offsets cannot be read", { log: path, position, end, firstOffset, nextOffset, reason });
}

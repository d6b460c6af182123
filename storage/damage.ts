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

/** The answer to whoever asks for an offset in the damage. */
export function corrupt(path: string, { position, firstOffset, nextOffset, reason }: Damage): RecordsError {
  const message = `Offsets ${firstOffset} to ${nextOffset - 1} cannot be read: ${path} is damaged at ${position} (${reason}).`;
  return new RecordsError(ErrorCode.CORRUPT_MESSAGE, message);
}

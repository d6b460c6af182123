import type { ErrorCode } from "../errors.ts";

/** One refused record of a batch, as a Produce response names it (KIP-467). */
export interface RecordError {
  /** The record's position in its batch, from 0. */
  readonly batchIndex: number;
  readonly message: string;
}

/** Records that cannot be stored or read, with the protocol's code for it. */
export class RecordsError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly recordErrors: readonly RecordError[] = [],
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "RecordsError";
  }
}

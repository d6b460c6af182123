import { ErrorCode } from "../protocol/errors.ts";

/** The disk failed, is full, or holds what must not be touched. The log it concerns keeps all it had. */
export class StorageError extends Error {
  readonly code: ErrorCode = ErrorCode.KAFKA_STORAGE_ERROR;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StorageError";
  }
}

/** A data directory that this process cannot use; the message is one sentence for whoever started it. */
export class StorageStartError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StorageStartError";
  }
}

/** What a {@link Reader} is reading, for its errors. */
export interface DecodeContext {
  /** The name of the API or message. */
  readonly api: string;
  /** Its version; -1 while that is not known. */
  readonly version: number;
}

/** Bytes that are not what they should be. The sender is at fault; its connection cannot be trusted any further. */
export class DecodeError extends Error {
  readonly api: string;
  readonly version: number;
  constructor(
    context: DecodeContext,
    /** The position in the bytes given to the reader at which reading failed. */
    readonly position: number,
    /** What is wrong there. */
    readonly problem: string,
  ) {
    super(`${context.api} v${context.version}, byte ${position}: ${problem}`);
    this.name = "DecodeError";
    this.api = context.api;
    this.version = context.version;
  }
}

/** A value that cannot be written, because its type or the version of the message has no room for it. */
export class EncodeError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = "EncodeError";
  }

  /** A field whose value the version cannot carry: not its default where the field does not exist, or null where null may not stand. */
  static field(field: string, version: number): EncodeError {
    return new EncodeError(`${field} cannot carry this value in version ${version}`);
  }
}

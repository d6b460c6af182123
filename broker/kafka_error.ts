/** A request that fails as a whole with one of Kafka's error codes: raised by services, answered through `Handler.fail`. */
export class KafkaError extends Error {
  /** `message` goes to the client where the response has a field for it; null sends none. */
  constructor(readonly code: number, message: string | null = null, options?: { cause?: unknown }) {
    super(message ?? `error code ${code}`, options);
    this.name = "KafkaError";
    this.clientMessage = message;
  }

  readonly clientMessage: string | null;
}

/** Ends the connection without an answer: bytes that cannot be decoded, keys and versions that nobody serves, acks=0 that failed. */
export class CloseConnection extends Error {
  override readonly name = "CloseConnection";
}

import { ErrorCode } from "../protocol/errors.ts";
import { DecodeError } from "../protocol/wire/mod.ts";

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

/** The code of an error as a client knows it: PRODUCER_FENCED is newer than the requests it is an answer to, and INVALID_PRODUCER_EPOCH to those who do not know it. */
export function codeFor({ code }: KafkaError, knowsFenced: boolean): number {
  return code === ErrorCode.PRODUCER_FENCED && !knowsFenced ? ErrorCode.INVALID_PRODUCER_EPOCH : code;
}

/** Why a part of a request is refused, where others are not: one of Kafka's error codes, and what is wrong. */
export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** A request whose bytes cannot be decoded, with the field at which that shows, or null where nobody can tell. */
export class UnreadableRequest extends DecodeError {
  constructor({ api, version, position, problem }: DecodeError, readonly field: Promise<string | null>) {
    super({ api, version }, position, problem);
  }
}

/** Characters of a message whose bytes fit into a string, whatever they are. */
const MAX_MESSAGE = 10_000;

/** A message that tells a client what it called something: cut, if that would make the answer one that cannot be written. Kafka does not answer then. */
export function fitting(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}...` : message;
}

/** Ends the connection without an answer: bytes that cannot be decoded, keys and versions that nobody serves, acks=0 that failed. */
export class CloseConnection extends Error {
  override readonly name = "CloseConnection";
}

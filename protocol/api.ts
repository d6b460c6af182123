import type { Reader, Writer } from "./wire/mod.ts";

/**
 * One API of the protocol: a key, the versions defined here and the four functions between messages and bytes.
 * Broker and client share it. A version outside the range is the caller's mistake; nothing here looks at it.
 */
export interface Api<Request, Response> {
  /** The API key, int16. */
  readonly key: number;
  /** Kafka's name of the API, for example `Heartbeat`. */
  readonly name: string;
  readonly minVersion: number;
  /** The newest stable version. */
  readonly maxVersion: number;
  /** The first version with compact lengths and tagged fields (KIP-482); Infinity when there is none. */
  readonly flexibleVersion: number;
  /** A version after {@link maxVersion} that Kafka 4.3.1 has under development: the codec has it, brokers do not advertise it. */
  readonly unstableVersion?: number;
  /** @throws {DecodeError} for bytes that are not such a request. */
  readRequest(reader: Reader, version: number): Request;
  /** @throws {EncodeError} for a value that the version cannot carry. */
  writeRequest(writer: Writer, message: Request, version: number): void;
  /** @throws {DecodeError} for bytes that are not such a response. */
  readResponse(reader: Reader, version: number): Response;
  /** @throws {EncodeError} for a value that the version cannot carry. */
  writeResponse(writer: Writer, message: Response, version: number): void;
}

/** A message that is no request or response: a record of an internal topic or of the consumer protocol. */
export interface MessageCodec<Message> {
  readonly name: string;
  /** What tells the kinds of records in one topic apart: the record type of KRaft metadata, the key version of `__consumer_offsets`. */
  readonly apiKey?: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version with compact lengths and tagged fields (KIP-482); Infinity when there is none. */
  readonly flexibleVersion: number;
  /** @throws {DecodeError} for bytes that are not such a message. */
  read(reader: Reader, version: number): Message;
  /** @throws {EncodeError} for a value that the version cannot carry. */
  write(writer: Writer, message: Message, version: number): void;
}

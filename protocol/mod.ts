/**
 * Kafka's protocol: bytes to values and back, for any program that speaks it. Pure: no clock, no input or output, web standards only.
 * This is what all messages share. An API is imported from its own file, for example `protocol/generated/12_heartbeat.ts`, which loads that API
 * only and has the types of its inner structs too; `protocol/generated/mod.ts` has all of them. Record batches are in `protocol/records/mod.ts`.
 *
 * @module
 */
export type { Api, MessageCodec } from "./api.ts";
export { ErrorCode, errorMessage, type ErrorName, errorName, isRetriable } from "./errors.ts";
export {
  correlationIdOf,
  readRequestHeader,
  requestBody,
  type RequestHeader,
  responseBody,
  writeRequestFrame,
  writeResponseFrame,
} from "./header.ts";
export { type Uuid, uuidFromBytes, uuidIntoBytes, ZERO_UUID } from "./uuid.ts";
export { type DecodeContext, DecodeError, EncodeError, Reader, type RecordsSource, Writer } from "./wire/mod.ts";

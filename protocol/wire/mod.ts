/** Kafka's wire types: reading from bytes that are not trusted, writing into a buffer that is used again. */
export { type DecodeContext, DecodeError, EncodeError } from "./errors.ts";
export { Reader } from "./reader.ts";
export { type RecordsSource, Writer } from "./writer.ts";

import type { Api } from "./api.ts";
import { Reader, type Writer } from "./wire/mod.ts";

/**
 * What stands before every request (Kafka's RequestHeader v1; v2 adds tagged fields behind it, KIP-482).
 * v0, which had no client id, went with ControlledShutdown v0 and is not read.
 */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Comes back in the response header. */
  readonly correlationId: number;
  /** What the client calls itself; null when it says nothing. */
  readonly clientId: string | null;
  /** Where the header's tagged fields start, or the body where the version is not flexible. */
  readonly end: number;
}

/** The part of an {@link Api} that headers depend on. */
type HeaderApi = Pick<Api<unknown, unknown>, "key" | "name" | "flexibleVersion">;

/** ApiVersions, whose responses never have tagged fields in the header: the client may not know the broker's versions yet (KIP-511). */
const API_VERSIONS = 18;

/**
 * Reads the header of a request that starts at the front of `frame` (a frame without its length).
 * It needs no knowledge of the API, so it works for keys and versions that are not served.
 * @throws {DecodeError}
 */
export function readRequestHeader(frame: Uint8Array): RequestHeader {
  const reader = new Reader(frame, { api: "RequestHeader", version: -1 });
  return {
    apiKey: reader.int16(),
    apiVersion: reader.int16(),
    correlationId: reader.int32(),
    clientId: reader.nullableString(false),
    end: reader.position,
  };
}

/**
 * A reader of the request's body, behind the header read before.
 * @throws {DecodeError} when the header's tagged fields are damaged.
 */
export function requestBody(frame: Uint8Array, header: RequestHeader, api: HeaderApi): Reader {
  const reader = new Reader(frame, { api: `${api.name}Request`, version: header.apiVersion }, header.end);
  if (header.apiVersion >= api.flexibleVersion) reader.skipTaggedFields();
  return reader;
}

/** Writes one request as a frame: length, header, body. What an EncodeError interrupts leaves nothing behind. */
export function writeRequestFrame<Request>(
  writer: Writer,
  api: Api<Request, unknown>,
  header: Pick<RequestHeader, "apiVersion" | "correlationId" | "clientId">,
  request: Request,
): void {
  const start = writer.beginFrame();
  try {
    writer.int16(api.key);
    writer.int16(header.apiVersion);
    writer.int32(header.correlationId);
    writer.nullableString(header.clientId, false);
    if (header.apiVersion >= api.flexibleVersion) writer.unsignedVarint(0);
    api.writeRequest(writer, request, header.apiVersion);
  } catch (error) {
    writer.rewind(start);
    throw error;
  }
  writer.endFrame(start);
}

/** Writes one response as a frame: length, header, body. What an EncodeError interrupts leaves nothing behind. */
export function writeResponseFrame<Response>(
  writer: Writer,
  api: Api<unknown, Response>,
  version: number,
  correlationId: number,
  response: Response,
): void {
  const start = writer.beginFrame();
  try {
    writer.int32(correlationId);
    if (responseHeaderHasTags(api, version)) writer.unsignedVarint(0);
    api.writeResponse(writer, response, version);
  } catch (error) {
    writer.rewind(start);
    throw error;
  }
  writer.endFrame(start);
}

/**
 * Reads the header of a response at the front of `frame` (without its length); the body is read from the same reader.
 * The correlation id alone is needed to know which API answers: see {@link correlationIdOf}.
 * @throws {DecodeError}
 */
export function responseBody(frame: Uint8Array, api: HeaderApi, version: number): Reader {
  const reader = new Reader(frame, { api: `${api.name}Response`, version });
  reader.int32();
  if (responseHeaderHasTags(api, version)) reader.skipTaggedFields();
  return reader;
}

/** The correlation id of the response at the front of `frame`. @throws {DecodeError} */
export function correlationIdOf(frame: Uint8Array): number {
  return new Reader(frame, { api: "ResponseHeader", version: -1 }).int32();
}

function responseHeaderHasTags(api: HeaderApi, version: number): boolean {
  return version >= api.flexibleVersion && api.key !== API_VERSIONS;
}

import type { Logger } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { readRequestHeader, requestBody, type RequestHeader, type Writer, writeResponseFrame } from "../protocol/mod.ts";
import { DecodeError } from "../protocol/wire/mod.ts";
import { ApiVersions } from "../protocol/generated/18_api_versions.ts";
import { StorageError } from "../storage/mod.ts";
import type { ConnectionInfo, Handler, Operation, RequestContext, ResourceType } from "./handler.ts";
import { CloseConnection, KafkaError, UnreadableRequest } from "./kafka_error.ts";
import type { WatchedRequest } from "./observability/request_log.ts";
import type { RequestWatch } from "./observability/request_watch.ts";

/** A handler of whatever API: the table of handlers is the one place where their types differ. */
// deno-lint-ignore no-explicit-any
export type AnyHandler = Handler<any, any>;

/** The length before a frame. */
const FRAME_LENGTH_BYTES = 4;

/** Decides what a principal may do. */
export type Authorize = (connection: ConnectionInfo, operation: Operation, resource: ResourceType, name: string) => boolean;

/** The versions of an API that ApiVersions advertises; `handlers/mod.ts` derives them. */
export interface Route {
  readonly handler: AnyHandler;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** Takes requests apart, hands each to its handler, and puts responses together. Knows no sockets. */
export class Dispatcher {
  readonly #routes: ReadonlyMap<number, Route>;
  readonly #authorize: Authorize;
  readonly #watch: RequestWatch;
  readonly #logger: Logger;

  constructor(routes: ReadonlyMap<number, Route>, authorize: Authorize, watch: RequestWatch, logger: Logger) {
    this.#routes = routes;
    this.#authorize = authorize;
    this.#watch = watch;
    this.#logger = logger;
  }

  /**
   * Starts a request. `frame` is read before this returns and not after; it came at `arrivedMs` on the monotonic clock. `whenSettled` is called if the
   * response comes later.
   * Throws DecodeError or CloseConnection for what Kafka answers by hanging up.
   */
  dispatch(connection: ConnectionInfo, frame: Uint8Array, arrivedMs: number, whenSettled: () => void): Exchange {
    const header = readRequestHeader(frame);
    const route = this.#routes.get(header.apiKey);
    if (route === undefined) throw new CloseConnection(`a request with the unknown API key ${header.apiKey}`);
    const { api } = route.handler;
    const version = header.apiVersion;
    if (version < Math.max(api.minVersion, route.minVersion) || version > route.maxVersion) {
      if (api.key === ApiVersions.key) return this.#unsupportedApiVersions(route, header, connection, frame.length, arrivedMs);
      throw new CloseConnection(`${api.name} version ${version}, which is not served`);
    }
    const request = this.#read(frame, header, api);
    const context: RequestContext = {
      apiVersion: version,
      clientId: header.clientId,
      connection,
      authorize: (operation, resource, name) => this.#authorize(connection, operation, resource, name),
    };
    const { clientId, correlationId } = header;
    const asked = { handler: route.handler, api, request, version, clientId, correlationId, connection, bytes: frame.length, arrivedMs };
    if (this.#watch.tracing) this.#watch.traceRequest(asked, frame);
    const exchange = new Exchange(asked, this.#watch, this.#logger);
    exchange.start(context, whenSettled);
    return exchange;
  }

  #read(frame: Uint8Array, header: RequestHeader, api: AnyHandler["api"]): unknown {
    try {
      return api.readRequest(requestBody(frame, header, api), header.apiVersion);
    } catch (error) {
      const field = error instanceof DecodeError ? this.#watch.fieldAtFault(frame) : undefined;
      throw field === undefined ? error : new UnreadableRequest(error as DecodeError, field);
    }
  }

  /** KIP-511: a client that asks in a version we do not know is told the versions of ApiVersions itself, in version 0, which every client reads. */
  #unsupportedApiVersions(route: Route, header: RequestHeader, connection: ConnectionInfo, bytes: number, arrivedMs: number): Exchange {
    const { handler, minVersion, maxVersion } = route;
    const { api } = handler;
    const { clientId, correlationId } = header;
    const asked = { handler, api, request: null, version: 0, clientId, correlationId, connection, bytes, arrivedMs };
    const exchange = new Exchange(asked, this.#watch, this.#logger);
    exchange.settle({
      errorCode: ErrorCode.UNSUPPORTED_VERSION,
      apiKeys: [{ apiKey: api.key, minVersion, maxVersion }],
      throttleTimeMs: 0,
    });
    return exchange;
  }
}

/** A request as it came. */
interface AskedRequest extends WatchedRequest {
  readonly handler: AnyHandler;
  readonly request: unknown;
  /** Comes back in the response header. */
  readonly correlationId: number;
  /** When it was read, on the monotonic clock. */
  readonly arrivedMs: number;
}

/** One request on its way to its response. */
export class Exchange {
  readonly #asked: AskedRequest;
  readonly #watch: RequestWatch;
  readonly #logger: Logger;
  /** Of the encoded response; -1 before. */
  #responseBytes = -1;
  /** What it asks, for the log, or null. */
  #words: string | null = null;
  #settled = false;
  #response: unknown = null;
  #hangUp: CloseConnection | null = null;

  constructor(asked: AskedRequest, watch: RequestWatch, logger: Logger) {
    this.#asked = asked;
    this.#watch = watch;
    this.#logger = logger;
  }

  /** What the request took on the wire, the measure of what it may cost while it waits. */
  get requestBytes(): number {
    return this.#asked.bytes;
  }

  /** The handler is done: `encode` may be called. */
  get settled(): boolean {
    return this.#settled;
  }

  /** `encode` will throw CloseConnection. */
  get hangsUp(): boolean {
    return this.#hangUp !== null;
  }

  start(context: RequestContext, whenSettled: () => void): void {
    const { handler, api, request } = this.#asked;
    this.#words = this.#watch.wordsFor(api, request);
    let outcome: unknown;
    try {
      outcome = handler.handle(context, request);
    } catch (error) {
      return this.#settleFailed(error);
    }
    if (!(outcome instanceof Promise)) return this.settle(outcome);
    const settled = (response: unknown) => {
      this.settle(response);
      whenSettled();
    };
    const failed = (error: unknown) => {
      this.#settleFailed(error);
      whenSettled();
    };
    outcome.then(settled, failed);
  }

  settle(response: unknown): void {
    this.#response = response;
    this.#settled = true;
  }

  /** Appends the response to `output` as a whole frame, or nothing where the protocol wants none. */
  encode(output: Writer): void {
    const before = output.position;
    this.#encode(output);
    this.#responseBytes = output.position - before;
    if (this.#watch.tracing && this.#responseBytes > 0) {
      this.#watch.traceResponse(this.#asked, output.written().subarray(before + FRAME_LENGTH_BYTES));
    }
  }

  /** The request is over, at `nowMs` on the monotonic clock: its response was encoded, or its connection has ended without. Called once. */
  end(nowMs: number): void {
    const answered = this.#responseBytes >= 0;
    const hangUp = answered ? null : this.#hangUp?.message ?? "nobody: the connection is over";
    this.#watch.ended(
      this.#asked,
      nowMs - this.#asked.arrivedMs,
      this.#words,
      answered ? this.#response : null,
      Math.max(0, this.#responseBytes),
      hangUp,
    );
  }

  #encode(output: Writer): void {
    if (this.#hangUp !== null) throw this.#hangUp;
    if (this.#response === null) return;
    const { api, version, correlationId } = this.#asked;
    try {
      writeResponseFrame(output, api, version, correlationId, this.#response);
    } catch (error) {
      // File bytes are read only now, straight into the output: a disk that fails shows here.
      this.#settleFailed(error);
      if (this.#hangUp !== null) throw this.#hangUp;
      writeResponseFrame(output, api, version, correlationId, this.#response);
    }
  }

  #settleFailed(error: unknown): void {
    try {
      this.#response = this.#failure(error);
    } catch (hangUp) {
      this.#hangUp = hangUp instanceof CloseConnection ? hangUp : this.#beyondHelp(hangUp);
    }
    this.#settled = true;
  }

  /** A handler that failed and cannot say so either costs its connection, never the process. */
  #beyondHelp(error: unknown): CloseConnection {
    const api = this.#asked.api.name;
    this.#logger.error("a handler cannot say that it failed", { api, reason: error instanceof Error ? error.stack : String(error) });
    return new CloseConnection(`${api} failed without an answer`);
  }

  /** The response that says why the request failed. Throws CloseConnection where the answer is to hang up. */
  #failure(error: unknown): unknown {
    if (error instanceof CloseConnection) throw error;
    const api = this.#asked.api.name;
    if (error instanceof KafkaError) return this.#asked.handler.fail(this.#asked.request, error.code, error.clientMessage);
    if (error instanceof StorageError) {
      // Also what was to be read when its topic was deleted, between the handler and the answer: the client asks again, and learns of that.
      this.#logger.warn("the disk failed a request", { api, reason: error.message });
      return this.#asked.handler.fail(this.#asked.request, error.code, null);
    }
    const reason = error instanceof Error ? error.stack : String(error);
    this.#logger.error("a handler failed", { api, version: this.#asked.version, reason });
    return this.#asked.handler.fail(this.#asked.request, ErrorCode.UNKNOWN_SERVER_ERROR, null);
  }
}

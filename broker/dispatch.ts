import type { Logger } from "../platform/mod.ts";
import { ErrorCode, errorName } from "../protocol/errors.ts";
import { ApiVersions, readRequestHeader, requestBody, type Writer, writeResponseFrame } from "../protocol/mod.ts";
import type { ConnectionInfo, Handler, Operation, RequestContext, ResourceType } from "./handler.ts";
import { CloseConnection, KafkaError } from "./kafka_error.ts";

/** A handler of whatever API: the table of handlers is the one place where their types differ. */
// deno-lint-ignore no-explicit-any
export type AnyHandler = Handler<any, any>;

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
  readonly #logger: Logger;

  constructor(routes: ReadonlyMap<number, Route>, authorize: Authorize, logger: Logger) {
    this.#routes = routes;
    this.#authorize = authorize;
    this.#logger = logger;
  }

  /**
   * Starts a request. `frame` is read before this returns and not after. `whenSettled` is called if the response comes later.
   * Throws DecodeError or CloseConnection for what Kafka answers by hanging up.
   */
  dispatch(connection: ConnectionInfo, frame: Uint8Array, whenSettled: () => void): Exchange {
    const header = readRequestHeader(frame);
    const route = this.#routes.get(header.apiKey);
    if (route === undefined) throw new CloseConnection(`a request with the unknown API key ${header.apiKey}`);
    const { api } = route.handler;
    const version = header.apiVersion;
    if (version < Math.max(api.minVersion, route.minVersion) || version > route.maxVersion) {
      if (api.key === ApiVersions.key) return unsupportedApiVersions(route, header.correlationId, this.#logger);
      throw new CloseConnection(`${api.name} version ${version}, which is not served`);
    }
    const request: unknown = api.readRequest(requestBody(frame, header, api), version);
    const context: RequestContext = {
      apiVersion: version,
      clientId: header.clientId,
      connection,
      authorize: (operation, resource, name) => this.#authorize(connection, operation, resource, name),
    };
    const exchange = new Exchange(route.handler, request, version, header.correlationId, this.#logger, frame.length);
    exchange.start(context, whenSettled);
    return exchange;
  }
}

/** One request on its way to its response. */
export class Exchange {
  readonly #handler: AnyHandler;
  readonly #request: unknown;
  readonly #version: number;
  readonly #correlationId: number;
  readonly #logger: Logger;
  #settled = false;
  #response: unknown = null;
  #hangUp: CloseConnection | null = null;

  /** `requestBytes`: what the request took on the wire, the measure of what it may cost while it waits. */
  constructor(
    handler: AnyHandler,
    request: unknown,
    version: number,
    correlationId: number,
    logger: Logger,
    readonly requestBytes: number,
  ) {
    this.#handler = handler;
    this.#request = request;
    this.#version = version;
    this.#correlationId = correlationId;
    this.#logger = logger;
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
    let outcome: unknown;
    try {
      outcome = this.#handler.handle(context, this.#request);
    } catch (error) {
      return this.#settleFailed(error);
    }
    if (!(outcome instanceof Promise)) return this.settle(outcome);
    outcome.then((response) => this.settle(response), (error) => this.#settleFailed(error)).finally(whenSettled);
  }

  settle(response: unknown): void {
    this.#response = response;
    this.#settled = true;
  }

  /** Appends the response to `output` as a whole frame, or nothing where the protocol wants none. */
  encode(output: Writer): void {
    if (this.#hangUp !== null) throw this.#hangUp;
    if (this.#response === null) return;
    const { api } = this.#handler;
    try {
      writeResponseFrame(output, api, this.#version, this.#correlationId, this.#response);
    } catch (error) {
      // File bytes are read only now, straight into the output: a disk that fails shows here.
      this.#settleFailed(error);
      if (this.#hangUp !== null) throw this.#hangUp;
      writeResponseFrame(output, api, this.#version, this.#correlationId, this.#response);
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
    const api = this.#handler.api.name;
    this.#logger.error("a handler cannot say that it failed", { api, reason: error instanceof Error ? error.stack : String(error) });
    return new CloseConnection(`${api} failed without an answer`);
  }

  /** The response that says why the request failed. Throws CloseConnection where the answer is to hang up. */
  #failure(error: unknown): unknown {
    if (error instanceof CloseConnection) throw error;
    const api = this.#handler.api.name;
    if (error instanceof KafkaError) {
      this.#logger.debug("refused a request", { api, error: errorName(error.code), reason: error.message });
      return this.#handler.fail(this.#request, error.code, error.clientMessage);
    }
    const reason = error instanceof Error ? error.stack : String(error);
    this.#logger.error("a handler failed", { api, version: this.#version, reason });
    return this.#handler.fail(this.#request, ErrorCode.UNKNOWN_SERVER_ERROR, null);
  }
}

/** KIP-511: a client that asks in a version we do not know is told the versions of ApiVersions itself, in version 0, which every client reads. */
function unsupportedApiVersions(route: Route, correlationId: number, logger: Logger): Exchange {
  const { handler, minVersion, maxVersion } = route;
  const answer = {
    errorCode: ErrorCode.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: handler.api.key, minVersion, maxVersion }],
    throttleTimeMs: 0,
  };
  const exchange = new Exchange(handler, null, 0, correlationId, logger, 0);
  exchange.settle(answer);
  return exchange;
}

import type { Logger } from "../../platform/mod.ts";
import type { Api } from "../../protocol/mod.ts";
import type { FrameInspector } from "./frame_inspector.ts";
import { logRequest, type WatchedRequest } from "./request_log.ts";
import { requestRows } from "./request_rows.ts";
import type { TopicNames } from "./rows/row.ts";
import { ApiStats } from "./request_stats.ts";

/** Sees every request from its start to its end: counts it, and tells of it where `debug` is logged, of every field of it where `trace` is. */
export class RequestWatch {
  readonly #logger: Logger;
  readonly #topics: TopicNames;
  readonly #inspector: FrameInspector | null;
  readonly #stats = new Map<number, ApiStats>();

  /** Without an inspector nothing is traced, and nobody can tell at which field a request cannot be read. */
  constructor(logger: Logger, topics: TopicNames, inspector: FrameInspector | null = null) {
    this.#logger = logger;
    this.#topics = topics;
    this.#inspector = inspector;
  }

  /** Whether {@link traceRequest} and {@link traceResponse} tell anything. */
  get tracing(): boolean {
    if (this.#inspector === null || !this.#logger.logs("trace")) return false;
    // The level may have been changed a moment ago.
    void this.#inspector.load();
    return true;
  }

  /** Tells every field of a request. Called before its handler, which may overwrite the request's bytes. */
  traceRequest({ api, version, connection }: WatchedRequest, frame: Uint8Array): void {
    const facts = { bytes: frame.length, connection: connection.id };
    this.#logger.trace(`${api.name} v${version} request`, facts, this.#inspector!.requestLines(frame));
  }

  /** Tells every field of a response. */
  traceResponse({ api, version, connection }: WatchedRequest, frame: Uint8Array): void {
    const facts = { bytes: frame.length, connection: connection.id };
    this.#logger.trace(`${api.name} v${version} response`, facts, this.#inspector!.responseLines(frame, api.key, version));
  }

  /** The field at which a request cannot be read, or null; undefined in place of a promise where nobody can tell or nobody reads it. */
  fieldAtFault(frame: Uint8Array): Promise<string | null> | undefined {
    return this.#logger.logs("warn") ? this.#inspector?.fieldAtFault(frame) : undefined;
  }

  /** What was asked, API by API; those of which nothing was asked are not there. */
  get stats(): Iterable<ApiStats> {
    return this.#stats.values();
  }

  /** What `request` asks, in words, or null when nobody would read them. Called before its handler, which may overwrite the request's bytes. */
  wordsFor(api: Api<unknown, unknown>, request: unknown): string | null {
    return this.#logger.logs("debug") ? requestRows.get(api.key)?.asked(request, this.#topics) ?? "" : null;
  }

  /**
   * Counts a request that took `ms`. `words` are what {@link wordsFor} said. `response` is null where there is none: for
   * acks=0, and when the connection ended, the reason for which is `hangUp`. `bytes` are those of the response on the wire, with the length.
   */
  ended(request: WatchedRequest, ms: number, words: string | null, response: unknown, bytes: number, hangUp: string | null): void {
    const stats = this.#statsOf(request.api);
    stats.count(request.version, ms, request.bytes, bytes);
    if (response !== null) stats.row?.errors(response, stats.countError);
    if (words !== null) logRequest(this.#logger, this.#topics, { request, row: stats.row, words, response, bytes, hangUp, ms });
  }

  #statsOf(api: Api<unknown, unknown>): ApiStats {
    let stats = this.#stats.get(api.key);
    if (stats === undefined) this.#stats.set(api.key, stats = new ApiStats(api.name, requestRows.get(api.key)));
    return stats;
  }
}

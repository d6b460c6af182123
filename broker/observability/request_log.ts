import type { Logger } from "../../platform/mod.ts";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import type { Api } from "../../protocol/mod.ts";
import type { ConnectionInfo } from "../handler.ts";
import type { RequestRow, TopicNames } from "./rows/row.ts";

/** A request that was taken apart, as it is counted and told of. */
export interface WatchedRequest {
  readonly api: Api<unknown, unknown>;
  readonly version: number;
  readonly clientId: string | null;
  readonly connection: ConnectionInfo;
  /** Bytes on the wire, without the length. */
  readonly bytes: number;
}

/** A request that has ended. */
interface EndedRequest {
  readonly request: WatchedRequest;
  readonly row: RequestRow<unknown, unknown> | undefined;
  /** What was asked. */
  readonly words: string;
  readonly response: unknown;
  /** Of the response. */
  readonly bytes: number;
  readonly hangUp: string | null;
  readonly ms: number;
}

/** One line for a request and its end, in the order in which one reads it: what was asked, what came of it, at what cost, and by whom. */
export function logRequest(logger: Logger, topics: TopicNames, { request, row, words, response, bytes, hangUp, ms }: EndedRequest): void {
  const { api, version, clientId, connection } = request;
  logger.debug(`${api.name} v${version}`, {
    asked: words || undefined,
    answered: hangUp ?? (response === null ? "nothing" : row?.answered(response, topics) || undefined),
    error: response === null ? undefined : errorsOf(row, response),
    ms: ms.toFixed(2),
    requestBytes: request.bytes,
    responseBytes: bytes,
    client: clientId,
    connection: connection.id,
  });
}

/** The names of all errors in a response, each once; undefined when there is none. */
function errorsOf(row: RequestRow<unknown, unknown> | undefined, response: unknown): string | undefined {
  const names = new Set<string>();
  row?.errors(response, (code) => {
    if (code !== ErrorCode.NONE) names.add(errorName(code));
  });
  return names.size === 0 ? undefined : [...names].join(",");
}

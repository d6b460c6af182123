import type { RequestContext } from "../../handler.ts";
import type { Caller } from "./environment.ts";

/** The sender of a request, as groups see it. */
export function callerOf({ apiVersion, clientId, connection }: RequestContext): Caller {
  return { apiVersion, clientId: clientId ?? "", clientHost: `/${connection.remote.hostname}` };
}

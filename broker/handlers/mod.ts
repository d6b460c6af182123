import type { AnyHandler, Route } from "../dispatch.ts";

/**
 * The versions that are advertised where they are not those of the codec. Produce is advertised from 0, as by Kafka, although 0 to 2 are refused:
 * older librdkafka would not compress otherwise (KAFKA-18659).
 */
const advertisedFrom: ReadonlyMap<number, number> = new Map([[0, 0]]);

/** The table from which requests are routed and ApiVersions is answered, by API key. */
export function routes(handlers: readonly AnyHandler[]): Map<number, Route> {
  const table = new Map<number, Route>();
  for (const handler of [...handlers].sort((a, b) => a.api.key - b.api.key)) {
    const { key, minVersion, maxVersion } = handler.api;
    if (table.has(key)) throw new Error(`two handlers for ${handler.api.name}`);
    table.set(key, { handler, minVersion: advertisedFrom.get(key) ?? minVersion, maxVersion });
  }
  return table;
}

import { int, list } from "../row.ts";

/** Properties of client metrics subscriptions of Kafka 4.3.1 (`ClientMetricsConfigs`). */
export const clientMetricsRows = {
  "interval.ms": int(300_000, "How often clients send what they measured, in milliseconds.", { dynamic: true }),
  "match": list("", "What clients must have, name=pattern, each a regular expression; nothing is every client.", { dynamic: true }),
  "metrics": list("", "Beginnings of the names of the metrics that are wanted; * is all, nothing is none.", { dynamic: true }),
};

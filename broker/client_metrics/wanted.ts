import { uuidIntoBytes } from "../../protocol/mod.ts";
import { crc32c } from "../../protocol/records/mod.ts";
import type { Matchable, Subscription } from "../config/client_metrics.ts";
import { inHashOrder } from "../java_hash.ts";

/** A client as subscriptions see it; null is what nobody knows, which no pattern matches. */
export type ClientAttributes = Readonly<Record<Matchable, string | null>>;

/** What a client is asked for. */
export interface Wanted {
  /** Beginnings of the names of metrics; `*`, alone, is all. */
  readonly metrics: readonly string[];
  readonly pushIntervalMs: number;
  /** Another one when any of it is another. */
  readonly subscriptionId: number;
}

/** In subscriptions, and where none matches: so a longer interval never counts. Kafka: `ClientMetricsConfigs.INTERVAL_MS_DEFAULT`. */
const LONGEST_INTERVAL_MS = 300_000;
const ALL = "*";

const encoder = new TextEncoder();

/** What all subscriptions that match the client want together, at the shortest interval of theirs. Kafka: `ClientMetricsManager.createClientInstance`. */
export function wantedOf(clientInstanceId: string, client: ClientAttributes, subscriptions: readonly Subscription[]): Wanted {
  const matching = subscriptions.filter(({ match }) =>
    [...match].every(([name, matches]) => client[name] !== null && matches(client[name]))
  );
  const all = matching.flatMap(({ metrics }) => inHashOrder(metrics));
  const metrics = all.includes(ALL) ? [ALL] : inHashOrder(all);
  const pushIntervalMs = Math.min(LONGEST_INTERVAL_MS, ...matching.map(({ intervalMs }) => intervalMs));
  // Kafka's own text, in the order of its hash tables: the id is the same, should anybody compare.
  const text = `[${metrics.join(", ")}]${pushIntervalMs}`;
  return { metrics, pushIntervalMs, subscriptionId: crc32c(encoder.encode(text)) ^ hashOfUuid(clientInstanceId) };
}

/** Java's `Uuid.hashCode`. */
function hashOfUuid(uuid: string): number {
  const bytes = new Uint8Array(16);
  uuidIntoBytes(uuid, bytes);
  const view = new DataView(bytes.buffer);
  return view.getInt32(0) ^ view.getInt32(4) ^ view.getInt32(8) ^ view.getInt32(12);
}

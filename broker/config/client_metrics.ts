import { ErrorCode } from "../../protocol/errors.ts";
import { KafkaError, type Refusal } from "../kafka_error.ts";
import { type Matcher, matcherOf } from "../pattern.ts";
import { ConfigError, type Rows } from "./row.ts";
import { clientMetricsRows } from "./rows/client_metrics.ts";
import { ConfigView } from "./view.ts";

export { clientMetricsRows as clientMetricsConfig };

const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 3_600_000;

/** What a client can be matched by. */
const matchable = [
  "client_instance_id",
  "client_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
] as const;

export type Matchable = typeof matchable[number];

/** What is wanted of which clients (KIP-714). */
export interface Subscription {
  /** Beginnings of the names of metrics; `*` is all. */
  readonly metrics: readonly string[];
  readonly intervalMs: number;
  /** All of these match. */
  readonly match: ReadonlyMap<Matchable, Matcher>;
}

/** The subscription that has these settings; `loadPatterns` was called before. Throws {@link ConfigError}. */
export function subscriptionOf(configs: ReadonlyMap<string, string>): Subscription {
  const view = new ConfigView(clientMetricsRows, Object.fromEntries(configs));
  const match = new Map(view.get("match").map((text) => matchOf(text)));
  return { metrics: view.get("metrics"), intervalMs: view.get("interval.ms"), match };
}

/** Why these cannot be the settings of a subscription, or null; `loadPatterns` was called before. Kafka: `ClientMetricsConfigs.validate`. */
export function invalidClientMetrics(subscription: string, configs: ReadonlyMap<string, string>): Refusal | null {
  if (subscription === "") return refuse(ErrorCode.INVALID_REQUEST, "A subscription must have a name.");
  const rows: Rows = clientMetricsRows;
  for (const name of configs.keys()) {
    if (!Object.hasOwn(rows, name)) return refuse(ErrorCode.INVALID_REQUEST, `Client metrics have no configuration ${name}`);
  }
  try {
    const { intervalMs } = subscriptionOf(configs);
    if (intervalMs >= MIN_INTERVAL_MS && intervalMs <= MAX_INTERVAL_MS) return null;
    return refuse(ErrorCode.INVALID_REQUEST, `interval.ms must be between ${MIN_INTERVAL_MS} and ${MAX_INTERVAL_MS}, not ${intervalMs}`);
  } catch (error) {
    if (error instanceof ConfigError) return refuse(ErrorCode.INVALID_CONFIG, error.message);
    throw error;
  }
}

function matchOf(text: string): [Matchable, Matcher] {
  const [name, pattern = "", ...more] = text.split("=");
  const wanted = matchable.find((one) => one === name.trim());
  if (wanted === undefined || pattern.trim() === "" || more.some((part) => part !== "")) {
    throw new ConfigError(`${text} matches no clients: it must be name=pattern`);
  }
  try {
    return [wanted, matcherOf(pattern.trim())];
  } catch (error) {
    if (error instanceof KafkaError) throw new ConfigError(`${text} matches no clients: ${error.message}`);
    throw error;
  }
}

function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}

import { ErrorCode } from "../../protocol/errors.ts";
import type { Refusal } from "../kafka_error.ts";
import { ConfigError, type Rows } from "./row.ts";
import { clientMetricsRows } from "./rows/client_metrics.ts";

export { clientMetricsRows as clientMetricsConfig };

const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 3_600_000;

/** What a client can be matched by. */
const matchable: readonly string[] = [
  "client_instance_id",
  "client_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
];

/** Why these cannot be the settings of a subscription, or null. Kafka: `ClientMetricsConfigs.validate`. */
export function invalidClientMetrics(subscription: string, configs: ReadonlyMap<string, string>): Refusal | null {
  if (subscription === "") return request("A subscription must have a name.");
  const rows: Rows = clientMetricsRows;
  for (const name of configs.keys()) {
    if (!Object.hasOwn(rows, name)) return request(`Client metrics have no configuration ${name}`);
  }
  try {
    for (const [name, text] of configs) rows[name].parse(name, text);
    const interval = configs.get("interval.ms");
    const ms = clientMetricsRows["interval.ms"].parse("interval.ms", interval ?? "300000").value;
    if (ms < MIN_INTERVAL_MS || ms > MAX_INTERVAL_MS) {
      return request(`interval.ms must be between ${MIN_INTERVAL_MS} and ${MAX_INTERVAL_MS}, not ${interval}`);
    }
    const patterns = clientMetricsRows.match.parse("match", configs.get("match") ?? "").value;
    const wrong = patterns.find((pattern) => !matches(pattern));
    return wrong === undefined ? null : config(`${wrong} matches no clients: it must be name=pattern`);
  } catch (error) {
    if (error instanceof ConfigError) return config(error.message);
    throw error;
  }
}

function matches(pattern: string): boolean {
  const [name, expression, ...more] = pattern.split("=");
  if (expression === undefined || expression === "" || more.some((part) => part !== "")) return false;
  return matchable.includes(name.trim()) && isRegularExpression(expression.trim());
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) !== null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function request(message: string): Refusal {
  return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: message };
}

function config(message: string): Refusal {
  return { errorCode: ErrorCode.INVALID_CONFIG, errorMessage: message };
}

import { LOG_LEVELS, type Logger, type LogLevel } from "../platform/mod.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { IncrementalAlterableConfig } from "../protocol/generated/44_incremental_alter_configs.ts";
import { ConfigOrigin, type DescribedConfig } from "./config/describe.ts";
import type { Refusal } from "./kafka_error.ts";
import { ConfigOperation } from "./metadata/alter_configs.ts";

/** The logger of everything; Kafka has one for each of its classes besides. */
const ROOT = "root";

/** Kafka's names of the levels. Nothing is fatal here and lives on to log it, so that FATAL is silence. */
const kafkaLevels: Readonly<Record<LogLevel, string>> = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  silent: "FATAL",
};

/** The broker's logger as DescribeConfigs tells it. */
export function describeRootLogger({ level }: Pick<Logger, "level">): DescribedConfig {
  const origin = ConfigOrigin.BROKER_LOGGER;
  return { name: ROOT, value: kafkaLevels[level], readOnly: false, isSensitive: false, origin, type: 0, doc: "", synonyms: [] };
}

/**
 * Gives the logger another level, which lasts until the broker stops; with `validateOnly`, not. Null, or why it cannot be done: then nothing is.
 * Kafka: `RuntimeLoggerManager` (KIP-412).
 */
export function alterRootLogger(
  logger: Pick<Logger, "level">,
  configs: readonly IncrementalAlterableConfig[],
  validateOnly: boolean,
): Refusal | null {
  for (const config of configs) {
    const problem = problemOf(config);
    if (problem !== null) return problem;
  }
  for (const { value } of configs) if (!validateOnly) logger.level = levelOf(value)!;
  return null;
}

function problemOf({ name, configOperation, value }: IncrementalAlterableConfig): Refusal | null {
  if (configOperation !== ConfigOperation.SET && configOperation !== ConfigOperation.DELETE) {
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: "A level can be set and deleted, and nothing else." };
  }
  if (name !== ROOT) return { errorCode: ErrorCode.INVALID_CONFIG, errorMessage: `There is no logger ${name}: the only one is ${ROOT}.` };
  if (configOperation === ConfigOperation.DELETE) {
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `The level of ${ROOT} can be changed, not deleted.` };
  }
  if (levelOf(value) !== undefined) return null;
  const levels = Object.values(kafkaLevels).join(", ");
  return { errorCode: ErrorCode.INVALID_CONFIG, errorMessage: `${value} is no level: ${levels} are.` };
}

function levelOf(kafkaLevel: string | null): LogLevel | undefined {
  return LOG_LEVELS.find((level) => kafkaLevels[level] === kafkaLevel);
}

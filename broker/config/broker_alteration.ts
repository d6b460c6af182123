import { brokerConfig, type BrokerProperty } from "./broker.ts";
import type { DynamicBrokerConfig } from "./dynamic_broker_config.ts";
import { dynamicRows, updateModeOf } from "./dynamic_rows.ts";
import { ConfigError, type ConfigValues, type Rows } from "./row.ts";
import { ConfigView } from "./view.ts";

type View = ConfigView<typeof brokerConfig>;

/** A property that counts for one listener only: its name and what stands behind it. */
const LISTENER_PROPERTY = /^listener\.name\.([^.]*)\.(.*)$/;

/** What a listener that exists can be told (`SocketServer.LISTENER_RECONFIGURABLE_CONFIGS` and its siblings). */
const ofListener: readonly string[] = ["max.connections", "max.connection.creation.rate", "num.network.threads"];

/**
 * Why these cannot be all that is set of a broker while it runs, or null: INVALID_REQUEST. `own`: of this broker, else of all.
 * Names that nobody knows are taken, as by Kafka, whose plug-ins may know them. Kafka: `DynamicBrokerConfig.validate`.
 */
export function invalidBroker(configs: ReadonlyMap<string, string>, own: boolean, config: DynamicBrokerConfig): string | null {
  const rows: Rows = dynamicRows;
  for (const [name, text] of configs) {
    if (Object.hasOwn(brokerConfig, name) && !Object.hasOwn(rows, name)) return `${name} cannot be changed while the broker runs`;
    if (updateModeOf(name) === "per-listener") return `${name} can be changed for one listener only: its name must stand before it`;
    const base = LISTENER_PROPERTY.exec(name)?.[2] ?? name;
    if (!Object.hasOwn(rows, base)) continue;
    try {
      rows[base].parse(name, text);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  }
  if (!own) {
    const narrow = [...configs.keys()].find(isPerBroker);
    if (narrow !== undefined) return `${narrow} can be set for one broker only, not for all`;
  }
  const next = own ? config.valuesWith(config.ofAll, configs) : config.valuesWith(configs, config.own);
  return contradiction(next) ?? tooMuchLocally(next) ?? impossibleChange(next, config);
}

function isPerBroker(name: string): boolean {
  const base = LISTENER_PROPERTY.exec(name)?.[2];
  return base === undefined ? updateModeOf(name) === "per-broker" : !ofListener.includes(base);
}

/** What is wrong with properties that are right by themselves, or null. Kafka: `KafkaConfig.validateValues`. */
export function contradiction(values: ConfigValues): string | null {
  const view = new ConfigView(brokerConfig, values);
  const least = (name: "log.roll.ms" | "log.roll.jitter.ms", min: number): string | null => {
    const value = view.get(name);
    return value !== null && value < min ? `${name} must not be below ${min}` : null;
  };
  const lowest = least("log.roll.ms", 1) ?? least("log.roll.jitter.ms", 0);
  if (lowest !== null) return lowest;
  // Anything below is for ever, whatever it is told in.
  if (milliseconds(view) === 0) return "log.retention.ms, .minutes or .hours must not be 0";
  const threads = view.get("log.cleaner.threads");
  if (threads > 0 && view.get("log.cleaner.dedupe.buffer.size") / threads <= 1024 * 1024) {
    return "log.cleaner.dedupe.buffer.size must be above 1 MiB for each thread";
  }
  const overrides = view.get("max.connections.per.ip.overrides");
  if (!/^(\s*\S+:\s*\d+\s*(,|$))*$/.test(overrides)) return "max.connections.per.ip.overrides must be host:count";
  if (view.get("max.connections.per.ip") === 0 && overrides === "") {
    return "max.connections.per.ip can be 0 only beside max.connections.per.ip.overrides";
  }
  return null;
}

/** What is wrong with how much of tiered logs would be kept here, which only a running broker is asked. Kafka: `DynamicRemoteLogConfig`. */
function tooMuchLocally(values: ConfigValues): string | null {
  const view = new ConfigView(brokerConfig, values);
  return localRetention(view, "log.local.retention.ms", milliseconds(view)) ??
    localRetention(view, "log.local.retention.bytes", view.get("log.retention.bytes"));
}

function milliseconds(view: View): number {
  const [ms, minutes] = [view.get("log.retention.ms"), view.get("log.retention.minutes")];
  return ms ?? (minutes !== null ? minutes * 60_000 : view.get("log.retention.hours") * 3_600_000);
}

function localRetention(view: View, name: "log.local.retention.ms" | "log.local.retention.bytes", all: number): string | null {
  const local = view.get(name);
  if (all < 0 || local === -2) return null;
  return local === -1 || local > all ? `${name} must not be above what is kept in all, ${all}` : null;
}

/** Pools that may at most double and halve at once (`DynamicThreadPool`, and what stands beside it). */
const pools: readonly BrokerProperty[] = [
  "num.io.threads",
  "num.network.threads",
  "num.replica.fetchers",
  "num.recovery.threads.per.data.dir",
  "background.threads",
  "log.cleaner.threads",
  "remote.log.reader.threads",
  "remote.log.manager.copier.thread.pool.size",
  "remote.log.manager.expiration.thread.pool.size",
  "remote.log.manager.follower.thread.pool.size",
];

/** At least 1 where they change. */
const positive: readonly BrokerProperty[] = [
  "max.connections",
  "max.connection.creation.rate",
  "remote.log.index.file.cache.total.size.bytes",
  "remote.log.manager.copy.max.bytes.per.second",
  "remote.log.manager.fetch.max.bytes.per.second",
];

/** What stays as it is here: the listeners, since Ottla has one; classes, since there are none to load. */
const fixed: readonly BrokerProperty[] = ["listeners", "listener.security.protocol.map", "metric.reporters", "principal.builder.class"];

/** Why the broker cannot change to these while it runs, or null. */
function impossibleChange(values: ConfigValues, config: DynamicBrokerConfig): string | null {
  const view = new ConfigView(brokerConfig, values);
  const change = (name: BrokerProperty): [before: unknown, after: unknown] | null => {
    const [before, after] = [config.get(name), view.get(name)];
    return String(before) === String(after) ? null : [before, after];
  };
  for (const name of fixed) if (change(name) !== null) return `${name} cannot be changed while Ottla runs`;
  for (const name of pools) {
    const [before, after] = (change(name) ?? [0, 0]) as [number, number];
    if (after === before) continue;
    if (after < 1 || after < Math.trunc(before / 2) || after > before * 2) {
      return `${name} can be changed to between half and twice ${before}, not to ${after}`;
    }
  }
  for (const name of positive) {
    const changed = change(name);
    if (changed !== null && (changed[1] as number) < 1) return `${name} must be at least 1`;
  }
  const directories = view.get("log.dirs") ?? view.get("log.dir") ?? [];
  const cordoned = view.get("cordoned.log.dirs").find((directory) => !directories.includes(directory));
  return cordoned === undefined ? null : `${cordoned} of cordoned.log.dirs is no directory of log.dirs`;
}

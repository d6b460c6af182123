import { ErrorCode } from "../../protocol/errors.ts";
import type { Refusal } from "../kafka_error.ts";
import { brokerConfig } from "./broker.ts";
import { ConfigError, type ConfigValues, type Row, type Rows } from "./row.ts";
import { groupRows } from "./rows/group.ts";

export { groupRows as groupConfig };

const rows: Rows = groupRows;
const brokerRows: Rows = brokerConfig;

/** The broker property that is a group property's default, or null. Kafka: `GroupConfig.ALL_GROUP_CONFIG_SYNONYMS`. */
export function brokerTwinOfGroup(name: string): string | null {
  return withoutTwin.includes(name) ? null : `group.${name}`;
}

const withoutTwin: readonly string[] = ["share.auto.offset.reset", "share.isolation.level", "share.renew.acknowledge.enable"];

/** Where the broker's bound is not named as the others are. */
const boundNames: Readonly<Record<string, string>> = { "group.streams.max.num.standby.replicas": "group.streams.max.standby.replicas" };

/** Properties that are held against the broker's bounds only where a group has its own. */
const boundIfSet: RegExp = /\.assignment\.interval\.ms$/;

/** Why these cannot be the settings of a group, or null. Kafka: `GroupConfig.validate`. */
export function invalidGroup(group: string, configs: ReadonlyMap<string, string>, broker: ConfigValues): Refusal | null {
  if (group === "") return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: "Groups have no common settings: a name is needed." };
  const problem = problemOf(configs, broker);
  return problem === null ? null : { errorCode: ErrorCode.INVALID_CONFIG, errorMessage: problem };
}

function problemOf(configs: ReadonlyMap<string, string>, broker: ConfigValues): string | null {
  const unknown = [...configs.keys()].find((name) => !Object.hasOwn(rows, name));
  if (unknown !== undefined) return `Groups have no configuration ${unknown}`;
  const values = new Map<string, unknown>();
  try {
    for (const [name, row] of Object.entries<Row<unknown>>(rows)) {
      const text = configs.get(name) ?? valueOf(brokerTwinOfGroup(name), broker) ?? row.initial;
      if (text !== null) values.set(name, row.parse(name, text).value);
    }
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  for (const [name, value] of values) {
    if (typeof value !== "number" || (boundIfSet.test(name) && !configs.has(name))) continue;
    const [min, max] = [boundOf(name, "min", broker), boundOf(name, "max", broker)];
    if (min !== null && value < min) return `${name} must not be below ${min}, which the broker's properties allow at least`;
    if (max !== null && value > max) return `${name} must not be above ${max}, which the broker's properties allow at most`;
  }
  for (const kind of ["consumer", "share", "streams"]) {
    const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`];
    if (Number(values.get(session)) <= Number(values.get(heartbeat))) return `${session} must be above ${heartbeat}`;
  }
  return null;
}

/** `group.consumer.min.session.timeout.ms` is the lower bound of `consumer.session.timeout.ms`; null where there is none. */
function boundOf(name: string, which: "min" | "max", broker: ConfigValues): number | null {
  const usual = `group.${name.replace(".", `.${which}.`)}`;
  const bound = valueOf(boundNames[usual] ?? usual, broker);
  return bound === null ? null : Number(bound);
}

function valueOf(name: string | null, broker: ConfigValues): string | null {
  return name === null || !Object.hasOwn(brokerRows, name) ? null : broker[name] ?? brokerRows[name].initial;
}

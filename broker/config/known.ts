import { brokerConfig } from "./broker.ts";
import { nearest } from "./nearest.ts";
import { ConfigError, type ConfigValues, type Rows } from "./row.ts";

/** Properties that Kafka hands to plug-ins that come with it: they are in no table of Kafka's own. */
const pluginProperties: readonly string[] = ["super.users", "allow.everyone.if.no.acl.found"];

/** Prefixes behind which anything may stand: settings of one listener, of plug-ins, of config providers. */
const openPrefixes: readonly string[] = ["listener.name.", "rlmm.config.", "rsm.config.", "config.providers."];

/** Broker properties that were checked. */
export interface CheckedProperties {
  /** Those that Kafka has a row for, in Kafka's own text form. */
  readonly values: ConfigValues;
  /** Names that Kafka knows and that change nothing here, in the order given. */
  readonly withoutEffect: readonly string[];
}

/** Checks names and values as they stand in a `server.properties`. Throws {@link ConfigError} at the first that Kafka does not know or refuses. */
export function checkBrokerProperties(given: ConfigValues): CheckedProperties {
  const rows: Rows = brokerConfig;
  const values: Record<string, string> = {};
  const withoutEffect: string[] = [];
  for (const [name, text] of Object.entries(given)) {
    if (!Object.hasOwn(rows, name)) {
      requireKnown(name);
      withoutEffect.push(name);
      continue;
    }
    values[name] = rows[name].parse(name, text).text;
    if (!rows[name].applied) withoutEffect.push(name);
  }
  return { values, withoutEffect };
}

function requireKnown(name: string): void {
  if (pluginProperties.includes(name) || openPrefixes.some((prefix) => name.startsWith(prefix))) return;
  const meant = nearest(name, [...Object.keys(brokerConfig), ...pluginProperties]);
  throw new ConfigError(`Kafka 4.3.1 knows no property ${name}. Did you mean ${meant}?`);
}

import { brokerConfig, type BrokerProperty, synonymsOf } from "./broker.ts";
import { ConfigError, type ConfigValues, type Row, type Rows, type ValueOf } from "./row.ts";
import type { DynamicSettings } from "./settings.ts";
import { ConfigView } from "./view.ts";
import { dynamicRows } from "./dynamic_rows.ts";

type Configs = ReadonlyMap<string, string>;
const none: Configs = new Map();

/**
 * The broker's properties as they are now: those it was started with, beneath those that all brokers were given while they run, beneath those that
 * this one was given. Kafka: `DynamicBrokerConfig`.
 */
export class DynamicBrokerConfig {
  /** What was set of {@link brokerConfig} at start, in Kafka's text form. */
  readonly started: ConfigValues;
  #ofAll = none;
  #own = none;
  #values: ConfigValues;
  #view: ConfigView<typeof brokerConfig>;

  constructor(started: ConfigValues) {
    this.started = started;
    this.#values = started;
    this.#view = new ConfigView(brokerConfig, started);
  }

  /** What was set for all brokers while they run, as it was written. */
  get ofAll(): Configs {
    return this.#ofAll;
  }

  /** What was set for this broker while it runs, as it was written. */
  get own(): Configs {
    return this.#own;
  }

  /** What is set now, whoever set it. */
  get values(): ConfigValues {
    return this.#values;
  }

  /** The value that counts now. */
  get<N extends BrokerProperty>(name: N): ValueOf<(typeof brokerConfig)[N]> {
    return this.#view.get(name);
  }

  /** Of what the broker obeys, all that can change. */
  get settings(): DynamicSettings {
    return {
      maxConnections: this.get("max.connections"),
      producerIdExpirationMs: this.get("producer.id.expiration.ms"),
      transactionPartitionVerification: this.get("transaction.partition.verification.enable"),
      cleanerBackoffMs: this.get("log.cleaner.backoff.ms"),
      cleanerMap: { bytes: this.get("log.cleaner.dedupe.buffer.size"), loadFactor: this.get("log.cleaner.io.buffer.load.factor") },
    };
  }

  /** From now on these are what was set while the broker runs. A value that an older version took and this one would not counts for nothing. */
  alter(ofAll: Configs, own: Configs): void {
    this.#ofAll = ofAll;
    this.#own = own;
    this.#values = this.valuesWith(ofAll, own);
    this.#view = new ConfigView(brokerConfig, this.#values);
  }

  /** The properties of another node, some of which it has of its own, as they are told of it: nothing here goes by them. */
  ofNode(properties: ConfigValues, own: Configs): DynamicBrokerConfig {
    const other = new DynamicBrokerConfig({ ...this.started, ...properties });
    other.alter(this.#ofAll, own);
    return other;
  }

  /** What {@link values} would be. */
  valuesWith(ofAll: Configs, own: Configs): ConfigValues {
    const values: Record<string, string> = { ...this.started };
    for (const [name, text] of [...ofAll, ...own]) {
      const normal = normalText(name, text);
      if (normal === null) continue;
      // Of several names for one value the one that was set last wins, not the one that wins at start.
      for (const synonym of synonymsOf(name)) delete values[synonym];
      values[name] = normal;
    }
    return values;
  }
}

/** In Kafka's own text form; as it is where nobody knows the property, null where it is no value of it. */
function normalText(name: string, text: string): string | null {
  const rows: Rows = dynamicRows;
  if (!Object.hasOwn(rows, name)) return text;
  const row: Row<unknown> = rows[name];
  try {
    return row.parse(name, text).text;
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

import { brokerConfig } from "./broker.ts";
import { long, LONG_MAX, type Row, type Rows } from "./row.ts";

/** Broker properties that can only be set while it runs (`QuotaConfig.brokerQuotaConfigs`). DescribeConfigs shows those that are set. */
const onlyDynamic = {
  "leader.replication.throttled.rate": long(LONG_MAX, "Bytes a second of replication that leaders send at most.", {
    min: 0,
    dynamic: true,
  }),
  "follower.replication.throttled.rate": long(LONG_MAX, "Bytes a second of replication that followers fetch at most.", {
    min: 0,
    dynamic: true,
  }),
  "replica.alter.log.dirs.io.max.bytes.per.second": long(LONG_MAX, "Bytes a second that moves between directories take at most.", {
    min: 0,
    dynamic: true,
  }),
} satisfies Rows;

/** What can be set of a broker while it runs. Kafka: `DynamicConfig.Broker`. */
export const dynamicRows: Rows = {
  ...Object.fromEntries(Object.entries<Row<unknown>>(brokerConfig).filter(([, { dynamic }]) => dynamic)),
  ...onlyDynamic,
};

/** Those that stand for one listener each, and so need its name before theirs (`SslConfigs.RECONFIGURABLE_CONFIGS`). */
const ofOneListener: readonly string[] = [
  "ssl.keystore.type",
  "ssl.keystore.location",
  "ssl.keystore.password",
  "ssl.key.password",
  "ssl.truststore.type",
  "ssl.truststore.location",
  "ssl.truststore.password",
  "ssl.keystore.certificate.chain",
  "ssl.keystore.key",
  "ssl.truststore.certificates",
];

/** How a property that can change while the broker runs may be set. Kafka: `DynamicBrokerConfig.dynamicConfigUpdateModes`. */
export type UpdateMode = "cluster-wide" | "per-broker" | "per-listener";

/** How `name` may be set; without a row there is nothing to say against setting it anywhere. */
export function updateModeOf(name: string): UpdateMode {
  if (ofOneListener.includes(name)) return "per-listener";
  return /^(ssl|sasl)\./.test(name) || perBroker.includes(name) ? "per-broker" : "cluster-wide";
}

const perBroker: readonly string[] = ["listeners", "listener.security.protocol.map", "principal.builder.class", "cordoned.log.dirs"];

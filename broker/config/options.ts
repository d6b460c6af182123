// The older of the two APIs that zod 4 ships: it loads in a quarter of the time, which every start pays.
import { z } from "zod/v3";
import { LOG_LEVELS, type LogLevel } from "../../platform/mod.ts";
import type { ClientTelemetryReceiver } from "../client_telemetry.ts";
import { ConfigError, type ConfigValues } from "./row.ts";
import type { Durability } from "./settings.ts";

/** A value of a property, as code likes to write it. */
export type PropertyValue = string | number | boolean;

/** What a topic created at start looks like. */
export interface TopicOptions {
  /** At least 1. Default: `num.partitions`. */
  partitions?: number;
  /** At least 1, and no more than there are nodes. Default: `default.replication.factor`. */
  replicationFactor?: number;
  /** Overrides by Kafka's names, such as `"cleanup.policy": "compact"`. */
  configs?: Record<string, PropertyValue>;
}

/** What a broker can be told at start, on the command line and by `startBroker` alike. */
export interface BrokerOptions {
  /** The address to listen on. Default: `127.0.0.1`. One that other machines can reach needs `insecure`. */
  host?: string;
  /** 0 lets the system choose. Default: 0 for `startBroker`, 9092 for the command line. */
  port?: number;
  /**
   * How many nodes the cluster has that clients see, 1 to 100. Each listens on a port of its own: `port` and those that follow it. It is a view for
   * testing clients and no replication: there is one log for each partition, whatever its replication factor. Default: 1.
   */
  nodes?: number;
  /** The rack of each node, in order. Default: `broker.rack` for all. */
  racks?: string[];
  /** Serves `GET /metrics` and `GET /health` over HTTP on this `HOST:PORT`; port 0 lets the system choose. Default: nowhere. As for `host`, an open one needs `insecure`. */
  http?: string;
  /** The data directory; made when absent. Default: none for `startBroker`, `./ottla-data` for the command line. */
  dataDir?: string;
  /** Default: `power` with a data directory, else `memory`. */
  durability?: Durability;
  /** Topics by name, created unless they exist. */
  topics?: Record<string, TopicOptions>;
  /** Kafka's broker properties by name, such as `"num.partitions": 4`. */
  properties?: Record<string, PropertyValue>;
  /** Receives metrics of clients: those that subscriptions (`kafka-client-metrics.sh`) ask for. Default: nobody, and no client is asked for any. */
  clientTelemetry?: ClientTelemetryReceiver;
  /** Listen on an open address without TLS and passwords. */
  insecure?: boolean;
  /** How many files and sockets the process may have open. Default: what the system says, or 1,024 where it does not. */
  descriptors?: number;
  /** The least level that is logged. Default: `silent` for `startBroker`, `info` for the command line. */
  logLevel?: LogLevel;
}

const propertyValue = z.union([z.string(), z.number(), z.boolean()]);

const schema = z.object({
  host: z.string().min(1).optional(),
  port: z.number().int().min(0).max(65535).optional(),
  nodes: z.number().int().min(1).max(100).optional(),
  racks: z.array(z.string().min(1)).optional(),
  http: z.string().optional(),
  dataDir: z.string().min(1).optional(),
  durability: z.enum(["memory", "process", "power"]).optional(),
  topics: z.record(
    z.object({
      partitions: z.number().int().min(1).optional(),
      replicationFactor: z.number().int().min(1).optional(),
      configs: z.record(propertyValue).optional(),
    }).strict(),
  ).optional(),
  properties: z.record(propertyValue).optional(),
  clientTelemetry: z.custom<ClientTelemetryReceiver>((value) => typeof value === "function", "Expected a function").optional(),
  insecure: z.boolean().optional(),
  descriptors: z.number().int().min(64).optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
}).strict();

/** The options, if they are some. Throws {@link ConfigError} that names the first wrong one. */
export function checkOptions(options: unknown): BrokerOptions {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue.path.length === 0 ? "options" : issue.path.join(".");
  throw new ConfigError(`${where}: ${issue.message}`);
}

/** Text form of each value. */
export function toText(values: Readonly<Record<string, PropertyValue>>): ConfigValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/**
 * The broker: a Kafka in this process.
 *
 * @module
 */
export { Broker } from "./broker.ts";
export type { ClientTelemetryPush, ClientTelemetryReceiver } from "./client_telemetry.ts";
export type { BrokerOptions, PropertyValue, TopicOptions } from "./config/options.ts";
export { ConfigError } from "./config/row.ts";
export type { Durability } from "./config/settings.ts";
export { startBroker } from "./start_broker.ts";

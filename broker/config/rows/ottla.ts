import { boolean } from "../row.ts";

/** Broker properties that Kafka does not have. DescribeConfigs does not show them. */
export const ottlaRows = {
  "ottla.replication.factor.clamp": boolean(
    false,
    "Whether a topic that asks for more replicas than there are nodes gets as many as there are; Kafka refuses it.",
    { internal: true, applied: true },
  ),
  "ottla.client.telemetry": boolean(
    false,
    "Whether clients are told which metrics of theirs are wanted, and may push them (KIP-714); what they push is counted and dropped. Kafka needs a plug-in for that.",
    { internal: true, applied: true },
  ),
};

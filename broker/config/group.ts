import { groupRows } from "./rows/group.ts";

export { groupRows as groupConfig };

/** The broker property that is a group property's default, or null. Kafka: `GroupConfig.ALL_GROUP_CONFIG_SYNONYMS`. */
export function brokerTwinOfGroup(name: string): string | null {
  return withoutTwin.includes(name) ? null : `group.${name}`;
}

const withoutTwin: readonly string[] = ["share.auto.offset.reset", "share.isolation.level", "share.renew.acknowledge.enable"];

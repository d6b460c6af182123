import type { ClassicGroupState } from "../coordinator/group/classic/group.ts";
import type { Metric, NumberMetric, Sample } from "./metric.ts";
import type { Source } from "./source.ts";

/** `type=GroupMetadataManager`, as Kafka's coordinator still calls itself here. */
const MANAGER = "kafka.coordinator.group:type=GroupMetadataManager,name=";
/** The exporter of group offsets that most dashboards are made for; Kafka has no metric of a group's lag, only its consumers have. */
const EXPORTER = "kafka_exporter";

/** What groups say of themselves. What is committed counts at once here, durable or not. */
export const groupMetrics: readonly Metric<Source>[] = [
  number("NumGroups", "Groups, those too that only commit offsets", (source) => countGroups(source, null)),
  inState("PreparingRebalance", "Groups whose members are asked to rejoin"),
  inState("CompletingRebalance", "Groups whose members have joined and wait for the leader's assignment"),
  inState("Stable", "Groups in which every member has its assignment"),
  inState("Empty", "Groups without members"),
  number("NumOffsets", "Committed offsets", ({ groups }) => {
    let sum = 0;
    for (const shard of groups.shards()) sum += shard.offsets.size;
    return sum;
  }),
  {
    name: "kafka_consumergroup_members",
    type: "gauge",
    labels: ["consumergroup"],
    from: EXPORTER,
    help: "Members of a group",
    *samples({ groups }) {
      for (const shard of groups.shards()) for (const { groupId, members } of shard.groups.values()) yield [members.size, groupId];
    },
  },
  {
    name: "kafka_consumergroup_current_offset",
    type: "gauge",
    labels: ["consumergroup", "topic", "partition"],
    from: EXPORTER,
    help: "The offset that a group has committed",
    *samples({ groups }) {
      for (const shard of groups.shards()) {
        for (const [{ group, topic, partition }, { offset }] of shard.offsets.entries()) yield [offset, group, topic, partition];
      }
    },
  },
  {
    name: "kafka_consumergroup_lag",
    type: "gauge",
    labels: ["consumergroup", "topic", "partition"],
    from: EXPORTER,
    help: "Records between the offset that a group has committed and the high watermark",
    *samples({ groups, partitions }) {
      for (const shard of groups.shards()) {
        for (const [{ group, topic, partition }, { offset }] of shard.offsets.entries()) {
          const found = partitions.find(topic, partition);
          if (typeof found !== "number") yield [Math.max(0, found.log.highWatermark - offset), group, topic, partition];
        }
      }
    },
  },
];

function inState(state: ClassicGroupState, help: string): NumberMetric<Source> {
  return number(`NumGroups${state}`, help, (source) => countGroups(source, state));
}

function number(name: string, help: string, read: (source: Source) => number): NumberMetric<Source> {
  return {
    name: `kafka_coordinator_group_groupmetadatamanager_${name.toLowerCase()}`,
    type: "gauge",
    labels: [],
    from: `${MANAGER}${name}`,
    help,
    samples: (source): Iterable<Sample> => [[read(source)]],
  };
}

/** `state` null: all. */
function countGroups({ groups }: Source, state: ClassicGroupState | null): number {
  let sum = 0;
  for (const shard of groups.shards()) {
    for (const group of shard.all()) if (state === null || group.state === state) sum++;
  }
  return sum;
}

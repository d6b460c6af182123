import { boolean, int, string } from "../row.ts";

/** Group properties of Kafka 4.3.1 (`GroupConfig`): all of them belong to group types that Ottla does not serve yet. They are checked and told. */
export const groupRows = {
  "consumer.assignment.interval.ms": int(1000, "Shortest time between two assignments of the group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "consumer.heartbeat.interval.ms": int(5000, "How often members report, in milliseconds.", { min: 1, dynamic: true }),
  "consumer.session.timeout.ms": int(45_000, "A member that is silent for this long is removed, in milliseconds.", {
    min: 1,
    dynamic: true,
  }),
  "share.assignment.interval.ms": int(1000, "Shortest time between two assignments of the share group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "share.auto.offset.reset": string("latest", "Where a share group begins: latest, earliest or by_duration:<ISO 8601 duration>.", {
    problem: (value) => autoOffsetReset.test(value) ? null : "It must be latest, earliest or by_duration:<ISO 8601 duration>",
    dynamic: true,
  }),
  "share.delivery.count.limit": int(5, "How often one record is delivered at most.", { min: 2, dynamic: true }),
  "share.heartbeat.interval.ms": int(5000, "How often members of the share group report, in milliseconds.", { min: 1, dynamic: true }),
  "share.isolation.level": string("read_uncommitted", "Whether a share group sees records of open and aborted transactions.", {
    values: ["read_committed", "read_uncommitted"],
    dynamic: true,
  }),
  "share.partition.max.record.locks": int(2000, "Records of one partition that may be in flight.", { min: 100, dynamic: true }),
  "share.record.lock.duration.ms": int(30_000, "How long a member may hold a record, in milliseconds.", { min: 1000, dynamic: true }),
  "share.renew.acknowledge.enable": boolean(true, "Whether members may prolong their hold on a record.", { dynamic: true }),
  "share.session.timeout.ms": int(45_000, "A member of the share group that is silent for this long is removed, in milliseconds.", {
    min: 1,
    dynamic: true,
  }),
  "streams.assignment.interval.ms": int(1000, "Shortest time between two assignments of the streams group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "streams.heartbeat.interval.ms": int(5000, "How often members of the streams group report, in milliseconds.", { min: 1, dynamic: true }),
  "streams.initial.rebalance.delay.ms": int(3000, "How long a new streams group waits for more members, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "streams.num.standby.replicas": int(0, "Standby copies of each stateful task.", { min: 0, dynamic: true }),
  "streams.session.timeout.ms": int(45_000, "A member of the streams group that is silent for this long is removed, in milliseconds.", {
    min: 1,
    dynamic: true,
  }),
};

/** What Java's `Duration.parse` takes, of what is not below zero. */
const autoOffsetReset = /^(latest|earliest|by_duration:[Pp](?=.)(\d+[Dd])?([Tt](?=\d)(\d+[Hh])?(\d+[Mm])?(\d+(\.\d{0,9})?[Ss])?)?)$/;

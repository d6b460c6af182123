import { int, INT_MAX, list, long, short, string } from "../row.ts";

/** Broker properties: groups and their offsets. */
export const groupsRows = {
  "group.initial.rebalance.delay.ms": int(
    0,
    "How long a new classic group waits for more members before its first assignment, in milliseconds. 0 here, so that a test waits for nothing; Kafka: 3000.",
    { applied: true },
  ),
  "group.max.session.timeout.ms": int(1_800_000, "Longest session time-out that a classic member may ask for, in milliseconds.", {
    applied: true,
  }),
  "group.min.session.timeout.ms": int(6000, "Shortest session time-out that a classic member may ask for, in milliseconds.", {
    applied: true,
  }),
  "group.max.size": int(INT_MAX, "Most members of a classic group.", { min: 1, applied: true }),
  "group.consumer.assignment.interval.ms": int(1000, "Shortest time between two assignments of a consumer group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "group.consumer.min.assignment.interval.ms": int(0, "Lower bound of a group's own assignment interval, in milliseconds.", { min: 0 }),
  "group.consumer.max.assignment.interval.ms": int(15_000, "Upper bound of a group's own assignment interval, in milliseconds.", {
    min: 0,
  }),
  "group.consumer.assignors": list("uniform,range", "Assignors of consumer groups; the first is the default.", { filled: true }),
  "group.consumer.heartbeat.interval.ms": int(5000, "How often members of consumer groups report, in milliseconds.", { min: 1 }),
  "group.consumer.min.heartbeat.interval.ms": int(5000, "Lower bound of a group's own heartbeat interval, in milliseconds.", { min: 1 }),
  "group.consumer.max.heartbeat.interval.ms": int(15_000, "Upper bound of a group's own heartbeat interval, in milliseconds.", { min: 1 }),
  "group.consumer.session.timeout.ms": int(
    45_000,
    "A member of a consumer group that is silent for this long is removed, in milliseconds.",
    { min: 1 },
  ),
  "group.consumer.min.session.timeout.ms": int(45_000, "Lower bound of a group's own session time-out, in milliseconds.", { min: 1 }),
  "group.consumer.max.session.timeout.ms": int(60_000, "Upper bound of a group's own session time-out, in milliseconds.", { min: 1 }),
  "group.consumer.max.size": int(INT_MAX, "Most members of a consumer group.", { min: 1 }),
  "group.consumer.migration.policy": string("bidirectional", "Whether groups may change between classic and consumer while they run.", {
    values: ["DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"],
    ignoreCase: true,
  }),
  "group.consumer.regex.refresh.interval.ms": int(600_000, "How often subscribed patterns are matched again, in milliseconds.", {
    min: 10_000,
    internal: true,
  }),
  "group.coordinator.append.linger.ms": int(-1, "How long the group coordinator gathers writes, in milliseconds; -1 adapts.", { min: -1 }),
  "group.coordinator.background.threads": int(2, "Threads for slow work of the group coordinator.", { min: 1 }),
  "group.coordinator.cached.buffer.max.bytes": int(1_048_588, "Largest buffer that the group coordinator keeps for reuse, in bytes.", {
    min: 524_288,
    dynamic: true,
  }),
  "group.coordinator.rebalance.protocols": list("classic,consumer,streams", "The group protocols that are served.", {
    values: ["consumer", "classic", "share", "streams"],
    filled: true,
  }),
  "group.coordinator.threads": int(4, "Threads of the group coordinator.", { min: 1 }),
  "group.share.assignment.interval.ms": int(1000, "Shortest time between two assignments of a share group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "group.share.min.assignment.interval.ms": int(0, "Lower bound of a share group's own assignment interval, in milliseconds.", { min: 0 }),
  "group.share.max.assignment.interval.ms": int(15_000, "Upper bound of a share group's own assignment interval, in milliseconds.", {
    min: 0,
  }),
  "group.share.assignors": list("simple", "Assignors of share groups.", { filled: true }),
  "group.share.delivery.count.limit": int(5, "How often a share group delivers one record at most.", { min: 2, max: 10 }),
  "group.share.min.delivery.count.limit": int(2, "Lower bound of a share group's own delivery limit.", { min: 2, max: 5 }),
  "group.share.max.delivery.count.limit": int(10, "Upper bound of a share group's own delivery limit.", { min: 5, max: 25 }),
  "group.share.heartbeat.interval.ms": int(5000, "How often members of share groups report, in milliseconds.", { min: 1 }),
  "group.share.min.heartbeat.interval.ms": int(5000, "Lower bound of a share group's own heartbeat interval, in milliseconds.", { min: 1 }),
  "group.share.max.heartbeat.interval.ms": int(15_000, "Upper bound of a share group's own heartbeat interval, in milliseconds.", {
    min: 1,
  }),
  "group.share.initialize.retry.interval.ms": int(
    30_000,
    "Pause before the state of a share group is initialized again, in milliseconds.",
    { min: 1, internal: true },
  ),
  "group.share.partition.max.record.locks": int(2000, "Records of one partition that a share group may have in flight.", {
    min: 100,
    max: 10_000,
  }),
  "group.share.min.partition.max.record.locks": int(100, "Lower bound of a share group's own limit of records in flight.", {
    min: 100,
    max: 2000,
  }),
  "group.share.max.partition.max.record.locks": int(4000, "Upper bound of a share group's own limit of records in flight.", {
    min: 2000,
    max: 10_000,
  }),
  "group.share.record.lock.duration.ms": int(30_000, "How long a member of a share group may hold a record, in milliseconds.", {
    min: 1000,
    max: 3_600_000,
  }),
  "group.share.min.record.lock.duration.ms": int(15_000, "Lower bound of a share group's own lock duration, in milliseconds.", {
    min: 1000,
    max: 30_000,
  }),
  "group.share.max.record.lock.duration.ms": int(60_000, "Upper bound of a share group's own lock duration, in milliseconds.", {
    min: 30_000,
    max: 3_600_000,
  }),
  "group.share.session.timeout.ms": int(45_000, "A member of a share group that is silent for this long is removed, in milliseconds.", {
    min: 1,
  }),
  "group.share.min.session.timeout.ms": int(45_000, "Lower bound of a share group's own session time-out, in milliseconds.", { min: 1 }),
  "group.share.max.session.timeout.ms": int(60_000, "Upper bound of a share group's own session time-out, in milliseconds.", { min: 1 }),
  "group.share.max.share.sessions": int(2000, "Most share sessions that are kept.", { min: 1 }),
  "group.share.max.size": int(200, "Most members of a share group.", { min: 1, max: 1000 }),
  "group.share.persister.class.name": string(
    "org.apache.kafka.server.share.persister.DefaultStatePersister",
    "The class that keeps the state of share groups.",
    { internal: true },
  ),
  "group.streams.assignment.interval.ms": int(1000, "Shortest time between two assignments of a streams group, in milliseconds.", {
    min: 0,
    dynamic: true,
  }),
  "group.streams.min.assignment.interval.ms": int(0, "Lower bound of a streams group's own assignment interval, in milliseconds.", {
    min: 0,
  }),
  "group.streams.max.assignment.interval.ms": int(15_000, "Upper bound of a streams group's own assignment interval, in milliseconds.", {
    min: 0,
  }),
  "group.streams.heartbeat.interval.ms": int(5000, "How often members of streams groups report, in milliseconds.", { min: 1 }),
  "group.streams.min.heartbeat.interval.ms": int(5000, "Lower bound of a streams group's own heartbeat interval, in milliseconds.", {
    min: 1,
  }),
  "group.streams.max.heartbeat.interval.ms": int(15_000, "Upper bound of a streams group's own heartbeat interval, in milliseconds.", {
    min: 1,
  }),
  "group.streams.initial.rebalance.delay.ms": int(3000, "How long a new streams group waits for more members, in milliseconds.", {
    min: 0,
  }),
  "group.streams.max.size": int(INT_MAX, "Most members of a streams group.", { min: 1 }),
  "group.streams.num.standby.replicas": int(0, "Standby copies of each stateful task.", { min: 0 }),
  "group.streams.max.standby.replicas": int(2, "Upper bound of a streams group's own number of standbys.", { min: 0 }),
  "group.streams.session.timeout.ms": int(45_000, "A member of a streams group that is silent for this long is removed, in milliseconds.", {
    min: 1,
  }),
  "group.streams.min.session.timeout.ms": int(45_000, "Lower bound of a streams group's own session time-out, in milliseconds.", {
    min: 1,
  }),
  "group.streams.max.session.timeout.ms": int(60_000, "Upper bound of a streams group's own session time-out, in milliseconds.", {
    min: 1,
  }),
  "offset.metadata.max.bytes": int(4096, "Most bytes of metadata beside one committed offset.", { applied: true }),
  "offsets.commit.timeout.ms": int(5000, "How long a commit may wait until it is replicated, in milliseconds.", { min: 1 }),
  "offsets.load.buffer.size": int(5_242_880, "Bytes read at a time when offsets are loaded.", { min: 1 }),
  "offsets.retention.check.interval.ms": long(600_000, "How often expired offsets are looked for, in milliseconds.", {
    min: 1,
    applied: true,
  }),
  "offsets.retention.minutes": int(10_080, "Minutes that the offsets of an empty group are kept.", { min: 1, applied: true }),
  "offsets.topic.compression.codec": int(0, "The codec of __consumer_offsets, by number; 0 is none."),
  "offsets.topic.num.partitions": int(
    1,
    "Partitions of __consumer_offsets. 1 by default here: one log replays faster than fifty; Kafka: 50.",
    { min: 1, applied: true },
  ),
  "offsets.topic.replication.factor": short(3, "Replicas of __consumer_offsets; as many as there are nodes, if those are fewer.", {
    min: 1,
    applied: true,
  }),
  "offsets.topic.segment.bytes": int(104_857_600, "Largest segment of __consumer_offsets, in bytes.", { min: 1, applied: true }),
};

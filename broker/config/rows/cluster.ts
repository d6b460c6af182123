import { boolean, int, list, long, LONG_MAX, string } from "../row.ts";

/** The selector that comes with Kafka: who is in the client's rack (KIP-392). */
export const RACK_AWARE_SELECTOR = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

/** Broker properties: the node, its cluster and its replicas. */
export const clusterRows = {
  "controller.listener.names": list(
    "CONTROLLER",
    "The names of the listeners that belong to controllers; here they are skipped. CONTROLLER unless set; Kafka has no default.",
    { filled: true, applied: true },
  ),
  "node.id": int(1, "This node's id. 1 unless set; Kafka has no default.", { min: 0, applied: true }),
  "broker.id": int(-1, "The older name of node.id; used when only this one is set.", { applied: true }),
  "broker.rack": string(null, "The rack that clients see for this node.", { applied: true }),
  "process.roles": list(
    "broker,controller",
    "The roles of this server, for which Kafka has no default. Ottla is always both; a list without broker is refused.",
    { values: ["broker", "controller"], filled: true, applied: true },
  ),
  "broker.heartbeat.interval.ms": int(2000, "How often a broker reports to the controller, in milliseconds."),
  "broker.session.timeout.ms": int(9000, "How long a broker may stay silent before the controller fences it, in milliseconds."),
  "initial.broker.registration.timeout.ms": int(60_000, "How long a broker waits for its first registration, in milliseconds."),
  "server.max.startup.time.ms": long(LONG_MAX, "How long starting may take before the server gives up, in milliseconds.", {
    min: 0,
    internal: true,
  }),
  "controlled.shutdown.enable": boolean(true, "Whether leadership is moved away before a broker stops."),
  "controller.performance.always.log.threshold.ms": long(2000, "Controller events slower than this are always logged, in milliseconds.", {
    min: 0,
    internal: true,
  }),
  "controller.performance.sample.period.ms": long(60_000, "How often the controller reports its performance, in milliseconds.", {
    min: 100,
    internal: true,
  }),
  "controller.quorum.append.linger.ms": int(25, "How long the quorum's leader gathers records before it writes them, in milliseconds.", {
    min: 0,
  }),
  "controller.quorum.auto.join.enable": boolean(false, "Whether a controller joins the quorum by itself."),
  "controller.quorum.bootstrap.servers": list("", "Where the controllers of the cluster are found."),
  "controller.quorum.election.backoff.max.ms": int(1000, "Longest pause before another election, in milliseconds.", { min: 0 }),
  "controller.quorum.election.timeout.ms": int(1000, "How long an election may take, in milliseconds.", { min: 0 }),
  "controller.quorum.fetch.max.bytes": int(1_048_576, "Most bytes of one fetch inside the quorum.", { min: 1 }),
  "controller.quorum.fetch.snapshot.max.bytes": int(1_048_576, "Most bytes of one fetch of a metadata snapshot.", { min: 1 }),
  "controller.quorum.fetch.timeout.ms": int(2000, "How long a follower of the quorum waits for its leader, in milliseconds.", { min: 0 }),
  "controller.quorum.request.timeout.ms": int(2000, "How long a request inside the quorum may take, in milliseconds.", { min: 0 }),
  "controller.quorum.retry.backoff.ms": int(20, "Pause before a request inside the quorum is repeated, in milliseconds.", { min: 0 }),
  "controller.quorum.voters": list("", "The fixed set of voters of the quorum, id@host:port."),
  "controller.quota.window.num": int(11, "Samples kept for quotas on changes of metadata.", { min: 1 }),
  "controller.quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "controller.socket.timeout.ms": int(30_000, "Time-out of connections from controller to broker, in milliseconds."),
  "default.replication.factor": int(1, "Replicas of a topic created without a number.", { applied: true }),
  "num.partitions": int(1, "Partitions of a topic created without a number.", { min: 1, applied: true }),
  "auto.create.topics.enable": boolean(true, "Whether asking for the metadata of an absent topic creates it.", { applied: true }),
  "delete.topic.enable": boolean(true, "Whether topics may be deleted.", { applied: true }),
  "auto.leader.rebalance.enable": boolean(true, "Whether leadership returns to preferred replicas by itself."),
  "leader.imbalance.check.interval.seconds": long(300, "How often leadership's balance is checked, in seconds.", { min: 1 }),
  "min.insync.replicas": int(1, "In-sync replicas that a write with acks=all needs; a topic may override it.", {
    min: 1,
    dynamic: true,
    applied: true,
  }),
  "unclean.leader.election.enable": boolean(false, "Whether a replica that lags may become leader; a topic may override it.", {
    dynamic: true,
  }),
  "unclean.leader.election.interval.ms": long(300_000, "How often unclean elections are looked for, in milliseconds.", {
    min: 1,
    internal: true,
  }),
  "num.replica.fetchers": int(1, "Threads that fetch from each other broker.", { min: 1, dynamic: true }),
  "num.replica.alter.log.dirs.threads": int(null, "Threads that move replicas between directories."),
  "num.recovery.threads.per.data.dir": int(2, "Threads that recover logs at start; Ottla has one event loop.", { min: 1, dynamic: true }),
  "replica.fetch.backoff.ms": int(1000, "Pause after a failed fetch of a replica, in milliseconds.", { min: 0 }),
  "replica.fetch.max.bytes": int(1_048_576, "Bytes that a replica fetches of one partition.", { min: 0 }),
  "replica.fetch.min.bytes": int(1, "Bytes that a replica's fetch waits for."),
  "replica.fetch.response.max.bytes": int(10_485_760, "Bytes that a replica fetches in all.", { min: 0 }),
  "replica.fetch.wait.max.ms": int(500, "How long a replica's fetch waits, in milliseconds."),
  "replica.high.watermark.checkpoint.interval.ms": long(5000, "How often high watermarks are written to disk, in milliseconds."),
  "replica.lag.time.max.ms": long(30_000, "A follower that has not caught up for this long leaves the in-sync set, in milliseconds."),
  "replica.selector.class": string(null, "The class that chooses a replica to read from: unset, or Kafka's RackAwareReplicaSelector.", {
    values: [RACK_AWARE_SELECTOR],
    applied: true,
  }),
  "replica.socket.receive.buffer.bytes": int(65_536, "Receive buffer of a replica's connection."),
  "replica.socket.timeout.ms": int(30_000, "Time-out of a replica's connection, in milliseconds."),
  "replication.quota.window.num": int(11, "Samples kept for replication quotas.", { min: 1 }),
  "replication.quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "alter.log.dirs.replication.quota.window.num": int(11, "Samples kept for quotas on moves between directories.", { min: 1 }),
  "alter.log.dirs.replication.quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "metadata.log.dir": string(null, "A directory for the metadata log alone; here it lives in the data directory."),
  "metadata.log.max.record.bytes.between.snapshots": long(20_971_520, "Bytes of metadata records after which a snapshot is taken.", {
    min: 1,
  }),
  "metadata.log.max.snapshot.interval.ms": long(3_600_000, "Longest time between snapshots of the metadata, in milliseconds.", { min: 0 }),
  "metadata.log.segment.bytes": int(1_073_741_824, "Largest segment of the metadata log, in bytes.", { min: 8_388_608 }),
  "metadata.log.segment.ms": long(604_800_000, "Longest time before the metadata log rolls, in milliseconds."),
  "metadata.max.idle.interval.ms": int(500, "How often the controller writes a record when there is nothing to write, in milliseconds.", {
    min: 0,
  }),
  "metadata.max.retention.bytes": long(104_857_600, "Bytes of metadata log and snapshots that are kept."),
  "metadata.max.retention.ms": long(604_800_000, "Age of metadata log and snapshots that are kept, in milliseconds."),
  "internal.metadata.delete.delay.millis": long(60_000, "Delay before old metadata files are deleted, in milliseconds.", {
    internal: true,
  }),
  "internal.metadata.log.segment.bytes": int(null, "Overrides metadata.log.segment.bytes, for tests.", { internal: true }),
  "internal.metadata.max.batch.size.in.bytes": int(8_388_608, "Largest batch of the metadata log, in bytes.", { internal: true }),
};

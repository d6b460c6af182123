import { boolean, int, short } from "../row.ts";

/** Broker properties: producer ids, transactions and share state. */
export const transactionsRows = {
  "producer.id.expiration.ms": int(86_400_000, "How long a log remembers a producer that writes nothing, in milliseconds.", {
    min: 1,
    dynamic: true,
    applied: true,
  }),
  "producer.id.expiration.check.interval.ms": int(600_000, "How often expired producers are looked for, in milliseconds.", {
    min: 1,
    internal: true,
    applied: true,
  }),
  "add.partitions.to.txn.retry.backoff.ms": int(20, "Pause before a partition is added to a transaction again, in milliseconds.", {
    min: 1,
  }),
  "add.partitions.to.txn.retry.backoff.max.ms": int(100, "Longest time for such repetitions, in milliseconds.", { min: 0 }),
  "transaction.abort.timed.out.transaction.cleanup.interval.ms": int(
    10_000,
    "How often transactions past their time-out are looked for, in milliseconds.",
    { min: 1, applied: true },
  ),
  "transaction.remove.expired.transaction.cleanup.interval.ms": int(
    3_600_000,
    "How often expired transactional ids are looked for, in milliseconds.",
    { min: 1, applied: true },
  ),
  "transaction.max.timeout.ms": int(900_000, "Longest transaction that a producer may ask for, in milliseconds.", {
    min: 1,
    applied: true,
  }),
  "transaction.partition.verification.enable": boolean(
    true,
    "Whether a partition's leader asks the coordinator before it takes a transactional write.",
    { dynamic: true, applied: true },
  ),
  "transaction.state.log.load.buffer.size": int(5_242_880, "Bytes read at a time when transactions are loaded.", { min: 1 }),
  "transaction.state.log.min.isr": int(1, "In-sync replicas that __transaction_state needs. 1 by default here; Kafka: 2.", {
    min: 1,
    applied: true,
  }),
  "transaction.state.log.num.partitions": int(1, "Partitions of __transaction_state. 1 by default here; Kafka: 50.", {
    min: 1,
    applied: true,
  }),
  "transaction.state.log.replication.factor": short(3, "Replicas of __transaction_state; as many as there are nodes, if those are fewer.", {
    min: 1,
    applied: true,
  }),
  "transaction.state.log.segment.bytes": int(104_857_600, "Largest segment of __transaction_state, in bytes.", {
    min: 1,
    applied: true,
  }),
  "transaction.two.phase.commit.enable": boolean(false, "Whether producers may prepare transactions without a time-out."),
  "transactional.id.expiration.ms": int(604_800_000, "How long an unused transactional id is kept, in milliseconds.", {
    min: 1,
    applied: true,
  }),
  "share.coordinator.append.linger.ms": int(-1, "How long the share coordinator gathers writes, in milliseconds; -1 adapts.", { min: -1 }),
  "share.coordinator.cached.buffer.max.bytes": int(1_048_588, "Largest buffer that the share coordinator keeps for reuse, in bytes.", {
    min: 524_288,
    dynamic: true,
  }),
  "share.coordinator.cold.partition.snapshot.interval.ms": int(
    300_000,
    "How often idle share partitions are written whole, in milliseconds.",
    { min: 1, internal: true },
  ),
  "share.coordinator.load.buffer.size": int(5_242_880, "Bytes read at a time when share state is loaded.", { min: 1 }),
  "share.coordinator.snapshot.update.records.per.snapshot": int(500, "Updates of a share partition between two whole snapshots.", {
    min: 0,
    max: 500,
  }),
  "share.coordinator.state.topic.compression.codec": int(0, "The codec of __share_group_state, by number; 0 is none."),
  "share.coordinator.state.topic.min.isr": short(
    1,
    "In-sync replicas that __share_group_state needs. 1 by default here; Kafka: 2.",
    { min: 1 },
  ),
  "share.coordinator.state.topic.num.partitions": int(1, "Partitions of __share_group_state. 1 by default here; Kafka: 50.", { min: 1 }),
  "share.coordinator.state.topic.prune.interval.ms": int(300_000, "How often __share_group_state is pruned, in milliseconds.", {
    min: 1,
    internal: true,
  }),
  "share.coordinator.state.topic.replication.factor": short(1, "Replicas of __share_group_state. 1 by default here; Kafka: 3.", {
    min: 1,
  }),
  "share.coordinator.state.topic.segment.bytes": int(104_857_600, "Largest segment of __share_group_state, in bytes.", { min: 1 }),
  "share.coordinator.threads": int(1, "Threads of the share coordinator.", { min: 1 }),
  "share.coordinator.write.timeout.ms": int(5000, "How long a write of the share coordinator may take, in milliseconds.", { min: 1 }),
};

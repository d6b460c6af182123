/** One thing in which Ottla differs from Apache Kafka on purpose. */
export interface Difference {
  readonly where: string;
  readonly ottla: string;
  readonly kafka: string;
  /** The record in `docs/decisions/` that tells why. */
  readonly decision?: string;
}

/** All of them, each with a place in the code or a test that shows it; `compat/` and the rows of `protocol/records/testdata/` keep them true. */
export const differences: readonly Difference[] = [
  {
    where: "`group.initial.rebalance.delay.ms`",
    ottla: "0: a new group waits for nobody, so that a test does not either",
    kafka: "3000",
  },
  {
    where: "`offsets.topic.num.partitions`",
    ottla: "1: one log is replayed faster than fifty",
    kafka: "50",
  },
  {
    where: "`transaction.state.log.num.partitions`, `transaction.state.log.min.isr`",
    ottla: "1 and 1",
    kafka: "50 and 2",
  },
  {
    where: "EndTxn",
    ottla: "answers when the markers are written: nothing is in the way of the next transaction, and consumers see what was committed",
    kafka: "answers when it is decided; until the markers are written the next transaction is refused with CONCURRENT_TRANSACTIONS",
    decision: "0016-transactions",
  },
  {
    where: "InitProducerId while a transaction with its id is open",
    ottla: "answers when that is aborted",
    kafka: "CONCURRENT_TRANSACTIONS, to be asked again",
    decision: "0016-transactions",
  },
  {
    where: "a request of an old transactional producer (transaction version 1) that comes late, on a connection older than its newest",
    ottla: "refused with PRODUCER_FENCED, in Produce INVALID_PRODUCER_EPOCH",
    kafka: "counts for the transaction that is open then",
    decision: "0016-transactions",
  },
  {
    where: "`max.connections`",
    ottla: "10,000",
    kafka: "no limit in practice (2,147,483,647)",
  },
  {
    where: "`queued.max.request.bytes`",
    ottla:
      "256 MiB for all connections together; responses on their way count, and large fetches shrink to a quarter of what is left, to 1 MiB at least",
    kafka: "-1, no limit; responses are not counted",
  },
  {
    where: "unknown property in `server.properties`",
    ottla: "refused, with the nearest name",
    kafka: "a warning in the log",
  },
  {
    where: "listener without a host (`PLAINTEXT://:9092`)",
    ottla: "127.0.0.1",
    kafka: "every address of the machine",
  },
  {
    where: "listener that other machines can reach",
    ottla: "refused without `--insecure` (`insecure: true`)",
    kafka: "allowed",
  },
  {
    where: "no `advertised.listeners`",
    ottla: "a client is told the address that it dialled",
    kafka: "the listener's address, or the machine's host name",
  },
  {
    where: "several client listeners, several `log.dirs`",
    ottla: "refused",
    kafka: "served",
  },
  {
    where: "GetTelemetrySubscriptions and PushTelemetry, where nobody receives metrics of clients",
    ottla: "as unknown as any API that ApiVersions does not name",
    kafka: "not named either, but answered, should anybody ask: what is pushed then goes nowhere",
  },
  {
    where: "patterns in `match` of client metrics subscriptions",
    ottla:
      "RE2's, of 512 characters at most, so that no client keeps the broker busy with its name: without look-around and back references",
    kafka: "Java's",
    decision: "0017-regular-expressions",
  },
  {
    where: "UnregisterBroker of a broker that runs",
    ottla: "refused with INVALID_REQUEST",
    kafka: "done: its partitions have no leader, and the cluster no broker, until it starts again",
  },
  {
    where:
      "`queued.max.request.bytes` below `socket.request.max.bytes`, `connections.max.idle.ms` not above `connection.failed.authentication.delay.ms`",
    ottla: "taken",
    kafka: "refused at the start",
  },
  {
    where: "groups, while `__consumer_offsets` has fewer replicas in sync than `min.insync.replicas`",
    ottla:
      "what would have to be written is refused at once with COORDINATOR_NOT_AVAILABLE and never counts; nothing else waits for it, and of several groups " +
      "that are deleted in one request the others are",
    kafka:
      "written, answered with COORDINATOR_NOT_AVAILABLE after `offsets.commit.timeout.ms`, and counts when the replicas are back; heartbeats, and " +
      "what else goes to groups of the same partition, wait for it and are answered so too",
  },
  {
    where: "`eligible.leader.replicas.version` turned off",
    ottla: "`min.insync.replicas` is still one number for all brokers, and cannot be removed",
    kafka: "each broker may have its own",
  },
  {
    where: "DescribeQuorum",
    ottla: "the epoch of the metadata log is 0, as nobody is elected for it, and its listener is that of clients",
    kafka: "an epoch more with every start; a listener of its own (`CONTROLLER`)",
  },
  {
    where: "the name of the log directory, in DescribeLogDirs",
    ottla: "as `log.dirs` (`--data-dir`) has it",
    kafka: "absolute",
  },
  {
    where: "more partitions for `__consumer_offsets` or `__transaction_state`",
    ottla: "refused with INVALID_REQUEST",
    kafka: "done; from the next start on most groups and transactional ids are looked for in partitions that do not have them",
  },
  {
    where: "pipelined requests of one connection",
    ottla: "handled as they come, up to 64 at a time; answered in order",
    kafka: "one at a time: the next is read when the one before has its answer",
    decision: "0006-pipelined-requests",
  },
  {
    where: "recovery of a damaged log",
    ottla:
      "what a power cut tore is cut off, and its bytes are kept in a `.torn` file; damage below the recovery point stays, its offsets answer CORRUPT_MESSAGE, and all others can be read",
    kafka: "everything behind the damage is dropped",
    decision: "0013-checkpoints",
  },
  {
    where: "index files",
    ottla: "believed only with the checksum that the segment's checkpoint (`.ottla`) has of them, else made again",
    kafka: "believed if their size is right",
    decision: "0013-checkpoints",
  },
  {
    where: "the start of a log after DeleteRecords",
    ottla: "durable, with a checksum, before the answer; without it the log stays closed",
    kafka: "written later, without a checksum; what was deleted may come back",
    decision: "0013-checkpoints",
  },
  {
    where: "what compaction leaves of a segment",
    ottla:
      "also the header of its last batch, so that a gap between segments is known to be damage; the marker of a transaction may stay a round longer",
    kafka: "the last batch of a round",
    decision: "0015-compaction",
  },
  {
    where: "a round of compaction that begins within a segment",
    ottla: "drops every record that a newer one of its key replaces",
    kafka: "takes transactions for aborted whose producer has aborted another before, and keeps what they replace until a later round",
    decision: "0015-compaction",
  },
  {
    where: "compaction of a log that is damaged",
    ottla: "waits until that has been seen to",
    kafka: "may copy a batch with a wrong checksum, which is right afterwards",
    decision: "0015-compaction",
  },
  {
    where: "a partition's leader epoch when the broker comes back",
    ottla: "one more after a crash; after a stop in good order it stays, as nothing was lost that it could tell of",
    kafka: "one or two more after any stop",
    decision: "0014-process-and-commits",
  },
  {
    where: "idempotence over a restart",
    ottla: "the last five batches of a producer are known again, from a checkpoint and the log",
    kafka: "from a snapshot, which keeps the last one",
    decision: "0011-recovery-points-and-producers",
  },
  {
    where: "producers whose records were all deleted, over a restart",
    ottla: "are known as before, and what they have not committed is still open",
    kafka: "are forgotten: their open transactions hide nothing any more, and cannot go on",
    decision: "0011-recovery-points-and-producers",
  },
  {
    where: "a group whose static members allow no time to rejoin (a rebalance timeout of 0)",
    ottla: "waits a second before it asks whether one came",
    kafka: "asks again at once, as long as none comes",
  },
  {
    where: "`producer.id.expiration.ms`",
    ottla: "counts from the last append, on a clock that nobody sets",
    kafka: "counts from the timestamp of the last record",
    decision: "0011-recovery-points-and-producers",
  },
  {
    where: "a clock that is set ahead, and a machine that slept",
    ottla:
      "make nothing old before the next start: retention, expiry of offsets and transactional ids, and time-outs of transactions count the time that has passed",
    kafka: "deletes and aborts by the clock",
  },
  {
    where: "files of a partition",
    ottla: "appear with its first append",
    kafka: "appear with the partition",
  },
  {
    where: "`compression.lz4.level`",
    ottla: "without effect: every level is the fast compressor",
    kafka: "9, the default, is the fast compressor; other levels are the high one",
  },
  {
    where: "batch that decompresses to more than 64 MiB",
    ottla: "MESSAGE_TOO_LARGE",
    kafka: "accepted, whatever it grows to",
    decision: "0004-records-kafka-would-store",
  },
  {
    where: "Produce without records (null) for a partition",
    ottla: "INVALID_RECORD",
    kafka: "fails inside; the client gets no answer",
  },
  {
    where: "offset deltas within an uncompressed batch that are not 0, 1, 2 …",
    ottla: "INVALID_RECORD: consumers would see offsets twice, out of order or not at all",
    kafka: "accepted",
    decision: "0004-records-kafka-would-store",
  },
  {
    where: "wrong record lengths inside a compressed batch",
    ottla: "INVALID_RECORD",
    kafka: "accepted, though no consumer can read the batch",
    decision: "0004-records-kafka-would-store",
  },
  {
    where: "producer ids above 2^53",
    ottla: "INVALID_RECORD",
    kafka: "accepted",
    decision: "0004-records-kafka-would-store",
  },
  {
    where: "offset or other int64 beyond ±2^53 in a request",
    ottla: "the connection is closed: offsets are exact numbers",
    kafka: "read; a fetch is answered with OFFSET_OUT_OF_RANGE",
  },
  {
    where: "tagged field whose size is not that of its content",
    ottla: "the connection is closed",
    kafka: "read on behind the content, whatever the size says",
  },
  {
    where: "string whose malformed UTF-8 takes more than 32,767 bytes when it is written again",
    ottla: "the connection is closed",
    kafka: "fails inside; the client gets no answer",
  },
  {
    where: "Fetch and ListOffsets with a negative size, an unknown isolation level or an extreme session id",
    ottla: "answered as if the size were 0, the level READ_UNCOMMITTED, the session not named",
    kafka: "UNKNOWN_SERVER_ERROR: fails inside",
  },
  {
    where: "JoinGroup with a protocol twice, or with a subscription that cannot be read",
    ottla: "joins",
    kafka: "fails inside; the client gets no answer, and the group waits",
  },
];

import { brokerTests, type Campaign } from "./mutation.ts";

/** Random requests of producers beside a model. */
const MODEL = ["broker/coordinator/transaction/model_test.ts"];
const SHARD = ["broker/coordinator/transaction/shard_test.ts"];
const SERVICE = ["broker/coordinator/transaction/service_test.ts"];
/** Producers of both versions of transactions, and a whole broker. */
const BROKER = ["broker/transactions_test.ts"];
const LOG = ["storage/transactions_test.ts"];
const OFFSETS = ["broker/coordinator/group/offsets_test.ts"];
/** A whole broker on a simulated disk that ends before any of its operations. */
const CRASHES = ["sim/crash_test.ts"];

/** Bugs in the coordinator of transactions, in their markers and in what is kept back until they are over. */
export const transactions: Campaign = {
  ...brokerTests,
  mutations: [
    {
      name: "a transaction of version 2 leaves its producer the epoch that it had",
      file: "broker/coordinator/transaction/transitions.ts",
      from: "bumpsEpochs(transactionVersion) ? Math.min(producerEpoch + 1, MAX_EPOCH) : producerEpoch",
      to: "producerEpoch",
      only: MODEL,
    },
    {
      name: "who takes a transactional id has the epoch of whoever had it before",
      file: "broker/coordinator/transaction/init_producer_id.ts",
      from: "if (expected === null) return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch",
      to: "if (expected === null) return { producerId, producerEpoch, lastProducerEpoch",
      only: MODEL,
    },
    {
      name: "a transaction that is aborted for its age leaves its producer unfenced",
      file: "broker/coordinator/transaction/shard.ts",
      from: "const SERVER_VERSION = 2;",
      to: "const SERVER_VERSION = 1;",
      only: SHARD,
    },
    {
      name: "EndTxn answers before the markers are written",
      file: "broker/coordinator/transaction/service.ts",
      from: "    await this.#complete(runtime, transactionalId, value);\n    return",
      to: "    void this.#complete(runtime, transactionalId, value);\n    return",
      only: SERVICE,
    },
    {
      name: "a transaction goes on with the partitions of the one before",
      file: "broker/coordinator/transaction/transitions.ts",
      from: "    transactionPartitions: [],\n",
      to: "",
      only: MODEL,
    },
    {
      name: "a repeated EndTxn of version 2 is taken for a producer that is fenced",
      file: "broker/coordinator/transaction/end_transaction.ts",
      from: "const bumped = producerId === request.producerId && producerEpoch === request.producerEpoch + 1;",
      to: "const bumped = false;",
      only: MODEL,
    },
    {
      name: "each partition that joins gives its transaction more time",
      file: "broker/coordinator/transaction/transitions.ts",
      from: "begins ? now : known.transactionStartTimestampMs",
      to: "now",
      only: MODEL,
    },
    {
      name: "no transaction is open for too long",
      file: "broker/coordinator/transaction/shard.ts",
      from: "transactionStartTimestampMs + transactionTimeoutMs < now",
      to: "transactionStartTimestampMs + transactionTimeoutMs < 0",
      only: BROKER,
    },
    {
      name: "ids expire whose markers are not written",
      file: "broker/coordinator/transaction/state.ts",
      from: "[DEAD]: [EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT],",
      to: "[DEAD]: [EMPTY, PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT],",
      only: SHARD,
    },
    {
      name: "ids expire whose transaction is being ended",
      file: "broker/coordinator/transaction/shard.ts",
      from: "if (isWanted(known) && !this.#endings.has(transactionalId)) ids.push",
      to: "if (isWanted(known)) ids.push",
      only: SHARD,
    },
    {
      name: "a partition that was not added takes what producers of version 1 write",
      file: "broker/transaction_verification.ts",
      from: "if (!transactions.verifiesPartitions || transactions.hasPartition(transactionalId, producer, topic, index)) return null;",
      to: "return null;",
      only: BROKER,
    },
    {
      name: "consumers of committed records are shown transactions that are open",
      file: "storage/log.ts",
      from: "const firstUnstable = this.#producers.firstUnstableOffset(highWatermark);",
      to: "const firstUnstable = null as number | null;",
      only: LOG,
    },
    {
      name: "what was aborted is not told from what was committed",
      file: "storage/producer_state.ts",
      from: "return isAborted ? { producerId, firstOffset, lastOffset, lastStableOffset } : null;",
      to: "void lastStableOffset;\n    return null;",
      only: LOG,
    },
    {
      name: "a coordinator of before ends a transaction",
      file: "storage/producer_state.ts",
      from: "if (coordinatorEpoch < entry.coordinatorEpoch) {",
      to: "if (coordinatorEpoch < -1) {",
      only: ["storage/producer_state_test.ts"],
    },
    {
      name: "offsets count before their transaction is committed",
      file: "broker/coordinator/group/offsets.ts",
      from: "if (producerId === NO_PRODUCER_ID) return",
      to: "if (producerId >= NO_PRODUCER_ID) return",
      only: OFFSETS,
    },
    {
      name: "offsets of a transaction that was aborted count",
      file: "broker/coordinator/group/offsets.ts",
      from: "if (committed && (known",
      to: "if ((known",
      only: OFFSETS,
    },
    {
      name: "a coordinator of groups that reads its log anew takes aborted transactions for committed ones",
      file: "broker/coordinator/partition_log.ts",
      from: 'marker.type === ControlRecordType.COMMIT ? "commit" : "abort"',
      to: '"commit"',
      only: CRASHES,
    },
    {
      name: "a transaction is committed before what it wrote is durable",
      file: "broker/coordinator/transaction/service.ts",
      from:
        "await Promise.all(partitionsOf(value).map(async ([topic, partition]) => await this.#parts.partitions.durable(topic, partition)));",
      to: "",
      only: SERVICE,
    },
    {
      name: "what was decided before a crash is not ended after it",
      file: "broker/coordinator/transaction/service.ts",
      from: "await this.completePrepared();\n    if (this.#timers.length > 0) return;",
      to: "",
      only: CRASHES,
    },
    {
      name: "a transaction is over before its markers are durable",
      file: "broker/transaction_partitions.ts",
      from: "const durable = partition.durable();\n  if (durable !== null) await durable;",
      to: "void partition.durable();",
      only: ["broker/transaction_partitions_test.ts"],
    },
    {
      name: "a batch is written before it is durable that its partition is in the transaction",
      file: "broker/transaction_verification.ts",
      from: "return follow(() => transactions.addPartitions(transactionalId, producer, topics, 2), added, refused);",
      to: "return follow(() => void transactions.addPartitions(transactionalId, producer, topics, 2), added, refused);",
      only: CRASHES,
    },
    {
      name: "a late EndTxn counts for the next transaction",
      file: "broker/coordinator/transaction/newest_connections.ts",
      from: "if (isSame && openedAt < newest.openedAt) throw new KafkaError(ErrorCode.PRODUCER_FENCED);",
      to: "",
      only: BROKER,
    },
    {
      name: "a producer may end a transaction with the epoch that nobody has yet",
      file: "broker/coordinator/transaction/end_transaction.ts",
      from: "(isAhead || producerEpoch !== request.producerEpoch)",
      to: "producerEpoch !== request.producerEpoch",
      only: MODEL,
    },
  ],
};

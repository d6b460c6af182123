import { ErrorCode, errorName } from "../protocol/errors.ts";
import type { ProduceRequest, TopicProduceData } from "../protocol/generated/00_produce.ts";
import { HEADER_BYTES, RecordBatch, RecordsError } from "../protocol/records/mod.ts";
import type { VerificationGuard } from "../storage/mod.ts";
import type { TransactionService } from "./coordinator/transaction/service.ts";
import type { ProducerIdAndEpoch } from "./coordinator/transaction/transitions.ts";
import { JOINS_TRANSACTION_VERSION, type TransactionVerifier } from "./coordinator/transaction_verifier.ts";
import { follow } from "./follow.ts";
import type { RequestContext } from "./handler.ts";
import { codeFor, KafkaError } from "./kafka_error.ts";
import { OFFSETS_TOPIC } from "./metadata/topic_names.ts";
import type { Partition } from "./partitions.ts";

/** From this version of Produce on, partitions join the transaction with their first batch (transaction version 2, KIP-890). */
const IMPLICIT_VERSION = 12;
/** From this version of Produce on, clients know TRANSACTION_ABORTABLE. */
const ABORTABLE_VERSION = 11;

/** The same for TxnOffsetCommit. */
const ABORTABLE_COMMIT_VERSION = 4;

/** Where every format of batches says which it is, and the one that has transactions. */
const MAGIC_AT = 16;
const MAGIC = 2;

/** Why a partition does not take a transactional batch. */
export interface Refusal {
  readonly code: number;
  readonly message: string | null;
}

/** What the coordinator has said of partitions to which a transaction has not written yet; those it has written to need no asking. */
export type Verified = ReadonlyMap<Partition, VerificationGuard | Refusal>;

const nothing: Verified = new Map();

/**
 * Asks the transaction coordinator about the partitions that a transaction of the request's producer has not written to yet: up to version 11 of Produce whether they were added, from 12 on to add
 * them, for which the disk may have to be waited for: then there is a promise. So no batch begins a transaction that nobody would end; up to version 11 one may with `transaction.partition.verification.enable=false`.
 * Throws INVALID_PRODUCER_ID_MAPPING for two producers in a request. Kafka: `ReplicaManager.handleProduceAppend`, `AddPartitionsToTxnManager`.
 */
export function verifyTransaction(
  transactions: TransactionService,
  { transactionalId }: ProduceRequest,
  topics: readonly TopicProduceData[],
  find: (topic: TopicProduceData, index: number) => Partition | number,
  { apiVersion: version, connection }: Pick<RequestContext, "apiVersion" | "connection">,
): Verified | Promise<Verified> {
  if (transactionalId === null) return nothing;
  const verified = new Map<Partition, VerificationGuard | Refusal>();
  const asked = new Map<Partition, VerificationGuard>();
  let producer: ProducerIdAndEpoch | null = null;
  for (const topic of topics) {
    for (const { index, records } of topic.partitionData) {
      const partition = find(topic, index);
      if (typeof partition === "number" || !isTransactional(records)) continue;
      const batch = new RecordBatch(records!);
      const { producerId, producerEpoch } = batch;
      if (producer !== null && producer.producerId !== producerId) throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
      producer = { producerId, producerEpoch };
      try {
        if (version < IMPLICIT_VERSION) transactions.checkConnection(transactionalId, producer, connection, "leader");
        const guard = partition.log.startVerification({ ...producer, baseSequence: batch.baseSequence }, version >= IMPLICIT_VERSION);
        if (guard !== null) asked.set(partition, guard);
      } catch (error) {
        if (error instanceof KafkaError) verified.set(partition, refusalFor(error, version));
        else if (error instanceof RecordsError) verified.set(partition, error);
        else throw error;
      }
    }
  }
  if (producer === null || asked.size === 0) return verified;
  if (version >= IMPLICIT_VERSION) return add(transactions, transactionalId, producer, asked, verified);
  for (const [partition, guard] of asked) {
    verified.set(partition, verify(transactions, transactionalId, producer, partition, version) ?? guard);
  }
  return verified;
}

/** The same for what groups commit in transactions. Kafka: `CoordinatorPartitionWriter.maybeStartTransactionVerification`. */
export function commitVerifier(transactions: () => TransactionService): TransactionVerifier {
  return {
    verify({ transactionalId, producerId, producerEpoch }, partition, version) {
      const producer = { producerId, producerEpoch };
      if (transactionalId === "") throw new KafkaError(ErrorCode.INVALID_REQUEST);
      const joinOrCheck = (): void | Promise<void> => {
        if (version >= JOINS_TRANSACTION_VERSION) {
          return transactions().addPartitions(transactionalId, producer, [{ topic: OFFSETS_TOPIC, partitionIds: [partition] }], 2);
        }
        const { verifiesPartitions } = transactions();
        if (!verifiesPartitions || transactions().hasPartition(transactionalId, producer, OFFSETS_TOPIC, partition)) return;
        throw new KafkaError(version >= ABORTABLE_COMMIT_VERSION ? ErrorCode.TRANSACTION_ABORTABLE : ErrorCode.INVALID_TXN_STATE);
      };
      return follow(joinOrCheck, () => undefined, failCommit);
    },
  };
}

function failCommit(error: unknown): never {
  if (!(error instanceof KafkaError)) throw error;
  // The client would look for the coordinator of its group.
  const code = error.code === ErrorCode.NOT_COORDINATOR ? ErrorCode.COORDINATOR_NOT_AVAILABLE : codeFor(error, false);
  throw new KafkaError(code, null, { cause: error });
}

/** Whether the records are a batch of a transaction. */
export function isTransactional(records: Uint8Array | null): boolean {
  return records !== null && records.length >= HEADER_BYTES && records[MAGIC_AT] === MAGIC && new RecordBatch(records).isTransactional;
}

function verify(
  transactions: TransactionService,
  transactionalId: string,
  producer: ProducerIdAndEpoch,
  { topic, index }: Partition,
  version: number,
): Refusal | null {
  try {
    if (!transactions.verifiesPartitions || transactions.hasPartition(transactionalId, producer, topic, index)) return null;
    if (version >= ABORTABLE_VERSION) return { code: ErrorCode.TRANSACTION_ABORTABLE, message: null };
    return { code: ErrorCode.INVALID_TXN_STATE, message: "The partition is not in the transaction." };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return refusalFor(error, version);
  }
}

function add(
  transactions: TransactionService,
  transactionalId: string,
  producer: ProducerIdAndEpoch,
  asked: ReadonlyMap<Partition, VerificationGuard>,
  verified: Map<Partition, VerificationGuard | Refusal>,
): Verified | Promise<Verified> {
  const topics = Array.from(asked.keys(), ({ topic, index }) => ({ topic, partitionIds: [index] }));
  const added = (): Verified => {
    for (const [partition, guard] of asked) verified.set(partition, guard);
    return verified;
  };
  const refused = (error: unknown): Verified => {
    if (!(error instanceof KafkaError)) throw error;
    for (const partition of asked.keys()) verified.set(partition, refusalFor(error, IMPLICIT_VERSION));
    return verified;
  };
  return follow(() => transactions.addPartitions(transactionalId, producer, topics, 2), added, refused);
}

/** What Produce answers for the coordinator's error: producers of before transaction version 2 repeat a batch after NOT_ENOUGH_REPLICAS, but not after others. */
function refusalFor({ code }: KafkaError, version: number): Refusal {
  switch (code) {
    case ErrorCode.PRODUCER_FENCED:
      return { code: ErrorCode.INVALID_PRODUCER_EPOCH, message: null };
    case ErrorCode.CONCURRENT_TRANSACTIONS:
      if (version >= IMPLICIT_VERSION) return { code, message: null };
      break;
    case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
    case ErrorCode.COORDINATOR_NOT_AVAILABLE:
    case ErrorCode.NOT_COORDINATOR:
      break;
    default:
      return { code, message: null };
  }
  const message = `Nobody can say whether the partition is in the transaction: ${errorName(code)}.`;
  return { code: ErrorCode.NOT_ENOUGH_REPLICAS, message };
}

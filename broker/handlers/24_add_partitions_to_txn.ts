import { ErrorCode } from "../../protocol/errors.ts";
import {
  AddPartitionsToTxn,
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  type AddPartitionsToTxnTopic,
  type AddPartitionsToTxnTopicResult,
  type AddPartitionsToTxnTransaction,
} from "../../protocol/generated/24_add_partitions_to_txn.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { codeFor, KafkaError } from "../kafka_error.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";
import { isInternal } from "../metadata/topic_names.ts";

/** From this version on a request is another broker's: of several transactions, and perhaps only to ask whether they have these partitions (KIP-890). */
const BROKER_VERSION = 4;
/** Until this version clients do not know PRODUCER_FENCED. */
const FENCED_VERSION = 2;
/** By which version of transactions go producers for whom another broker adds partitions; and the others. */
const [IMPLICIT, EXPLICIT] = [2, 0];

/**
 * Adds partitions to a transaction, all or none, so that they may be written to. Versions 0 to 3 are for clients; 4 and 5 for brokers, for which any
 * client may pass here as long as there is no authorizer. Kafka: `KafkaApis.handleAddPartitionsToTxnRequest`.
 */
export function addPartitionsToTxn(
  transactions: TransactionService,
  topics: TopicNames,
): Handler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> {
  return {
    api: AddPartitionsToTxn,
    async handle(context, request) {
      if (context.apiVersion >= BROKER_VERSION) {
        if (!context.authorize("ClusterAction", "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        const results = request.transactions.map(async (transaction) => ({
          transactionalId: transaction.transactionalId,
          topicResults: await addOrVerify(context, transactions, topics, transaction),
        }));
        return {
          throttleTimeMs: 0,
          errorCode: ErrorCode.NONE,
          resultsByTransaction: await Promise.all(results),
          resultsByTopicV3AndBelow: [],
        };
      }
      const transaction = ofClient(request);
      const results = context.authorize("Write", "TransactionalId", transaction.transactionalId)
        ? await addOrVerify(context, transactions, topics, transaction)
        : resultsOf(transaction.topics, () => ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, resultsByTransaction: [], resultsByTopicV3AndBelow: results };
    },
    fail(request, code) {
      const results = resultsOf(request.v3AndBelowTopics, () => code);
      return { throttleTimeMs: 0, errorCode: code, resultsByTransaction: [], resultsByTopicV3AndBelow: results };
    },
  };
}

async function addOrVerify(
  context: RequestContext,
  transactions: TransactionService,
  topics: TopicNames,
  transaction: AddPartitionsToTxnTransaction,
): Promise<AddPartitionsToTxnTopicResult[]> {
  const { transactionalId, verifyOnly } = transaction;
  const asked = eachOnce(transaction.topics);
  const refusals = resultsOf(asked, (topic, partition) => refusalOf(context, topics, topic, partition));
  const isRefused = ({ partitionErrorCode }: { partitionErrorCode: number }): boolean => partitionErrorCode !== ErrorCode.NONE;
  if (refusals.some(({ resultsByPartition }) => resultsByPartition.some(isRefused))) {
    return resultsOf(asked, (topic, partition) => refusalOf(context, topics, topic, partition) || ErrorCode.OPERATION_NOT_ATTEMPTED);
  }
  try {
    if (transactionalId === "") throw new KafkaError(ErrorCode.INVALID_REQUEST);
    if (verifyOnly) {
      return resultsOf(
        asked,
        (topic, partition) =>
          transactions.hasPartition(transactionalId, transaction, topic, partition) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE,
      );
    }
    const added = asked.map(({ name, partitions }) => ({ topic: name, partitionIds: partitions }));
    const version = context.apiVersion >= BROKER_VERSION ? IMPLICIT : EXPLICIT;
    if (version === EXPLICIT) transactions.checkConnection(transactionalId, transaction, context.connection, "coordinator");
    await transactions.addPartitions(transactionalId, transaction, added, version);
    return resultsOf(transaction.topics, () => ErrorCode.NONE);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return resultsOf(verifyOnly ? asked : transaction.topics, () => codeFor(error, context.apiVersion >= FENCED_VERSION));
  }
}

/** Why a partition cannot be added, or NONE. Offsets come into a transaction by AddOffsetsToTxn. */
function refusalOf(context: RequestContext, topics: TopicNames, topic: string, partition: number): number {
  const isOfClient = context.apiVersion < BROKER_VERSION;
  if (isOfClient && (isInternal(topic) || !context.authorize("Write", "Topic", topic))) return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  return topics.topic(topic)?.partitions[partition] === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
}

function ofClient(request: AddPartitionsToTxnRequest): AddPartitionsToTxnTransaction {
  return {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: request.v3AndBelowProducerId,
    producerEpoch: request.v3AndBelowProducerEpoch,
    verifyOnly: false,
    topics: request.v3AndBelowTopics,
  };
}

/** Each topic and each partition once. */
function eachOnce(topics: readonly AddPartitionsToTxnTopic[]): AddPartitionsToTxnTopic[] {
  const all = new Map<string, Set<number>>();
  for (const { name, partitions } of topics) all.set(name, new Set([...all.get(name) ?? [], ...partitions]));
  return Array.from(all, ([name, partitions]) => ({ name, partitions: [...partitions] }));
}

function resultsOf(
  topics: readonly AddPartitionsToTxnTopic[],
  codeOf: (topic: string, partition: number) => number,
): AddPartitionsToTxnTopicResult[] {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: codeOf(name, partitionIndex) })),
  }));
}

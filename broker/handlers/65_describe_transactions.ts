import { ErrorCode } from "../../protocol/errors.ts";
import {
  DescribeTransactions,
  type DescribeTransactionsRequest,
  type DescribeTransactionsResponse,
  type DescribeTransactionsState,
} from "../../protocol/generated/65_describe_transactions.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import { stateName } from "../coordinator/transaction/state.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { KafkaError } from "../kafka_error.ts";

/** Tells the state of transactional ids. Topics that the client may not know of are left out. Kafka: `KafkaApis.handleDescribeTransactionsRequest`. */
export function describeTransactions(transactions: TransactionService): Handler<DescribeTransactionsRequest, DescribeTransactionsResponse> {
  return {
    api: DescribeTransactions,
    async handle(context, { transactionalIds }) {
      const states = transactionalIds.map((id) => describe(context, transactions, id));
      return { throttleTimeMs: 0, transactionStates: await Promise.all(states) };
    },
    fail({ transactionalIds }, code) {
      return { throttleTimeMs: 0, transactionStates: transactionalIds.map((id) => refused(id, code)) };
    },
  };
}

async function describe(
  context: RequestContext,
  transactions: TransactionService,
  transactionalId: string,
): Promise<DescribeTransactionsState> {
  if (!context.authorize("Describe", "TransactionalId", transactionalId)) {
    return refused(transactionalId, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  }
  if (transactionalId === "") return refused(transactionalId, ErrorCode.INVALID_REQUEST);
  try {
    const known = await transactions.describe(transactionalId);
    if (known === undefined) return refused(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
    const topics = (known.transactionPartitions ?? []).filter(({ topic }) => context.authorize("Describe", "Topic", topic));
    return {
      errorCode: ErrorCode.NONE,
      transactionalId,
      transactionState: stateName(known.transactionStatus),
      transactionTimeoutMs: known.transactionTimeoutMs,
      transactionStartTimeMs: known.transactionStartTimestampMs,
      producerId: known.producerId,
      producerEpoch: known.producerEpoch,
      topics: topics.map(({ topic, partitionIds }) => ({ topic, partitions: partitionIds })),
    };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return refused(transactionalId, error.code);
  }
}

function refused(transactionalId: string, errorCode: number): DescribeTransactionsState {
  return {
    errorCode,
    transactionalId,
    transactionState: "",
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0,
    producerEpoch: 0,
    topics: [],
  };
}

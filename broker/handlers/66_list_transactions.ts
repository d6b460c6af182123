import { ErrorCode } from "../../protocol/errors.ts";
import type { TransactionLogValue } from "../../protocol/generated/records/transaction_log_value.ts";
import {
  ListTransactions,
  type ListTransactionsRequest,
  type ListTransactionsResponse,
} from "../../protocol/generated/66_list_transactions.ts";
import type { TransactionService } from "../coordinator/transaction/service.ts";
import { stateName, stateNamed } from "../coordinator/transaction/state.ts";
import type { Handler } from "../handler.ts";
import { loadPatterns, matcherOf } from "../pattern.ts";

/**
 * Lists transactional ids by the state of their transaction, by producer id, by how long the transaction is open (version 1), and by a pattern that
 * the id matches (version 2). Kafka: `KafkaApis.handleListTransactionsRequest`, `TransactionStateManager.listTransactionStates`.
 */
export function listTransactions(transactions: TransactionService): Handler<ListTransactionsRequest, ListTransactionsResponse> {
  return {
    api: ListTransactions,
    gaps: [
      "A pattern longer than 512 characters, or one that repeats more than some hundred times, is refused with INVALID_REGULAR_EXPRESSION.",
    ],
    async handle(context, { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }) {
      const pattern = transactionalIdPattern ?? "";
      if (pattern !== "") await loadPatterns();
      const matches = matcherOf(pattern);
      const states = new Set(stateFilters.map(stateNamed));
      const now = transactions.now();
      const isWanted = (transactionalId: string, known: TransactionLogValue): boolean =>
        (producerIdFilters.length === 0 || producerIdFilters.includes(known.producerId)) &&
        (stateFilters.length === 0 || states.has(known.transactionStatus as never)) &&
        (durationFilter < 0 || now - known.transactionStartTimestampMs > durationFilter) &&
        matches(transactionalId) && context.authorize("Describe", "TransactionalId", transactionalId);
      const listed = await transactions.list(isWanted);
      return {
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        unknownStateFilters: stateFilters.filter((name) => stateNamed(name) === undefined),
        transactionStates: listed.map(([transactionalId, { producerId, transactionStatus }]) => ({
          transactionalId,
          producerId,
          transactionState: stateName(transactionStatus),
        })),
      };
    },
    fail: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, unknownStateFilters: [], transactionStates: [] }),
  };
}

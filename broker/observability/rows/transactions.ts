import { AddPartitionsToTxn } from "../../../protocol/generated/24_add_partitions_to_txn.ts";
import { AddOffsetsToTxn } from "../../../protocol/generated/25_add_offsets_to_txn.ts";
import { EndTxn } from "../../../protocol/generated/26_end_txn.ts";
import { DescribeTransactions } from "../../../protocol/generated/65_describe_transactions.ts";
import { ListTransactions } from "../../../protocol/generated/66_list_transactions.ts";
import { list, many, partitions, row, unlessFailed } from "./row.ts";

interface Producer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

const producer = ({ transactionalId, producerId, producerEpoch }: Producer): string =>
  `transactional id ${transactionalId}, producer ${producerId} epoch ${producerEpoch}`;

export const transactionRows = [
  row({
    api: AddPartitionsToTxn,
    errors({ errorCode, resultsByTransaction, resultsByTopicV3AndBelow }, count) {
      count(errorCode);
      for (
        const { resultsByPartition } of [resultsByTopicV3AndBelow, ...resultsByTransaction.map(({ topicResults }) => topicResults)].flat()
      ) {
        for (const { partitionErrorCode } of resultsByPartition) count(partitionErrorCode);
      }
    },
    asked(request, topics) {
      const names = (asked: typeof request.v3AndBelowTopics) => partitions(asked, (topic) => topic.partitions, String, topics);
      if (request.transactions.length > 0) {
        return list(request.transactions, (one) => `${producer(one)}${one.verifyOnly ? ", only to verify" : ""}: ${names(one.topics)}`);
      }
      const { v3AndBelowTransactionalId, v3AndBelowProducerId, v3AndBelowProducerEpoch, v3AndBelowTopics } = request;
      const one = {
        transactionalId: v3AndBelowTransactionalId,
        producerId: v3AndBelowProducerId,
        producerEpoch: v3AndBelowProducerEpoch,
      };
      return `${producer(one)}: ${names(v3AndBelowTopics)}`;
    },
    answered: ({ resultsByTransaction, resultsByTopicV3AndBelow }, topics) =>
      partitions(
        [resultsByTopicV3AndBelow, ...resultsByTransaction.map(({ topicResults }) => topicResults)].flat(),
        (topic) => topic.resultsByPartition,
        ({ partitionIndex, partitionErrorCode }) => `${partitionIndex} ${unlessFailed(partitionErrorCode, "in")}`,
        topics,
      ),
  }),
  row({
    api: AddOffsetsToTxn,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: (request) => `${producer(request)}: group ${request.groupId}`,
    answered: ({ errorCode }) => unlessFailed(errorCode, "added"),
  }),
  row({
    api: EndTxn,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: (request) => `${producer(request)}: ${request.committed ? "commit" : "abort"}`,
    answered: ({ errorCode, producerId, producerEpoch }) =>
      unlessFailed(errorCode, producerId < 0 ? "done" : `done, producer ${producerId} epoch ${producerEpoch} goes on`),
  }),
  row({
    api: DescribeTransactions,
    errors: ({ transactionStates }, count) => transactionStates.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ transactionalIds }) => list(transactionalIds, String),
    answered: ({ transactionStates }) =>
      list(
        transactionStates,
        ({ transactionalId, errorCode, transactionState }) => `${transactionalId} ${unlessFailed(errorCode, transactionState)}`,
      ),
  }),
  row({
    api: ListTransactions,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ stateFilters, producerIdFilters, transactionalIdPattern }) =>
      list([...stateFilters, ...producerIdFilters, ...transactionalIdPattern ? [transactionalIdPattern] : []], String),
    answered: ({ errorCode, transactionStates }) => unlessFailed(errorCode, many(transactionStates.length, "transactional id")),
  }),
];

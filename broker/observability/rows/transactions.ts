import { AddPartitionsToTxn } from "../../../protocol/generated/24_add_partitions_to_txn.ts";
import { AddOffsetsToTxn } from "../../../protocol/generated/25_add_offsets_to_txn.ts";
import { EndTxn } from "../../../protocol/generated/26_end_txn.ts";
import { WriteTxnMarkers } from "../../../protocol/generated/27_write_txn_markers.ts";
import { TxnOffsetCommit } from "../../../protocol/generated/28_txn_offset_commit.ts";
import { DescribeProducers } from "../../../protocol/generated/61_describe_producers.ts";
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

const written = ({ partitionIndex, errorCode }: { readonly partitionIndex: number; readonly errorCode: number }): string =>
  `${partitionIndex} ${unlessFailed(errorCode, "written")}`;

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
    api: WriteTxnMarkers,
    errors({ markers }, count) {
      for (const { topics } of markers) for (const { partitions } of topics) for (const { errorCode } of partitions) count(errorCode);
    },
    asked: ({ markers }, topics) =>
      list(markers, (marker) => {
        const names = partitions(marker.topics, (topic) => topic.partitionIndexes, String, topics);
        return `producer ${marker.producerId} epoch ${marker.producerEpoch} ${marker.transactionResult ? "commits" : "aborts"}: ${names}`;
      }),
    answered: ({ markers }, topics) => partitions(markers.flatMap((marker) => marker.topics), (topic) => topic.partitions, written, topics),
  }),
  row({
    api: TxnOffsetCommit,
    errors({ topics }, count) {
      for (const { partitions } of topics) for (const { errorCode } of partitions) count(errorCode);
    },
    asked: (request, topics) =>
      `${producer(request)}, group ${request.groupId} generation ${request.generationId}: ${
        partitions(request.topics, (topic) => topic.partitions, (one) => `${one.partitionIndex}@${one.committedOffset}`, topics)
      }`,
    answered: (response, topics) => partitions(response.topics, (topic) => topic.partitions, written, topics),
  }),
  row({
    api: DescribeProducers,
    errors({ topics }, count) {
      for (const { partitions } of topics) for (const { errorCode } of partitions) count(errorCode);
    },
    asked: (request, topics) => partitions(request.topics, (topic) => topic.partitionIndexes, String, topics),
    answered: (response, topics) =>
      partitions(
        response.topics,
        (topic) => topic.partitions,
        ({ partitionIndex, errorCode, activeProducers }) =>
          `${partitionIndex} ${unlessFailed(errorCode, many(activeProducers.length, "producer"))}`,
        topics,
      ),
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

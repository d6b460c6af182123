import { Produce, type ProduceRequest } from "../../../protocol/generated/00_produce.ts";
import { Fetch, type FetchRequest } from "../../../protocol/generated/01_fetch.ts";
import { ListOffsets } from "../../../protocol/generated/02_list_offsets.ts";
import { Metadata } from "../../../protocol/generated/03_metadata.ts";
import { CreateTopics } from "../../../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../../../protocol/generated/20_delete_topics.ts";
import { DeleteRecords } from "../../../protocol/generated/21_delete_records.ts";
import { InitProducerId } from "../../../protocol/generated/22_init_producer_id.ts";
import { OffsetForLeaderEpoch } from "../../../protocol/generated/23_offset_for_leader_epoch.ts";
import { CreatePartitions } from "../../../protocol/generated/37_create_partitions.ts";
import { ElectLeaders } from "../../../protocol/generated/43_elect_leaders.ts";
import { AlterPartitionReassignments } from "../../../protocol/generated/45_alter_partition_reassignments.ts";
import { ListPartitionReassignments } from "../../../protocol/generated/46_list_partition_reassignments.ts";
import { DescribeTopicPartitions } from "../../../protocol/generated/75_describe_topic_partitions.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import type { FetchPartitionData } from "../../../protocol/generated/01_fetch.ts";
import { HEADER_BYTES, RecordBatch } from "../../../protocol/records/mod.ts";
import { list, many, partitions, row, topicName, type TopicNames, unlessFailed } from "./row.ts";

/** What is asked of topics and their records. */
export const topicRows = [
  row({
    api: Produce,
    errors({ responses }, count) {
      for (const { partitionResponses } of responses) for (const { errorCode } of partitionResponses) count(errorCode);
    },
    asked: producing,
    answered: ({ responses }, topics) =>
      partitions(
        responses,
        (topic) => topic.partitionResponses,
        ({ index, errorCode, baseOffset }) => `${index} ${unlessFailed(errorCode, `at ${baseOffset}`)}`,
        topics,
      ),
  }),
  row({
    api: Fetch,
    errors({ errorCode, responses }, count) {
      count(errorCode);
      for (const { partitions } of responses) for (const { errorCode } of partitions) count(errorCode);
    },
    asked: fetching,
    answered: ({ sessionId, responses }, topics) => {
      const found = responses.map(({ topic: name, topicId, partitions }) => ({ name, topicId, partitions: partitions.filter(isNews) }));
      const told = partitions(found, (topic) => topic.partitions, ({ partitionIndex, errorCode, records, highWatermark }) => {
        return `${partitionIndex} ${unlessFailed(errorCode, `${records?.byteLength ?? 0} B of records, high watermark ${highWatermark}`)}`;
      }, topics);
      return `${sessionId === 0 ? "" : `session ${sessionId}: `}${told === "" ? "nothing new" : told}`;
    },
  }),
  row({
    api: ListOffsets,
    errors: ({ topics }, count) => topics.forEach(({ partitions }) => partitions.forEach(({ errorCode }) => count(errorCode))),
    asked: ({ topics: asked }, topics) =>
      partitions(asked, (topic) => topic.partitions, ({ partitionIndex, timestamp }) => `${partitionIndex} ${placeOf(timestamp)}`, topics),
    answered: ({ topics: answered }, topics) =>
      partitions(
        answered,
        (topic) => topic.partitions,
        ({ partitionIndex, errorCode, offset }) => `${partitionIndex} ${unlessFailed(errorCode, `at ${offset}`)}`,
        topics,
      ),
  }),
  row({
    api: Metadata,
    errors({ errorCode, topics }, count) {
      count(errorCode);
      for (const topic of topics) {
        count(topic.errorCode);
        for (const partition of topic.partitions) count(partition.errorCode);
      }
    },
    asked: ({ topics: asked }, topics) => asked === null ? "all topics" : list(asked, (topic) => topicName(topic, topics)) || "no topics",
    answered: ({ topics: answered, brokers }, topics) => {
      const told = list(
        answered,
        (topic) => `${topicName(topic, topics)} ${unlessFailed(topic.errorCode, `with ${many(topic.partitions.length, "partition")}`)}`,
      );
      return `${many(brokers.length, "broker")}${told === "" ? "" : `; ${told}`}`;
    },
  }),
  row({
    api: CreateTopics,
    errors: ({ topics }, count) => topics.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ topics, validateOnly }) =>
      `${validateOnly ? "only to validate: " : ""}${
        list(topics, ({ name, numPartitions }) =>
          `${name} with ${numPartitions < 0 ? "the default of partitions" : many(numPartitions, "partition")}`)
      }`,
    answered: ({ topics }) => list(topics, ({ name, errorCode }) => `${name} ${unlessFailed(errorCode, "created")}`),
  }),
  row({
    api: DeleteTopics,
    errors: ({ responses }, count) => responses.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ topics: asked, topicNames }, topics) =>
      list([...topicNames.map((name) => ({ name, topicId: "" })), ...asked], (topic) => topicName(topic, topics)),
    answered: ({ responses }, topics) =>
      list(responses, (topic) => `${topicName(topic, topics)} ${unlessFailed(topic.errorCode, "deleted")}`),
  }),
  row({
    api: DeleteRecords,
    errors: ({ topics }, count) => topics.forEach(({ partitions }) => partitions.forEach(({ errorCode }) => count(errorCode))),
    asked: ({ topics: asked }, topics) =>
      partitions(asked, (topic) => topic.partitions, ({ partitionIndex, offset }) => `${partitionIndex} below ${offset}`, topics),
    answered: ({ topics: answered }, topics) =>
      partitions(
        answered,
        (topic) => topic.partitions,
        ({ partitionIndex, errorCode, lowWatermark }) => `${partitionIndex} ${unlessFailed(errorCode, `starts at ${lowWatermark}`)}`,
        topics,
      ),
  }),
  row({
    api: CreatePartitions,
    errors: ({ results }, count) => results.forEach(({ errorCode }) => count(errorCode)),
    asked: ({ topics, validateOnly }) =>
      `${validateOnly ? "only to validate: " : ""}${list(topics, ({ name, count }) => `${name} with ${many(count, "partition")}`)}`,
    answered: ({ results }) => list(results, ({ name, errorCode }) => `${name} ${unlessFailed(errorCode, "grown")}`),
  }),
  row({
    api: InitProducerId,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ transactionalId, producerId, producerEpoch }) =>
      `${transactionalId === null ? "no transactional id" : `transactional id ${transactionalId}`}${
        producerId < 0 ? "" : `, is ${producerId} epoch ${producerEpoch}`
      }`,
    answered: ({ errorCode, producerId, producerEpoch }) => unlessFailed(errorCode, `producer ${producerId} epoch ${producerEpoch}`),
  }),
  row({
    api: OffsetForLeaderEpoch,
    errors: ({ topics }, count) => topics.forEach(({ partitions }) => partitions.forEach(({ errorCode }) => count(errorCode))),
    asked: ({ topics: asked }, topics) =>
      partitions(
        asked.map(({ topic: name, partitions }) => ({ name, partitions })),
        (topic) => topic.partitions,
        ({ partition, leaderEpoch }) => `${partition} epoch ${leaderEpoch}`,
        topics,
      ),
    answered: ({ topics: answered }, topics) =>
      partitions(
        answered.map(({ topic: name, partitions }) => ({ name, partitions })),
        (topic) => topic.partitions,
        ({ partition, errorCode, leaderEpoch, endOffset }) =>
          `${partition} ${unlessFailed(errorCode, `epoch ${leaderEpoch} ended at ${endOffset}`)}`,
        topics,
      ),
  }),
  row({
    api: ElectLeaders,
    errors({ errorCode, replicaElectionResults }, count) {
      count(errorCode);
      replicaElectionResults.forEach(({ partitionResult }) => partitionResult.forEach((partition) => count(partition.errorCode)));
    },
    asked: ({ topicPartitions, electionType }, topics) => {
      const told = topicPartitions === null ? "all partitions" : partitions(
        topicPartitions.map(({ topic: name, partitions }) => ({ name, partitions })),
        (topic) => topic.partitions,
        String,
        topics,
      );
      return `${electionType === 0 ? "preferred" : "unclean"}: ${told}`;
    },
    answered: ({ errorCode, replicaElectionResults }, topics) =>
      unlessFailed(
        errorCode,
        partitions(
          replicaElectionResults.map(({ topic: name, partitionResult }) => ({ name, partitionResult })),
          (topic) => topic.partitionResult,
          ({ partitionId, errorCode }) => `${partitionId} ${unlessFailed(errorCode, "elected")}`,
          topics,
        ),
      ),
  }),
  row({
    api: AlterPartitionReassignments,
    errors({ errorCode, responses }, count) {
      count(errorCode);
      responses.forEach(({ partitions }) => partitions.forEach((partition) => count(partition.errorCode)));
    },
    asked: ({ topics: asked }, topics) =>
      partitions(
        asked,
        (topic) => topic.partitions,
        ({ partitionIndex, replicas }) => `${partitionIndex} ${replicas === null ? "to stay" : `to [${replicas.join(", ")}]`}`,
        topics,
      ),
    answered: ({ errorCode, responses }, topics) =>
      unlessFailed(
        errorCode,
        partitions(
          responses,
          (topic) => topic.partitions,
          ({ partitionIndex, errorCode }) => `${partitionIndex} ${unlessFailed(errorCode, "moved")}`,
          topics,
        ),
      ),
  }),
  row({
    api: ListPartitionReassignments,
    errors: ({ errorCode }, count) => count(errorCode),
    asked: ({ topics: asked }, topics) =>
      asked === null ? "all partitions" : partitions(asked, (topic) => topic.partitionIndexes, String, topics),
    answered: ({ errorCode, topics }) => unlessFailed(errorCode, many(topics.length, "topic")),
  }),
  row({
    api: DescribeTopicPartitions,
    errors({ topics }, count) {
      for (const topic of topics) {
        count(topic.errorCode);
        for (const partition of topic.partitions) count(partition.errorCode);
      }
    },
    asked: ({ topics, cursor }) =>
      `${topics.length === 0 ? "all topics" : list(topics, ({ name }) => name)}${
        cursor === null ? "" : ` from ${cursor.topicName}-${cursor.partitionIndex} on`
      }`,
    answered: ({ topics, nextCursor }) =>
      `${
        list(topics, ({ name, errorCode, partitions }) =>
          `${name} ${unlessFailed(errorCode, `with ${many(partitions.length, "partition")}`)}`)
      }${nextCursor === null ? "" : ", and more"}`,
  }),
];

/** What waits at the end of its partition is not told of. */
function isNews({ errorCode, records }: FetchPartitionData): boolean {
  return errorCode !== ErrorCode.NONE || (records?.byteLength ?? 0) > 0;
}

function producing({ topicData, acks }: ProduceRequest, topics: TopicNames): string {
  const told = partitions(topicData, (topic) => topic.partitionData, ({ index, records }) => {
    const bytes = records?.length ?? 0;
    const count = records === null || bytes < HEADER_BYTES ? "" : ` ${many(new RecordBatch(records).recordCount, "record")},`;
    return `${index}${count} ${bytes} B`;
  }, topics);
  return `${told}; acks=${acks === -1 ? "all" : acks}`;
}

function fetching(
  { topics: asked, forgottenTopicsData, sessionId, sessionEpoch, minBytes, maxWaitMs }: FetchRequest,
  topics: TopicNames,
): string {
  const named = asked.map(({ topic: name, topicId, partitions }) => ({ name, topicId, partitions }));
  const told = partitions(named, (topic) => topic.partitions, ({ partition, fetchOffset }) => `${partition} from ${fetchOffset}`, topics);
  const session = sessionId === 0 ? [] : [`session ${sessionId} epoch ${sessionEpoch}`];
  const forgotten = forgottenTopicsData.length === 0 ? [] : [`without ${many(forgottenTopicsData.length, "topic")}`];
  return `${[...session, ...(told === "" ? [] : [told]), ...forgotten].join(", ")}; at least ${minBytes} B or after ${maxWaitMs} ms`;
}

/** The timestamps below zero are names of places. Kafka: `ListOffsetsRequest`. */
function placeOf(timestamp: bigint): string {
  const places: Readonly<Record<string, string>> = {
    "-1": "latest",
    "-2": "earliest",
    "-3": "max timestamp",
    "-4": "earliest local",
    "-5": "latest tiered",
  };
  return places[String(timestamp)] ?? `since ${timestamp}`;
}

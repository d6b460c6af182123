import { ErrorCode } from "../../protocol/errors.ts";
import {
  DescribeProducers,
  type DescribeProducersPartitionResponse,
  type DescribeProducersRequest,
  type DescribeProducersResponse,
  type DescribeProducersState,
} from "../../protocol/generated/61_describe_producers.ts";
import type { Handler, RequestContext } from "../handler.ts";
import { leadershipProblem, NO_EPOCH } from "../leader_epochs.ts";
import type { TopicNames } from "../metadata/topic_lookup.ts";
import { invalidTopicName } from "../metadata/topic_names.ts";
import { lookUp } from "../partition_lookup.ts";
import type { Partition, Partitions } from "../partitions.ts";

/** The producers that a partition remembers and the transactions that they have open in it (KIP-664). Kafka: `KafkaApis.handleDescribeProducersRequest`. */
export function describeProducers(
  partitions: Partitions,
  topicNames: TopicNames,
): Handler<DescribeProducersRequest, DescribeProducersResponse> {
  return {
    api: DescribeProducers,
    handle(context, { topics }) {
      const described = topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((index) => describe(partitions, topicNames, context, name, index)),
      }));
      return { throttleTimeMs: 0, topics: described };
    },
    fail: ({ topics }, code) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitionIndexes }) => ({ name, partitions: partitionIndexes.map((index) => refused(index, code)) })),
    }),
  };
}

function describe(
  partitions: Partitions,
  topicNames: TopicNames,
  context: RequestContext,
  topic: string,
  index: number,
): DescribeProducersPartitionResponse {
  const invalid = invalidTopicName(topic);
  if (invalid !== null) return refused(index, ErrorCode.INVALID_TOPIC_EXCEPTION, invalid);
  const partition = lookUp(partitions, context, "Read", { name: topic, topicId: "", byId: false }, index);
  if (partition === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && topicNames.topic(topic) === undefined) {
    return refused(index, partition, `There is no topic '${topic}'.`);
  }
  if (typeof partition === "number") return refused(index, partition);
  const problem = leadershipProblem(partition, context.connection.nodeId, NO_EPOCH, { onlyLeader: false });
  if (problem !== ErrorCode.NONE) return refused(index, problem);
  return { ...refused(index, ErrorCode.NONE), activeProducers: producersOf(partition) };
}

function producersOf({ log }: Partition): DescribeProducersState[] {
  return Array.from(log.producers, ([producerId, { epoch, batches, timestamp, coordinatorEpoch, transactionStart }]) => ({
    producerId,
    producerEpoch: epoch,
    lastSequence: batches.at(-1)?.lastSequence ?? -1,
    lastTimestamp: timestamp,
    coordinatorEpoch,
    currentTxnStartOffset: transactionStart,
  }));
}

/** A message stands there for each partition: one about a long name must not make a small request a huge answer. */
const MAX_MESSAGE = 400;

function refused(partitionIndex: number, errorCode: number, errorMessage: string | null = null): DescribeProducersPartitionResponse {
  return { partitionIndex, errorCode, errorMessage: errorMessage && errorMessage.slice(0, MAX_MESSAGE), activeProducers: [] };
}

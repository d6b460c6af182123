import type { Exceptions } from "./definitions.ts";

const handWritten = "read and written by hand";
const tiered = "tiered storage has it, in a topic of its own";

/** Where our definitions differ from Kafka's schemas on purpose. */
export const meantDifferences: Exceptions = {
  "ShareFetchResponse.responses.partitions.records: default":
    "it is never null in the versions there are, though Kafka's class has null at first",

  "ControlRecordTypeSchema: no definition": `${handWritten}: protocol/records/control.ts`,
  "ProducerSnapshot: no definition": `${handWritten}: storage/producer_snapshot.ts`,
  "RequestHeader: no definition": `${handWritten}: protocol/header.ts`,
  "ResponseHeader: no definition": `${handWritten}: protocol/header.ts`,
  "DefaultPrincipalData: no definition": "goes from brokers to controllers only",
  "RemoteLogSegmentMetadataRecord: no definition": tiered,
  "RemoteLogSegmentMetadataSnapshotRecord: no definition": tiered,
  "RemoteLogSegmentMetadataUpdateRecord: no definition": tiered,
  "RemotePartitionDeleteMetadataRecord: no definition": tiered,

  ...renamed({
    "DescribeProducersResponse.topics.partitions.activeProducers": "DescribeProducersState",
    "DescribeTransactionsResponse.transactionStates": "DescribeTransactionsState",
    "ListTransactionsResponse.transactionStates": "ListedTransaction",
    "DescribeTopicPartitionsRequest.topics": "DescribeTopicPartitionsRequestTopic",
    "ShareAcknowledgeRequest.topics.partitions.acknowledgementBatches": "ShareAcknowledgeBatch",
    "InitializeShareGroupStateRequest.topics": "InitializeShareGroupStateTopicData",
    "InitializeShareGroupStateResponse.results": "InitializeShareGroupStateTopicResult",
    "ReadShareGroupStateRequest.topics": "ReadShareGroupStateTopicData",
    "ReadShareGroupStateResponse.results": "ReadShareGroupStateTopicResult",
    "WriteShareGroupStateRequest.topics": "WriteShareGroupStateTopicData",
    "WriteShareGroupStateResponse.results": "WriteShareGroupStateTopicResult",
    "DeleteShareGroupStateRequest.topics": "DeleteShareGroupStateTopicData",
    "DeleteShareGroupStateResponse.results": "DeleteShareGroupStateTopicResult",
    "ReadShareGroupStateSummaryRequest.topics": "ReadShareGroupStateSummaryTopicData",
    "ReadShareGroupStateSummaryResponse.results": "ReadShareGroupStateSummaryTopicResult",
    "ClientQuotaRecord.entity": "ClientQuotaRecordEntity",
    "ConsumerGroupMemberMetadataValue.classicMemberMetadata": "ConsumerGroupClassicMember",
    "ConsumerGroupPartitionMetadataValue.topics": "ConsumerGroupPartitionMetadataValueTopic",
    "ConsumerGroupPartitionMetadataValue.topics.partitionMetadata": "ConsumerGroupPartitionMetadataValuePartition",
    "GroupMetadataValue.members": "GroupMetadataValueMember",
    "ShareGroupStatePartitionMetadataValue.initializingTopics": "ShareGroupStatePartitionMetadataValueTopicPartitions",
    "ShareGroupStatePartitionMetadataValue.initializedTopics": "ShareGroupStatePartitionMetadataValueTopicPartitions",
    "ShareGroupStatePartitionMetadataValue.deletingTopics": "ShareGroupStatePartitionMetadataValueTopic",
    "StreamsGroupMemberMetadataValue.clientTags": "StreamsGroupMemberMetadataValueClientTag",
    "TransactionLogValue.transactionPartitions": "TransactionLogValuePartitions",
  }),
};

/** Structs whose names here are not Kafka's with something in front, which would say a word twice or be taken by another struct. */
function renamed(names: Readonly<Record<string, string>>): Exceptions {
  return Object.fromEntries(Object.entries(names).map(([path, ours]) => [`${path} is a ${ours}`, "a name that is ours"]));
}

import type { Campaign } from "./mutation.ts";

/** The clients of `compat/rows`. */
type Client = "java" | "librdkafka" | "franz-go" | "kafkajs" | "platformatic";

/** A bug is to be found by this client in the row of this name. */
function by(client: Client, row: string): readonly string[] {
  return ["--client", client, "--only", row];
}

/**
 * Bugs in what the broker answers and keeps, which other people's clients must notice. None of them ends the broker, is a type error, or concerns the
 * codec: what is said is well said, and wrong.
 */
export const compat: Campaign = {
  files: ["."],
  shared: ["compat/.cache"],
  command: ["task", "compat"],
  mutations: [
    {
      name: "produce: what is compressed anew loses its headers",
      file: "protocol/records/validator.ts",
      from: "builder.append(record);",
      to: "builder.append({ ...record, headers: [] });",
      only: by("franz-go", "a topic with compression.type=zstd takes what comes in other codecs"),
    },
    {
      name: "produce: the last offset of a batch is answered in place of the first",
      file: "broker/handlers/00_produce.ts",
      from: "baseOffset: result.baseOffset,",
      to: "baseOffset: result.lastOffset,",
      only: by("platformatic", "records sent with acks=1 arrive in order"),
    },
    {
      name: "produce: with LogAppendTime the producer's timestamp stays",
      file: "protocol/records/validator.ts",
      from: `timestampType === "LogAppendTime" ? now : validated.maxTimestamp`,
      to: "validated.maxTimestamp",
      only: by("kafkajs", "with LogAppendTime the broker's time replaces the producer's"),
    },
    {
      name: "produce: the time of an append is not answered",
      file: "broker/handlers/00_produce.ts",
      from: "logAppendTimeMs: result.logAppendTime,",
      to: "logAppendTimeMs: -1,",
      only: by("java", "with LogAppendTime a producer is told the broker's time"),
    },
    {
      name: "produce: after a restart the next offset lies within the last batch",
      file: "storage/loader.ts",
      from: "this.#nextOffset = batch.lastOffset + 1;",
      to: "this.#nextOffset = batch.baseOffset + 1;",
      only: by("kafkajs", "what was acknowledged is there after a restart, and the next offset follows"),
    },
    {
      name: "fetch: the high watermark is one too low",
      file: "broker/handlers/01_fetch.ts",
      from: "        highWatermark,\n        lastStableOffset,",
      to: "        highWatermark: highWatermark - 1,\n        lastStableOffset,",
      only: by("franz-go", "a member that has read everything lags behind by nothing"),
    },
    {
      name: "fetch: an append does not wake who waits for it",
      file: "broker/partitions.ts",
      from: "const grown = () => this.#appended(this);",
      to: "const grown = () => {};",
      only: by("franz-go", "a record that comes ends a fetch that would wait for longer"),
    },
    {
      name: "fetch: a session tells nothing more of a partition whose end it has told",
      file: "broker/handlers/01_fetch.ts",
      from: "return wanted.fetchOffset === upTo && wanted.lastFetchedEpoch < 0",
      to: "return wanted.lastFetchedEpoch < 0",
      only: by("franz-go", "fetch.max.bytes smaller than a batch delays nothing for good"),
    },
    {
      name: "fetch: the end of the log is out of range",
      file: "storage/log.ts",
      from: "offset > this.#logEndOffset) {",
      to: "offset >= this.#logEndOffset) {",
      only: by("java", "an offset just behind the last record is in range"),
    },
    {
      name: "fetch: a batch is passed over when reading begins at its last record",
      file: "storage/segment.ts",
      from: "if (cursor.batch.lastOffset >= offset) return",
      to: "if (cursor.batch.lastOffset > offset) return",
      only: by("franz-go", "three megabytes are read through one-megabyte fetches"),
    },
    {
      name: "offsets: the leader epoch is not told",
      file: "broker/handlers/02_list_offsets.ts",
      from: "leaderEpoch: found.leaderEpoch };",
      to: "leaderEpoch: -1 };",
      only: by("librdkafka", "offsets are told with the epoch of the leader that wrote them"),
    },
    {
      name: "offsets: the timestamp is that of the batch, not of the record",
      file: "storage/timestamp_lookup.ts",
      from: "return { timestamp: record.timestamp,",
      to: "return { timestamp: batch.maxTimestamp,",
      only: by("franz-go", "a record found by a timestamp is told with its own"),
    },
    {
      name: "offsets: of equal largest timestamps the last segment's is told",
      file: "storage/timestamp_lookup.ts",
      from: "segment.maxTimestamp > latest.maxTimestamp",
      to: "segment.maxTimestamp >= latest.maxTimestamp",
      only: by("franz-go", "of equal largest timestamps in two segments the first is told"),
    },
    {
      name: "offsets: epoch and end of a leader epoch are exchanged",
      file: "broker/handlers/23_offset_for_leader_epoch.ts",
      from: "found.epoch, found.endOffset)",
      to: "found.endOffset, found.epoch)",
      only: by("franz-go", "the end of the present leader epoch is the end of the log"),
    },
    {
      name: "groups: a static member is not fenced by the next of its name",
      file: "broker/coordinator/group/classic/group.ts",
      from: "if (current !== undefined && current !== memberId) throw new KafkaError(ErrorCode.FENCED_INSTANCE_ID);",
      to: "",
      only: by("java", "a second member with the same instance id fences the first"),
    },
    {
      name: "groups: a member's client id is lost",
      file: "broker/coordinator/group/classic/join.ts",
      from: "      clientId: caller.clientId,",
      to: `      clientId: "",`,
      only: by("java", "DescribeGroups tells who a member is and what it reads"),
    },
    {
      name: "groups: a description shows nobody's assignment",
      file: "broker/coordinator/group/classic/describe.ts",
      from: "memberAssignment: member.described,",
      to: "memberAssignment: new Uint8Array(0),",
      only: by("librdkafka", "DescribeGroups tells who a member is and what it reads"),
    },
    {
      name: "groups: a description shows the state before this one",
      file: "broker/coordinator/group/classic/describe.ts",
      from: "    groupState: state,\n",
      to: "    groupState: group.previousState ?? state,\n",
      only: by("kafkajs", "DescribeGroups tells state, protocol and members"),
    },
    {
      name: "groups: a list shows none as one of consumers",
      file: "broker/coordinator/group/classic/describe.ts",
      from: `return { groupId, protocolType: protocolType ?? "", groupState`,
      to: `return { groupId, protocolType: "", groupState`,
      only: by("franz-go", "ListGroups tells consumers from groups that only commit"),
    },
    {
      name: "groups: one with members is deleted",
      file: "broker/coordinator/group/deletion.ts",
      from: `if (group.state !== "Empty") throw new KafkaError(ErrorCode.NON_EMPTY_GROUP);`,
      to: "",
      only: by("franz-go", "a group with members cannot be deleted"),
    },
    {
      name: "commits: the leader epoch is lost",
      file: "broker/coordinator/group/offsets.ts",
      from: "committedLeaderEpoch: value?.leaderEpoch ?? -1,",
      to: "committedLeaderEpoch: -1,",
      only: by("java", "automatic commits carry the leader epoch of what was delivered"),
    },
    {
      name: "commits: those of two partitions are exchanged",
      file: "broker/coordinator/group/offsets.ts",
      from: "[...partitions].map(([partition, value]) => describe(partition, value))",
      to: "[...partitions].map(([partition], at, all) => describe(partition, all[all.length - 1 - at][1]))",
      only: by("kafkajs", "each partition has a commit of its own"),
    },
    {
      name: "commits: who is no member commits for a group that has some",
      file: "broker/coordinator/group/offset_commit.ts",
      from: `if (generation < 0 && group.state === "Empty") return;`,
      to: "if (generation < 0) return;",
      only: by("java", "nobody from outside commits for a group with members"),
    },
    {
      name: "idempotence: all producers have one id",
      file: "broker/metadata/service.ts",
      from: "return this.#nextProducerId++;",
      to: "return this.#nextProducerId;",
      only: by("platformatic", "two idempotent producers share a partition"),
    },
    {
      name: "idempotence: producer ids are given away again after a restart",
      file: "broker/metadata/service.ts",
      from: "nextProducerId: start + PRODUCER_ID_BLOCK };",
      to: "nextProducerId: start };",
      only: by("franz-go", "a producer that comes after a restart is another one"),
    },
    {
      // No row makes a client send twice; the scenario with the bad network does.
      name: "idempotence: a repeated batch is answered with the offset behind it",
      file: "storage/log.ts",
      from: "return { baseOffset: firstOffset, lastOffset,",
      to: "return { baseOffset: lastOffset + 1, lastOffset,",
      only: ["--runs", "1", "--seed", "1000", "idempotence"],
    },
    {
      name: "topics: validateOnly makes them",
      file: "broker/metadata/service.ts",
      from: "records: validateOnly ? [] : response",
      to: "records: response",
      only: by("franz-go", "validate_only checks and makes nothing"),
    },
    {
      name: "topics: what the broker sets is told as a default",
      file: "broker/config/describe.ts",
      from: "source: ConfigOrigin.STATIC_BROKER });",
      to: "source: ConfigOrigin.DEFAULT });",
      only: by("librdkafka", "a property that the broker sets for all topics is told as the broker's"),
    },
    {
      name: "topics: who makes one is told of one partition",
      file: "broker/metadata/create_topics.ts",
      from: "numPartitions: replicas.length, replicationFactor, records };",
      to: "numPartitions: 1, replicationFactor, records };",
      only: by("franz-go", "who makes a topic is told what it is like"),
    },
    {
      name: "topics: the properties of a deleted one stay",
      file: "broker/metadata/catalogue.ts",
      from: "    this.#configs.delete(`${ConfigResourceType.TOPIC}/${topic.name}`);\n",
      to: "",
      only: by("kafkajs", "a topic made anew has none of the old one's properties"),
    },
    {
      name: "metadata: no topic is internal",
      file: "broker/handlers/03_metadata.ts",
      from: "isInternal: isInternal(topic.name),",
      to: "isInternal: false,",
      only: by("java", "the topic of offsets is internal: it is not listed among the others"),
    },
    {
      name: "metadata: no replica is in sync",
      file: "broker/handlers/03_metadata.ts",
      from: "isrNodes: [...isr],",
      to: "isrNodes: [],",
      only: by("franz-go", "every replica is in sync"),
    },
    {
      name: "metadata: a topic is made although its client forbids it",
      file: "broker/handlers/03_metadata.ts",
      from: "autoCreateTopics && request.allowAutoTopicCreation;",
      to: "autoCreateTopics;",
      only: by("franz-go", "asking for a topic does not make it"),
    },
    {
      name: "errors: a timestamp out of bounds has the code of a bad record",
      file: "protocol/records/validator.ts",
      from: "? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD;",
      to: "? ErrorCode.INVALID_RECORD : ErrorCode.INVALID_RECORD;",
      only: by("librdkafka", "a timestamp too far in the future is refused"),
    },
    {
      name: "errors: a group takes one member more than it may",
      file: "broker/coordinator/group/classic/join.ts",
      from: "group.members.size < groupMaxSize;",
      to: "group.members.size <= groupMaxSize;",
      only: by("franz-go", "a group takes no more members than group.max.size"),
    },
    {
      name: "administration: a finalized feature is not told",
      file: "broker/handlers/18_api_versions.ts",
      from: "[...metadata.catalogue.features].map(",
      to: "[...metadata.catalogue.features].slice(1).map(",
      only: by("java", "the cluster's features are told"),
    },
  ],
};

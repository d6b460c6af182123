import { buildBatch } from "../../protocol/records/mod.ts";
import { apiSpecs } from "../../protocol/schema/mod.ts";
import { defaultValue, encode, hasVersion, type Message } from "../../protocol/testing/walker.ts";
import { framed } from "./mutations.ts";

/** Something that was met wrongly once. */
export interface Find {
  /** What was wrong. */
  readonly why: string;
  readonly bytes: Uint8Array;
}

const LONGEST = 0x7fff;
const commit = { groupId: "nobody", generationIdOrMemberEpoch: -1, retentionTimeMs: -1 };
const partition = (partitionIndex: number) => ({ partitionIndex, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: "" });
const join = {
  groupId: "readers",
  sessionTimeoutMs: 6000,
  protocolType: "consumer",
  protocols: [{ name: "range", metadata: new Uint8Array(0) }],
};

const batch = buildBatch([{ timestamp: 0, key: null, value: Uint8Array.of(1) }]);

/** What long runs have found, cut to what is needed. */
export const finds: readonly Find[] = [
  {
    why: "DescribeProducers: the error about a topic name that is too long was too long itself",
    bytes: request("DescribeProducers", 0, { topics: [{ name: "a".repeat(LONGEST), partitionIndexes: [0] }] }),
  },
  {
    why: "OffsetCommit: a partition that is named twice and is not there failed the whole request",
    bytes: request("OffsetCommit", 9, {
      ...commit,
      topics: [{ name: "orders", partitions: [partition(5), partition(5)] }, { name: "payments", partitions: [partition(0)] }],
    }),
  },
  {
    why: "OffsetCommit: a retention that ends beyond 2^53 dropped the coordinator's state",
    bytes: request("OffsetCommit", 4, {
      ...commit,
      retentionTimeMs: Number.MAX_SAFE_INTEGER,
      topics: [{ name: "orders", partitions: [partition(0)] }],
    }),
  },
  {
    why: "Fetch: an answer that waited for the one before it, while its topic was deleted, was a defect",
    bytes: joined(
      request("Produce", 9, { acks: 1, topicData: [{ name: "orders", partitionData: [{ index: 0, records: batch }] }] }),
      fetch("payments", 500),
      fetch("orders", 0),
      request("DeleteTopics", 5, { topicNames: ["orders"] }),
    ),
  },
  {
    why: "Metadata: a topic asked for by an id that does not exist was made by the name beside the id",
    bytes: request("Metadata", 12, { topics: [{ topicId: "B".repeat(21) + "A", name: "by-name" }], allowAutoTopicCreation: true }),
  },
  {
    why: "a compact string of more than 32,767 bytes was read, and the answer could not be written",
    bytes: request("DescribeGroups", 5, { groups: ["g".repeat(LONGEST + 1)] }),
  },
  {
    why: "a string whose malformed bytes make it longer than 32,767 bytes was read, and the answer could not be written",
    bytes: malformed(request("DescribeGroups", 4, { groups: ["\u{1}".repeat(LONGEST)] })),
  },
  {
    why: "JoinGroup: a member id made of a client id of 32,767 bytes dropped the coordinator's state",
    bytes: request("JoinGroup", 3, join, "c".repeat(LONGEST)),
  },
  {
    why: "DescribeGroups: the message for a group with the longest name could not be written",
    bytes: request("DescribeGroups", 6, { groups: ["g".repeat(LONGEST)] }),
  },
  {
    why: "CreateTopics: the message for a topic with the longest name could not be written",
    bytes: request("CreateTopics", 5, { topics: [{ name: "t".repeat(LONGEST), numPartitions: 1, replicationFactor: 1 }] }),
  },
  {
    why: "DescribeConfigs: the message for a broker with the longest name could not be written",
    bytes: request("DescribeConfigs", 4, { resources: [{ resourceType: 4, resourceName: "b".repeat(LONGEST), configurationKeys: null }] }),
  },
  {
    why: "CreateTopics: __consumer_offsets of many partitions took a megabyte for each while their empty logs were read",
    bytes: joined(
      request("DeleteTopics", 5, { topicNames: ["__consumer_offsets"] }),
      request("CreateTopics", 5, { topics: [{ name: "__consumer_offsets", numPartitions: 40, replicationFactor: 1 }] }),
    ),
  },
  {
    why: "an answer that was ready in the moment in which the one before it had been written was not sent",
    bytes: joined(request("Produce", 7, { acks: -1, topicData: [] }), request("Produce", 7, { acks: -1, topicData: [] }, "c".repeat(6000))),
  },
];

/** A fetch of partition 0 by a consumer. */
function fetch(topic: string, maxWaitMs: number): Uint8Array {
  const partitions = [{ partition: 0, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 1 << 20 }];
  return request("Fetch", 12, { maxWaitMs, minBytes: 1, maxBytes: 1 << 20, sessionEpoch: -1, topics: [{ topic, partitions }] });
}

/** A frame with a request; fields that are not given have their default. */
function request(name: string, version: number, message: Message, clientId = "find"): Uint8Array {
  const { key, flexible, request } = apiSpecs.find((spec) => spec.name === name)!;
  const header = [
    key >> 8,
    key,
    version >> 8,
    version,
    0,
    0,
    0,
    1,
    clientId.length >> 8,
    clientId.length,
    ...new TextEncoder().encode(clientId),
  ];
  const tags = hasVersion(flexible, version) ? [0] : [];
  return framed(Uint8Array.from([...header, ...tags, ...encode(request, flexible, version, complete(request, message) as Message)]));
}

function complete(fields: (typeof apiSpecs)[number]["request"], message: Message): Message {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      const value = name in message ? message[name] : defaultValue(spec);
      if (spec.fields === undefined || value === null || value === undefined) return [name, value];
      return [name, Array.isArray(value) ? value.map((item) => complete(spec.fields!, item)) : complete(spec.fields, value as Message)];
    }),
  );
}

/** The same with 0xff, which is no UTF-8, for each 0x01. */
function malformed(frame: Uint8Array): Uint8Array {
  return frame.map((byte, index) => byte === 1 && index > 40 ? 0xff : byte);
}

function joined(...frames: Uint8Array[]): Uint8Array {
  return Uint8Array.from(frames.flatMap((frame) => [...frame]));
}

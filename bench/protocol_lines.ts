/**
 * The messages that `protocol.ts` compares. The clients only encode requests and decode responses, so each message goes in the direction that
 * they have; against each client in the newest version that it and Ottla know.
 */
import { Buffer } from "node:buffer";
import * as platformatic from "@platformatic/kafka";
import { Produce, type ProduceRequest } from "../protocol/generated/00_produce.ts";
import { Fetch, type FetchRequest, type FetchResponse } from "../protocol/generated/01_fetch.ts";
import { Metadata, type MetadataResponse } from "../protocol/generated/03_metadata.ts";
import { OffsetCommit, type OffsetCommitRequest } from "../protocol/generated/08_offset_commit.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { JoinGroup, type JoinGroupResponse } from "../protocol/generated/11_join_group.ts";
import { Heartbeat } from "../protocol/generated/12_heartbeat.ts";
import { batches, buildBatch, type LogRecord, type NewRecord } from "../protocol/records/mod.ts";
import {
  asBuffer,
  decode,
  encode,
  kafkajsDecode,
  kafkajsEncode,
  platformaticDecode,
  platformaticEncode,
  responseBytes,
  type Work,
} from "./protocol_codecs.ts";

/** One message, and what each client is compared with. */
export interface Line {
  readonly message: string;
  readonly kafkajs: Pair;
  readonly platformatic: Pair;
}

interface Pair {
  readonly version: number;
  readonly ours: Work;
  readonly theirs: Work;
}

/** The clients' side of a line: the version, and the work or a promise of it. */
type Theirs = readonly [version: number, work: Work | Promise<Work>];

async function line(message: string, ours: (version: number) => Work, kafkajs: Theirs, platformatic: Theirs): Promise<Line> {
  const pair = async ([version, theirs]: Theirs): Promise<Pair> => ({ version, ours: ours(version), theirs: await theirs });
  return { message, kafkajs: await pair(kafkajs), platformatic: await pair(platformatic) };
}

const NOW = 1_790_000_000_000;
const GROUP = "order-processing";
const MEMBER = "consumer-1-5f3e2a60-9a0b-4c3f-8a55-1d6f6e0c7b21";
const TOPIC_ID = "7Zx0Rm2eQ9Wb5Kp1LcT3vA";
const TOPIC_UUID = Buffer.from(TOPIC_ID, "base64url").toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
const TOPICS = ["orders", "payments-eu-west-1", "shipments"].map((name, index) => ({ name, index, topicId: TOPIC_ID }));
const PARTITIONS = range(8);
const utf8 = new TextEncoder();

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Offsets of different sizes, none of which occurs twice. */
function offsetOf(topic: number, partition: number): number {
  return 7_000_000_007 * (topic + 1) + 1_009 * partition;
}

/** Keys of eight bytes, values of a hundred, timestamps a millisecond apart. */
function records(count: number): (NewRecord & { key: Uint8Array; value: Uint8Array })[] {
  return range(count).map((i) => ({
    timestamp: NOW + i,
    key: utf8.encode(`key-${1000 + i}`),
    value: utf8.encode(`value ${i}.`.padEnd(100, "*")),
  }));
}

/** Every partition's batch is built anew, since the clients do both in one. */
function produceRequest(message: string, partitions: number[], count: number): Promise<Line> {
  const ours = records(count);
  const theirs = ours.map(({ timestamp, key, value }) => ({ timestamp, key: asBuffer(key), value: asBuffer(value) }));
  // Both clients write 0 where Java's producer writes -1, since it is not idempotent and no broker.
  const batch = { partitionLeaderEpoch: 0, producerEpoch: 0, baseSequence: 0 };
  const request = (): ProduceRequest => {
    const partitionData = partitions.map((index) => ({ index, records: buildBatch(ours, batch) }));
    return { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData: [{ name: "orders", topicId: TOPIC_ID, partitionData }] };
  };
  const topicData = [{ topic: "orders", partitions: partitions.map((partition) => ({ partition, firstSequence: 0, messages: theirs })) }];
  const list = partitions.flatMap((partition) =>
    theirs.map(({ timestamp, key, value }) => ({ key, value, topic: "orders", partition, timestamp: BigInt(timestamp) }))
  );
  return line(
    message,
    (version) => encode(Produce, version, request),
    [7, kafkajsEncode("produce", 7, { acks: -1, timeout: 30_000, topicData })],
    [11, platformaticEncode(() => platformatic.produceV11.createRequest(-1, 30_000, list, {}))],
  );
}

function produceResponse(): Promise<Line> {
  const responses = TOPICS.map(({ name, topicId, index: topic }) => ({
    name,
    topicId,
    partitionResponses: PARTITIONS.map((index) => ({
      index,
      errorCode: 0,
      baseOffset: offsetOf(topic, index),
      logAppendTimeMs: -1,
      logStartOffset: 0,
      recordErrors: [],
      errorMessage: null,
    })),
  }));
  const bytes = (version: number): Uint8Array => responseBytes(Produce, version, { responses, throttleTimeMs: 0 });
  return line(
    "ProduceResponse",
    (version) => decode(Produce, version, bytes(version)),
    [7, kafkajsDecode("produce", 7, bytes(7))],
    [11, platformaticDecode(Produce, 11, platformatic.produceV11.parseResponse, bytes(11))],
  );
}

function fetchRequest(): Promise<Line> {
  const limits = {
    minBytes: 1,
    maxBytes: 52_428_800,
    isolationLevel: 1,
    sessionId: 1_234_567,
    sessionEpoch: 42,
    replicaId: -1,
    rackId: "",
  };
  const request: FetchRequest = {
    ...limits,
    maxWaitMs: 500,
    topics: TOPICS.map(({ name, topicId, index }) => ({
      topic: name,
      topicId,
      partitions: PARTITIONS.map((partition) => ({
        partition,
        currentLeaderEpoch: 3,
        fetchOffset: offsetOf(index, partition),
        lastFetchedEpoch: -1,
        logStartOffset: -1,
        partitionMaxBytes: 1_048_576,
      })),
    })),
    forgottenTopicsData: [],
  };
  const kafkajs = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => ({ ...partition, fetchOffset: `${partition.fetchOffset}`, maxBytes: 1_048_576 })),
  }));
  const byId = request.topics.map(({ partitions }) => ({
    topicId: TOPIC_UUID,
    partitions: partitions.map((partition) => ({
      ...partition,
      fetchOffset: BigInt(partition.fetchOffset),
      replicaDirectoryId: undefined,
    })),
  }));
  return line(
    "FetchRequest",
    (version) => encode(Fetch, version, () => request),
    [11, kafkajsEncode("fetch", 11, { ...limits, maxWaitTime: 500, topics: kafkajs })],
    [17, platformaticEncode(() => platformatic.fetchV17.createRequest(500, 1, 52_428_800, 1, 1_234_567, 42, byId, [], ""))],
  );
}

/** Each partition's batch is unpacked too, since the clients do both in one. */
function fetchResponse(message: string, partitions: number[], count: number): Promise<Line> {
  const batch = buildBatch(records(count));
  const response: FetchResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    sessionId: 1_234_567,
    responses: [{
      topic: "orders",
      topicId: TOPIC_ID,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        errorCode: 0,
        highWatermark: offsetOf(1, partitionIndex),
        lastStableOffset: offsetOf(2, partitionIndex),
        logStartOffset: 0,
        abortedTransactions: null,
        preferredReadReplica: -1,
        records: batch,
      })),
    }],
  };
  const bytes = (version: number): Uint8Array => responseBytes(Fetch, version, response);
  return line(
    message,
    (version) => decode(Fetch, version, bytes(version), unpack),
    [11, kafkajsDecode("fetch", 11, bytes(11))],
    [17, platformaticDecode(Fetch, 17, platformatic.fetchV17.parseResponse, bytes(17))],
  );
}

/** Puts records in the place of their batches. Ottla compares the CRC of a batch, as Java's consumer does; the clients do not. */
function unpack(response: FetchResponse): unknown {
  const unpacked: LogRecord[][] = [];
  for (const { partitions } of response.responses) {
    for (const partition of partitions) {
      const all: LogRecord[] = [];
      for (const batch of batches(partition.records as Uint8Array)) {
        if (!batch.isValid()) throw new Error("a batch does not match its CRC");
        for (const record of batch.records()) all.push(record);
      }
      unpacked.push(all);
      partition.records = null;
    }
  }
  return { response, unpacked };
}

function metadataResponse(): Promise<Line> {
  const response: MetadataResponse = {
    throttleTimeMs: 0,
    brokers: range(3).map((i) => ({ nodeId: i + 1, host: `broker-${i + 1}.kafka.example.com`, port: 9092, rack: `eu-west-1${"abc"[i]}` })),
    clusterId: "Zx0Rm2eQ9Wb5Kp1LcT3vAQ",
    controllerId: 2,
    topics: range(20).map((topic) => ({
      errorCode: 0,
      name: `team-${topic}.events.v1`,
      topicId: TOPIC_ID,
      isInternal: false,
      partitions: range(12).map((partitionIndex) => ({
        errorCode: 0,
        partitionIndex,
        leaderId: 1 + partitionIndex % 3,
        leaderEpoch: 17,
        replicaNodes: [1, 2, 3],
        isrNodes: [1, 2, 3],
        offlineReplicas: [],
      })),
      topicAuthorizedOperations: -2147483648,
    })),
    clusterAuthorizedOperations: -2147483648,
    errorCode: 0,
  };
  const bytes = (version: number): Uint8Array => responseBytes(Metadata, version, response);
  return line(
    "MetadataResponse",
    (version) => decode(Metadata, version, bytes(version)),
    [6, kafkajsDecode("metadata", 6, bytes(6))],
    [12, platformaticDecode(Metadata, 12, platformatic.metadataV12.parseResponse, bytes(12))],
  );
}

function offsetCommitRequest(): Promise<Line> {
  const request: OffsetCommitRequest = {
    groupId: GROUP,
    generationIdOrMemberEpoch: 5,
    memberId: MEMBER,
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: TOPICS.map(({ name, topicId, index }) => ({
      name,
      topicId,
      partitions: PARTITIONS.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: offsetOf(index, partitionIndex),
        committedLeaderEpoch: -1,
        committedMetadata: "",
      })),
    })),
  };
  const kafkajs = request.topics.map(({ name: topic, partitions }) => ({
    topic,
    partitions: partitions.map((of) => ({ partition: of.partitionIndex, offset: `${of.committedOffset}`, metadata: of.committedMetadata })),
  }));
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({ ...partition, committedOffset: BigInt(partition.committedOffset) })),
  }));
  return line(
    "OffsetCommitRequest",
    (version) => encode(OffsetCommit, version, () => request),
    [5, kafkajsEncode("offsetCommit", 5, { groupId: GROUP, groupGenerationId: 5, memberId: MEMBER, topics: kafkajs })],
    [9, platformaticEncode(() => platformatic.offsetCommitV9.createRequest(GROUP, 5, MEMBER, null, topics))],
  );
}

function offsetCommitResponse(): Promise<Line> {
  const topics = TOPICS.map(({ name, topicId }) => ({
    name,
    topicId,
    partitions: PARTITIONS.map((partitionIndex) => ({ partitionIndex, errorCode: 0 })),
  }));
  const bytes = (version: number): Uint8Array => responseBytes(OffsetCommit, version, { throttleTimeMs: 0, topics });
  return line(
    "OffsetCommitResponse",
    (version) => decode(OffsetCommit, version, bytes(version)),
    [5, kafkajsDecode("offsetCommit", 5, bytes(5))],
    [9, platformaticDecode(OffsetCommit, 9, platformatic.offsetCommitV9.parseResponse, bytes(9))],
  );
}

function offsetFetchResponse(): Promise<Line> {
  const topics = TOPICS.map(({ name, topicId, index }) => ({
    name,
    topicId,
    partitions: PARTITIONS.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: offsetOf(index, partitionIndex),
      committedLeaderEpoch: -1,
      metadata: "",
      errorCode: 0,
    })),
  }));
  const bytes = (version: number): Uint8Array => {
    const response = version < 8 ? { topics, groups: [] } : { topics: [], groups: [{ groupId: GROUP, topics, errorCode: 0 }] };
    return responseBytes(OffsetFetch, version, { ...response, throttleTimeMs: 0, errorCode: 0 });
  };
  return line(
    "OffsetFetchResponse",
    (version) => decode(OffsetFetch, version, bytes(version)),
    [4, kafkajsDecode("offsetFetch", 4, bytes(4))],
    [9, platformaticDecode(OffsetFetch, 9, platformatic.offsetFetchV9.parseResponse, bytes(9))],
  );
}

function heartbeatRequest(): Promise<Line> {
  const request = { groupId: GROUP, generationId: 5, memberId: MEMBER, groupInstanceId: null };
  return line(
    "HeartbeatRequest",
    (version) => encode(Heartbeat, version, () => request),
    [3, kafkajsEncode("heartbeat", 3, { groupId: GROUP, groupGenerationId: 5, memberId: MEMBER, groupInstanceId: null })],
    [4, platformaticEncode(() => platformatic.heartbeatV4.createRequest(GROUP, 5, MEMBER, null))],
  );
}

/** As the leader gets it. */
function joinGroupResponse(): Promise<Line> {
  const response: JoinGroupResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: 5,
    protocolType: "consumer",
    protocolName: "range",
    leader: MEMBER,
    skipAssignment: false,
    memberId: MEMBER,
    members: PARTITIONS.map((i) => ({
      memberId: MEMBER.replace("consumer-1", `consumer-${i + 1}`),
      groupInstanceId: null,
      metadata: utf8.encode(`subscription ${i}`.padEnd(60, "*")),
    })),
  };
  // Versions 5 and 6 have no protocol type.
  const bytes = (version: number): Uint8Array =>
    responseBytes(JoinGroup, version, version < 7 ? { ...response, protocolType: null } : response);
  return line(
    "JoinGroupResponse",
    (version) => decode(JoinGroup, version, bytes(version)),
    [5, kafkajsDecode("joinGroup", 5, bytes(5))],
    [9, platformaticDecode(JoinGroup, 9, platformatic.joinGroupV9.parseResponse, bytes(9))],
  );
}

/** All lines, in the order of the table. */
export async function makeLines(): Promise<Line[]> {
  return [
    await produceRequest("ProduceRequest, 8 x 10 records of 100 B", PARTITIONS, 10),
    await produceResponse(),
    await fetchRequest(),
    await fetchResponse("FetchResponse, 8 x 10 records of 100 B", PARTITIONS, 10),
    await metadataResponse(),
    await offsetCommitRequest(),
    await offsetCommitResponse(),
    await offsetFetchResponse(),
    await heartbeatRequest(),
    await joinGroupResponse(),
    await produceRequest("ProduceRequest, 1,000 records of 100 B", [0], 1_000),
    await fetchResponse("FetchResponse, 1,000 records of 100 B", [0], 1_000),
  ];
}

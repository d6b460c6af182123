/** Produce, Fetch, ListOffsets and OffsetForLeaderEpoch: what Kafka's source can answer to each, and what provokes it. */
import { batchOf } from "../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { denoCompression } from "../../../platform/deno/mod.ts";
import { type BatchOptions, buildBatch } from "../../../protocol/records/mod.ts";
import { ask, type Bound, type Fields, type History, type Step, type Value } from "../history.ts";
import { transactionCoordinator } from "./bases.ts";
import { FIRST, produced, topic } from "./fixture.ts";

const { UNKNOWN_TOPIC_OR_PARTITION } = ErrorCode;

const apiVersions: Step = {
  api: "ApiVersions",
  version: 0,
  request: {},
  keyed: { apiKeys: "apiKey" },
};

/** A Produce of one partition of `p{run}`, which binds its id as `topicId`. */
const toTopic = (records: Value, more: Fields = {}): Fields => ({
  acks: -1,
  timeoutMs: 5_000,
  topicData: [{ name: "p{run}", topicId: "$topicId", partitionData: [{ index: 0, records }] }],
  ...more,
});

const made = (configs: Record<string, string> = {}): Step[] => topic("p{run}", "topicId", 1, { "retention.ms": "-1", ...configs });
const producer: Step = {
  api: "InitProducerId",
  version: 3,
  request: { transactionalId: null, transactionTimeoutMs: 1_000 },
  bind: { producerId: "producerId" },
};

/** A batch of the producer that {@link producer} has made, or of one whose id is that far away. */
const numbered = (values: readonly string[], options: BatchOptions, away = 0) => ({ producerId }: Bound): Value =>
  batchOf(values, { ...options, producerId: Number(producerId) + away }, FIRST);

/** One Produce after others of the same topic. */
function produces(name: string, earlier: readonly Value[], records: Value, configs: Record<string, string> = {}): History {
  const before = earlier.map((one): Step => ({ api: "Produce", version: 13, request: toTopic(one) }));
  return { ...ask("Produce", name, toTopic(records), { before: [producer, ...made(configs), ...before] }), sampled: true };
}

function damaged(at: number, value: number): Uint8Array {
  const batch = batchOf(["one"], {}, FIRST);
  batch[at] = value;
  return batch;
}

const twice = Uint8Array.from([...batchOf(["a"], {}, FIRST), ...batchOf(["b"], {}, FIRST)]);
const CRC_AT = 20;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 22;
const epoch0 = (baseSequence: number): BatchOptions => ({ producerEpoch: 0, baseSequence });

/** A transactional batch under an id that no producer has begun with; its coordinator is there. */
const strangersTransaction: History = {
  ...ask(
    "Produce",
    "of a transaction that nobody has begun",
    toTopic(numbered(["a"], { ...epoch0(0), isTransactional: true }), { transactionalId: "t{run}" }),
    {
      before: [...transactionCoordinator, producer, ...made()],
    },
  ),
  sampled: true,
};

const producing: readonly History[] = [
  ask("Produce", "acks=0", toTopic(batchOf(["a"], {}, FIRST), { acks: 0 }), { before: made(), unanswered: true, after: [apiVersions] }),
  ask("Produce", "acks=0 to a topic that is not there", {
    acks: 0,
    topicData: [{ name: "none{run}", topicId: "dGhlcmUgaXMgbm8gdG9waQ", partitionData: [{ index: 0, records: batchOf(["a"]) }] }],
  }, { unanswered: true, after: [apiVersions] }),
  ask("Produce", "to an internal topic", {
    acks: 1,
    topicData: [{ name: "__consumer_offsets", topicId: "$offsetsId", partitionData: [{ index: 0, records: batchOf(["a"]) }] }],
  }),
  ask("Produce", "to three partitions, one of which is not there", {
    acks: 1,
    topicData: [{
      name: "p{run}",
      topicId: "$topicId",
      partitionData: [0, 1, 2].map((index) => ({ index, records: batchOf([`${index}`], {}, FIRST) })),
    }],
  }, { before: topic("p{run}", "topicId", 2, { "retention.ms": "-1" }), keyed: { partitionResponses: "index" } }),
  produces("a wrong checksum", [], damaged(CRC_AT, 1)),
  produces("format 0", [], damaged(MAGIC_AT, 0)),
  produces("format 1", [], damaged(MAGIC_AT, 1)),
  produces("format 3", [], damaged(MAGIC_AT, 3)),
  produces("an unknown codec", [], damaged(ATTRIBUTES_AT, 7)),
  produces("two batches", [], twice),
  produces("a batch that is cut off", [], batchOf(["one", "two"], {}, FIRST).slice(0, -3)),
  produces("a control batch", [], batchOf(["one"], { isControl: true }, FIRST)),
  produces("gzip", [], batchOf(["one", "two"], { compressionType: "gzip", codecs: denoCompression }, FIRST)),
  produces("zstd", [], batchOf(["one", "two"], { compressionType: "zstd", codecs: denoCompression }, FIRST)),
  produces("a transactional batch without a transactional id", [], numbered(["a"], { ...epoch0(0), isTransactional: true })),
  produces("too large a batch", [], batchOf(["x".repeat(2_000)], {}, FIRST), { "max.message.bytes": "1000" }),
  // In one version, as all that is large: the explorer's plain encoder takes its time.
  {
    ...produces("more than a segment holds", [], batchOf(["x".repeat(1_050_000)], {}, FIRST), {
      "segment.bytes": "1048576",
      "max.message.bytes": "3000000",
    }),
    versions: "13",
  },
  produces("where two replicas have to be in sync", [], batchOf(["a"], {}, FIRST), { "min.insync.replicas": "2" }),
  produces("no key in a compacted topic", [], batchOf(["one", "two"], {}, FIRST), { "cleanup.policy": "compact" }),
  produces("a timestamp of the far past", [], batchOf(["one"], {}, 1), { "message.timestamp.before.max.ms": "1000" }),
  produces("a timestamp of the far future", [], batchOf(["one"], {}, 4_000_000_000_000)),
  strangersTransaction,
  produces("an idempotent batch", [], numbered(["a", "b"], epoch0(0))),
  produces("the next sequence", [numbered(["a", "b"], epoch0(0))], numbered(["c"], epoch0(2))),
  produces("the same batch twice", [numbered(["a", "b"], epoch0(0))], numbered(["a", "b"], epoch0(0))),
  produces("a batch that was sent long ago", [0, 1, 2, 3, 4, 5, 6].map((i) => numbered(["a"], epoch0(i))), numbered(["a"], epoch0(0))),
  produces("a gap in the sequence", [numbered(["a", "b"], epoch0(0))], numbered(["c"], epoch0(5))),
  produces("a first sequence that is not 0", [], numbered(["a"], epoch0(3))),
  produces(
    "an older epoch",
    [numbered(["a"], { producerEpoch: 2, baseSequence: 0 })],
    numbered(["b"], { producerEpoch: 1, baseSequence: 0 }),
  ),
  produces("a newer epoch", [numbered(["a"], epoch0(0))], numbered(["b"], { producerEpoch: 1, baseSequence: 0 })),
  produces(
    "a newer epoch that does not begin with 0",
    [numbered(["a"], epoch0(0))],
    numbered(["b"], { producerEpoch: 1, baseSequence: 4 }),
  ),
  produces("an id that nobody was given", [], numbered(["a"], epoch0(0), 1_000_000)),
  produces("an id without a sequence", [], numbered(["a"], { producerEpoch: 0 })),
  produces("an epoch below 0", [], numbered(["a"], { producerEpoch: -5, baseSequence: 0 })),
];

/** A fetch of `stock`, one partition for each row of changes. */
const ofStock = (partitions: readonly Fields[], more: Fields = {}): Fields => ({
  minBytes: 1,
  maxBytes: 1 << 20,
  topics: [{
    topic: "stock",
    topicId: "$stockId",
    partitions: partitions.map((changes) => ({ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20, ...changes })),
  }],
  ...more,
});

const inSession = (sessionEpoch: number, more: Fields = {}): Fields => ({
  minBytes: 0,
  maxBytes: 1 << 20,
  sessionId: "$sessionId",
  sessionEpoch,
  ...more,
});
const opened: Step = {
  api: "Fetch",
  request: ofStock([{ fetchOffset: 7 }, { partition: 1 }], { sessionEpoch: 0 }),
  bind: { sessionId: "sessionId" },
};
const inFetch = (sessionEpoch: number, more: Fields = {}): Step => ({ api: "Fetch", request: inSession(sessionEpoch, more) });

function sessions(name: string, ...steps: Step[]): History {
  return { name: `Fetch: ${name}`, api: "Fetch", versions: "7+", steps: [opened, ...steps] };
}

const fetching: readonly History[] = [
  ...[0, 1].flatMap((isolationLevel): History[] => [
    ask("Fetch", `both partitions, isolation ${isolationLevel}`, ofStock([{}, { partition: 1 }], { isolationLevel })),
    ask("Fetch", `the end, isolation ${isolationLevel}`, ofStock([{ fetchOffset: 10 }], { isolationLevel })),
    ask("Fetch", `beyond the end, isolation ${isolationLevel}`, ofStock([{ fetchOffset: 11 }], { isolationLevel })),
    ask("Fetch", `a partition that is not there, isolation ${isolationLevel}`, ofStock([{ partition: 2 }], { isolationLevel })),
    ask("Fetch", `an older leader epoch, isolation ${isolationLevel}`, ofStock([{ currentLeaderEpoch: -1 }], { isolationLevel })),
    ask("Fetch", `a newer leader epoch, isolation ${isolationLevel}`, ofStock([{ currentLeaderEpoch: 3 }], { isolationLevel })),
  ]),
  ask("Fetch", "the middle of a batch", ofStock([{ fetchOffset: 5 }])),
  ask("Fetch", "one byte of each partition", ofStock([{ partitionMaxBytes: 1 }, { partition: 1, partitionMaxBytes: 1 }])),
  ask("Fetch", "up to one byte", ofStock([{}], { maxBytes: 1 })),
  ask("Fetch", "two batches and a bit", ofStock([{ partitionMaxBytes: 200 }])),
  ask("Fetch", "waits for records in vain", ofStock([{ fetchOffset: 10 }], { maxWaitMs: 30 })),
  ask("Fetch", "waits for more than there is", ofStock([{ fetchOffset: 3 }], { maxWaitMs: 30, minBytes: 100_000 })),
  ask("Fetch", "an error does not wait", ofStock([{ fetchOffset: 10 }, { partition: 1, fetchOffset: 5 }], { maxWaitMs: 10_000 })),
  ask("Fetch", "where epochs part", ofStock([{ fetchOffset: 10, lastFetchedEpoch: 0 }])),
  ask("Fetch", "where epochs part, beyond the end", ofStock([{ fetchOffset: 12, lastFetchedEpoch: 0 }])),
  ask("Fetch", "of a rack", ofStock([{}], { rackId: "here" })),
  ask("Fetch", "as a follower", ofStock([{}], { replicaId: 1, replicaState: { replicaId: 1, replicaEpoch: 1 } })),
  ask("Fetch", "as a follower nobody knows", ofStock([{}], { replicaId: 77, replicaState: { replicaId: 77, replicaEpoch: 1 } })),
  ask(
    "Fetch",
    "as a follower nobody knows, of an epoch",
    ofStock([{ currentLeaderEpoch: 0 }], { replicaId: 77, replicaState: { replicaId: 77 } }),
  ),
  ask("Fetch", "as the debugging consumer", ofStock([{}], { replicaId: -2, replicaState: { replicaId: -2 } })),
  ask("Fetch", "a session that is not there", ofStock([{}], { sessionId: 12_345, sessionEpoch: 1 }), { versions: "7+" }),
  ask("Fetch", "an epoch without a session", ofStock([{}], { sessionId: 0, sessionEpoch: 1 }), { versions: "7+" }),
  ask("Fetch", "a session of nothing", { minBytes: 0, sessionEpoch: 0 }, { versions: "7+", bind: { sessionId: "sessionId" } }),
  ask("Fetch", "a session of partitions that are not there", ofStock([{ partition: 5 }], { sessionEpoch: 0 }), {
    versions: "7+",
    bind: { sessionId: "sessionId" },
    after: [inFetch(1), inFetch(2)],
  }),
  sessions(
    "a session",
    inFetch(1),
    inFetch(2),
    inFetch(3, { topics: [{ topic: "stock", topicId: "$stockId", partitions: [{ fetchOffset: 10, partitionMaxBytes: 1000 }] }] }),
  ),
  sessions("an epoch that was used", inFetch(1), inFetch(1)),
  sessions("an epoch too far", inFetch(2)),
  sessions("a session that is ended", inFetch(1), inFetch(-1), inFetch(2)),
  sessions("a session that is begun anew", { ...inFetch(0), bind: { sessionId: "sessionId" } }, inFetch(1)),
  sessions(
    "partitions that are forgotten",
    inFetch(1, { forgottenTopicsData: [{ topic: "stock", topicId: "$stockId", partitions: [0] }] }),
    inFetch(2),
  ),
  sessions(
    "all partitions forgotten",
    inFetch(1, { forgottenTopicsData: [{ topic: "stock", topicId: "$stockId", partitions: [0, 1] }] }),
    inFetch(2),
  ),
  sessions(
    "a partition that is out of range",
    inFetch(1, { topics: [{ topic: "stock", topicId: "$stockId", partitions: [{ fetchOffset: 99, partitionMaxBytes: 1000 }] }] }),
    inFetch(2),
  ),
  {
    name: "Fetch: a session of names that goes on with ids",
    api: "Fetch",
    versions: "13+",
    steps: [{ ...opened, version: 12 }, inFetch(1), { ...inFetch(1), version: 12 }],
  },
  {
    name: "Fetch: a session of ids that goes on with names",
    api: "Fetch",
    versions: "7-12",
    steps: [{ ...opened, version: 13 }, inFetch(1), { ...inFetch(1), version: 13 }],
  },
];

const ofSession = (sessionEpoch: number): Step => ({
  api: "Fetch",
  request: {
    minBytes: 1,
    maxBytes: 1 << 20,
    sessionId: sessionEpoch === 0 ? 0 : "$sessionId",
    sessionEpoch,
    topics: sessionEpoch === 0 ? [{ topic: "s{run}", topicId: "$sId", partitions: [{ partition: 0, partitionMaxBytes: 1000 }] }] : [],
  },
  bind: { sessionId: "sessionId" },
});

/** The session knows the topic by the id that it had. */
const topicMadeAnew: History = {
  name: "Fetch: a session whose topic is deleted and made anew",
  api: "Fetch",
  versions: "7+",
  sampled: true,
  steps: [
    ...topic("s{run}", "sId"),
    ofSession(0),
    ofSession(1),
    { api: "DeleteTopics", version: 5, request: { topicNames: ["s{run}"], timeoutMs: 5_000 } },
    {
      api: "Metadata",
      version: 12,
      request: { topics: [{ name: "s{run}" }], allowAutoTopicCreation: false },
      untilError: UNKNOWN_TOPIC_OR_PARTITION,
    },
    ofSession(2),
    ...topic("s{run}", "newId"),
    ofSession(3),
    ofSession(4),
  ],
};

const offsetsOf = (partitionIndex: number, timestamp: bigint, more: Fields = {}): Fields => ({
  replicaId: -1,
  topics: [{ name: "stock", partitions: [{ partitionIndex, timestamp }] }],
  timeoutMs: 1_000,
  ...more,
});

const TIMES = [
  -8n,
  -7n,
  -6n,
  -5n,
  -4n,
  -3n,
  -2n,
  -1n,
  0n,
  BigInt(FIRST + 1),
  BigInt(FIRST + 5_000),
  BigInt(FIRST + 10_003),
  BigInt(FIRST + 10_004),
];

const listing: readonly History[] = [
  ...TIMES.flatMap((time): History[] => [
    ask("ListOffsets", `time ${time}`, offsetsOf(0, time)),
    ask("ListOffsets", `time ${time} of what is committed`, offsetsOf(0, time, { isolationLevel: 1 })),
    ask("ListOffsets", `time ${time} where nothing is`, offsetsOf(1, time)),
  ]),
  ask("ListOffsets", "a partition that is not there, and one that is", {
    replicaId: -1,
    topics: [{ name: "stock", partitions: [{ partitionIndex: 9, timestamp: -1n }, { partitionIndex: 0, timestamp: -1n }] }],
  }, { keyed: { partitions: "partitionIndex" } }),
  ask("ListOffsets", "as the debugging consumer", offsetsOf(0, -1n, { replicaId: -2 })),
  ...[-1n, -2n, -3n, -4n, -5n, -6n].map((timestamp) =>
    ask("ListOffsets", `time ${timestamp} where the first records were deleted`, {
      replicaId: -1,
      topics: [{ name: "l{run}", partitions: [{ partitionIndex: 0, currentLeaderEpoch: 0, timestamp }] }],
    }, {
      before: [
        ...topic("l{run}", "topicId", 1, { "retention.ms": "-1" }),
        produced("l{run}", 0, batchOf(["a", "b", "c"], {}, FIRST)),
        {
          api: "DeleteRecords",
          version: 2,
          request: { topics: [{ name: "l{run}", partitions: [{ partitionIndex: 0, offset: 2n }] }], timeoutMs: 5_000 },
        },
      ],
    })
  ).map((history) => ({ ...history, sampled: true as const })),
  ask("ListOffsets", "all places at once, of two partitions", {
    replicaId: -1,
    topics: [{
      name: "stock",
      partitions: [-1n, -2n].map((timestamp, partitionIndex) => ({ partitionIndex, timestamp })),
    }, { name: "none{run}", partitions: [{ partitionIndex: 0, timestamp: -3n }] }],
  }, { keyed: { topics: "name", partitions: "partitionIndex" } }),
];

const epochs: readonly History[] = [
  ask("OffsetForLeaderEpoch", "several", {
    replicaId: -2,
    topics: [
      { topic: "none{run}", partitions: [{ partition: 0, leaderEpoch: 0 }] },
      {
        topic: "stock",
        partitions: [{ partition: 0, leaderEpoch: 0 }, { partition: 1, leaderEpoch: 0 }, { partition: 9, leaderEpoch: 0 }],
      },
    ],
  }, { keyed: { topics: "topic", partitions: "partition" } }),
];

/** A DeleteRecords of partition 0 of `p{run}`, which has offsets 0 to 4 in two batches. */
function deletes(name: string, offset: bigint, configs: Record<string, string> = {}, more: readonly bigint[] = []): History {
  const ofOffset = (one: bigint): Fields => ({
    topics: [{ name: "p{run}", partitions: [{ partitionIndex: 0, offset: one }] }],
    timeoutMs: 5_000,
  });
  const key = new TextEncoder().encode("k");
  const records = (values: readonly string[]): Uint8Array =>
    buildBatch(values.map((value) => ({ key, value: new TextEncoder().encode(value), timestamp: FIRST })));
  const looked = (fetchOffset: number): Step => ({
    api: "Fetch",
    version: 12,
    request: {
      minBytes: 0,
      maxBytes: 1_000,
      topics: [{ topic: "p{run}", partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000 }] }],
    },
  });
  const before = [
    ...made(configs),
    produced("p{run}", 0, records(["a", "b", "c"])),
    produced("p{run}", 0, records(["d", "e"])),
    ...more.map((one): Step => ({ api: "DeleteRecords", request: ofOffset(one) })),
  ];
  return { ...ask("DeleteRecords", name, ofOffset(offset), { before, after: [looked(0), looked(2), looked(5)] }), sampled: true };
}

const deleting: readonly History[] = [
  deletes("within a batch", 2n),
  deletes("up to the next batch", 3n),
  deletes("all", 5n),
  deletes("all, whatever there is", -1n),
  deletes("more than there is", 6n),
  deletes("what is deleted already", 1n, {}, [2n]),
  deletes("where records are compacted", 2n, { "cleanup.policy": "compact" }),
  deletes("where records are compacted and deleted", 2n, { "cleanup.policy": "compact,delete" }),
  {
    ...ask("DeleteRecords", "of a partition twice, with two offsets", {
      topics: [4n, 2n].map((offset) => ({ name: "p{run}", partitions: [{ partitionIndex: 0, offset }] })),
      timeoutMs: 5_000,
    }, { before: [...made(), produced("p{run}", 0, batchOf(["a", "b", "c", "d", "e"], {}, FIRST))] }),
    sampled: true,
  },
  ask("DeleteRecords", "of an internal topic, and of a partition that is not there", {
    topics: [
      { name: "__consumer_offsets", partitions: [{ partitionIndex: 0, offset: 0n }] },
      { name: "stock", partitions: [{ partitionIndex: 7, offset: 0n }, { partitionIndex: 0, offset: 0n }] },
    ],
    timeoutMs: 5_000,
  }, { keyed: { topics: "name", partitions: "partitionIndex" } }),
];

export const recordHistories: readonly History[] = [...producing, ...deleting, ...fetching, topicMadeAnew, ...listing, ...epochs];

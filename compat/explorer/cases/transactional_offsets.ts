/** TxnOffsetCommit, WriteTxnMarkers and DescribeProducers: what Kafka's source can answer to each, and what provokes it. */
import { ErrorCode } from "../../../protocol/errors.ts";
import { batchOf } from "../../../broker/testing/requests.ts";
import { ask, type Bound, type Fields, type History, type Step, type Value } from "../history.ts";
import { addedToTransaction, committed, ended, joined, offsetOf, stable, transactionalProducer } from "./bases.ts";
import { FIRST, topic } from "./fixture.ts";

const { CONCURRENT_TRANSACTIONS } = ErrorCode;

const stockOffset = { partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: 0, committedMetadata: "x" };
const commit = (more: Fields = {}): Fields => ({
  transactionalId: "t{run}",
  groupId: "to{run}",
  producerId: "$producerId",
  producerEpoch: 0,
  generationId: -1,
  topics: [{ name: "stock", partitions: [stockOffset] }],
  ...more,
});

/** Commits of a transaction that the group is part of, as the group's members send them and others. */
function inState(state: string, before: readonly Step[], members: Readonly<Record<string, Fields>>): History[] {
  return Object.entries(members).map(([who, fields]) =>
    ask("TxnOffsetCommit", `of ${who}, ${state}`, commit(fields), {
      versions: "3+",
      before: [...before, ...addedToTransaction("to{run}")],
      after: [offsetOf("to{run}", true), ...ended("to{run}", false)],
    })
  );
}

const strangers: Readonly<Record<string, Fields>> = {
  nobody: {},
  "a stranger": { memberId: "nobody", generationId: 1 },
  "a stranger without a generation": { memberId: "nobody" },
  "an unknown instance": { memberId: "nobody", generationId: 1, groupInstanceId: "none" },
};
const members: Readonly<Record<string, Fields>> = {
  ...strangers,
  "its member": { memberId: "$memberId", generationId: 1 },
  "its member of before": { memberId: "$memberId", generationId: 0 },
};

const commits: readonly History[] = [
  ...inState("no group", [], strangers),
  ...inState("a group that only commits", [committed("to{run}")], strangers),
  ...inState("a group that waits for its assignment", joined("to{run}"), members),
  ...inState("a stable group", stable("to{run}"), members),
  ...inState("a group of a static member", stable("to{run}", "one"), {
    "its member": { memberId: "$memberId", generationId: 1, groupInstanceId: "one" },
    "another that has its name": { memberId: "another", generationId: 1, groupInstanceId: "one" },
  }),
  ask("TxnOffsetCommit", "without a transaction", commit(), { before: transactionalProducer, after: [offsetOf("to{run}", true)] }),
  ask(
    "TxnOffsetCommit",
    "with too much to say",
    commit({ topics: [{ name: "stock", partitions: [{ ...stockOffset, committedMetadata: "x".repeat(4097) }] }] }),
    {
      before: addedToTransaction("to{run}"),
      after: [offsetOf("to{run}", true)],
    },
  ),
  ask(
    "TxnOffsetCommit",
    "for what is there and what is not",
    commit({
      topics: [
        { name: "none{run}", partitions: [stockOffset, { ...stockOffset, partitionIndex: 1 }] },
        { name: "stock", partitions: [1, 9, 0].map((partitionIndex) => ({ ...stockOffset, partitionIndex })) },
      ],
    }),
    { before: addedToTransaction("to{run}"), after: [offsetOf("to{run}", true), ...ended("to{run}", false)] },
  ),
  ask("TxnOffsetCommit", "of a producer that is fenced", commit(), {
    before: [
      ...addedToTransaction("to{run}"),
      { api: "TxnOffsetCommit", version: 3, request: commit() },
      ...ended("to{run}", true),
      {
        api: "InitProducerId",
        version: 4,
        request: { transactionalId: "t{run}", transactionTimeoutMs: 60_000 },
        whileError: [CONCURRENT_TRANSACTIONS],
      },
    ],
    after: [offsetOf("to{run}", true)],
  }),
  ask("OffsetFetch", "with a transaction open", {
    groupId: "to{run}",
    topics: null,
    groups: [{ groupId: "to{run}", topics: null }],
    requireStable: true,
  }, {
    versions: "2+",
    before: [committed("to{run}"), ...addedToTransaction("to{run}"), { api: "TxnOffsetCommit", version: 3, request: commit() }],
  }),
  ask("OffsetDelete", "with a transaction open", { groupId: "to{run}", topics: [{ name: "stock", partitions: [{ partitionIndex: 0 }] }] }, {
    before: [...addedToTransaction("to{run}"), { api: "TxnOffsetCommit", version: 3, request: commit() }],
    after: [offsetOf("to{run}", true), ...ended("to{run}", true)],
  }),
  ask("DeleteGroups", "with a transaction open", { groupsNames: ["to{run}"] }, {
    before: [...addedToTransaction("to{run}"), { api: "TxnOffsetCommit", version: 3, request: commit() }],
    after: [offsetOf("to{run}", true), ...ended("to{run}", true), { api: "ListGroups", request: {}, own: ["groups"] }],
  }),
];

const marker = (more: Fields): Fields => ({
  markers: [{
    producerId: "$producerId",
    producerEpoch: 0,
    transactionResult: false,
    topics: [{ name: "wt{run}", partitionIndexes: [0] }],
    coordinatorEpoch: 0,
    ...more,
  }],
});

const transactional = ({ producerId }: Bound): Value =>
  batchOf(["a", "b"], { producerId: Number(producerId), producerEpoch: 0, baseSequence: 0, isTransactional: true }, FIRST);

/** `wt{run}` with a transaction open in its partition. */
const open: readonly Step[] = [
  ...topic("wt{run}", "topicId", 1, { "retention.ms": "-1" }),
  ...transactionalProducer,
  {
    api: "AddPartitionsToTxn",
    version: 3,
    request: {
      v3AndBelowTransactionalId: "t{run}",
      v3AndBelowProducerId: "$producerId",
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: "wt{run}", partitions: [0] }],
    },
  },
  {
    api: "Produce",
    version: 11,
    request: {
      transactionalId: "t{run}",
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: "wt{run}", partitionData: [{ index: 0, records: transactional }] }],
    },
  },
];

/** How far a consumer of committed records may read. */
const read: Step = {
  api: "ListOffsets",
  version: 6,
  request: { replicaId: -1, isolationLevel: 1, topics: [{ name: "wt{run}", partitions: [{ partitionIndex: 0, timestamp: -1n }] }] },
};
const producers: Step = { api: "DescribeProducers", request: { topics: [{ name: "wt{run}", partitionIndexes: [0] }] } };

function marked(name: string, fields: Fields, before: readonly Fields[] = []): History {
  const written = before.map((one): Step => ({ api: "WriteTxnMarkers", version: 2, request: marker(one) }));
  const versions = "transactionVersion" in fields ? "2" : undefined;
  return {
    ...ask("WriteTxnMarkers", name, marker(fields), { versions, before: [...open, ...written], after: [read, producers] }),
    sampled: true,
  };
}

const markers: readonly History[] = [
  ask("DescribeProducers", "with a transaction open", { topics: [{ name: "wt{run}", partitionIndexes: [0] }] }, {
    before: open,
    after: [read],
  }),
  marked("that abort", {}),
  marked("that commit", { transactionResult: true }),
  marked("of a larger epoch", { producerEpoch: 3 }),
  marked("of the epoch before", { producerEpoch: 1 }, [{ producerEpoch: 2 }]),
  marked("of a coordinator of before", { coordinatorEpoch: 1 }, [{ coordinatorEpoch: 2 }]),
  marked("of version 2 with the epoch of the data", { transactionVersion: 2 }),
  marked("of version 2", { producerEpoch: 1, transactionVersion: 2 }),
  marked("of version 2, again", { producerEpoch: 1, transactionVersion: 2 }, [{ producerEpoch: 1, transactionVersion: 2 }]),
  ask("WriteTxnMarkers", "none", { markers: [] }),
  ask("WriteTxnMarkers", "for partitions that are there and others", {
    markers: [
      {
        producerId: 900_000n,
        producerEpoch: 0,
        transactionResult: true,
        topics: [{ name: "stock", partitionIndexes: [7] }],
        coordinatorEpoch: 0,
      },
      {
        producerId: 900_001n,
        producerEpoch: 0,
        transactionResult: true,
        topics: [{ name: "none{run}", partitionIndexes: [0] }],
        coordinatorEpoch: 0,
      },
    ],
  }, { keyed: { markers: "producerId" } }),
  ...[true, false].map((transactionResult) =>
    ask("WriteTxnMarkers", `for offsets, ${transactionResult ? "commit" : "abort"}`, {
      markers: [{
        producerId: "$producerId",
        producerEpoch: 0,
        transactionResult,
        topics: [{ name: "__consumer_offsets", partitionIndexes: [0] }],
        coordinatorEpoch: 0,
      }],
    }, {
      before: [...addedToTransaction("to{run}"), { api: "TxnOffsetCommit", version: 3, request: commit() }],
      after: [offsetOf("to{run}", true)],
    })
  ),
];

export const transactionalOffsetHistories: readonly History[] = [...commits, ...markers];

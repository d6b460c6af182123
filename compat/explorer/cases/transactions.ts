/** Requests to the coordinator of transactions, and Produce in one: what Kafka's source can answer to each, and what provokes it. */
import { batchOf } from "../../../broker/testing/requests.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import { ask, type Bound, type Fields, type History, type Step, type Value } from "../history.ts";
import { added, ending, transactionalProducer } from "./bases.ts";
import { FIRST, topic } from "./fixture.ts";

const { CONCURRENT_TRANSACTIONS } = ErrorCode;

/** Kafka answers this while the markers of the transaction before are being written. */
const afterMarkers = { whileError: [CONCURRENT_TRANSACTIONS] };

const described: Step = { api: "DescribeTransactions", request: { transactionalIds: ["t{run}"] } };

/** Ends a transaction as the version says; what is asked of it then waits for the markers. */
const end = (version: number, committed: boolean, producerEpoch = 0): Step => ({
  api: "EndTxn",
  version,
  request: ending({ committed, producerEpoch }),
  ...afterMarkers,
});

/** The other producer of the transactional id has it now, in epoch 1. */
const replaced: Step = {
  api: "InitProducerId",
  version: 4,
  request: { transactionalId: "t{run}", transactionTimeoutMs: 60_000 },
  ...afterMarkers,
};

const open = [...transactionalProducer, added(0)];

/** The same request after the same transaction, for clients of both versions of transactions. */
function ends(name: string, request: Fields, before: (version: number) => readonly Step[]): History[] {
  return [["0-4", 4], ["5", 5]].map(([versions, version]) =>
    ask("EndTxn", name, ending(request), { versions: `${versions}`, before: before(Number(version)), ...afterMarkers })
  );
}

const endings: readonly History[] = [true, false].flatMap((committed) => {
  const how = committed ? "commit" : "abort";
  return [
    ...ends(`${how}, of nothing`, { committed }, () => transactionalProducer),
    ...ends(`${how}, after a commit`, { committed }, (version) => [...open, end(version, true)]),
    ...ends(`${how}, after an abort`, { committed }, (version) => [...open, end(version, false)]),
    ...ends(`${how}, by who is fenced`, { committed }, () => [...open, replaced]),
    ...ends(`${how}, of a later epoch`, { committed, producerEpoch: 1 }, () => open),
    ...ends(`${how}, of another's id`, { committed, producerId: 900_000n }, () => open),
    ...ends(`${how}, of nobody`, { committed, transactionalId: "nobody{run}" }, () => transactionalProducer),
  ];
});

const nextEpoch: readonly History[] = [true, false].map((committed) =>
  ask("EndTxn", `${committed ? "commit" : "abort"} with the epoch of the answer before`, ending({ committed, producerEpoch: 1 }), {
    versions: "5",
    before: [...open, end(5, true)],
    ...afterMarkers,
  })
);

const adding = (more: Fields): Fields => ({
  v3AndBelowTransactionalId: "t{run}",
  v3AndBelowProducerId: "$producerId",
  v3AndBelowProducerEpoch: 0,
  v3AndBelowTopics: [{ name: "traded", partitions: [1] }],
  ...more,
});
/** In whatever order: Kafka keeps what it refuses in a map. */
const keyed = {
  keyed: {
    resultsByTransaction: "transactionalId",
    topicResults: "name",
    resultsByTopicV3AndBelow: "name",
    resultsByPartition: "partitionIndex",
  },
};
const adds = (name: string, more: Fields, before: readonly Step[] = transactionalProducer): History =>
  ask("AddPartitionsToTxn", name, adding(more), { versions: "0-3", before, ...keyed, ...afterMarkers });

const ofBrokers = (transactions: readonly Fields[]): Fields => ({ transactions });
const ofOne = (more: Fields): Fields => ({
  transactionalId: "t{run}",
  producerId: "$producerId",
  producerEpoch: 0,
  verifyOnly: true,
  topics: [{ name: "traded", partitions: [0, 1] }],
  ...more,
});

const additions: readonly History[] = [
  adds("what is there and what is not", {
    v3AndBelowTopics: [{ name: "traded", partitions: [0, 7] }, { name: "none{run}", partitions: [0] }],
  }),
  adds("an internal topic", { v3AndBelowTopics: [{ name: "__consumer_offsets", partitions: [0] }] }),
  adds("of another's id", { v3AndBelowProducerId: 900_000n }),
  adds("of an old epoch", {}, [...transactionalProducer, replaced]),
  adds("of nobody", { v3AndBelowTransactionalId: "nobody{run}" }),
  adds("of no id", { v3AndBelowTransactionalId: "" }),
  adds("again", { v3AndBelowTopics: [{ name: "traded", partitions: [0] }] }, open),
  ask("AddPartitionsToTxn", "to be verified", ofBrokers([ofOne({})]), { versions: "4+", before: open, ...keyed }),
  ask(
    "AddPartitionsToTxn",
    "to be verified, of others",
    ofBrokers([ofOne({ producerId: 900_000n }), ofOne({ transactionalId: "nobody{run}" })]),
    {
      versions: "4+",
      before: open,
      ...keyed,
    },
  ),
  ask("AddPartitionsToTxn", "of several", ofBrokers([ofOne({ verifyOnly: false }), ofOne({ transactionalId: "", verifyOnly: false })]), {
    versions: "4+",
    before: transactionalProducer,
    ...keyed,
  }),
  ...["nobody{run}", ""].map((transactionalId) =>
    ask("AddOffsetsToTxn", `of ${transactionalId === "" ? "no id" : "nobody"}`, {
      transactionalId,
      producerId: "$producerId",
      producerEpoch: 0,
      groupId: "g{run}",
    }, { before: transactionalProducer })
  ),
  ask("AddOffsetsToTxn", "of an old epoch", { transactionalId: "t{run}", producerId: "$producerId", producerEpoch: 0, groupId: "g{run}" }, {
    before: [...transactionalProducer, replaced],
  }),
];

/** A transactional batch to the partition of `pt{run}`. */
const batch = (baseSequence: number, isTransactional = true) => ({ producerId }: Bound): Value =>
  batchOf(["a"], { producerId: Number(producerId), producerEpoch: 0, baseSequence, isTransactional }, FIRST);
const produceTo = (records: Value): Fields => ({
  transactionalId: "t{run}",
  acks: -1,
  timeoutMs: 5_000,
  topicData: [{ name: "pt{run}", topicId: "$topicId", partitionData: [{ index: 0, records }] }],
});
const withTopic = [...topic("pt{run}", "topicId", 1, { "retention.ms": "-1" }), ...transactionalProducer];
const withPartition: readonly Step[] = [...withTopic, {
  api: "AddPartitionsToTxn",
  version: 3,
  request: adding({ v3AndBelowTopics: [{ name: "pt{run}", partitions: [0] }] }),
}];
const produced: Step = { api: "Produce", version: 13, request: produceTo(batch(0)) };
const produces = (name: string, records: Value, before: readonly Step[], versions = "3+"): History => ({
  ...ask("Produce", `in a transaction: ${name}`, produceTo(records), { versions, before }),
  sampled: true,
});

const producing: readonly History[] = [
  produces("the first batch, of a partition that was not added", batch(0), withTopic, "3-10"),
  produces("the first batch, of a partition that was not added", batch(0), withTopic, "11"),
  produces("the first batch, of a partition that joins by it", batch(0), withTopic, "12+"),
  produces("the first batch", batch(0), withPartition),
  produces("a batch that is not of it", batch(1, false), [...withPartition, produced]),
  produces("the same batch again", batch(0), [...withPartition, produced]),
  produces("a batch with a gap", batch(5), [...withPartition, produced]),
  produces("of who is fenced", batch(1), [...withPartition, produced, replaced]),
  produces("after its end", batch(1), [...withPartition, produced, end(4, true), replaced], "3-11"),
];

/** A transaction of version 2. */
const openedByBroker: readonly Step[] = [...transactionalProducer, {
  api: "AddPartitionsToTxn",
  version: 5,
  request: ofBrokers([ofOne({ verifyOnly: false })]),
}];
const taken: Fields = { transactionalId: "t{run}", transactionTimeoutMs: 60_000 };

const initializing: readonly History[] = [
  ask("InitProducerId", "with a transaction of version 2 open", taken, { before: openedByBroker, after: [described], ...afterMarkers }),
  ...[open, openedByBroker].map((before, index) =>
    ask("InitProducerId", `with what it has, a transaction ${index === 0 ? "" : "of version 2 "}open`, {
      ...taken,
      producerId: "$producerId",
      producerEpoch: 0,
    }, {
      versions: "3+",
      before,
      after: [described],
      ...afterMarkers,
    })
  ),
  ask("InitProducerId", "with a transaction open", { transactionalId: "t{run}", transactionTimeoutMs: 60_000 }, {
    before: open,
    after: [described],
    ...afterMarkers,
  }),
  ask("InitProducerId", "with what it has", {
    transactionalId: "t{run}",
    transactionTimeoutMs: 60_000,
    producerId: "$producerId",
    producerEpoch: 0,
  }, { versions: "3+", before: transactionalProducer }),
  ask("InitProducerId", "with what it had", {
    transactionalId: "t{run}",
    transactionTimeoutMs: 60_000,
    producerId: "$producerId",
    producerEpoch: 0,
  }, { versions: "3+", before: [...transactionalProducer, replaced] }),
];

/** Some that match the producer's id and some that do not, with most of what RE2's syntax has. */
const PATTERNS = [
  ...[
    "",
    "t{run}",
    "t.*{run}",
    "t{run",
    "[ab]+",
    "[^ab].*",
    "T{run}",
    "(?i)T{run}",
    "(?P<a>t|u).*",
    "(?:x|t)+\\w*",
    "\\Qt\\E.{1,100}?",
    "t",
  ],
  ...[
    "^t.*$",
    "\\At.*\\z",
    "\\b.*",
    "\\p{Ll}.*",
    "\\PL.*",
    "[[:alpha:]].*",
    "[\\d-z]+",
    "\\x74.*",
    "{run}",
    "t.*|",
    "t{0}.*",
    "(?s-i:.)*",
    "]*.*",
  ],
];
/** None of RE2, though some of JavaScript or Java. */
const NO_PATTERNS = [
  ...[
    "(",
    ")",
    "[",
    "[b-a]",
    "[]",
    "*",
    "t**",
    "t*+",
    "t{2,1}",
    "t{1001}",
    "\\",
    "\\1",
    "\\e",
    "\\Z",
    "\\u0074.*",
    "\\p{Nobody}",
    "[[:no:]]",
  ],
  ...["(?=t).*", "(?!u).*", "(?<=t).*", "(?>t).*", "(?x)t", "(?P<>t)", "(?<a>t)(?<a>t)", "(?P=a)"],
];

const telling: readonly History[] = [
  ask("DescribeTransactions", "one that is open, one of nobody and none", { transactionalIds: ["t{run}", "nobody{run}", "", "t{run}"] }, {
    before: open,
    keyed: { transactionStates: "transactionalId" },
  }),
  ask("DescribeTransactions", "none", { transactionalIds: [] }),
  ...[...PATTERNS, ...NO_PATTERNS].map((transactionalIdPattern) =>
    ask("ListTransactions", `of the pattern '${transactionalIdPattern}'`, {
      producerIdFilters: ["$producerId"],
      transactionalIdPattern,
    }, { versions: "2+", before: open })
  ),
  ask("ListTransactions", "of an unknown state", { stateFilters: ["Ongoing", "nonsense"], producerIdFilters: ["$producerId"] }, {
    before: open,
  }),
  ask("ListTransactions", "of a state that it is not in", { stateFilters: ["Empty"], producerIdFilters: ["$producerId"] }, {
    before: open,
  }),
  ...[0n, 3_600_000n, 1n << 50n].map((durationFilter) =>
    ask("ListTransactions", `of nothing, for ${durationFilter} ms`, { durationFilter, producerIdFilters: ["$producerId"] }, {
      versions: "1+",
      before: transactionalProducer,
    })
  ),
  ask("ListTransactions", "that are open for long", { durationFilter: 3_600_000n, producerIdFilters: ["$producerId"] }, {
    versions: "1+",
    before: open,
  }),
];

export const transactionHistories: readonly History[] = [...endings, ...nextEpoch, ...additions, ...producing, ...initializing, ...telling];

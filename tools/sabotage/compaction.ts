import { brokerTests, type Campaign } from "./mutation.ts";

/** A list of what Kafka's rules leave, beside a log. */
const MODEL = ["storage/compaction_model_test.ts"];
/** Logs that are compacted, on a simulated disk that ends before any of its operations. */
const CRASHES = ["storage/compaction_crash_test.ts"];
const UNIT = ["storage/compaction_test.ts"];

/** Bugs in what compaction leaves, and in how what is new takes the place of what was. */
export const compaction: Campaign = {
  ...brokerTests,
  mutations: [
    {
      name: "the newest record of a key goes",
      file: "storage/cleaner.ts",
      from: "const isLatest = offset >= this.map.get",
      to: "const isLatest = offset > this.map.get",
      only: MODEL,
    },
    {
      name: "a tombstone goes at once",
      file: "storage/cleaner.ts",
      from: "const dropsTombstones = deleteHorizonMs !== undefined && this.#now >= deleteHorizonMs;",
      to: "const dropsTombstones = true;",
      only: MODEL,
    },
    {
      name: "a tombstone stays for ever",
      file: "storage/cleaner.ts",
      from: "const dropsTombstones = deleteHorizonMs !== undefined && this.#now >= deleteHorizonMs;",
      to: "const dropsTombstones = false;",
      only: MODEL,
    },
    {
      name: "a delete horizon moves on with each round",
      file: "storage/record_filter.ts",
      from: "(hasTombstone || fate.isMarkerOfNothing) && batch.deleteHorizonMs === undefined;",
      to: "hasTombstone || fate.isMarkerOfNothing;",
      only: MODEL,
    },
    {
      name: "a delete horizon is lost where the batch loses a record",
      file: "storage/record_filter.ts",
      from: "getsHorizon ? fate.deleteHorizonMs : batch.deleteHorizonMs,",
      to: "getsHorizon ? fate.deleteHorizonMs : undefined,",
      only: MODEL,
    },
    {
      name: "aborted records stay",
      file: "storage/cleaner.ts",
      from: "dropsAll = this.#transactions.isAborted(batch);",
      to: "dropsAll = this.#transactions.isAborted(batch) && false;",
      only: MODEL,
    },
    {
      name: "an aborted record replaces a committed one",
      file: "storage/cleaner.ts",
      from: "else if (!transactions.isAborted(batch) && !await this.#mapKeys(batch, from)) return;",
      to: "else if (!await this.#mapKeys(batch, from)) return;",
      only: MODEL,
    },
    {
      name: "a marker goes before its delete horizon",
      file: "storage/cleaner.ts",
      from: "dropsAll = mayGo && deleteHorizonMs !== undefined && deleteHorizonMs <= this.#now;",
      to: "dropsAll = mayGo;",
      only: MODEL,
    },
    {
      name: "the last batch of a producer goes",
      file: "storage/cleaner.ts",
      from: "const keepsHeader = this.#isLastOfProducer(batch) || ",
      to: "const keepsHeader = ",
      only: MODEL,
    },
    {
      name: "an open transaction is compacted",
      file: "storage/cleaning.ts",
      from: "Math.min(bounds.lastStableOffset, bounds.recoveryPoint,",
      to: "Math.min(bounds.recoveryPoint,",
      only: MODEL,
    },
    {
      name: "what is not on the disk yet is compacted",
      file: "storage/cleaning.ts",
      from: "Math.min(bounds.lastStableOffset, bounds.recoveryPoint,",
      to: "Math.min(bounds.lastStableOffset,",
      only: UNIT,
    },
    {
      name: "min.compaction.lag.ms protects nothing",
      file: "storage/cleaning.ts",
      from: "tooYoung?.baseOffset ?? Infinity);",
      to: "Infinity);",
      only: UNIT,
    },
    {
      name: "max.compaction.lag.ms makes nothing due",
      file: "storage/cleaning.ts",
      from: "return (isOverdue && bytes > 0) || ratio",
      to: "return ratio",
      only: UNIT,
    },
    {
      name: "where a round has ended for want of memory, all is called clean",
      file: "storage/cleaner.ts",
      from: "if (!this.map.put(reader.bytes, reader.keyStart, reader.keyStart + reader.keyLength, offset)) return false;",
      to: "this.map.put(reader.bytes, reader.keyStart, reader.keyStart + reader.keyLength, offset);",
      only: MODEL,
    },
    {
      name: "a cleaned segment is not synced",
      file: "storage/cleaner.ts",
      from: "await pending.track(cleaned.sync());",
      to: "",
      only: CRASHES,
    },
    {
      name: "old segments go before it is decided that new ones take their place",
      file: "storage/log_compaction.ts",
      from:
        "await commitSwap(disk, this.directory, first.baseOffset);\n    for (const segment of group) segment.markDeleted({ keepSnapshot: segment === first });",
      to:
        "for (const segment of group) segment.markDeleted({ keepSnapshot: segment === first });\n    await commitSwap(disk, this.directory, first.baseOffset);",
      only: CRASHES,
    },
    {
      name: "a round takes the place of segments that retention has taken meanwhile",
      file: "storage/log_compaction.ts",
      from: "if (this.#isStopped || group.some((segment, index) => list[at + index] !== segment)) throw",
      to: "if (this.#isStopped) throw",
      only: UNIT,
    },
    {
      name: "a start leaves an exchange half done",
      file: "storage/segment_swap.ts",
      from: "if (match !== null) await finish(disk, directory, Number(match[1]));",
      to: "if (match !== null) continue;",
      only: CRASHES,
    },
  ],
};

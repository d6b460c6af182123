import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, SeededRandom } from "../platform/mod.ts";
import { ErrorCode, errorName, ZERO_UUID } from "../protocol/mod.ts";
import { Produce } from "../protocol/generated/00_produce.ts";
import { Fetch, type FetchRequest, type FetchResponse } from "../protocol/generated/01_fetch.ts";
import { Metadata } from "../protocol/generated/03_metadata.ts";
import { CreateTopics } from "../protocol/generated/19_create_topics.ts";
import { DeleteTopics } from "../protocol/generated/20_delete_topics.ts";
import { batches } from "../protocol/records/mod.ts";
import { seededRandom } from "../protocol/testing/arbitrary.ts";
import { type FetchContext, FetchSessions } from "./fetch_sessions.ts";
import { batchOf, fetchFrom, produceTo } from "./testing/requests.ts";
import type { WireClient } from "./testing/wire_client.ts";
import { BrokerWorld } from "./testing/world.ts";

const PARTITIONS = 6;
const TEN_MINUTES = 600_000;

/** A fetch of partitions of one topic, by number and offset. */
function fetchOf(topicId: string, offsets: readonly (readonly [number, number])[], changes: Partial<FetchRequest> = {}): FetchRequest {
  const request = fetchFrom("t", 0, 0, changes);
  const [{ topic, partitions: [partition] }] = request.topics;
  const partitions = offsets.map(([index, fetchOffset]) => ({ ...partition, partition: index, fetchOffset }));
  return { ...request, topics: partitions.length === 0 ? [] : [{ topic, topicId, partitions }] };
}

async function idOf(client: WireClient): Promise<string> {
  const options = { allowAutoTopicCreation: false, includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false };
  return (await client.call(Metadata, 12, { topics: [{ topicId: ZERO_UUID, name: "t" }], ...options })).topics[0].topicId;
}

async function produce(client: WireClient, partition: number, value: string): Promise<void> {
  await client.call(Produce, 9, produceTo("t", partition, batchOf([value])));
}

/** What was answered: partition, error or high watermark, and the offset of the first record if there are any. */
function told({ responses }: FetchResponse): string[] {
  return responses.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex, errorCode, highWatermark, records }) => {
      const [first] = batches(records as Uint8Array);
      return `${partitionIndex} ${errorCode === 0 ? highWatermark : errorName(errorCode)}${
        first === undefined ? "" : ` from ${first.baseOffset}`
      }`;
    })
  );
}

describe("a fetch session", () => {
  for (let version = 7; version <= Fetch.maxVersion; version++) {
    it(`answers what is new, in version ${version}`, async () => {
      const world = await BrokerWorld.start(1, { topics: { t: { partitions: 3 } } });
      const client = await world.connect();
      const id = version >= 13 ? await idOf(client) : ZERO_UUID;
      const all = [[0, 0], [1, 0], [2, 0]] as const;
      const full = await client.call(Fetch, version, fetchOf(id, all, { sessionEpoch: 0 }));
      assert.ok(full.sessionId > 0);
      assert.deepEqual(told(full), ["0 0", "1 0", "2 0"]);
      let sessionEpoch = 1;
      const next = (offsets: readonly (readonly [number, number])[] = [], changes: Partial<FetchRequest> = {}) =>
        client.call(Fetch, version, fetchOf(id, offsets, { sessionId: full.sessionId, sessionEpoch: sessionEpoch++, ...changes }));
      assert.deepEqual(told(await next()), []);
      await produce(client, 1, "a");
      assert.deepEqual(told(await next()), ["1 1 from 0"]);
      assert.deepEqual(told(await next([[1, 1]])), []);
      await produce(client, 0, "b");
      await produce(client, 1, "c");
      // The partition that was answered with records is the last one now.
      assert.deepEqual(told(await next()), ["0 1 from 0", "1 2 from 1"]);
      const forgottenTopicsData = [{ topic: "t", topicId: id, partitions: [0] }];
      assert.deepEqual(told(await next([[1, 2]], { forgottenTopicsData })), []);
      assert.deepEqual(told(await next([[1, 9]])), ["1 OFFSET_OUT_OF_RANGE"]);
      assert.deepEqual(told(await next()), ["1 OFFSET_OUT_OF_RANGE"]);
      assert.deepEqual(told(await next([[1, 2]])), ["1 2"], "after an error everything is told again");
      const wrong = await next([], { sessionEpoch: 77 });
      assert.deepEqual([errorName(wrong.errorCode), wrong.sessionId], ["INVALID_FETCH_SESSION_EPOCH", 0]);
      sessionEpoch--;
      const mixed = await client.call(Fetch, version >= 13 ? 12 : 13, fetchOf(id, [], { sessionId: full.sessionId, sessionEpoch }));
      assert.equal(errorName(mixed.errorCode), "FETCH_SESSION_TOPIC_ID_ERROR");
      assert.equal((await next([[2, 0]], { sessionEpoch: -1 })).sessionId, 0);
      assert.equal(errorName((await next()).errorCode), "FETCH_SESSION_ID_NOT_FOUND");
    });
  }

  it("waits until there is something new, and fails when its next request overtakes it", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: 2 } } });
    const [client, other] = [await world.connect(), await world.connect()];
    const { sessionId } = await client.call(Fetch, 12, fetchOf(ZERO_UUID, [[0, 0], [1, 0]], { sessionEpoch: 0 }));
    const waiting = client.call(Fetch, 12, fetchOf(ZERO_UUID, [], { sessionId, sessionEpoch: 1, maxWaitMs: 60_000 }));
    await produce(other, 1, "a");
    assert.deepEqual(told(await waiting), ["1 1 from 0"]);
    const overtaken = client.call(Fetch, 12, fetchOf(ZERO_UUID, [[1, 1]], { sessionId, sessionEpoch: 2, maxWaitMs: 60_000 }));
    assert.deepEqual(told(await other.call(Fetch, 12, fetchOf(ZERO_UUID, [], { sessionId, sessionEpoch: 3 }))), []);
    await produce(other, 0, "b");
    const { errorCode, sessionId: same } = await overtaken;
    assert.deepEqual([errorName(errorCode), same], ["INVALID_FETCH_SESSION_EPOCH", sessionId]);
  });

  it("keeps the name that its topic had: one made anew in its place is another", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    const client = await world.connect();
    const byName: string[][] = [];
    const byId: string[][] = [];
    const sessions = [[12, ZERO_UUID, byName], [13, await idOf(client), byId]] as const;
    const ids: number[] = [];
    for (const [version, id] of sessions) {
      ids.push((await client.call(Fetch, version, fetchOf(id, [[0, 0]], { sessionEpoch: 0 }))).sessionId);
    }
    const next = async (sessionEpoch: number) => {
      for (const [i, [version, id, heard]] of sessions.entries()) {
        const response = await client.call(Fetch, version, fetchOf(id, [], { sessionId: ids[i], sessionEpoch }));
        const { abortedTransactions } = response.responses[0].partitions[0];
        heard.push([...told(response), abortedTransactions === null ? "null" : "a list"]);
      }
    };
    await client.call(DeleteTopics, 6, { topics: [{ name: "t", topicId: ZERO_UUID }], topicNames: [], timeoutMs: 1_000 });
    await next(1);
    const topics = [{ name: "t", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
    await client.call(CreateTopics, 7, { topics, timeoutMs: 1_000, validateOnly: false });
    await next(2);
    assert.deepEqual(byName, [["0 UNKNOWN_TOPIC_OR_PARTITION", "a list"], ["0 0", "null"]]);
    assert.deepEqual(byId, [["0 UNKNOWN_TOPIC_OR_PARTITION", "a list"], ["0 INCONSISTENT_TOPIC_ID", "null"]]);
  });

  it("says where a log parts from the one that was read", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: {} } });
    await produce(await world.connect(), 0, "a");
    await world.restart("kill");
    const client = await world.connect();
    await produce(client, 0, "b");
    const parting = async (lastFetchedEpoch: number, fetchOffset: number) => {
      const request = fetchOf(ZERO_UUID, [[0, fetchOffset]]);
      request.topics[0].partitions[0].lastFetchedEpoch = lastFetchedEpoch;
      const { errorCode, divergingEpoch, records } = (await client.call(Fetch, 12, request)).responses[0].partitions[0];
      return [errorName(errorCode), divergingEpoch?.epoch, divergingEpoch?.endOffset, records!.byteLength > 0];
    };
    assert.deepEqual(await parting(0, 1), ["NONE", -1, -1, true]);
    assert.deepEqual(await parting(0, 2), ["NONE", 0, 1, false]);
    assert.deepEqual(await parting(5, 1), ["OFFSET_OUT_OF_RANGE", -1, -1, false]);
  });

  it("tells in increments what full fetches tell, whatever is asked in whatever order", async () => {
    const world = await BrokerWorld.start(1, { topics: { t: { partitions: PARTITIONS } } });
    const client = await world.connect();
    const below = seededRandom(4);
    const positions = new Map<number, number>([[0, 0]]);
    const known = new Map<number, string>();
    const { sessionId } = await client.call(Fetch, 12, fetchOf(ZERO_UUID, [...positions], { sessionEpoch: 0 }));
    known.set(0, "0 0");
    for (let sessionEpoch = 1; sessionEpoch <= 300; sessionEpoch++) {
      if (below(2) === 0) await produce(client, below(PARTITIONS), "x");
      const changed = new Map<number, number>();
      for (let i = below(3); i > 0; i--) changed.set(below(PARTITIONS), below(4) === 0 ? 1000 : below(20));
      const forgotten = [...positions.keys()].filter((partition) => !changed.has(partition) && positions.size > 1 && below(10) === 0).slice(
        0,
        1,
      );
      for (const [partition, offset] of changed) positions.set(partition, offset);
      for (const partition of forgotten) positions.delete(partition), known.delete(partition);
      const forgottenTopicsData = [{ topic: "t", topicId: ZERO_UUID, partitions: forgotten }];
      const full = await client.call(Fetch, 12, fetchOf(ZERO_UUID, [...positions]));
      const incremental = await client.call(Fetch, 12, fetchOf(ZERO_UUID, [...changed], { sessionId, sessionEpoch, forgottenTopicsData }));
      assert.equal(errorName(incremental.errorCode), "NONE");
      // What has records or an error comes each time, the rest only when it is not what was told last.
      const expected = told(full).filter((line) => / from |[A-Z]/.test(line) || known.get(Number(line[0])) !== line);
      assert.deepEqual(told(incremental).sort(), expected.sort(), `epoch ${sessionEpoch}`);
      for (const line of expected) known.set(Number(line[0]), line.replace(/ from .*/, ""));
    }
  });
});

describe("the fetch sessions", () => {
  const clock = new ManualClock();
  const cache = (slots: number, maxPartitions?: number) => new FetchSessions(slots, { clock, random: new SeededRandom(1) }, maxPartitions);
  const open = (sessions: FetchSessions, size: number): number => {
    const offsets = Array.from({ length: size }, (_, i) => [i, 0] as const);
    const context = sessions.begin(fetchOf(ZERO_UUID, offsets, { sessionEpoch: 0 }), false) as FetchContext;
    return context.conclude([]).sessionId;
  };
  const use = (sessions: FetchSessions, sessionId: number, sessionEpoch: number) =>
    sessions.begin(fetchOf(ZERO_UUID, [], { sessionId, sessionEpoch }), false);

  it("give way when they are stale, or old and smaller, and never otherwise", () => {
    const sessions = cache(2);
    const [small, large] = [open(sessions, 1), open(sessions, 3)];
    assert.equal(open(sessions, 9), 0, "both are new");
    clock.advance(120_001);
    assert.notEqual(typeof use(sessions, small, 1), "number");
    assert.notEqual(typeof use(sessions, large, 1), "number");
    assert.equal(open(sessions, 1), 0, "none is smaller");
    assert.ok(open(sessions, 2) > 0);
    assert.equal(use(sessions, small, 2), ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    clock.advance(TEN_MINUTES);
    assert.ok(open(sessions, 1) > 0, "all are stale");
    assert.equal(sessions.size, 2);
    assert.equal(open(cache(0), 1), 0);
  });

  it("hold a bounded number of partitions", () => {
    const sessions = cache(10, 5);
    const [first, second] = [open(sessions, 3), open(sessions, 2)];
    assert.deepEqual([open(sessions, 1), sessions.partitionCount], [0, 5]);
    const grown = sessions.begin(fetchOf(ZERO_UUID, [[7, 0]], { sessionId: second, sessionEpoch: 1 }), false);
    assert.deepEqual([grown, sessions.partitionCount], [ErrorCode.FETCH_SESSION_ID_NOT_FOUND, 3]);
    sessions.begin(fetchOf(ZERO_UUID, [], { sessionId: first, sessionEpoch: -1 }), false);
    assert.equal(sessions.partitionCount, 0);
  });
});

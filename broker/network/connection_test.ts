import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type SimulatedPlatform, simulatedPlatform } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/mod.ts";
import { Produce, type ProduceRequest } from "../../protocol/generated/00_produce.ts";
import { Fetch, type FetchRequest } from "../../protocol/generated/01_fetch.ts";
import { ApiVersions } from "../../protocol/generated/18_api_versions.ts";
import { StorageError } from "../../storage/mod.ts";
import { type AnyHandler, Dispatcher } from "../dispatch.ts";
import type { Handler } from "../handler.ts";
import { CloseConnection, KafkaError } from "../kafka_error.ts";
import { routeTable } from "../handlers/mod.ts";
import { RequestWatch } from "../observability/request_watch.ts";
import { WireClient } from "../testing/wire_client.ts";
import { ListenerService } from "./listener.ts";
import { MemoryBudget } from "./memory_budget.ts";

const address = { hostname: "127.0.0.1", port: 9092 };
const limits = { maxRequestBytes: 1 << 20, maxInFlightRequests: 8, maxInFlightBytes: 2000, maxConnections: 3, maxIdleMs: 1000 };

/** A Fetch handler that answers when it is told to, with `maxWaitMs` as the session id, so that a test sees which request was answered. */
function fetchOnDemand(): { handler: AnyHandler; started: number[]; answer: (which: number) => void } {
  const waiting = new Map<number, () => void>();
  const started: number[] = [];
  const handler: Handler<FetchRequest, unknown> = {
    api: Fetch,
    handle(_context, { maxWaitMs: which }) {
      started.push(which);
      const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, sessionId: which, responses: [] };
      return which < 0 ? response : new Promise((resolve) => waiting.set(which, () => resolve(response)));
    },
    fail: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, sessionId: 0, responses: [] }),
  } as AnyHandler;
  return { handler, started, answer: (which) => waiting.get(which)!() };
}

function fetchRequest(maxWaitMs: number): FetchRequest {
  return {
    replicaId: -1,
    maxWaitMs,
    minBytes: 1,
    maxBytes: 1,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [],
    forgottenTopicsData: [],
    rackId: "",
  };
}

const apiVersions: AnyHandler = {
  api: ApiVersions,
  handle: () => ({ errorCode: ErrorCode.NONE, apiKeys: [], throttleTimeMs: 0 }),
  fail: (_request, errorCode) => ({ errorCode, apiKeys: [], throttleTimeMs: 0 }),
};

/** Produce that fails in the way its `timeoutMs` says. */
const failing: AnyHandler = {
  api: Produce,
  handle(_context, { timeoutMs }: ProduceRequest) {
    if (timeoutMs === 0) return null;
    if (timeoutMs === 1) throw new CloseConnection("enough");
    if (timeoutMs === 2) throw new KafkaError(ErrorCode.INVALID_REQUEST);
    if (timeoutMs === 4) throw new StorageError("0.log cannot be read.");
    throw new TypeError("a defect");
  },
  fail: (_request, code) => ({
    responses: [{
      name: "t",
      topicId: "A".repeat(22),
      partitionResponses: [{
        index: code,
        errorCode: code,
        baseOffset: -1,
        logAppendTimeMs: -1,
        logStartOffset: -1,
        recordErrors: [],
        errorMessage: null,
      }],
    }],
    throttleTimeMs: 0,
  }),
};

function world(handlers: readonly AnyHandler[]) {
  const platform = simulatedPlatform(1);
  const listener = new ListenerService({ name: "PLAINTEXT", nodeId: 1, address }, platform, limits, new MemoryBudget(1 << 20));
  const table = routeTable([apiVersions, ...handlers]);
  const dispatcher = new Dispatcher(table, () => true, new RequestWatch(platform.logger, () => undefined), platform.logger);
  const serving = listener.serve({
    // Whatever a handler keeps of its request's bytes it must have copied: they are overwritten as soon as it has returned.
    dispatch(connection, frame, arrivedMs, whenSettled) {
      const exchange = dispatcher.dispatch(connection, frame, arrivedMs, whenSettled);
      frame.fill(0xdb);
      return exchange;
    },
  });
  return { platform, listener, serving, connect: async () => new WireClient(await platform.network.connect(address)) };
}

const aboveDebug = ({ logger }: SimulatedPlatform) => logger.events.filter(({ level }) => level !== "debug");

const produceRequest = (timeoutMs: number): ProduceRequest => ({ transactionalId: null, acks: 1, timeoutMs, topicData: [] });

async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

describe("connection", () => {
  it("handles requests behind a waiting one, and answers in the order of the requests", async () => {
    const { handler, started, answer } = fetchOnDemand();
    const { connect } = world([handler]);
    const client = await connect();
    const order: number[] = [];
    const calls = [1, 2, -3].map((which) => client.call(Fetch, 12, fetchRequest(which)).then(({ sessionId }) => order.push(sessionId)));
    await turns();
    assert.deepEqual(started, [1, 2, -3]);
    answer(2);
    await turns();
    assert.deepEqual(order, []);
    answer(1);
    await Promise.all(calls);
    assert.deepEqual(order, [1, 2, -3]);
  });

  it("answers a request whenever it comes, also at the moment when the answers before it have been written", async () => {
    const { connect } = world([]);
    for (let moment = 0; moment < 40; moment++) {
      const client = await connect();
      let answered = 0;
      const ask = () => client.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" }).then(() => answered++);
      void ask();
      await turns(moment);
      void ask();
      await turns(200);
      assert.equal(answered, 2, `the second ${moment} turns after the first`);
      client.close();
      await turns();
    }
  });

  it("reads no more while too many requests are under way, and goes on afterwards", async () => {
    const { handler, started, answer } = fetchOnDemand();
    const { connect } = world([handler]);
    const client = await connect();
    const calls = Array.from({ length: 20 }, (_, which) => client.call(Fetch, 12, fetchRequest(which)));
    await turns(200);
    assert.equal(started.length, limits.maxInFlightRequests);
    for (let which = 0; which < 20; which++) {
      answer(which);
      await turns();
    }
    assert.deepEqual((await Promise.all(calls)).map(({ sessionId }) => sessionId), Array.from({ length: 20 }, (_, which) => which));
  });

  it("reads no more while the requests under way are too large together", async () => {
    const { handler, started, answer } = fetchOnDemand();
    const { connect } = world([handler]);
    const client = await connect();
    const calls = Array.from({ length: 6 }, (_, which) => client.call(Fetch, 12, { ...fetchRequest(which), rackId: "r".repeat(900) }));
    await turns(200);
    assert.equal(started.length, 3);
    for (let which = 0; which < 6; which++) {
      answer(which);
      await turns();
    }
    assert.equal((await Promise.all(calls)).length, 6);
  });

  it("sends nothing for a response that the protocol does not want", async () => {
    const { connect } = world([failing]);
    const client = await connect();
    const silent = client.call(Produce, 9, produceRequest(0)).catch(() => "no answer of its own");
    await turns();
    client.close();
    assert.equal(await silent, "no answer of its own");
  });

  it("answers what came before, then hangs up on what cannot be answered", async () => {
    const { connect, platform } = world([failing]);
    const client = await connect();
    const before = client.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" });
    const refused = client.call(Produce, 9, produceRequest(1));
    assert.equal((await before).errorCode, ErrorCode.NONE);
    await assert.rejects(refused, /ended before Produce was answered/);
    assert.deepEqual(aboveDebug(platform).map(({ level, facts }) => [level, facts?.reason]), [["warn", "enough"]]);
  });

  it("has written what it answers, however large, before it hangs up on what cannot be read", async () => {
    const apiKeys = Array.from({ length: 50_000 }, () => ({ apiKey: 0, minVersion: 0, maxVersion: 0 }));
    const { platform } = world([{ ...apiVersions, handle: () => ({ errorCode: ErrorCode.NONE, apiKeys, throttleTimeMs: 0 }) }]);
    const socket = await platform.network.connect(address);
    const request = [0, 0, 0, 10, 0, ApiVersions.key, 0, 0, 0, 0, 0, 1, 255, 255];
    const unreadable = [0, 0, 0, 4, 0, Produce.key, 0, 9];
    await socket.write(Uint8Array.from([...request, ...unreadable]));
    const room = new Uint8Array(8192);
    let heard = 0;
    for (let count = await socket.read(room); count !== null; count = await socket.read(room)) heard += count;
    const [length, correlationId, errorCode, entries, entry] = [4, 4, 2, 4, 6];
    assert.equal(heard, length + correlationId + errorCode + entries + entry * apiKeys.length);
  });

  it("hangs up when a handler fails that cannot even say so, and a client beside it notices nothing", async () => {
    for (
      const handle of [() => Promise.reject(new TypeError("a defect")), () => {
        throw new TypeError("a defect");
      }]
    ) {
      const fail = () => {
        throw new TypeError("another defect");
      };
      const { connect, platform } = world([{ api: Produce, handle, fail }]);
      const [bad, good] = [await connect(), await connect()];
      await assert.rejects(bad.call(Produce, 9, produceRequest(3)), /ended before Produce was answered/);
      assert.equal((await good.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" })).errorCode, ErrorCode.NONE);
      assert.ok(platform.logger.events.some(({ level, facts }) => level === "error" && String(facts?.reason).includes("another defect")));
    }
  });

  it("answers a refused request and a failed handler with an error, and goes on", async () => {
    const { connect, platform } = world([failing]);
    const client = await connect();
    const codeOf = async (timeoutMs: number) =>
      (await client.call(Produce, 9, produceRequest(timeoutMs))).responses[0].partitionResponses[0].errorCode;
    assert.equal(await codeOf(2), ErrorCode.INVALID_REQUEST);
    assert.equal(await codeOf(4), ErrorCode.KAFKA_STORAGE_ERROR);
    assert.equal(await codeOf(3), ErrorCode.UNKNOWN_SERVER_ERROR);
    assert.deepEqual(platform.logger.events.filter(({ level }) => level === "error").map(({ message }) => message), ["a handler failed"]);
  });

  for (
    const [what, bytes] of [
      ["an HTTP request", new TextEncoder().encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
      ["a negative length", Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
      ["an unknown API key", Uint8Array.of(0, 0, 0, 10, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff)],
      ["a version that is not served", Uint8Array.of(0, 0, 0, 10, 0, 0, 0, 99, 0, 0, 0, 1, 0xff, 0xff)],
      ["a body that ends too early", Uint8Array.of(0, 0, 0, 10, 0, 0, 0, 9, 0, 0, 0, 1, 0xff, 0xff)],
    ] as const
  ) {
    it(`hangs up on ${what}, logs it once, and a client beside it notices nothing`, async () => {
      const { connect, platform } = world([failing]);
      const [bad, good] = [await connect(), await connect()];
      await bad.send(bytes);
      assert.equal(await bad.frame(), null);
      assert.equal((await good.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" })).errorCode, ErrorCode.NONE);
      assert.deepEqual(aboveDebug(platform).map(({ level, message }) => [level, message]), [["warn", "closed a connection"]]);
    });
  }

  it("tells a client that asks in an unknown version of ApiVersions which versions there are, in version 0 (KIP-511)", async () => {
    const { connect } = world([]);
    const client = await connect();
    await client.send(Uint8Array.of(0, 0, 0, 10, 0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff));
    const frame = await client.frame();
    assert.deepEqual([...frame!], [0, 0, 0, 7, 0, ErrorCode.UNSUPPORTED_VERSION, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
  });
});

describe("listener", () => {
  it("closes a connection on which nothing happens, not one that is used or waits", async () => {
    const { handler } = fetchOnDemand();
    const { connect, platform } = world([handler]);
    const [idle, used, waiting] = [await connect(), await connect(), await connect()];
    void waiting.call(Fetch, 12, fetchRequest(1)).catch(() => null);
    await turns();
    for (let ms = 0; ms < 2000; ms += 500) {
      platform.clock.advance(500);
      await used.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" });
    }
    assert.equal(await idle.frame(), null);
    assert.equal((await used.call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" })).errorCode, ErrorCode.NONE);
    const closed = platform.logger.events.filter(({ message, facts }) =>
      message === "connection closed" && facts.reason === "idle for 1000 ms"
    );
    assert.equal(closed.length, 1);
  });

  it("refuses a connection beyond max.connections", async () => {
    const { connect } = world([]);
    const clients = [await connect(), await connect(), await connect(), await connect()];
    assert.equal(await clients[3].frame(), null);
    assert.equal((await clients[0].call(ApiVersions, 0, { clientSoftwareName: "", clientSoftwareVersion: "" })).errorCode, ErrorCode.NONE);
  });

  it("answers what is under way when it closes, and then ends", async () => {
    const { handler, answer } = fetchOnDemand();
    const { connect, listener, serving } = world([handler]);
    const client = await connect();
    const call = client.call(Fetch, 12, fetchRequest(5));
    await turns();
    const closed = listener.close();
    answer(5);
    assert.equal((await call).sessionId, 5);
    await closed;
    await serving;
    assert.equal(await client.frame(), null);
  });

  it("does not wait for ever for a client that does not take its answer", async () => {
    const { handler } = fetchOnDemand();
    const { connect, listener, platform } = world([handler]);
    const client = await connect();
    void client.call(Fetch, 12, fetchRequest(5)).catch(() => null);
    await turns();
    const closed = listener.close();
    platform.clock.advance(5000);
    await closed;
  });
});

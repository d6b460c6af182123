/** Each fault by itself, with a broker that answers a request with its own bytes and tells what it received. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Fault } from "./faults.ts";
import { FaultProxy } from "./proxy.ts";
import { waitUntil } from "./processes.ts";
import { Bytes, RawConnection } from "./raw.ts";
import { freePort } from "./target.ts";

let upstream: Deno.TcpListener;
let proxy: FaultProxy;
/** The requests that the broker received, by their number, in order. */
let received: number[];
/** Connections to the broker that have ended, with the bytes of an unfinished frame that they left. */
let ended: number;
/** The fault of each request, by its number; others meet none. */
let faults: Record<number, Fault>;

beforeEach(() => {
  received = [];
  ended = 0;
  faults = {};
  upstream = Deno.listen({ hostname: "127.0.0.1", port: freePort() });
  void serve(upstream);
  // The API key of a test's request is its number.
  proxy = new FaultProxy(freePort(), `127.0.0.1:${upstream.addr.port}`, 1, (_, number) => faults[number] ?? null);
});

afterEach(() => {
  proxy.close();
  upstream.close();
});

async function serve(listener: Deno.TcpListener): Promise<void> {
  for await (const connection of listener) void echo(new RawConnection(connection));
}

async function echo(client: RawConnection): Promise<void> {
  for (let content = await client.frame(); content !== "closed"; content = await client.frame()) {
    received.push(content[1]);
    // The second answer to the same request is told from the first by its last byte.
    content[2] = received.filter((number) => number === content[1]).length;
    await client.send(new Bytes().int32(content.length).raw(content).done());
  }
  client.close();
  ended++;
}

/** Sends requests with these numbers at once. */
async function ask(...numbers: number[]): Promise<RawConnection> {
  const client = await RawConnection.open(proxy.bootstrap);
  const frames = new Bytes();
  for (const number of numbers) frames.int32(3).int16(number).int8(0);
  assert.ok(await client.send(frames.done()));
  return client;
}

/** The next answers: the request's number, and which time it had been received. */
async function answers(client: RawConnection, count: number): Promise<string[]> {
  const got: string[] = [];
  for (let i = 0; i < count; i++) {
    const content = await client.receive();
    got.push(typeof content === "string" ? content : `${content[1]}, time ${content[2]}`);
  }
  return got;
}

const silent = (client: RawConnection): Promise<Uint8Array | string> => client.receive(100);
const brokerHas = (count: number): Promise<boolean> => waitUntil(`${count} requests`, 5_000, () => received.length >= count);

describe("requests are handed on", () => {
  it("untouched and in order", async () => {
    const client = await ask(1, 2, 3);
    assert.deepEqual(await answers(client, 3), ["1, time 1", "2, time 1", "3, time 1"]);
    client.close();
    await waitUntil("the broker's connection ends with the client's", 5_000, () => ended === 1);
  });

  it("late, and none overtakes another", async () => {
    faults = { 1: { kind: "delay request", ms: 30 }, 2: { kind: "delay response", ms: 30 } };
    const client = await ask(1, 2, 3);
    assert.deepEqual(await answers(client, 3), ["1, time 1", "2, time 1", "3, time 1"]);
    client.close();
  });

  it("without faults once it is calm", async () => {
    faults = { 1: { kind: "drop request" } };
    proxy.calm();
    const client = await ask(1);
    assert.deepEqual(await answers(client, 1), ["1, time 1"]);
    assert.deepEqual([...proxy.counts], []);
    client.close();
  });
});

describe("what is lost", () => {
  it("a request: earlier answers come, later ones do not", async () => {
    faults = { 2: { kind: "drop request" } };
    const client = await ask(1, 2, 3);
    assert.deepEqual(await answers(client, 1), ["1, time 1"]);
    assert.equal(await silent(client), "silent");
    assert.deepEqual(received, [1, 3]);
    assert.deepEqual([...proxy.counts], [["drop request", 1]]);
    client.close();
  });

  it("a response: the broker has done it", async () => {
    faults = { 2: { kind: "drop response" } };
    const client = await ask(1, 2, 3);
    assert.deepEqual(await answers(client, 1), ["1, time 1"]);
    assert.equal(await silent(client), "silent");
    assert.deepEqual(received, [1, 2, 3]);
    client.close();
  });

  it("the end of a request: the broker sees none of it", async () => {
    faults = { 2: { kind: "cut request", at: 0.5 } };
    const client = await ask(1, 2);
    await waitUntil("the broker's connection ends", 5_000, () => ended === 1);
    assert.equal(await lastAnswer(client), "closed");
    assert.deepEqual(received.filter((number) => number !== 1), []);
  });

  it("the end of a response", async () => {
    faults = { 2: { kind: "cut response", at: 0.5 } };
    const client = await ask(1, 2);
    assert.deepEqual(await answers(client, 2), ["1, time 1", "closed"]);
    assert.deepEqual(received, [1, 2]);
  });

  it("the client's connection, the request being on its way", async () => {
    faults = { 1: { kind: "close after request" } };
    const client = await ask(1);
    assert.deepEqual(await answers(client, 1), ["closed"]);
    await brokerHas(1);
    assert.deepEqual(received, [1]);
  });
});

describe("what comes twice or after its time", () => {
  for (const [answer, time] of [["first", 1], ["second", 2]] as const) {
    it(`a request, of which the client gets the ${answer} answer`, async () => {
      faults = { 1: { kind: "duplicate request", answer } };
      const client = await ask(1, 2);
      assert.deepEqual(await answers(client, 2), [`1, time ${time}`, "2, time 1"]);
      assert.deepEqual(received, [1, 1, 2]);
      client.close();
    });
  }

  it("requests of a connection that the client gave up, after those of its next one", async () => {
    faults = { 1: { kind: "deliver late", ms: 300 } };
    const client = await ask(1, 2);
    assert.deepEqual(await answers(client, 1), ["closed"]);
    const next = await ask(3);
    assert.deepEqual(await answers(next, 1), ["3, time 1"]);
    await brokerHas(3);
    assert.deepEqual(received, [3, 1, 2]);
    next.close();
  });
});

async function lastAnswer(client: RawConnection): Promise<Uint8Array | string> {
  let answer: Uint8Array | string;
  do answer = await client.receive(); while (typeof answer !== "string");
  return answer;
}

import assert from "node:assert/strict";
import { it } from "node:test";
import { NetworkError } from "../network.ts";
import { ManualClock } from "./clock.ts";
import { Digest } from "./digest.ts";
import { SimulatedNetwork } from "./network.ts";

async function pair(network: SimulatedNetwork) {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const client = await network.connect(listener.address);
  const server = await listener.accept();
  assert.ok(server !== null);
  return { client, server, listener };
}

it("delivers after the delay, in order, the end of the stream last", async () => {
  const clock = new ManualClock();
  const network = new SimulatedNetwork(clock);
  const { client, server } = await pair(network);
  network.delayMs = 10;
  await client.write(Uint8Array.of(1));
  network.delayMs = 0;
  await client.write(Uint8Array.of(2));
  client.close();
  const into = new Uint8Array(4);
  let length: number | null = -1;
  const reading = server.read(into).then((answer) => length = answer);
  clock.advance(9);
  await Promise.resolve();
  assert.equal(length, -1);
  clock.advance(1);
  await reading;
  assert.deepEqual(into.subarray(0, length!), Uint8Array.of(1, 2));
  assert.equal(await server.read(into), null);
});

it("breaks connections when the cable is cut, and keeps the listener", async () => {
  const network = new SimulatedNetwork(new ManualClock());
  const { client, server, listener } = await pair(network);
  await client.write(Uint8Array.of(1));
  const reading = client.read(new Uint8Array(1));
  network.cut();
  assert.equal(await reading, null);
  assert.equal(await server.read(new Uint8Array(1)), null, "what was under way is lost");
  await assert.rejects(server.write(Uint8Array.of(1)), (error) => error instanceof NetworkError && error.code === "ECONNRESET");
  await network.connect(listener.address);
  network.reset();
  await assert.rejects(network.connect(listener.address), NetworkError);
});

it("wakes a writer that waits for room when its reader goes", async () => {
  const { client, server } = await pair(new SimulatedNetwork(new ManualClock()));
  const writing = client.write(new Uint8Array(1 << 20));
  server.close();
  await assert.rejects(writing, NetworkError);
});

it("fingerprints what was sent and between whom", async () => {
  const fingerprint = async (byte: number): Promise<string> => {
    const digest = new Digest();
    const { client } = await pair(new SimulatedNetwork(new ManualClock(), digest));
    await client.write(Uint8Array.of(1, byte));
    return digest.value;
  };
  assert.equal(await fingerprint(2), await fingerprint(2));
  assert.notEqual(await fingerprint(2), await fingerprint(3));
});

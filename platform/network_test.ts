import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { denoNetwork } from "./deno/network.ts";
import { type Connection, type Network, NetworkError } from "./network.ts";
import { Pending } from "./pending.ts";
import { ManualClock } from "./simulated/clock.ts";
import { SimulatedNetwork } from "./simulated/network.ts";
import { SeededRandom } from "./simulated/random.ts";

const networks: readonly [name: string, make: () => Network][] = [
  ["SimulatedNetwork", () => new SimulatedNetwork(new ManualClock())],
  ["denoNetwork", () => denoNetwork(new Pending())],
];

for (const [name, make] of networks) {
  describe(`what every network does: ${name}`, () => {
    it("carries bytes both ways", () => withPair(make(), echo));
    it("carries more than its buffers hold, in order", () => withPair(make(), muchMore));
    it("ends a stream after the bytes written before", () => withPair(make(), closing));
    it("answers null to a read pending while its own end closes", () => withPair(make(), closingOwnEnd));
    it("tells each end both addresses", () => withPair(make(), addresses));
    it("refuses a taken port, and to dial where nobody listens", () => refusals(make()));
    it("ends a pending accept when the listener closes", () => closingListener(make()));
  });
}

async function withPair(network: Network, test: (client: Connection, server: Connection) => Promise<void> | void): Promise<void> {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const [client, server] = await Promise.all([network.connect(listener.address), listener.accept()]);
  assert.ok(server !== null);
  try {
    await test(client, server);
  } finally {
    client.close();
    server.close();
    listener.close();
  }
}

async function echo(client: Connection, server: Connection): Promise<void> {
  await client.write(Uint8Array.of(1, 2, 3));
  await server.write(await readExactly(server, 3));
  assert.deepEqual(await readExactly(client, 3), Uint8Array.of(1, 2, 3));
  await client.write(new Uint8Array());
  await client.write(Uint8Array.of(4));
  assert.deepEqual(await readExactly(server, 1), Uint8Array.of(4));
}

async function muchMore(client: Connection, server: Connection): Promise<void> {
  const all = new SeededRandom(1).bytes(16 << 20);
  let settled = false;
  const writing = client.write(all).then(() => {
    settled = true;
  });
  const start = await readExactly(server, 10);
  assert.equal(settled, false, "a writer waits while nobody reads");
  const rest = await readExactly(server, all.length - 10);
  await writing;
  assert.deepEqual(start, all.slice(0, 10));
  assert.ok(rest.every((byte, index) => byte === all[index + 10]));
}

async function closing(client: Connection, server: Connection): Promise<void> {
  await client.write(Uint8Array.of(1));
  client.close();
  client.close();
  assert.deepEqual(await readExactly(server, 1), Uint8Array.of(1));
  assert.equal(await server.read(new Uint8Array(1)), null);
  await assert.rejects(client.write(Uint8Array.of(2)), NetworkError);
}

async function closingOwnEnd(client: Connection): Promise<void> {
  const reading = client.read(new Uint8Array(1));
  client.close();
  assert.equal(await reading, null);
  assert.equal(await client.read(new Uint8Array(1)), null);
}

function addresses(client: Connection, server: Connection): void {
  assert.deepEqual(client.local, server.remote);
  assert.deepEqual(server.local, client.remote);
  assert.notDeepEqual(client.local, client.remote);
}

async function refusals(network: Network): Promise<void> {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { address } = listener;
  assert.throws(() => network.listen(address), (error) => error instanceof NetworkError && error.code === "EADDRINUSE");
  listener.close();
  listener.close();
  await assert.rejects(network.connect(address), (error) => error instanceof NetworkError && error.code === "ECONNREFUSED");
}

async function closingListener(network: Network): Promise<void> {
  const listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  listener.close();
  assert.equal(await accepting, null);
  assert.equal(await listener.accept(), null);
}

async function readExactly(connection: Connection, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const more = await connection.read(bytes.subarray(done));
    assert.ok(more !== null, `the stream ended after ${done} of ${length} bytes`);
    done += more;
  }
  return bytes;
}

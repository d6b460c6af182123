import assert from "node:assert/strict";
import { it } from "node:test";
import { recordingLogger, settle, type SimulatedPlatform, simulatedPlatform } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { Produce } from "../../protocol/generated/00_produce.ts";
import { Fetch } from "../../protocol/generated/01_fetch.ts";
import { Metadata } from "../../protocol/generated/03_metadata.ts";
import { Broker } from "../broker.ts";
import { resolveSettings } from "../config/resolve.ts";
import { batchOf, fetchFrom, produceTo } from "../testing/requests.ts";
import { WireClient } from "../testing/wire_client.ts";
import { FrameInspector } from "./frame_inspector.ts";

async function start(tracing: boolean) {
  const logger = recordingLogger({ tracing });
  const platform = { ...simulatedPlatform(1), logger };
  const { settings } = resolveSettings({ topics: { orders: { partitions: 1 } } }, {}, { port: 9092, dataDir: null });
  const broker = await Broker.start(platform, settings);
  const connect = async () => new WireClient(await platform.network.connect({ hostname: "127.0.0.1", port: broker.port }));
  return { logger, broker, connect };
}

/** Waits until a line of that message is logged: the inspector is loaded from a file, which no simulated clock knows of. */
async function logged(logger: SimulatedPlatform["logger"], message: string): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const event = logger.events.find((one) => one.message === message);
    if (event !== undefined) return event.facts;
    await settle();
  }
}

it("tells every field of requests and responses at trace, records too, and nothing of it otherwise", async () => {
  for (const tracing of [true, false]) {
    const { logger, broker, connect } = await start(tracing);
    const client = await connect();
    const { responses } = await client.call(Produce, 9, produceTo("orders", 0, batchOf(["one pot of tea"])));
    assert.equal(responses[0].partitionResponses[0].errorCode, ErrorCode.NONE);
    await client.call(Fetch, 12, fetchFrom("orders", 0, 0));
    await broker.close();
    const traces = logger.events.filter(({ level }) => level === "trace");
    const linesOf = (message: string): string => traces.find((event) => event.message === message)!.lines!.join("\n");
    if (!tracing) {
      assert.deepEqual(traces, []);
      continue;
    }
    assert.deepEqual(traces.map(({ message }) => message), [
      "Produce v9 request",
      "Produce v9 response",
      "Fetch v12 request",
      "Fetch v12 response",
    ]);
    assert.match(linesOf("Produce v9 request"), / name: "orders"\n[^]* value: "one pot of tea"/);
    assert.match(linesOf("Produce v9 response"), / errorCode: 0 \(NONE\)\n[^]* baseOffset: 0\n/);
    assert.match(linesOf("Fetch v12 request"), / fetchOffset: 0\n/);
    assert.match(linesOf("Fetch v12 response"), / highWatermark: 1\n[^]* value: "one pot of tea"/);
  }
});

it("names the field at which a request cannot be read, in the line that tells of the closed connection", async () => {
  const { logger, broker, connect } = await start(false);
  const client = await connect();
  // Metadata v1 with one topic, whose name is cut off.
  await client.send(Uint8Array.fromHex("00000014" + "0003000100000007" + "000161" + "00000001" + "0005787878"));
  assert.equal(await client.frame(), null);
  const { reason, field } = await logged(logger, "closed a connection");
  assert.deepEqual([reason, field], ["MetadataRequest v1, byte 17: 5 bytes needed where 3 are left", "body.topics[0].name"]);
  const beside = await connect();
  await beside.call(Metadata, 1, {
    topics: [],
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
  await broker.close();
});

it("does not look into large frames that cannot be read", async () => {
  const { compression, logger } = simulatedPlatform(1);
  const inspector = new FrameInspector(compression, () => undefined, logger);
  const frame = new Uint8Array(64 * 1024 + 1);
  frame.set(Uint8Array.fromHex("0003000100000007" + "000161" + "7fffffff"));
  assert.equal(await inspector.fieldAtFault(frame), null);
  assert.equal(await inspector.fieldAtFault(frame.subarray(1)), "header");
  assert.equal(await inspector.fieldAtFault(frame.subarray(0, 1000)), "body.topics");
});

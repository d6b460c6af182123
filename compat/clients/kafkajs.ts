/**
 * kafkajs as a process of its own: `deno run kafkajs.ts host:port`. Reads lines {"id", "op", …}, answers {"id", "result"} or {"id", "error"};
 * what consumers see are lines {"event": "record" | "assigned", …}. Bytes are in hex, null is "-".
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Buffer } from "node:buffer";
import kafkajs, { type Admin, type Consumer, type IHeaders, type Message, type Producer } from "kafkajs";
import snappy from "kafkajs-snappy";
import { lz4Compress, lz4Decompress } from "@platformatic/wasm-utils/bundled";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

CompressionCodecs[CompressionTypes.Snappy] = snappy;
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: (encoder: { buffer: Buffer }) => Promise.resolve(Buffer.from(lz4Compress(encoder.buffer))),
  decompress: (bytes: Buffer) => Promise.resolve(Buffer.from(lz4Decompress(bytes))),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: (encoder: { buffer: Uint8Array }) =>
    Promise.resolve(zstdCompressSync(encoder.buffer, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })),
  decompress: (bytes: Uint8Array) => Promise.resolve(zstdDecompressSync(bytes)),
});

const COMPRESSION: Record<string, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** As `send` takes it: partition, timestamp, key, value, [headerName, headerValue]… */
type WireRecord = [number, number, string, string, [string, string][]];

interface Request {
  id: number;
  op: string;
  topic: string;
  topics: string[];
  partitions: number;
  config: Record<string, string>;
  compression: string;
  records: WireRecord[];
  consumer: string;
  group: string;
  untilCommitted: boolean;
}

const kafka = new Kafka({
  clientId: "compat-kafkajs",
  brokers: [Deno.args[0]],
  logLevel: logLevel.ERROR,
  retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 60 },
});
const consumers = new Map<string, Consumer>();
let admin: Promise<Admin> | undefined;
let producer: Promise<Producer> | undefined;

const operations: Record<string, (request: Request) => Promise<unknown>> = {
  createTopic: async ({ topic, partitions, config }) => {
    const configEntries = Object.entries(config ?? {}).map(([name, value]) => ({ name, value }));
    return await (await connectedAdmin()).createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
    });
  },
  deleteTopic: async ({ topic }) => await (await connectedAdmin()).deleteTopics({ topics: [topic] }),
  listTopics: async () => await (await connectedAdmin()).listTopics(),
  describeTopic: async ({ topic }) => await (await connectedAdmin()).fetchTopicMetadata({ topics: [topic] }),
  topicOffsets: async ({ topic }) => await (await connectedAdmin()).fetchTopicOffsets(topic),
  groupOffsets: async ({ group, topic }) => await (await connectedAdmin()).fetchOffsets({ groupId: group, topics: [topic] }),
  send: async ({ topic, compression, records }) => {
    const messages = records.map(toMessage);
    return await (await connectedProducer()).send({ topic, compression: COMPRESSION[compression], messages, acks: -1 });
  },
  consume: async ({ consumer, group, topic }) => await consume(consumer, group, topic),
  leave: async ({ consumer }) => {
    const leaving = consumers.get(consumer);
    consumers.delete(consumer);
    await leaving?.stop();
    await leaving?.disconnect();
  },
};

async function connectedAdmin(): Promise<Admin> {
  admin ??= (async () => {
    const made = kafka.admin();
    await made.connect();
    return made;
  })();
  return await admin;
}

async function connectedProducer(): Promise<Producer> {
  producer ??= (async () => {
    const made = kafka.producer({ allowAutoTopicCreation: false });
    await made.connect();
    return made;
  })();
  return await producer;
}

async function consume(name: string, group: string, topic: string): Promise<void> {
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: 10_000, heartbeatInterval: 500, maxWaitTimeInMs: 100 });
  consumers.set(name, consumer);
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    say({ event: "assigned", consumer: name, partitions: payload.memberAssignment[topic] ?? [] });
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommitThreshold: 200,
    eachMessage: ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).flatMap(([key, values]) =>
        (Array.isArray(values) ? values : [values]).map((value) => `${Buffer.from(key).toString("hex")}:${toHex(value)}`)
      );
      const line = [partition, message.offset, message.timestamp, toHex(message.key), toHex(message.value), headers.join(",")].join("\t");
      say({ event: "record", consumer: name, line });
      return Promise.resolve();
    },
  });
}

function toMessage([partition, timestamp, key, value, headerList]: WireRecord): Message {
  const headers: Record<string, (Buffer | null)[]> = {};
  for (const [name, headerValue] of headerList) (headers[name] ??= []).push(fromHex(headerValue));
  return { partition, timestamp: String(timestamp), key: fromHex(key), value: fromHex(value), headers: headers as IHeaders };
}

function toHex(bytes: Buffer | string | null | undefined): string {
  return bytes === null || bytes === undefined ? "-" : Buffer.from(bytes as Buffer).toString("hex");
}

function fromHex(text: string): Buffer | null {
  return text === "-" ? null : Buffer.from(text, "hex");
}

function say(message: unknown): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** KafkaJSAggregateError tells the error codes only in its parts. */
function describe(error: unknown): string {
  const parts = (error as { errors?: { type?: string; message: string }[] }).errors ?? [];
  return [String(error), ...parts.map(({ type, message }) => `${type}: ${message}`)].join("; ");
}

async function serve(line: string): Promise<void> {
  const request = JSON.parse(line) as Request;
  try {
    say({ id: request.id, result: await operations[request.op](request) ?? null });
  } catch (error) {
    say({ id: request.id, error: describe(error) });
  }
}

let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) void serve(line);
}
Deno.exit(0);

/** kafkajs as a driver (see driver.ts); it also administers topics and compresses. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Buffer } from "node:buffer";
import kafkajs, { type Admin, type Producer } from "kafkajs";
import snappy from "kafkajs-snappy";
import { lz4Compress, lz4Decompress } from "@platformatic/wasm-utils/bundled";
import type { ConsumeOptions } from "./driver.ts";
import { KafkajsMember } from "./kafkajs_member.ts";
import { COMPRESSION, toMessage } from "./kafkajs_records.ts";
import { codeOf, KafkajsSteps } from "./kafkajs_steps.ts";
import { serve, type WireRecord } from "./lines.ts";
import type { StepRequest } from "./step_lines.ts";

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

interface Request extends ConsumeOptions {
  id: number;
  op: string;
  topics: string[];
  partitions: number;
  config: Record<string, string>;
  compression?: string;
  records: WireRecord[];
}

const kafka = new Kafka({
  clientId: "compat-kafkajs",
  brokers: [Deno.args[0]],
  logLevel: logLevel.ERROR,
  retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 60 },
});
let admin: Promise<Admin> | undefined;
let producer: Promise<Producer> | undefined;
let member: KafkajsMember | undefined;

await serve<Request, StepRequest>(
  {
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
    describeGroup: async ({ group }) => {
      const { groups: [{ state, members }] } = await (await connectedAdmin()).describeGroups([group]);
      return { state, members: members.length };
    },
    produce: async ({ topic, compression, records }) => {
      const messages = records.map(toMessage);
      const sent = await (await connectedProducer()).send({ topic, compression: COMPRESSION[compression ?? "none"], messages, acks: -1 });
      const next = new Map(sent.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
      return records.map(([partition]) => {
        const offset = next.get(partition!)!;
        next.set(partition!, offset + 1);
        return offset;
      });
    },
    consume: async (options) => {
      member = new KafkajsMember(kafka, options);
      await member.start();
    },
    leave: async () => await member?.leave(),
  },
  describe,
  { operations: new KafkajsSteps(kafka).operations, codeOf },
);
Deno.exit(0);

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

/** KafkaJSAggregateError tells the error codes only in its parts. */
function describe(error: unknown): string {
  const parts = (error as { errors?: { type?: string; message: string }[] }).errors ?? [];
  return [String(error), ...parts.map(({ type, message }) => `${type}: ${message}`)].join("; ");
}

/** kafkajs as a driver (see driver.ts); it also administers topics and compresses. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Buffer } from "node:buffer";
import kafkajs, {
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type IHeaders,
  type KafkaMessage,
  type Message,
  type Producer,
} from "kafkajs";
import snappy from "kafkajs-snappy";
import { lz4Compress, lz4Decompress } from "@platformatic/wasm-utils/bundled";
import { Commits } from "./commits.ts";
import type { ConsumeOptions } from "./driver.ts";
import { fromHex, serve, tell, toHex, type WireRecord } from "./lines.ts";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel, PartitionAssigners } = kafkajs;

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

/** What the coordinator answers a member that may not commit. */
const REFUSALS = ["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS", "FENCED_INSTANCE_ID"];

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
let member: { consumer: Consumer; commits: Commits } | undefined;

await serve<Request>({
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
      const offset = next.get(partition)!;
      next.set(partition, offset + 1);
      return offset;
    });
  },
  consume: async (options) => await consume(options),
  leave: async () => {
    await member?.commits.flush();
    await member?.consumer.stop();
    await member?.consumer.disconnect();
  },
}, describe);
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

async function consume({ group, topic, assignor, sessionTimeoutMs, commitEvery }: ConsumeOptions): Promise<void> {
  if (assignor !== "roundrobin") throw new Error(`kafkajs has no assignor ${assignor}`);
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 100,
    partitionAssigners: [PartitionAssigners.roundRobin],
  });
  // Of the ways to commit this one alone fails when it fails: `consumer.commitOffsets` also resolves without having committed, while the consumer
  // starts anew, and repeats a refused commit in the next generation, where the partition may have gone on under another owner.
  let send: EachBatchPayload["commitOffsetsIfNecessary"] | undefined;
  const commit = async (offsets: [number, number][]): Promise<void> =>
    await send?.({ topics: [{ topic, partitions: offsets.map(([partition, offset]) => ({ partition, offset: String(offset) })) }] });
  const commits = new Commits(commitEvery, commit, isRefused);
  member = { consumer, commits };
  let owned: readonly number[] = [];
  const revoke = (lost: boolean): void => {
    commits.forget();
    if (owned.length > 0) tell("revoked", { partitions: owned, lost });
    owned = [];
  };
  consumer.on(consumer.events.REBALANCING, () => revoke(false));
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    revoke(true);
    owned = payload.memberAssignment[topic] ?? [];
    tell("assigned", { partitions: owned, generation: null });
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => tell("problem", { error: String(payload.error) }));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary }) => {
      send = commitOffsetsIfNecessary;
      for (const message of batch.messages) {
        if (!isRunning() || isStale() || !owned.includes(batch.partition)) return;
        tell("record", { line: lineOf(batch.partition, message) });
        resolveOffset(message.offset);
        if (commits.delivered(batch.partition, Number(message.offset))) {
          const failure = await commits.flush();
          if (failure !== undefined) throw failure;
        }
        await heartbeat();
      }
    },
  });
}

function lineOf(partition: number, message: KafkaMessage): string {
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${toHex(key)}:${toHex(value)}`)
  );
  return [partition, message.offset, message.timestamp, toHex(message.key), toHex(message.value), headers.join(",")].join("\t");
}

function toMessage([partition, timestamp, key, value, headerList]: WireRecord): Message {
  const headers: Record<string, (Buffer | null)[]> = {};
  for (const [name, headerValue] of headerList) (headers[name] ??= []).push(fromHex(headerValue));
  return { partition, timestamp: String(timestamp), key: fromHex(key), value: fromHex(value), headers: headers as IHeaders };
}

function isRefused(error: unknown): boolean {
  return REFUSALS.includes((error as { type?: string }).type ?? "");
}

/** KafkaJSAggregateError tells the error codes only in its parts. */
function describe(error: unknown): string {
  const parts = (error as { errors?: { type?: string; message: string }[] }).errors ?? [];
  return [String(error), ...parts.map(({ type, message }) => `${type}: ${message}`)].join("; ");
}

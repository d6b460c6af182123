/** What scenarios ask of @platformatic/kafka (steps/step.ts). */
import type { Buffer } from "node:buffer";
import {
  Admin,
  Consumer,
  type Consumer as ConsumerOf,
  type Message,
  type MessagesStream,
  Producer,
  type Producer as ProducerOf,
} from "@platformatic/kafka";
import { fromHex, toHex } from "./lines.ts";
import { abilities, Holdings, Inbox, NamedError, type StepOperations, type StepRequest, versionOf } from "./step_lines.ts";

const PRODUCER = "producer transactionalId";
const CAN = {
  createTopic: "topic partitions replicas config assignments",
  deleteTopic: "topic",
  listTopics: "",
  describeTopic: "topic",
  describeConfigs: "type=topic type=broker name",
  listOffsets: "topic partition at isolation",
  describeCluster: "",
  produce: `topic records acks compression idempotent=true idempotent=false ${PRODUCER}`,
  fetch: "topic partition from count waitMs isolation maxBytes maxPartitionBytes minBytes",
  join: "member group topics assignor=roundrobin instanceId sessionTimeoutMs reset process isolation",
  status: "member",
  poll: "member count waitMs",
  commit: "member offsets",
  leave: "member",
  groupOffsets: "group",
  describeGroup: "group",
  listGroups: "states types",
  deleteGroup: "group",
  deleteGroupOffsets: "group topic partition",
  alterGroupOffsets: "group offsets",
  createPartitions: "topic count validateOnly assignments",
  alterConfigs: "type=topic name set",
  deleteRecords: "topic partition before",
  describeLogDirs: "",
  describeAcls: "",
  describeQuotas: "user",
  initTransactions: PRODUCER,
  beginTransaction: PRODUCER,
  commitTransaction: PRODUCER,
  abortTransaction: PRODUCER,
};
const TIMESTAMPS: Record<string, bigint> = { latest: -1n, earliest: -2n, "max-timestamp": -3n };
const CLOSE_LIMIT_MS = 5_000;

type Bytes = Message<Buffer, Buffer, Buffer, Buffer>;
type Client = ConsumerOf<Buffer, Buffer, Buffer, Buffer>;
type Sender = ProducerOf<Buffer, Buffer, Buffer, Buffer>;
type Transaction = Awaited<ReturnType<Sender["beginTransaction"]>>;

let fetches = 0;

interface StepMember {
  readonly consumer: Client;
  readonly inbox: Inbox;
  readonly holdings: Holdings;
}

export class PlatformaticSteps {
  #admin: Admin | undefined;
  readonly #producers = new Map<string, Sender>();
  readonly #transactions = new Map<string, Transaction>();
  readonly #members = new Map<string, StepMember>();
  readonly #base;

  constructor(bootstrap: string) {
    this.#base = {
      bootstrapBrokers: [bootstrap],
      clientId: "compat-platformatic",
      retryDelay: 150,
      retries: 60,
      connectTimeout: 5_000,
      timeout: 15_000,
    };
  }

  readonly operations: StepOperations = {
    can: () => Promise.resolve({ version: versionOf("@platformatic/kafka"), can: abilities(CAN) }),
    endScope: ({ scope }) => this.#endScope(scope),
    createTopic: (request) => this.#createTopic(request),
    deleteTopic: ({ topic }) => this.admin.deleteTopics({ topics: [topic] }),
    listTopics: () => this.admin.listTopics(),
    describeTopic: async ({ topic }) => {
      const found = (await this.admin.metadata({ topics: [topic], forceUpdate: true, retries: 0 })).topics.get(topic)!;
      const [{ leader, leaderEpoch, replicas }] = found.partitions;
      return { partitions: found.partitionsCount, replicas: replicas.length, leader, leaderEpoch, id: found.id };
    },
    describeConfigs: async ({ type, name }) => {
      const resources = [{ resourceType: type === "topic" ? 2 as const : 4 as const, resourceName: name, configurationKeys: null }];
      const [{ configs }] = await this.admin.describeConfigs({ resources } as never);
      return Object.fromEntries(
        configs.map((each) => [each.name, { value: each.value, readOnly: each.readOnly, sensitive: each.isSensitive }] as const),
      );
    },
    alterConfigs: async ({ name, set = {} }) => {
      const configs = Object.entries(set).map(([name, value]) => ({ name, value, configOperation: 0 as const }));
      await this.admin.incrementalAlterConfigs({ resources: [{ resourceType: 2, resourceName: name, configs }] });
    },
    listOffsets: async ({ topic, partition = 0, at, isolation }) => {
      const timestamp = typeof at === "object" ? BigInt(at.timestamp) : TIMESTAMPS[at];
      const topics = [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }];
      const [{ partitions: [found] }] = await this.admin.listOffsets({
        topics,
        ...(isolation === undefined ? {} : { isolationLevel: 1 as const }),
      });
      return { offset: Number(found.offset), timestamp: Number(found.timestamp) };
    },
    describeCluster: async () => {
      const { id, brokers, controllerId } = await this.admin.metadata({ topics: [], forceUpdate: true });
      return { brokers: brokers.size, controller: controllerId, clusterId: id };
    },
    produce: (request) => this.#produce(request),
    fetch: (request) => this.#fetch(request),
    join: (request) => this.#join(request),
    status: (request) => Promise.resolve(this.#member(request).holdings.status()),
    poll: (request) => this.#member(request).inbox.take(request.count, request.waitMs ?? 15_000),
    commit: async (request) => {
      const offsets = request.offsets.map(([topic, partition, offset]) => ({ topic, partition, offset: BigInt(offset), leaderEpoch: -1 }));
      await this.#member(request).consumer.commit({ offsets });
    },
    leave: async (request) => {
      const { consumer } = this.#member(request);
      this.#members.delete(request.scope + request.member);
      await close(consumer);
    },
    ...this.#groupOperations(),
    ...this.#laterOperations(),
  };

  get admin(): Admin {
    return this.#admin ??= new Admin({ ...this.#base, retries: 30 });
  }

  #groupOperations(): StepOperations {
    return {
      groupOffsets: async ({ group }) => {
        const [{ topics }] = await this.admin.listConsumerGroupOffsets({ groups: [group] });
        return topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, committedOffset, metadata }) => ({
            topic: name,
            partition: partitionIndex,
            offset: Number(committedOffset),
            metadata: metadata ?? "",
          }))
        );
      },
      describeGroup: async ({ group }) => {
        const { state, protocol, protocolType, members } = (await this.admin.describeGroups({ groups: [group] })).get(group)!;
        const told = [...members.values()].map(({ clientId, groupInstanceId }) => ({ clientId, instanceId: groupInstanceId }));
        return { state: stateName(state), protocol, protocolType, members: told };
      },
      listGroups: async ({ states, types }) => {
        const upper = states?.map((each) => each.replaceAll(/(?<=.)([A-Z])/g, "_$1").toUpperCase());
        const found = await this.admin.listGroups({
          ...(upper === undefined ? {} : { states: upper as never }),
          ...(types === undefined ? {} : { types }),
        });
        return [...found.values()].map(({ id, state, groupType, protocolType }) => ({
          group: id,
          state: stateName(state),
          type: groupType,
          protocolType,
        }));
      },
      deleteGroup: ({ group }) => this.admin.deleteGroups({ groups: [group] }),
      deleteGroupOffsets: async ({ group, topic, partition = 0 }) =>
        void await this.admin.deleteConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionIndexes: [partition] }] }),
      alterGroupOffsets: ({ group, offsets }) =>
        this.admin.alterConsumerGroupOffsets({
          groupId: group,
          topics: offsets.map(([name, partition, offset]) => ({ name, partitionOffsets: [{ partition, offset: BigInt(offset) }] })),
        }),
    };
  }

  #laterOperations(): StepOperations {
    return {
      createPartitions: async ({ topic, count, validateOnly, assignments }) => {
        // Of several at a time one admin sends the first alone, and tells all callers what became of it.
        const admin = new Admin({ ...this.#base, retries: 30 });
        try {
          const brokers = assignments?.map((brokerIds) => ({ brokerIds })) ?? null as never;
          await admin.createPartitions({ topics: [{ name: topic, count, assignments: brokers }], validateOnly });
        } finally {
          await admin.close();
        }
      },
      deleteRecords: async ({ topic, partition = 0, before }) => {
        const topics = [{ name: topic, partitions: [{ partition, offset: BigInt(before) }] }];
        const [{ partitions: [{ lowWatermark }] }] = await this.admin.deleteRecords({ topics });
        return { lowWatermark: Number(lowWatermark) };
      },
      describeLogDirs: async () => {
        const found = await this.admin.describeLogDirs({ topics: null as never });
        return [...new Set(found.flatMap(({ results }) => results.flatMap(({ topics }) => topics.map(({ name }) => name))))].sort();
      },
      describeAcls: async () =>
        (await this.admin.describeAcls({ filter: { resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 } as never }))
          .length,
      describeQuotas: async ({ user }) => {
        const found = await this.admin.describeClientQuotas({
          components: [{ entityType: "user", matchType: 0, match: user }],
          strict: true,
        });
        return Object.fromEntries(found.flatMap(({ values }) => values.map(({ key, value }) => [key, value] as const)));
      },
      // The broker is asked when the first transaction begins.
      initTransactions: (request) => Promise.resolve(void this.#producer(request)),
      beginTransaction: async (request) => {
        this.#transactions.set(request.scope + request.producer, await this.#producer(request).beginTransaction());
      },
      commitTransaction: async (request) => await this.#transactions.get(request.scope + request.producer)?.commit(),
      abortTransaction: async (request) => await this.#transactions.get(request.scope + request.producer)?.abort(),
    };
  }

  async #endScope(scope: string): Promise<void> {
    for (const [name, { consumer }] of this.#members) {
      if (!name.startsWith(scope)) continue;
      this.#members.delete(name);
      await close(consumer);
    }
    for (const [name, producer] of this.#producers) {
      if (!name.startsWith(scope)) continue;
      this.#producers.delete(name);
      this.#transactions.delete(name);
      await close(producer);
    }
  }

  async #createTopic({ topic, partitions, replicas, config = {}, assignments }: StepRequest): Promise<void> {
    const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
    await this.admin.createTopics({
      topics: [topic],
      ...(assignments === undefined ? { partitions, replicas } : {
        partitions: -1,
        replicas: -1,
        assignments: assignments.map((brokers, partition) => ({ partition, brokers })),
      }),
      configs,
    });
  }

  #producer({ scope, producer, idempotent, transactionalId }: StepRequest): Sender {
    const name = producer === undefined ? `shared ${idempotent}` : scope + producer;
    const known = this.#producers.get(name);
    if (known !== undefined) return known;
    const isIdempotent = idempotent ?? transactionalId !== undefined;
    const made = new Producer({
      ...this.#base,
      ...(transactionalId === undefined ? {} : { transactionalId }),
      idempotent: isIdempotent,
      autocreateTopics: true,
    });
    this.#producers.set(name, made);
    return made;
  }

  /** A send answers the offset of each partition's first record. */
  async #produce(request: StepRequest): Promise<number[] | null> {
    const { topic, records, compression = "none", acks = -1 } = request;
    const sender = this.#transactions.get(request.scope + request.producer) ?? this.#producer(request);
    const sent = await sender.send({
      acks,
      compression: compression as never,
      messages: records.map(([partition, timestamp, key, value, headers]) => ({
        topic,
        ...(partition === null ? {} : { partition }),
        ...(timestamp === null ? {} : { timestamp: BigInt(timestamp) }),
        key: fromHex(key) ?? undefined,
        value: fromHex(value) ?? undefined,
        headers: new Map(headers.map(([name, text]) => [fromHex(toHex(new TextEncoder().encode(name)))!, fromHex(text)!])),
      })),
    });
    if (acks === 0 || sent.offsets === undefined) return null;
    const next = new Map(sent.offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    return records.map(([partition]) => {
      const where = partition ?? sent.offsets![0].partition;
      const offset = next.get(where)!;
      next.set(where, offset + 1);
      return offset;
    });
  }

  #consumer(request: StepRequest, groupId: string): Client {
    const membership = {
      sessionTimeout: request.sessionTimeoutMs ?? 6_000,
      rebalanceTimeout: Math.max(10_000, request.sessionTimeoutMs ?? 0),
      heartbeatInterval: 300,
      protocols: [{ name: request.assignor ?? "roundrobin", version: 1 }],
    };
    return new Consumer<Buffer, Buffer, Buffer, Buffer>({
      ...this.#base,
      groupId,
      ...(request.instanceId === undefined ? {} : { groupInstanceId: request.instanceId }),
      ...membership,
      autocommit: false,
      maxWaitTime: 200,
      isolationLevel: request.isolation === "read_committed" ? 1 : 0,
      ...(request.maxBytes === undefined ? {} : { maxBytes: request.maxBytes }),
      ...(request.maxPartitionBytes === undefined ? {} : { maxBytesPerPartition: request.maxPartitionBytes }),
      ...(request.minBytes === undefined ? {} : { minBytes: request.minBytes }),
    });
  }

  async #fetch(request: StepRequest): Promise<string[]> {
    const { topic, partition, from, count, waitMs = 10_000 } = request;
    const consumer = this.#consumer(request, `compat-platformatic-fetch-${Deno.pid}-${++fetches}`);
    const inbox = new Inbox();
    let failure: unknown;
    try {
      const mode = from === "latest" || from === "earliest" ? { mode: from } as const : {
        mode: "manual" as const,
        offsets: await this.#starts(request),
      };
      const stream = await consumer.consume({ topics: [topic], ...mode });
      void read(stream, (message) => {
        if (partition === undefined || partition === message.partition) inbox.push(lineOf(message));
      }).catch((error) => failure = error);
      return await inbox.take(count, waitMs, () => failure);
    } finally {
      await close(consumer);
    }
  }

  async #starts({ topic, partition = 0, from }: StepRequest): Promise<{ topic: string; partition: number; offset: bigint }[]> {
    const { partitionsCount } = (await this.admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)!;
    const all = Array.from({ length: partitionsCount }, (_, each) => each);
    if (typeof from === "number") return all.map((each) => ({ topic, partition: each, offset: each === partition ? BigInt(from) : 0n }));
    const { timestamp } = from as { timestamp: number };
    const asked = all.map((partitionIndex) => ({ partitionIndex, timestamp: BigInt(timestamp) }));
    const [{ partitions }] = await this.admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    return partitions.map(({ partitionIndex, offset }) => ({ topic, partition: partitionIndex, offset }));
  }

  async #join(request: StepRequest): Promise<void> {
    const consumer = this.#consumer(request, request.group);
    const inbox = new Inbox();
    const holdings = new Holdings();
    this.#members.set(request.scope + request.member, { consumer, inbox, holdings });
    const problem = (error: unknown): unknown => holdings.problems.push(codeOf(error) ?? String(error));
    consumer.on("consumer:group:rebalance", () => holdings.drop());
    consumer.on("consumer:group:join", ({ assignments }) => {
      holdings.replace((assignments ?? []).flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}-${partition}`)));
    });
    // deno-lint-ignore no-explicit-any -- "error" is the emitter's own event, not one of the client's
    (consumer as any).on("error", problem);
    const fallbackMode = request.reset === "latest" ? "latest" : "earliest";
    void consumer.consume({ topics: request.topics, mode: "committed", fallbackMode })
      .then((stream) => read(stream, (message) => inbox.push(lineOf(message))))
      .catch(problem);
    await Promise.resolve();
  }

  #member({ scope, member }: StepRequest): StepMember {
    const known = this.#members.get(scope + member);
    if (known === undefined) throw new Error(`no member ${member}`);
    return known;
  }
}

async function read(stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>, each: (message: Bytes) => void): Promise<void> {
  for await (const message of stream) each(message);
}

/** The client may wait forever for what it has under way. */
async function close(client: { close(force?: boolean): Promise<void> }): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_LIMIT_MS));
  await Promise.race([client.close(true).catch(() => {}), limit]);
  clearTimeout(timer);
}

/** STABLE, PREPARING_REBALANCE as Kafka writes them. */
function stateName(state: string): string {
  return state.includes("_") || state === state.toUpperCase()
    ? state.toLowerCase().replaceAll(/(^|_)([a-z])/g, (_, __, letter) => letter.toUpperCase())
    : state;
}

export function lineOf(message: Bytes): string {
  const headers = [...message.headers].map(([key, value]) => `${toHex(key)}:${toHex(value)}`).join(",");
  return [message.partition, message.offset, message.timestamp, toHex(message.key), toHex(message.value), headers].join("\t");
}

/** Kafka's name of what went wrong: within UNKNOWN_SERVER_ERROR the client keeps what was wrong with a record. */
export function codeOf(error: unknown): string | undefined {
  const codes = codesOf(error);
  return codes.find((code) => code !== "UNKNOWN_SERVER_ERROR") ?? codes[0];
}

function codesOf(error: unknown): string[] {
  if (error instanceof NamedError) return [error.code];
  const { apiId, cause, errors = [], message = "" } = (error ?? {}) as {
    apiId?: string;
    cause?: unknown;
    errors?: unknown[];
    message?: string;
  };
  const own = apiId !== undefined ? [apiId] : message.startsWith("Unknown topic") ? ["UNKNOWN_TOPIC_OR_PARTITION"] : [];
  return [...own, ...[...errors, cause].filter((each) => each !== undefined && each !== null).flatMap(codesOf)];
}

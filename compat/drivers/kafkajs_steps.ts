/** What scenarios ask of kafkajs (steps/step.ts). */
import kafkajs, { type Admin, type Consumer, type Kafka, type Producer, type Transaction } from "kafkajs";
import { COMPRESSION, lineOf, toMessage } from "./kafkajs_records.ts";
import { abilities, Holdings, Inbox, NamedError, type StepOperations, type StepRequest, versionOf } from "./step_lines.ts";

const PRODUCER = "producer transactionalId transactionTimeoutMs";
const CAN = {
  createTopic: "topic partitions replicas config validateOnly assignments",
  deleteTopic: "topic",
  listTopics: "",
  describeTopic: "topic",
  describeConfigs: "type=topic type=broker name synonyms keys",
  listOffsets: "topic partition at=earliest at=latest at=timestamp",
  describeCluster: "",
  produce: `topic records acks compression idempotent=true idempotent=false ${PRODUCER}`,
  fetch: "topic partition from count waitMs isolation maxBytes maxPartitionBytes minBytes autoCreate",
  join: "member group topics pattern assignor=roundrobin sessionTimeoutMs reset autoCommit process isolation",
  status: "member",
  poll: "member count waitMs",
  commit: "member offsets",
  leave: "member",
  groupOffsets: "group",
  describeGroup: "group",
  listGroups: "",
  deleteGroup: "group",
  alterGroupOffsets: "group offsets",
  createPartitions: "topic count validateOnly assignments",
  replaceConfigs: "type=topic name set",
  alterConfigs: "type=topic name set",
  deleteRecords: "topic partition before",
  listReassignments: "topic partition",
  describeAcls: "",
  initTransactions: PRODUCER,
  beginTransaction: PRODUCER,
  sendOffsets: "producer group offsets",
  commitTransaction: "producer transactionalId",
  abortTransaction: "producer transactionalId",
};

/** By Kafka's number. */
const SOURCES = [
  "UNKNOWN",
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
];

let fetches = 0;

interface StepMember {
  consumer: Consumer;
  readonly inbox: Inbox;
  readonly holdings: Holdings;
}

export class KafkajsSteps {
  /** By scope: a client goes on asking for every topic that it has known, and fails at those that are gone. */
  readonly #admins = new Map<string, Promise<Admin>>();
  readonly #producers = new Map<string, Promise<Producer>>();
  readonly #transactions = new Map<string, Transaction>();
  readonly #members = new Map<string, StepMember>();

  constructor(readonly kafka: Kafka) {}

  readonly operations: StepOperations = {
    can: () => Promise.resolve({ version: versionOf("kafkajs"), can: abilities(CAN) }),
    endScope: ({ scope }) => this.#endScope(scope),
    createTopic: (request) => this.#createTopic(request),
    deleteTopic: async ({ scope, topic }) => await (await this.#admin(scope)).deleteTopics({ topics: [topic] }),
    listTopics: async ({ scope }) => await (await this.#admin(scope)).listTopics(),
    describeTopic: (request) => this.#describeTopic(request),
    describeConfigs: (request) => this.#describeConfigs(request),
    // It knows the older request alone.
    alterConfigs: (request) => this.#replaceConfigs(request),
    replaceConfigs: (request) => this.#replaceConfigs(request),
    listOffsets: (request) => this.#listOffsets(request),
    describeCluster: async ({ scope }) => {
      const { brokers, controller, clusterId } = await (await this.#admin(scope)).describeCluster();
      return { brokers: brokers.length, controller, clusterId };
    },
    produce: (request) => this.#produce(request),
    fetch: (request) => this.#fetch(request),
    join: (request) => this.#join(request),
    status: (request) => Promise.resolve(this.#member(request).holdings.status()),
    poll: (request) => this.#member(request).inbox.take(request.count, request.waitMs ?? 15_000),
    commit: async (request) => {
      const offsets = request.offsets.map(([topic, partition, offset]) => ({ topic, partition, offset: String(offset) }));
      await this.#member(request).consumer.commitOffsets(offsets);
    },
    leave: async (request) => {
      const { consumer } = this.#member(request);
      this.#members.delete(request.scope + request.member);
      await consumer.disconnect();
    },
    groupOffsets: async ({ scope, group }) => {
      const topics = await (await this.#admin(scope)).fetchOffsets({ groupId: group });
      return topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => ({ topic, partition, offset: Number(offset), metadata: metadata ?? "" }))
      );
    },
    describeGroup: async ({ scope, group }) => {
      const { groups: [{ state, protocol, protocolType, members }] } = await (await this.#admin(scope)).describeGroups([group]);
      return { state, protocol, protocolType, members: members.map(({ clientId }) => ({ clientId })) };
    },
    listGroups: async ({ scope }) => {
      const { groups } = await (await this.#admin(scope)).listGroups();
      return groups.map(({ groupId, protocolType }) => ({ group: groupId, protocolType }));
    },
    deleteGroup: async ({ scope, group }) => void await (await this.#admin(scope)).deleteGroups([group]),
    alterGroupOffsets: async ({ scope, group, offsets }) => {
      for (const [topic, partition, offset] of offsets) {
        await (await this.#admin(scope)).setOffsets({ groupId: group, topic, partitions: [{ partition, offset: String(offset) }] });
      }
    },
    createPartitions: async ({ scope, topic, count, validateOnly, assignments }) =>
      void await (await this.#admin(scope)).createPartitions({ validateOnly, topicPartitions: [{ topic, count, assignments }] }),
    deleteRecords: async ({ scope, topic, partition = 0, before }) => {
      const admin = await this.#admin(scope);
      // It looks for the leader before it asks for the topic's metadata.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
      return { lowWatermark: before };
    },
    listReassignments: async ({ scope, topic, partition = 0 }) =>
      (await (await this.#admin(scope)).listPartitionReassignments({ topics: [{ topic, partitions: [partition] }] })).topics.length,
    describeAcls: async ({ scope }) => {
      const filter = { resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 };
      return (await (await this.#admin(scope)).describeAcls(filter)).resources.length;
    },
    initTransactions: async (request) => void await this.#producer(request),
    beginTransaction: async (request) => {
      this.#transactions.set(request.scope + request.producer, await (await this.#producer(request)).transaction());
    },
    sendOffsets: async (request) => {
      const topics = request.offsets.map(([topic, partition, offset]) => ({ topic, partitions: [{ partition, offset: String(offset) }] }));
      await this.#endTransaction(request, (transaction) => transaction.sendOffsets({ consumerGroupId: request.group, topics }));
    },
    commitTransaction: (request) => this.#endTransaction(request, (transaction) => transaction.commit()),
    abortTransaction: (request) => this.#endTransaction(request, (transaction) => transaction.abort()),
  };

  async #admin(scope: string): Promise<Admin> {
    const known = this.#admins.get(scope);
    if (known !== undefined) return await known;
    const connecting = (async () => {
      const made = this.kafka.admin({ retry: { retries: 15, initialRetryTime: 100, maxRetryTime: 400 } });
      await made.connect();
      return made;
    })();
    this.#admins.set(scope, connecting);
    return await connecting;
  }

  async #endScope(scope: string): Promise<void> {
    const admin = this.#admins.get(scope);
    this.#admins.delete(scope);
    await admin?.then((made) => made.disconnect(), () => {});
    for (const [name, { consumer }] of this.#members) {
      if (!name.startsWith(scope)) continue;
      this.#members.delete(name);
      await consumer.disconnect();
    }
    for (const [name, producer] of this.#producers) {
      if (!name.startsWith(scope)) continue;
      this.#producers.delete(name);
      this.#transactions.delete(name);
      await producer.then((made) => made.disconnect(), () => {});
    }
  }

  async #createTopic({ scope, topic, partitions, replicas, config = {}, validateOnly, assignments }: StepRequest): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const replicaAssignment = assignments?.map((replicas, partition) => ({ partition, replicas }));
    const made = await (await this.#admin(scope)).createTopics({
      validateOnly,
      waitForLeaders: false,
      topics: [{ topic, numPartitions: partitions, replicationFactor: replicas, configEntries, replicaAssignment }],
    });
    if (!made && validateOnly !== true) throw new NamedError("TOPIC_ALREADY_EXISTS");
  }

  async #describeTopic({ scope, topic }: StepRequest): Promise<unknown> {
    const { topics: [{ partitions }] } = await (await this.#admin(scope)).fetchTopicMetadata({ topics: [topic] });
    return { partitions: partitions.length, replicas: partitions[0].replicas.length, leader: partitions[0].leader };
  }

  async #replaceConfigs({ scope, name, set = {} }: StepRequest): Promise<void> {
    const configEntries = Object.entries(set).map(([name, value]) => ({ name, value }));
    await (await this.#admin(scope)).alterConfigs({ validateOnly: false, resources: [{ type: 2, name, configEntries }] });
  }

  async #describeConfigs({ scope, type, name, keys, synonyms = false }: StepRequest): Promise<unknown> {
    const resources = [{ type: type === "topic" ? 2 : 4, name, ...(keys === undefined ? {} : { configNames: keys }) }];
    const { resources: [{ configEntries }] } = await (await this.#admin(scope)).describeConfigs({ resources, includeSynonyms: synonyms });
    return Object.fromEntries(
      configEntries.map(({ configName, configValue, readOnly, isSensitive, configSynonyms }) => {
        const told = configSynonyms.map(({ configName, configValue, configSource }) => ({
          name: configName,
          value: configValue,
          source: SOURCES[configSource],
        }));
        return [configName, { value: configValue, readOnly, sensitive: isSensitive, synonyms: told }] as const;
      }),
    );
  }

  async #listOffsets({ scope, topic, partition = 0, at }: StepRequest): Promise<unknown> {
    const admin = await this.#admin(scope);
    if (typeof at === "object") {
      const found = await admin.fetchTopicOffsetsByTimestamp(topic, at.timestamp);
      return { offset: Number(found.find((each) => each.partition === partition)?.offset) };
    }
    const found = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition);
    if (found === undefined) throw new NamedError("UNKNOWN_TOPIC_OR_PARTITION");
    return { offset: Number(at === "earliest" ? found.low : found.high) };
  }

  async #producer(request: StepRequest): Promise<Producer> {
    const { scope, producer, idempotent, transactionalId, transactionTimeoutMs } = request;
    const name = scope + (producer ?? `shared ${idempotent}`);
    const known = this.#producers.get(name);
    if (known !== undefined) return await known;
    const made = (async () => {
      const retry = { retries: 40, initialRetryTime: 100, maxRetryTime: 500 };
      const producer = this.kafka.producer({
        retry,
        transactionalId,
        transactionTimeout: transactionTimeoutMs ?? 10_000,
        idempotent: idempotent ?? transactionalId !== undefined,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      return producer;
    })();
    this.#producers.set(name, made);
    return await made;
  }

  async #produce(request: StepRequest): Promise<number[] | null> {
    const { topic, records, compression = "none", acks = -1 } = request;
    const sender = this.#transactions.get(request.scope + request.producer) ?? await this.#producer(request);
    const sent = await sender.send({ topic, acks, compression: COMPRESSION[compression], messages: records.map(toMessage) });
    if (acks === 0) return null;
    const next = new Map(sent.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
    return records.map(([partition]) => {
      const where = partition ?? sent[0].partition;
      const offset = next.get(where)!;
      next.set(where, offset + 1);
      return offset;
    });
  }

  #consumer(request: StepRequest, groupId: string): Consumer {
    return this.kafka.consumer({
      groupId,
      sessionTimeout: request.sessionTimeoutMs ?? 6_000,
      heartbeatInterval: 300,
      maxWaitTimeInMs: 200,
      readUncommitted: request.isolation !== "read_committed",
      allowAutoTopicCreation: request.autoCreate === true,
      retry: { retries: 60, initialRetryTime: 100, maxRetryTime: 400 },
      partitionAssigners: [kafkajs.PartitionAssigners.roundRobin],
      ...(request.maxBytes === undefined ? {} : { maxBytes: request.maxBytes }),
      ...(request.maxPartitionBytes === undefined ? {} : { maxBytesPerPartition: request.maxPartitionBytes }),
      ...(request.minBytes === undefined ? {} : { minBytes: request.minBytes }),
    });
  }

  /** kafkajs reads only as a member of a group, and has all partitions of the topic: the others are left unread. */
  async #fetch(request: StepRequest): Promise<string[]> {
    const { topic, partition, from, count, waitMs = 10_000 } = request;
    const inbox = new Inbox();
    const starts = await this.#starts(request);
    const consumer = this.#consumer(request, `compat-kafkajs-fetch-${Deno.pid}-${++fetches}`);
    let crash: unknown;
    consumer.on(consumer.events.CRASH, ({ payload }) => crash ??= payload.restart ? undefined : payload.error);
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [topic], fromBeginning: from === "earliest" });
      await consumer.run({
        autoCommit: false,
        eachMessage: ({ partition: of, message }) => {
          const wanted = partition === undefined || partition === of;
          if (wanted && Number(message.offset) >= (starts.get(of) ?? 0)) inbox.push(lineOf(of, message));
          return Promise.resolve();
        },
      });
      for (const [of, offset] of starts) consumer.seek({ topic, partition: of, offset: String(offset) });
      return await inbox.take(count, waitMs, () => crash);
    } finally {
      await consumer.disconnect();
    }
  }

  /** Where each partition is read from, if not from its beginning. */
  async #starts({ scope, topic, partition, from }: StepRequest): Promise<Map<number, number>> {
    if (from === "earliest") return new Map();
    if (typeof from === "number") return new Map([[partition ?? 0, from]]);
    const admin = await this.#admin(scope);
    const found = typeof from === "object"
      ? await admin.fetchTopicOffsetsByTimestamp(topic, from.timestamp)
      : await admin.fetchTopicOffsets(topic);
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  async #join(request: StepRequest): Promise<void> {
    const member = { consumer: this.#consumer(request, request.group), inbox: new Inbox(), holdings: new Holdings() };
    this.#members.set(request.scope + request.member, member);
    await this.#run(request, member);
  }

  /**
   * Starts a member's consumer. One that has crashed for good is made anew, as an application would do: when partitions are taken from it while it
   * fetches, kafkajs 2.2.4 now and then fails inside with a TypeError, and leaves the group.
   */
  async #run(request: StepRequest, member: StepMember): Promise<void> {
    const { consumer, inbox, holdings } = member;
    consumer.on(consumer.events.REBALANCING, () => holdings.drop());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const { memberAssignment } = payload;
      holdings.replace(Object.entries(memberAssignment).flatMap(([topic, list]) => list.map((partition) => `${topic}-${partition}`)));
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      holdings.problems.push(String(payload.error));
      if (payload.restart || this.#members.get(request.scope + request.member) !== member) return;
      member.consumer = this.#consumer(request, request.group);
      void this.#run(request, member).catch((error) => holdings.problems.push(String(error)));
    });
    await consumer.connect();
    const topics = request.pattern === undefined ? request.topics : [new RegExp(`^${request.pattern}`)];
    await consumer.subscribe({ topics, fromBeginning: request.reset !== "latest" });
    await consumer.run({
      autoCommit: request.autoCommit === true,
      autoCommitInterval: 200,
      eachMessage: ({ partition, message }) => {
        inbox.push(lineOf(partition, message));
        return Promise.resolve();
      },
    });
  }

  #member({ scope, member }: StepRequest): StepMember {
    const known = this.#members.get(scope + member);
    if (known === undefined) throw new Error(`no member ${member}`);
    return known;
  }

  async #endTransaction(request: StepRequest, end: (transaction: Transaction) => Promise<void>): Promise<void> {
    const transaction = this.#transactions.get(request.scope + request.producer);
    if (transaction === undefined) throw new Error("no transaction");
    await end(transaction);
  }
}

/** Kafka's name of what went wrong, wherever the client keeps it. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof NamedError) return error.code;
  const { type, cause, errors = [], groups = [], partitions = [] } = error as {
    type?: string;
    cause?: unknown;
    errors?: unknown[];
    groups?: { error?: unknown }[];
    partitions?: { error?: unknown }[];
  };
  if (typeof type === "string" && /^[A-Z_]+$/.test(type)) return type;
  for (const each of [...errors, ...[...groups, ...partitions].map(({ error }) => error), cause]) {
    const found = each === undefined || each === null ? undefined : codeOf(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

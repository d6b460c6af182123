/**
 * A copier of kafkajs: what Kafka's TransactionalMessageCopier does. kafkajs does not tell the broker which member of the group commits, so a member that
 * has lost a partition cannot be fenced by that; each partition of the input has a transactional id of its own instead, as was done before KIP-447: who is
 * assigned the partition begins with its producer, which fences the one before, and reads from what is committed then.
 * Arguments: bootstrap, input topic, output topic, group, prefix of the transactional ids, most records of a transaction.
 */
import kafkajs, { type EachBatchPayload, type Producer } from "kafkajs";

const [bootstrap, source, target, groupId, prefix, size] = Deno.args;
const ABORT_ONE_IN = 3;

const kafka = new kafkajs.Kafka({
  clientId: "copier",
  brokers: [bootstrap],
  logLevel: kafkajs.logLevel.ERROR,
  retry: { initialRetryTime: 50, maxRetryTime: 300, retries: 100 },
});
const admin = kafka.admin();
/** By partition: those whose last transaction ended as it should. */
const producers = new Map<number, Producer>();

const consumer = kafka.consumer({
  groupId,
  sessionTimeout: 2_000,
  heartbeatInterval: 300,
  maxWaitTimeInMs: 100,
  allowAutoTopicCreation: false,
  readUncommitted: false,
});
consumer.on(consumer.events.GROUP_JOIN, () => void giveUpAll());
consumer.on(consumer.events.CRASH, ({ payload }) => {
  console.log(String(payload.error));
  if (!payload.restart) Deno.exit(1);
});
await admin.connect();
await consumer.connect();
await consumer.subscribe({ topics: [source], fromBeginning: true });
await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: copyBatch });

async function copyBatch(payload: EachBatchPayload): Promise<void> {
  const { batch: { partition, messages }, isRunning, isStale, heartbeat, resolveOffset } = payload;
  let next = Number(messages[0].offset);
  const producer = producers.get(partition) ?? await takeOver(partition);
  const committed = await committedOffset(partition);
  if (committed !== next) return consumer.seek({ topic: source, partition, offset: String(committed) });
  for (let from = 0; from < messages.length && isRunning() && !isStale(); from += Number(size)) {
    const some = messages.slice(from, from + Number(size));
    next = Number(some[some.length - 1].offset) + 1;
    if (!await copy(producer, partition, some.map(({ key, value }) => ({ key, value, partition })), next)) {
      return consumer.seek({ topic: source, partition, offset: some[0].offset });
    }
    resolveOffset(String(next - 1));
    await heartbeat();
  }
}

/** Whether it was committed; a producer that fails is not used again. */
async function copy(producer: Producer, partition: number, messages: kafkajs.Message[], next: number): Promise<boolean> {
  producers.delete(partition);
  try {
    const transaction = await producer.transaction();
    await transaction.send({ topic: target, messages });
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic: source, partitions: [{ partition, offset: String(next) }] }],
    });
    const commits = Math.floor(Math.random() * ABORT_ONE_IN) > 0;
    await (commits ? transaction.commit() : transaction.abort());
    producers.set(partition, producer);
    return commits;
  } catch (error) {
    console.log(`partition ${partition}: ${error}`);
    await producer.disconnect();
    return false;
  }
}

/** Ends whatever transaction is open, and fences whoever has begun it. */
async function takeOver(partition: number): Promise<Producer> {
  const producer = kafka.producer({ transactionalId: `${prefix}-${partition}`, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  producers.set(partition, producer);
  return producer;
}

async function committedOffset(partition: number): Promise<number> {
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [source] });
  return Math.max(0, Number(partitions.find((each) => each.partition === partition)?.offset ?? 0));
}

async function giveUpAll(): Promise<void> {
  const given = [...producers.values()];
  producers.clear();
  await Promise.all(given.map((producer) => producer.disconnect()));
}

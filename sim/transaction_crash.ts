import assert from "node:assert/strict";
import { SeededRandom, settleThrough } from "../platform/mod.ts";
import { FindCoordinator } from "../protocol/generated/10_find_coordinator.ts";
import { OffsetFetch } from "../protocol/generated/09_offset_fetch.ts";
import { readCommitted, TransactionalProducer } from "../broker/testing/transaction_client.ts";
import { BrokerWorld } from "../broker/testing/world.ts";

/**
 * What ends the broker, and when transactions may not be torn. With `process` a power cut may take back what was written last to any file, so that it is not
 * here (docs/durability.md).
 */
const CRASHES = [
  { durability: "process", how: "kill" },
  { durability: "power", how: "kill" },
  { durability: "power", how: "power cut" },
] as const;

type Crash = typeof CRASHES[number];

/** Transactions of each producer. */
const TRANSACTIONS = 6;
const PRODUCERS = [{ id: "old", version: 1 }, { id: "new", version: 2 }] as const;

/** What a producer knows of its transactions, by number: whether it was to commit, and whether it was told that this is so. */
type Known = Map<number, { readonly committed: boolean; told: boolean }>;

const operations = new Map<string, number>();

/**
 * One crash while two producers have transactions over two partitions and the offsets of a group. What each transaction wrote is read as a whole or not at all, whatever
 * a producer was told is so, and nothing is in the way of the next. `seed` tells the kind, and before which disk operation it comes.
 */
export async function runTransactionCrash(seed: number): Promise<void> {
  const crash = CRASHES[seed % CRASHES.length];
  const random = new SeededRandom(seed);
  const at = 1 + random.below(await operationsOf(crash));
  const world = BrokerWorld.stopped(seed, options(crash));
  const known = PRODUCERS.map((): Known => new Map());
  try {
    await run(world, known, at);
    await world.restart(crash.how);
    await check(world, known);
  } catch (cause) {
    throw new Error(`${crash.durability}, ${crash.how} before disk operation ${at}, seed ${seed}`, { cause });
  }
}

function options({ durability }: Crash) {
  return { durability, topics: { t: { partitions: 2 } } };
}

/** How many disk operations the story makes. */
async function operationsOf(crash: Crash): Promise<number> {
  const known = operations.get(crash.durability);
  if (known !== undefined) return known;
  const world = BrokerWorld.stopped(1, options(crash));
  assert.ok(await run(world, PRODUCERS.map((): Known => new Map()), Infinity), "without a crash the story comes to its end");
  operations.set(crash.durability, world.platform.disk.operations);
  return world.platform.disk.operations;
}

/** Answers whether the story came to its end. Only a disk that has ended may keep it from that. */
async function run(world: BrokerWorld, known: readonly Known[], at: number): Promise<boolean> {
  try {
    await world.restart("kill", at);
    await findGroups(world);
    const stories = PRODUCERS.map(({ id, version }, index) => produce(world, id, version, known[index]));
    await within(world, Promise.all(stories));
    return true;
  } catch (error) {
    if (!world.platform.disk.hasEnded) throw error;
    return false;
  }
}

async function findGroups(world: BrokerWorld): Promise<void> {
  const request = { key: "", keyType: 0, coordinatorKeys: PRODUCERS.map(({ id }) => id) };
  await within(world, (await world.connect()).call(FindCoordinator, 4, request));
}

async function produce(world: BrokerWorld, id: string, version: 1 | 2, known: Known): Promise<void> {
  const producer = await TransactionalProducer.connect(world, id, version);
  fine(await producer.init());
  for (let number = 1; number <= TRANSACTIONS; number++) {
    const transaction = { committed: number % 3 !== 0, told: false };
    for (const partition of [0, 1]) {
      if (version === 1) fine(await producer.add("t", partition));
      fine(await producer.send("t", partition, [`${id} ${number}`], { acks: 1 })); // nobody has waited for the disk yet
    }
    fine(await producer.commitOffset(id, "t", 0, number));
    known.set(number, transaction);
    fine(await producer.end(transaction.committed));
    transaction.told = true;
  }
}

/** Everybody comes back; then everything that was open is over. */
async function check(world: BrokerWorld, known: readonly Known[]): Promise<void> {
  await findGroups(world);
  for (const { id, version } of PRODUCERS) {
    const producer = await TransactionalProducer.connect(world, id, version);
    fine(await within(world, producer.init()));
    if (version === 1) fine(await within(world, producer.add("t", 0)));
    fine(await within(world, producer.send("t", 0, [`${id} again`])));
    fine(await within(world, producer.end(true)));
  }
  const client = await world.connect();
  const [first, second] = await Promise.all(
    [0, 1].map(async (partition) => (await within(world, readCommitted(client, "t", partition))).values),
  );
  for (const [index, { id }] of PRODUCERS.entries()) {
    const numbers = (values: readonly string[]) =>
      values.filter((value) => value.startsWith(id) && !value.endsWith("again")).map((value) => Number(value.split(" ")[1]));
    const committed = numbers(first);
    assert.deepEqual(committed, numbers(second), `${id}: a transaction is in one partition and not in the other`);
    assert.ok(first.includes(`${id} again`), "what came after the crash is read");
    const last = committed.at(-1) ?? -1;
    assert.equal(await committedOffset(world, id), last, `${id}: the offset is not that of the last transaction`);
    for (const [number, transaction] of known[index]) {
      if (!transaction.committed) assert.ok(!committed.includes(number), `${id} ${number} was to abort`);
      else if (transaction.told) assert.ok(committed.includes(number), `${id} ${number} was committed, and is gone`);
    }
    assert.ok(committed.every((number) => known[index].has(number)), `${id} has committed what it had not ended`);
  }
}

async function committedOffset(world: BrokerWorld, groupId: string): Promise<number> {
  const group = { groupId, memberId: null, memberEpoch: -1, topics: null };
  const request = { groupId: "", topics: [], groups: [group], requireStable: true };
  const { groups } = await within(world, (await world.connect()).call(OffsetFetch, 9, request));
  return groups[0].topics[0]?.partitions[0].committedOffset ?? -1;
}

/** Lets time pass until `outcome` is there. */
async function within<T>(world: BrokerWorld, outcome: Promise<T>): Promise<T> {
  let settled = false;
  const marked = outcome.finally(() => settled = true);
  marked.catch(() => undefined);
  for (let turn = 0; turn < 300 && !settled; turn++) await settleThrough(world.platform.clock, turn < 280 ? 1 : 1000);
  if (!settled) throw new Error("no answer");
  return await marked;
}

function fine(answer: string): void {
  if (answer !== "NONE") throw new Error(`answered ${answer}`);
}

import { readCommitted, TransactionalProducer } from "../../broker/testing/transaction_client.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import { FindCoordinator } from "../../protocol/generated/10_find_coordinator.ts";
import { waitUntil } from "../processes.ts";
import type { Scenario } from "../scenario.ts";
import type { Target } from "../target.ts";
import { masked, type Observed, ofTable } from "../tool_output.ts";
import { toolScenario } from "../tool_scenario.ts";
import type { JavaTools } from "../tools.ts";
import { connectWire, makeTopic } from "../wire.ts";

/** Of nobody: the coordinator has never given it. */
const UNKNOWN_PRODUCER = 4711;

export const transactionToolsTellTheSame: Scenario = toolScenario(
  "tools: TransactionsCommand lists and describes transactions of every fate, finds those that hang and ends them as with Kafka",
  "transaction_tools.json",
  observe,
  // Else nobody could make a transaction that hangs.
  ["transaction.partition.verification.enable=false"],
);

const describedProducers = ["--topic t --partition 0", "--topic t --partition 1", "--topic u --partition 0"].map((of) =>
  `describe-producers ${of}`
);
const ids = ["idle", "committed", "committed-2", "aborted", "aborted-2", "open", "open-2", "hanging", "nobody"];

/** In this order: some end what is there. */
const calls: readonly string[] = [
  "list",
  "list --duration-filter -1",
  "list --duration-filter 0",
  "list --duration-filter 3600000",
  "list --transactional-id-pattern open.*",
  "list --transactional-id-pattern .*-2 --duration-filter 0",
  "list --transactional-id-pattern none",
  "list --transactional-id-pattern (",
  ...ids.map((id) => `describe --transactional-id ${id}`),
  ...describedProducers,
  "describe-producers --topic t --partition 0 --broker-id 1",
  "find-hanging",
  "find-hanging --partition 0",
  "find-hanging --broker-id 1",
  "find-hanging --topic t",
  "find-hanging --topic t --partition 0",
  "find-hanging --broker-id 1 --max-transaction-timeout 2000000000",
  "find-hanging --topic none",
  "abort --topic t --partition 1",
  "abort --topic t --partition 1 --start-offset 0",
  "abort --topic t --partition 1 --producer-id 4711",
  "abort --topic t --partition 1 --producer-id 4711 --producer-epoch 0",
  "abort --topic t --partition 1 --start-offset 2",
  "abort --topic t --partition 1 --start-offset 2",
  `abort --topic u --partition 0 --producer-id ${UNKNOWN_PRODUCER} --producer-epoch 0 --coordinator-epoch -1`,
  "find-hanging --broker-id 1",
  ...describedProducers,
  "forceTerminateTransaction --transactionalId open",
  "forceTerminateTransaction --transactionalId open",
  "forceTerminateTransaction --transactionalId open-2",
  "forceTerminateTransaction --transactionalId idle",
  "forceTerminateTransaction --transactionalId nobody",
  ...["open", "open-2", "idle", "nobody"].map((id) => `describe --transactional-id ${id}`),
  "list",
  "list --duration-filter 0",
  ...describedProducers,
];

async function observe({ bootstrap }: Target, tools: JavaTools, temp: string): Promise<Observed> {
  const client = await connectWire(bootstrap);
  await makeTopic(bootstrap, "t", 2);
  await makeTopic(bootstrap, "u", 1);
  await client.call(FindCoordinator, 4, { key: "", keyType: 0, coordinatorKeys: ["g"] }); // Kafka makes the topic of offsets for who asks
  const observed: Observed = {};
  const open = await makeTransactions(client);
  for (const [i, line] of calls.entries()) {
    const run = await tools.run("org.apache.kafka.tools.TransactionsCommand", ["--bootstrap-server", bootstrap, ...line.split(" ")]);
    observed[`${i + 1}: ${line}`] = ofTable(masked(run, bootstrap, temp, false));
  }
  for (const producer of open) observed[`then ${producer.transactionalId} commits`] = [await producer.end(true)];
  for (const [topic, partition] of [["t", 0], ["t", 1], ["u", 0]] as const) {
    const { values, lastStableOffset } = await readCommitted(client, topic, partition);
    observed[`committed in ${topic}-${partition}`] = [...values, `last stable offset ${lastStableOffset}`];
  }
  client.close();
  return observed;
}

/** One after the other, transactions of both versions; answers the producers of those that stay open. */
async function makeTransactions(client: WireClient): Promise<TransactionalProducer[]> {
  const make = (id: string, version: 1 | 2): TransactionalProducer => new TransactionalProducer(client, id, version);
  const begun = async (id: string, version: 1 | 2, topic: string, partition: number): Promise<TransactionalProducer> => {
    const producer = make(id, version);
    await succeeds(`${id} begins`, () => producer.init());
    if (version === 1) await succeeds(`${id} adds`, () => producer.add(topic, partition));
    await succeeds(`${id} sends`, () => producer.send(topic, partition, [`of ${id}`]));
    return producer;
  };
  await succeeds("idle begins", () => make("idle", 2).init());
  for (const version of [1, 2] as const) {
    for (const [id, commits] of [["committed", true], ["aborted", false]] as const) {
      const producer = await begun(version === 1 ? id : `${id}-2`, version, "t", 0);
      await succeeds(`${id} ends`, () => producer.end(commits));
    }
  }
  const hanging = await begun("hanging", 1, "t", 1);
  await succeeds("hanging ends", () => hanging.end(true));
  await waitUntil("its marker is there", 20_000, async () => (await readCommitted(client, "t", 1)).lastStableOffset === 2);
  await succeeds("what comes too late", () => hanging.send("t", 1, ["too late"]));
  const nobody = make("nobody", 1);
  nobody.producerId = UNKNOWN_PRODUCER;
  nobody.producerEpoch = 0;
  await succeeds("nobody sends", () => nobody.send("u", 0, ["of nobody"]));
  const open = await begun("open", 1, "t", 0);
  await succeeds("open commits an offset", () => open.commitOffset("g", "t", 0, 1));
  return [open, await begun("open-2", 2, "u", 0)];
}

/** Kafka's coordinators are not there at once, and it writes markers after its answer. */
async function succeeds(what: string, ask: () => Promise<string>): Promise<void> {
  const soon = ["CONCURRENT_TRANSACTIONS", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR"];
  const answer = await waitUntil(what, 20_000, async () => {
    const answer = await ask();
    return soon.includes(answer) ? undefined : answer;
  });
  if (answer !== "NONE") throw new Error(`${what}: ${answer}`);
}

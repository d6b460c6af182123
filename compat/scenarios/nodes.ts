import { SeededRandom } from "../../platform/mod.ts";
import { consoleRead } from "../clients/console.ts";
import { type Cluster, makeCluster } from "../cluster.ts";
import { threeNodes } from "../explorer/cases/nodes/fixture.ts";
import { whileAllRun } from "../explorer/cases/nodes/running.ts";
import {
  afterAllCameBack,
  afterElections,
  begun,
  elected,
  electionOfAll,
  elections,
  forgetting,
  noneStopped,
  oneStopped,
  sending,
  twoStopped,
  whileOneIsForgotten,
  whileOneIsStopped,
  whileTwoAreStopped,
} from "../explorer/cases/nodes/stopped.ts";
import { unwritable, whileGroupsCannotBeReplicated, writableAgain } from "../explorer/cases/nodes/unwritten.ts";
import { contradictionsOfNodes } from "../explorer/codes.ts";
import { explore, inLines, nothing, prepare, prepareSide, sideOf } from "../explorer/explorer.ts";
import type { History } from "../explorer/history.ts";
import type { Context, Scenario } from "../scenario.ts";
import { Senders } from "../senders.ts";

const SENDING = { topic: "numbered", partitions: 6, producers: 3, records: 600 };
const TOTAL = Senders.total(SENDING);
/** How often a node stops while they send. */
const STOPS = 6;

const RACKS = ["a", "b", "c"];
const PROPERTIES = {
  // All groups, and all transactions, have one coordinator: the node that leads the partition.
  "offsets.topic.num.partitions": "1",
  "transaction.state.log.num.partitions": "1",
  "transaction.state.log.min.isr": "2",
  "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
  // Kafka would bring leaders back by itself.
  "auto.leader.rebalance.enable": "false",
};

/**
 * As the explorer does it with one node (`explorer.ts`), with three beside three. With `--target kafka` both are Apache Kafka, and what differs is a
 * mistake of the cases.
 */
export const nodesAnswerAlike: Scenario = {
  name: "nodes: three of them answer raw requests as three of Apache Kafka, also while one or two are stopped, field by field",
  ownBroker: true,
  async run({ target, temp, seed, runs }: Context): Promise<void> {
    const kinds = ["kafka", target.name === "kafka" ? "kafka" : "ottla"] as const;
    const [kafka, here] = kinds.map((kind) => makeCluster(kind, { dir: temp, properties: PROPERTIES, racks: RACKS }));
    try {
      await Promise.all([kafka, here].map((each) => each.start()));
      await compare(kafka, here, runs === undefined ? seed : null);
    } finally {
      await Promise.all([kafka, here].map((each) => each.close()));
    }
  },
};

const log = (line: string): void => console.log(`     ${line}`);

async function compare(theirs: Cluster, ours: Cluster, seed: number | null): Promise<void> {
  const found = nothing();
  const [kafka, here] = await Promise.all([theirs, ours].map((each) => sideOf(each.bootstraps)));
  const pair = { kafka, here };
  const both = async (what: (cluster: Cluster) => Promise<void>): Promise<void> => {
    await Promise.all([theirs, ours].map(what));
  };
  const play = (histories: readonly History[]): Promise<void> => explore(histories, pair, found, log, seed);
  await prepare(threeNodes, pair);
  await play(whileAllRun);
  await prepare(begun, pair);
  await both((each) => each.stopNode(3));
  await prepare(oneStopped, pair);
  await play(whileOneIsStopped);
  await both((each) => each.stopNode(2));
  await prepare(twoStopped, pair);
  await play(whileTwoAreStopped);
  await prepare(unwritable, pair);
  await play(whileGroupsCannotBeReplicated);
  await prepare(writableAgain, pair);
  await play(forgetting);
  await play(whileOneIsForgotten);
  await both((each) => each.startNode(2));
  await both((each) => each.startNode(3));
  await prepare(noneStopped, pair);
  await play(afterAllCameBack);
  await play(elections);
  await play(electionOfAll);
  await prepare(elected, pair);
  await play(afterElections);
  log(
    `${found.histories.size} histories, ${found.pairs.size} pairs of API and version, ${found.requests} requests, ${found.answers} answers compared`,
  );
  const wrong = [...inLines(found.differences), ...contradictionsOfNodes(found.codes.kafka, found.codes.here)];
  if (wrong.length > 0) throw new Error(`${wrong.length} differences from three nodes of Apache Kafka\n    ${wrong.join("\n    ")}`);
}

export const nodesStopUnderProducers: Scenario = {
  name:
    "nodes: Java and librdkafka producers go on while one of three nodes after the other stops and comes back: each record once, in order",
  ownBroker: true,
  async run({ seed, temp }: Context): Promise<void> {
    const random = new SeededRandom(seed);
    const cluster = makeCluster("ottla", { dir: temp, properties: PROPERTIES, racks: RACKS });
    await cluster.start();
    await prepareSide(sending(SENDING.topic, SENDING.partitions), await sideOf(cluster.bootstraps));
    const bootstrap = cluster.bootstraps.join(",");
    const senders = await Senders.start(bootstrap, SENDING);
    for (let stop = 0; stop < STOPS; stop++) {
      const id = 1 + stop % 3;
      const from = TOTAL * (stop + 0.5) / (STOPS + 1);
      await senders.acknowledged(Math.round(from));
      await cluster.stopNode(id);
      await senders.acknowledged(Math.round(from + TOTAL * (0.2 + random.below(50) / 100) / (STOPS + 1)));
      await cluster.startNode(id);
    }
    await senders.finished();
    const problems = senders.problems(await consoleRead(bootstrap, SENDING.topic, TOTAL));
    await cluster.close();
    if (problems.length > 0) throw new Error(`seed ${seed}:\n${problems.join("\n")}`);
    console.log(`     seed ${seed}: ${TOTAL} records, ${STOPS} stops`);
  },
};

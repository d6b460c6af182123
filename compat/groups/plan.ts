/** What one run does to a group, made from a seed: pure data, printed when the run fails. */
import type { Assignor, ClientName } from "../drivers/driver.ts";

export interface Plan {
  readonly seed: number;
  /** Each new member is of the next of these. */
  readonly clients: readonly ClientName[];
  readonly assignor: Assignor;
  /** Members have a `group.instance.id`. */
  readonly isStatic: boolean;
  readonly sessionTimeoutMs: number;
  readonly commitEvery: number;
  readonly partitions: number;
  readonly producer: ClientName;
  /** How many members the group begins with. */
  readonly members: number;
  readonly steps: readonly Step[];
}

/** `who` counts the members there are at the time, and begins anew behind the last. */
export type Step =
  & { readonly afterMs: number }
  & (
    | { readonly do: "join" | "kill broker" | "restart broker" | "wait until stable" }
    /**
     * `return`: killed, and started again with its instance id within the session. `sleep`: stopped for longer than its session, so that it wakes
     * as a member that is none any more and does not know it.
     */
    | { readonly do: "leave" | "kill" | "return" | "sleep"; readonly who: number }
  );

export const MOST_MEMBERS = 8;

interface Kind {
  readonly clients: readonly ClientName[];
  readonly assignors: readonly Assignor[];
  /** kafkajs knows no static members. */
  readonly canBeStatic: boolean;
}

const JAVA_ASSIGNORS: readonly Assignor[] = ["range", "cooperative-sticky", "roundrobin", "cooperative-sticky"];

/**
 * Woken after its session, a consumer of @platformatic/kafka joins again and commits, as a member of the new generation, what it read of partitions that it has
 * lost: offsets move back. Brokers do not ask who owns a partition, so none can prevent it.
 */
const canSleep = (clients: readonly ClientName[]): boolean => !clients.includes("platformatic");

/** Five seeds in a row have every client. Names of protocols and their bytes agree among the clients of the last. */
const KINDS: readonly Kind[] = [
  { clients: ["kafkajs"], assignors: ["roundrobin"], canBeStatic: false },
  { clients: ["librdkafka"], assignors: JAVA_ASSIGNORS, canBeStatic: true },
  { clients: ["platformatic"], assignors: ["roundrobin"], canBeStatic: true },
  { clients: ["java"], assignors: JAVA_ASSIGNORS, canBeStatic: true },
  { clients: ["librdkafka", "java"], assignors: JAVA_ASSIGNORS, canBeStatic: true },
];

const BRISK_STEPS = 3;

/** Kafka's least `session.timeout.ms`; a static member must be able to return within its own, on a busy machine. */
const SESSION_TIMEOUT_MS = 6_000;
const STATIC_SESSION_TIMEOUT_MS = 10_000;

/** @param brisk few steps, of which one kills the broker */
export function makePlan(seed: number, brisk = false): Plan {
  const random = randomOf(seed);
  const kind = KINDS[seed % KINDS.length];
  const isStatic = kind.canBeStatic && random(3) === 0;
  const members = random(4) === 0 ? 5 + random(4) : 1 + random(4);
  return {
    seed,
    clients: kind.clients,
    assignor: kind.assignors[random(kind.assignors.length)],
    isStatic,
    sessionTimeoutMs: isStatic ? STATIC_SESSION_TIMEOUT_MS : SESSION_TIMEOUT_MS,
    commitEvery: [1, 10, 25, 60][random(4)],
    partitions: 1 + random(16),
    producer: (["kafkajs", "librdkafka", "java"] as const)[random(3)],
    members,
    steps: makeSteps(random, isStatic, members, brisk, canSleep(kind.clients)),
  };
}

function makeSteps(random: (below: number) => number, isStatic: boolean, members: number, brisk: boolean, maySleep: boolean): Step[] {
  const steps: Step[] = [];
  const count = brisk ? BRISK_STEPS : 5 + random(4);
  const broker = random(count);
  let alive = members;
  for (let i = 0; i < count; i++) {
    const step = i === broker ? brokerStep(random, brisk) : memberStep(random, isStatic, alive);
    if (step.do === "join") alive++;
    if (step.do === "leave" || step.do === "kill") alive--;
    steps.push(step);
  }
  // Somebody must be there to read what was written.
  if (alive === 0) steps.push({ do: "join", afterMs: 500 });
  if (!brisk && maySleep && random(2) === 0) steps.push({ do: "sleep", who: random(MOST_MEMBERS), afterMs: 200 });
  return steps;
}

/** Every third broker ends in good order. */
function brokerStep(random: (below: number) => number, kill = false): Step {
  return { do: !kill && random(3) === 0 ? "restart broker" : "kill broker", afterMs: 50 + random(2_000) };
}

function memberStep(random: (below: number) => number, isStatic: boolean, alive: number): Step {
  const afterMs = 50 + random(2_000);
  const chance = random(10);
  if (alive < MOST_MEMBERS && (alive === 0 || chance < 4)) return { do: "join", afterMs };
  if (isStatic && chance < 8) return { do: "return", who: random(MOST_MEMBERS), afterMs };
  if (chance < 6) return { do: "leave", who: random(MOST_MEMBERS), afterMs };
  if (chance < 8) return { do: "kill", who: random(MOST_MEMBERS), afterMs };
  if (chance === 8) return brokerStep(random);
  return { do: "wait until stable", afterMs: 0 };
}

/** Whole numbers below the argument, from a seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Plays one scenario through one client's driver. */
import { type Driver, DriverError } from "../drivers/driver.ts";
import { hex } from "../records.ts";
import { makeTopic } from "../wire.ts";
import { type Matcher, mismatch, withKept } from "./match.ts";
import type { RowScenario, Step, StepRecord } from "./step.ts";

/** Commands that a client's program knows and the parameters that each takes, as the program tells. */
export type Abilities = Readonly<Record<string, readonly string[]>>;

const OUTCOME = ["expect", "error", "within", "keep"];
const RUNNER_OPS = ["topic", "killProcess", "restartBroker", "killBroker", "wait", "together"];
const REPEAT_MS = 50;
/** Of one scenario with one client. */
const LIMIT_MS = 75_000;
const SETTLE_MS = 15_000;
const SETTLED_PARTITIONS = 10;
const CLOSE_LIMIT_MS = 10_000;

/** What the client lacks for this scenario: a command or a parameter; undefined when it lacks nothing. */
export function lacks(can: Abilities, steps: readonly Step[]): string | undefined {
  for (const step of steps) {
    if (step.op === "together") {
      const lacking = lacks(can, step.steps.flat());
      if (lacking !== undefined) return lacking;
    }
    if (RUNNER_OPS.includes(step.op)) continue;
    const known = can[step.op];
    if (known === undefined) return step.op;
    for (const [name, value] of Object.entries(step)) {
      if (name === "op" || OUTCOME.includes(name) || known.includes(name) || known.includes(`${name}=${kindOf(value)}`)) continue;
      return `${step.op} ${name}=${kindOf(value)}`;
    }
  }
  return undefined;
}

/** An enumerated value is itself, another the name of what it is. */
function kindOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return Object.keys(value)[0];
  return typeof value === "number" ? "number" : String(value);
}

/** What a scenario may use. */
export interface Stage {
  readonly driver: Driver;
  /** host:port of the broker. */
  readonly bootstrap: string;
  /** The broker's id, which rows know as `$kept` "broker.id", as a text "broker.name". */
  readonly brokerId: number;
  /** Resolves when the broker has been ended and is there again. */
  endBroker(): Promise<void>;
  /** Stands before every name of the scenario's: different for every run. */
  readonly scope: string;
  /** A process of the client for a member that will be killed. */
  startProcess(): Promise<Driver>;
}

/** Fails with the step that did not come to what it must. */
export async function runScenario(scenario: RowScenario, stage: Stage): Promise<void> {
  const run = new Run(stage);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over in ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([run.steps(scenario.steps), limit]);
  } finally {
    clearTimeout(timer);
    await run.end();
  }
}

class Run {
  readonly #processes = new Map<string, Driver>();
  /** Members that are not in the client's shared process. */
  readonly #homes = new Map<string, Driver>();

  readonly #kept = new Map<string, unknown>();

  constructor(readonly stage: Stage) {
    this.#kept.set("broker", { id: stage.brokerId, name: String(stage.brokerId) });
  }

  async steps(steps: readonly Step[], above = ""): Promise<void> {
    for (const [i, step] of steps.entries()) {
      try {
        await this.#step(step, `${above}${i + 1}.`);
      } catch (error) {
        if (error instanceof StepError) throw error;
        throw new StepError(`step ${above}${i + 1} ${shown(step)}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  /** Closes what the scenario has left open. A client that cannot close in time is no failure: nothing was asked of it. */
  async end(): Promise<void> {
    const { driver, scope } = this.stage;
    if (!driver.hasExited) {
      await Promise.race([
        driver.call("endScope", { scope }),
        new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS)),
      ]);
    }
    await Promise.all([...this.#processes.values()].map((each) => each.kill()));
  }

  async #step(step: Step, path: string): Promise<void> {
    switch (step.op) {
      case "together":
        await Promise.all(step.steps.map((each, i) => this.steps([each].flat(), `${path}${i + 1}.`)));
        return;
      case "topic":
        return await makeTopic(this.stage.bootstrap, this.stage.scope + step.topic, step.partitions, step.config);
      case "wait":
        return await new Promise((resolve) => setTimeout(resolve, step.ms));
      case "killProcess":
        return await this.#processes.get(step.process)?.kill();
      case "restartBroker":
      case "killBroker":
        return await this.stage.endBroker();
      default:
        return await this.#ask(step);
    }
  }

  async #ask(step: Step): Promise<void> {
    const deadline = performance.now() + (step.within ?? 0);
    while (true) {
      const problem = await this.#attempt(step);
      if (problem === undefined) return await this.#settle(step);
      if (performance.now() > deadline) throw new Error(problem);
      await new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
    }
  }

  /**
   * A topic that was made is known to Kafka's brokers a moment later, and its partitions another moment later: what comes next is about other things,
   * and must not be sent again by clients because of that.
   */
  async #settle(step: Step): Promise<void> {
    if (step.op === "createTopic" && step.error === undefined && step.validateOnly !== true) {
      await this.#ask({ op: "describeTopic", topic: step.topic, within: SETTLE_MS });
      const partitions = Array.from({ length: Math.min(step.partitions ?? 1, SETTLED_PARTITIONS) }, (_, each) => each);
      await Promise.all(
        partitions.map((partition) => this.#ask({ op: "listOffsets", topic: step.topic, partition, at: "latest", within: SETTLE_MS })),
      );
    }
  }

  /** What is not as it must be. */
  async #attempt(step: Step): Promise<string | undefined> {
    const wanted = step.error === undefined ? [] : [step.error].flat();
    let result: unknown;
    try {
      result = read(step, await (await this.#driverOf(step)).call(step.op, this.#parameters(step)), this.stage.scope);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      if (error.code !== undefined && wanted.includes(error.code)) return undefined;
      return error.message;
    }
    if (wanted.length > 0) return `no error, expected ${wanted.join(" or ")}`;
    const problem = step.expect === undefined ? undefined : mismatch(result, withKept(step.expect, this.#kept));
    if (problem === undefined && step.keep !== undefined) this.#kept.set(step.keep, result);
    return problem;
  }

  async #driverOf(step: Step): Promise<Driver> {
    if (step.op === "join" && step.process !== undefined) {
      const driver = this.#processes.get(step.process) ?? await this.stage.startProcess();
      this.#processes.set(step.process, driver);
      this.#homes.set(step.member, driver);
    }
    return "member" in step && step.member !== undefined ? this.#homes.get(step.member) ?? this.stage.driver : this.stage.driver;
  }

  /** The step as the driver takes it: names in the scenario's scope, records as bytes. */
  #parameters(step: Step): Record<string, unknown> {
    const { scope, brokerId } = this.stage;
    const all: Record<string, unknown> = { scope };
    for (const [name, value] of Object.entries(step)) {
      if (name === "op" || name === "process" || OUTCOME.includes(name)) continue;
      all[name] = scoped(name, name === "topicId" ? withKept(value as Matcher, this.#kept) : value, scope);
    }
    if (step.op === "describeConfigs" || step.op === "alterConfigs" || step.op === "replaceConfigs") {
      const ofBroker = step.type === "broker" || step.type === "broker_logger";
      all.name = step.name === "" ? "" : ofBroker ? String(brokerId) : inScope(step.name, scope);
    }
    const idOf = (each: number | "broker"): number => each === "broker" ? brokerId : each;
    if ("assignments" in step && step.assignments !== undefined) all.assignments = step.assignments.map((brokers) => brokers.map(idOf));
    if (step.op === "reassign" && step.replicas !== undefined) all.replicas = step.replicas.map(idOf);
    if (step.op === "addVoter" || step.op === "removeVoter") all.voter = idOf(step.voter);
    if (step.op === "produce") all.records = step.records.map(wireRecord);
    return all;
  }
}

class StepError extends Error {
  override readonly name = "StepError";
}

const NAMES = ["topic", "group", "transactionalId", "pattern", "user", "client"];

/** Internal topics are everybody's. */
function inScope(name: string, scope: string): string {
  return name.startsWith("__") ? name : scope + name;
}

function scoped(name: string, value: unknown, scope: string): unknown {
  if (name === "cursor") return { ...value as object, topic: scope + (value as { topic: string }).topic };
  if (NAMES.includes(name) && typeof value === "string" && value !== "") return inScope(value, scope);
  if (name === "topics") return (value as string[]).map((each) => scope + each);
  if (name === "offsets") return (value as [string, number, number][]).map(([topic, ...rest]) => [scope + topic, ...rest]);
  return value;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function bytes(text: string | null | undefined): string {
  return hex(text === null || text === undefined ? null : encoder.encode(text));
}

function wireRecord(record: StepRecord): unknown[] {
  const { partition, timestamp, key, value, headers = [] } = typeof record === "string" ? { value: record } : record;
  return [partition ?? null, timestamp ?? null, bytes(key), bytes(value), headers.map(([name, text]) => [name, bytes(text)])];
}

const LISTS = ["listTopics", "listGroups", "listTransactions", "listConfigResources", "describeLogDirs", "findQuotas"];

/** The answer as scenarios see it: records as objects, names without the scope, what other scenarios made left out of lists. */
function read(step: Step, result: unknown, scope: string): unknown {
  if (step.op === "fetch" || step.op === "poll") return (result as string[]).map(recordOf);
  if (LISTS.includes(step.op)) return unscoped((result as unknown[]).filter((each) => isOwn(each, scope)), scope);
  return unscoped(result, scope);
}

function unscoped(value: unknown, scope: string): unknown {
  if (typeof value === "string") return value.startsWith(scope) ? value.slice(scope.length) : value;
  if (Array.isArray(value)) return value.map((each) => unscoped(each, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [unscoped(name, scope), unscoped(each, scope)]));
}

/** What has this scope's name, or one of an internal topic. */
function isOwn(value: unknown, scope: string): boolean {
  const { group, transactionalId, user, client } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const name = String(group ?? transactionalId ?? (user || client) ?? value);
  return name.startsWith(scope) || name.startsWith("__");
}

export function makeScope(n: number): string {
  return `row${n}.`;
}

function recordOf(line: string): Record<string, unknown> {
  const [partition, offset, timestamp, key, value, headers] = line.split("\t");
  return {
    partition: Number(partition),
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: textOf(key),
    value: textOf(value),
    headers: headers === "" ? [] : headers.split(",").map((each) => each.split(":").map(textOf)),
  };
}

function textOf(text: string): string | null {
  return text === "-" ? null : decoder.decode(Uint8Array.fromHex(text));
}

function shown(step: Step): string {
  const text = JSON.stringify(step);
  return text.length <= 160 ? text : `${text.slice(0, 160)}…`;
}

/** Plays the scenarios that are data, each with every client that can, many at a time on one broker. */
import { type ClientName, CLIENTS, Driver } from "../drivers/driver.ts";
import { MissingTool } from "../prepare.ts";
import { awaitCoordinator, brokerId } from "../wire.ts";
import type { Target } from "../target.ts";
import { type Abilities, lacks, makeScope, runScenario } from "./run_scenario.ts";
import { type RowScenario, type Step } from "./step.ts";

/**
 * What became of a scenario with a client: `pass`, `fail`, `not yet` (it failed, as is known), `lacks` (the client has no such command or option), `none`
 * (the scenario is about other clients).
 */
export type RowOutcome = "pass" | "fail" | "not yet" | "lacks" | "none";

export interface RowResult {
  readonly scenario: RowScenario;
  readonly client: ClientName;
  readonly outcome: RowOutcome;
  /** Why it failed, or what is lacking. */
  readonly why?: string;
}

export interface SuiteOptions {
  readonly scenarios: readonly RowScenario[];
  readonly clients: readonly ClientName[];
  readonly target: Target;
  /** Another broker of the target's kind, with these properties; undefined where none can be started. */
  makeTarget(properties: Readonly<Record<string, string>>): Target | undefined;
}

export interface SuiteResults {
  readonly results: readonly RowResult[];
  /** Versions of the clients that ran. */
  readonly versions: ReadonlyMap<ClientName, string>;
  /** Clients that could not be run, and why. */
  readonly missing: ReadonlyMap<ClientName, string>;
}

/** At a time, of each client: most of a scenario is waiting. */
const AT_A_TIME = 4;
/** Brokers with properties of their own at a time, beside the one without: each has a process for every client, and those take long to start. */
const OTHERS_AT_A_TIME = 2;
const STARTS = 3;

export async function runSuite(options: SuiteOptions): Promise<SuiteResults> {
  const results: RowResult[] = [];
  const versions = new Map<ClientName, string>();
  const missing = new Map<ClientName, string>();
  const playOn = async (target: Target, scenarios: readonly RowScenario[]): Promise<void> => {
    const clients = options.clients.filter((client) => scenarios.some((each) => each.clients?.includes(client) ?? true));
    for (const client of options.clients.filter((each) => !clients.includes(each))) {
      results.push(...scenarios.map((scenario): RowResult => ({ scenario, client, outcome: "none" })));
    }
    const id = await brokerId(target.bootstrap);
    const casts = await Promise.all(clients.map((client) => start(client, target, id, missing)));
    const here = casts.filter((cast) => cast !== undefined);
    for (const { client, version } of here) versions.set(client, version);
    await awaitCoordinator(target.bootstrap);
    for (const kind of [undefined, "restartBroker", "killBroker"] as const) {
      results.push(...await play(here, scenarios.filter(({ steps }) => ending(steps) === kind), kind));
    }
    await Promise.all(here.map((cast) => cast.close()));
  };
  const playOnOther = async (properties: Readonly<Record<string, string>>, scenarios: readonly RowScenario[]): Promise<void> => {
    const target = await startOther(() => options.makeTarget(properties));
    if (target === undefined) return;
    await playOn(target, scenarios);
    await target.stop();
  };
  // Those that end the broker have one of their own, so that what others left in it is not to blame if it does not come back.
  const [ended, others] = parted(options.scenarios, ({ steps }) => ending(steps) !== undefined);
  const [usual, special] = parted(byBroker(others), ([broker]) => broker === "{}");
  const onOthers = async (): Promise<void> => {
    for (let next = special.pop(); next !== undefined; next = special.pop()) await playOnOther(JSON.parse(next[0]), next[1]);
  };
  await Promise.all([
    ...usual.map(([, scenarios]) => playOn(options.target, scenarios)),
    ...Array.from({ length: OTHERS_AT_A_TIME }, onOthers),
  ]);
  for (const [broker, scenarios] of byBroker(ended)) await playOnOther(JSON.parse(broker), scenarios);
  return { results, versions, missing };
}

function parted<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}

/** Plays scenarios of one kind with every client: those that end the broker all at once, the others {@link AT_A_TIME}. */
async function play(casts: readonly Cast[], scenarios: readonly RowScenario[], kind: Ending | undefined): Promise<RowResult[]> {
  const results: RowResult[] = [];
  const plays = casts.map((cast) =>
    scenarios.filter((each) => {
      const without = cast.without(each);
      if (without !== undefined) results.push(without);
      return without === undefined;
    })
  );
  const count = plays.reduce((sum, { length }) => sum + length, 0);
  const end = new SharedEnd(count, () => endBroker(casts[0], kind));
  await Promise.all(casts.map(async (cast, i) => {
    const waiting = plays[i].reverse();
    const one = async (): Promise<void> => {
      for (let scenario = waiting.pop(); scenario !== undefined; scenario = waiting.pop()) {
        results.push(tellFailure(await cast.play(scenario, end)));
        await end.ended();
      }
    };
    await Promise.all(Array.from({ length: kind === undefined ? AT_A_TIME : waiting.length }, one));
  }));
  return results;
}

async function endBroker(cast: Cast, kind: Ending | undefined): Promise<void> {
  if (kind === "killBroker") await cast.target.kill9();
  else await cast.target.stop();
  await cast.target.start();
  await awaitCoordinator(cast.target.bootstrap);
}

const SHOWN = 700;

function tellFailure(result: RowResult): RowResult {
  const { scenario, client, outcome, why = "" } = result;
  if (outcome === "fail") {
    console.log(`FAIL ${scenario.area}: ${scenario.name} (${client})\n${why.slice(0, SHOWN).replaceAll(/^/gm, "     ")}`);
  }
  return result;
}

/** Somebody else may take a port between its choice and the broker's start: then another is tried. */
async function startOther(make: () => Target | undefined): Promise<Target | undefined> {
  for (let attempt = 1;; attempt++) {
    const target = make();
    try {
      await target?.start();
      return target;
    } catch (error) {
      if (attempt === STARTS) throw error;
      console.log(`     a broker did not start, another is tried: ${String(error).split("\n")[0]}`);
    }
  }
}

function byBroker(scenarios: readonly RowScenario[]): [string, readonly RowScenario[]][] {
  const groups = Map.groupBy(scenarios, ({ broker = {} }) => JSON.stringify(broker));
  return [...groups].sort(([a], [b]) => a.length - b.length);
}

type Ending = "restartBroker" | "killBroker";

function ending(steps: readonly Step[]): Ending | undefined {
  return steps.map(({ op }) => op).find((op) => op === "restartBroker" || op === "killBroker");
}

/** Ends the broker once for all that wait for it. */
class SharedEnd {
  #waiting: PromiseWithResolvers<void>[] = [];

  /** @param left how many runs there are that have not ended */
  constructor(public left: number, readonly end: () => Promise<void>) {}

  /** Resolves when the broker is back. */
  async wait(): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    await this.#look();
    await waiting.promise;
  }

  /** A run has ended, wherever it was. */
  async ended(): Promise<void> {
    this.left--;
    await this.#look();
  }

  async #look(): Promise<void> {
    if (this.#waiting.length === 0 || this.#waiting.length < this.left) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      await this.end();
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}

async function start(
  client: ClientName,
  target: Target,
  brokerId: number,
  missing: Map<ClientName, string>,
): Promise<Cast | undefined> {
  try {
    const driver = await Driver.start(client, target.bootstrap);
    const { version, can } = await driver.call("can", { scope: "" }) as { version: string; can: Abilities };
    return new Cast(client, target, brokerId, driver, version, can);
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    missing.set(client, error.message);
    return undefined;
  }
}

let scopes = Date.now() % 1_000_000 * 1_000;

/** One client's process, playing. */
class Cast {
  constructor(
    readonly client: ClientName,
    readonly target: Target,
    readonly brokerId: number,
    readonly driver: Driver,
    readonly version: string,
    readonly can: Abilities,
  ) {}

  /** Why the client does not play this one, if so. */
  without(scenario: RowScenario): RowResult | undefined {
    const { client } = this;
    if (scenario.clients !== undefined && !scenario.clients.includes(client)) return { scenario, client, outcome: "none" };
    const lacking = lacks(this.can, scenario.steps);
    return lacking === undefined ? undefined : { scenario, client, outcome: "lacks", why: lacking };
  }

  async play(scenario: RowScenario, end: SharedEnd): Promise<RowResult> {
    const { client } = this;
    const isLate = scenario.notYet !== undefined && this.target.name === "ottla";
    const startProcess = (): Promise<Driver> => Driver.start(client, this.target.bootstrap);
    try {
      await runScenario(scenario, {
        driver: this.driver,
        bootstrap: this.target.bootstrap,
        brokerId: this.brokerId,
        endBroker: () => end.wait(),
        scope: makeScope(scopes++),
        startProcess,
      });
    } catch (error) {
      return { scenario, client, outcome: isLate ? "not yet" : "fail", why: error instanceof Error ? error.message : String(error) };
    }
    return isLate
      ? { scenario, client, outcome: "fail", why: "passes, and stands under not yet: move it" }
      : { scenario, client, outcome: "pass" };
  }

  async close(): Promise<void> {
    await this.driver.close();
  }
}

/** The clients that a user names, or all. */
export function clientsNamed(names: readonly string[]): readonly ClientName[] {
  if (names.length === 0) return CLIENTS;
  return names.map((name) => {
    const client = CLIENTS.find((each) => each === name);
    if (client === undefined) throw new Error(`--client ${name}: expected one of ${CLIENTS.join(", ")}`);
    return client;
  });
}

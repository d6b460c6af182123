/** Tells what became of the rows, and keeps it in `results/<target>.json`, of which the report card is made. */
import type { Target } from "../target.ts";
import { AREAS } from "./step.ts";
import { reportPage } from "./report_page.ts";
import type { RowResult, SuiteResults } from "./suite.ts";

export interface TellOptions {
  readonly target: Target;
  readonly command: string;
  readonly update: boolean;
  readonly report: boolean;
}

/** What a target's runs have come to; the newest of each scenario and client. `tools/compatibility.ts` reads it too. */
export interface Results {
  readonly target: string;
  readonly broker: string;
  /** Of the newest run, as YYYY-MM-DD. */
  readonly date: string;
  readonly command: string;
  readonly clients: Readonly<Record<string, string>>;
  readonly rows: readonly ResultRow[];
}

export interface ResultRow {
  readonly area: string;
  readonly name: string;
  readonly features: readonly string[];
  readonly notYet?: string;
  /** By client: `pass`, `fail`, `not yet`, `–` where the scenario is not for it or it lacks a command. */
  readonly outcomes: Readonly<Record<string, string>>;
}

const FOLDER = new URL("../results/", import.meta.url);
const PAGE = new URL("../../.tmp/compatibility.html", import.meta.url);

/** Prints the counts; answers how many runs passed and failed. */
export async function tellResults(suite: SuiteResults, options: TellOptions): Promise<{ passed: number; failed: number }> {
  const { results, missing } = suite;
  for (const [client, why] of missing) console.log(`NOT RUN: ${client}. ${why}`);
  const count = (outcome: string, area?: string): number =>
    results.filter((each) => each.outcome === outcome && (area === undefined || each.scenario.area === area)).length;
  for (const area of AREAS) {
    const scenarios = new Set(results.filter((each) => each.scenario.area === area).map(({ scenario }) => scenario)).size;
    if (scenarios === 0) continue;
    console.log(
      `     ${area}: ${scenarios} scenarios, ${count("pass", area)} runs passed, ${count("fail", area)} failed, ${
        count("not yet", area)
      } not yet`,
    );
  }
  const path = new URL(`${options.target.name}.json`, FOLDER);
  const merged = merge(suite, options, await readResults(path));
  if (options.update) await Deno.writeTextFile(path, asText(merged));
  if (options.report) await writePage(merged);
  return { passed: count("pass") + count("not yet"), failed: count("fail") };
}

async function readResults(path: URL): Promise<Results | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path)) as Results;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}

/** What was not run now stays as it was; scenarios that are no more go with the next whole run. */
function merge({ results, versions }: SuiteResults, { target, command }: TellOptions, before: Results | undefined): Results {
  const rows = new Map(before?.rows.map((row) => [`${row.area} ${row.name}`, row]));
  for (const result of results) {
    const { area, name, features, notYet } = result.scenario;
    const key = `${area} ${name}`;
    const outcomes = { ...rows.get(key)?.outcomes, [result.client]: outcomeOf(result) };
    const late = notYet === undefined || target.name !== "ottla" ? {} : { notYet };
    rows.set(key, { area, name, features, ...late, outcomes: sorted(outcomes) });
  }
  const place = ({ area, name }: ResultRow): string => `${String(AREAS.findIndex((each) => each === area)).padStart(2, "0")} ${name}`;
  return {
    target: target.name,
    broker: target.broker,
    date: new Date().toISOString().slice(0, 10),
    command,
    clients: sorted({ ...before?.clients, ...Object.fromEntries(versions) }),
    rows: [...rows.values()].sort((a, b) => place(a) < place(b) ? -1 : 1),
  };
}

function outcomeOf({ outcome }: RowResult): string {
  return outcome === "lacks" || outcome === "none" ? "–" : outcome;
}

function sorted(object: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
}

/** One line a row, so that a change shows as what it is. */
function asText({ rows, ...about }: Results): string {
  const head = JSON.stringify(about, null, 2).slice(0, -2);
  return `${head},\n  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]\n}\n`;
}

/** Of all targets that have results, this one's as they are now. */
async function writePage(now: Results): Promise<void> {
  const all = new Map<string, Results>([[now.target, now]]);
  for await (const { name } of Deno.readDir(FOLDER)) {
    const known = name.endsWith(".json") ? await readResults(new URL(name, FOLDER)) : undefined;
    if (known !== undefined && !all.has(known.target)) all.set(known.target, known);
  }
  await Deno.mkdir(new URL(".", PAGE), { recursive: true });
  await Deno.writeTextFile(PAGE, reportPage([...all.values()]));
  console.log(`     report: ${PAGE.pathname}`);
}

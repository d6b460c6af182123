/**
 * Tells what became of the rows, and keeps it in `results/<target>.json`, of which the report card is made. Run by itself it makes the page of what is
 * kept: `deno run -A --config compat/deno.json compat/steps/results.ts`.
 */
import { differences } from "../../tools/differences.ts";
import { readKafkaTests } from "../../tools/kafka_tests.ts";
import { readResults, type ResultRow, type Results, TARGETS } from "../../tools/report_card.ts";
import type { Target } from "../target.ts";
import { rows as scenarios } from "../rows/mod.ts";
import { AREAS } from "./step.ts";
import { reportPage } from "../report/page.ts";
import type { RowResult, SuiteResults } from "./suite.ts";

export interface TellOptions {
  readonly target: Target;
  readonly command: string;
  readonly update: boolean;
  readonly report: boolean;
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
  const { name } = options.target;
  const merged = merge(suite, options, readResults(name));
  if (options.update) await Deno.writeTextFile(new URL(`${name}.json`, FOLDER), asText(merged));
  if (options.report) await writePage(merged);
  return { passed: count("pass") + count("not yet"), failed: count("fail") };
}

/** What was not run now stays as it was; scenarios that are no more are left out. */
function merge({ results, versions }: SuiteResults, { target, command }: TellOptions, before: Results | undefined): Results {
  const present = new Set(scenarios.map(keyOf));
  const rows = new Map(before?.rows.filter((row) => present.has(keyOf(row))).map((row) => [keyOf(row), row]));
  for (const result of results) {
    const { area, name, features, notYet } = result.scenario;
    const key = keyOf(result.scenario);
    const outcomes = { ...rows.get(key)?.outcomes, [result.client]: outcomeOf(result) };
    const { [result.client]: _, ...others } = rows.get(key)?.why ?? {};
    const why = result.outcome === "fail" ? { ...others, [result.client]: brief(result.why ?? "") } : others;
    const late = notYet === undefined || target.name !== "ottla" ? {} : { notYet };
    rows.set(key, { area, name, features, ...late, outcomes: sorted(outcomes), ...(isEmpty(why) ? {} : { why: sorted(why) }) });
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

function keyOf({ area, name }: { readonly area: string; readonly name: string }): string {
  return `${area} ${name}`;
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

const LONGEST_WHY = 200;

/**
 * A failure as the report card tells it: the step's command, and the error's name in Kafka's table or, where it has none, the last of the chain that the
 * client tells. Names have no scope and times no figures, so that the same failure is the same text the next time; long values are not spelt out.
 */
export function brief(why: string): string {
  const [, op, problem] = why.match(/^step [\d.]+ \{"op":"(\w+)".*?(?:\}|…): ([^]*)$/) ?? [undefined, undefined, why];
  const [, said] = problem.match(/^[a-z-]+: ([^]*)$/) ?? [undefined, problem];
  const [code] = said.match(/^[A-Z_]{4,}(?=: )/) ?? [];
  const last = code ?? said.split("; ").at(-1)!.replaceAll(/\b(?:[a-z]+\.){2,}(?=[A-Z])/g, "");
  const text = `${op === undefined ? "" : `${op}: `}${last}`.split("\n")[0].replaceAll(/row\d+\./g, "").replaceAll(/\b\d{13}\b/g, "(time)")
    .replaceAll(/(\w)\1{20,}…?/g, "$1$1$1…");
  return text.length <= LONGEST_WHY ? text : `${text.slice(0, LONGEST_WHY)}…`;
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

/** Of all targets that have results, with `now` in place of what is written down of its target. */
async function writePage(now?: Results): Promise<void> {
  const known = TARGETS.map((target) => now?.target === target ? now : readResults(target));
  const others = now === undefined || TARGETS.includes(now.target) ? [] : [now];
  const all = [...known, ...others].filter((each) => each !== undefined);
  await Deno.mkdir(new URL(".", PAGE), { recursive: true });
  await Deno.writeTextFile(PAGE, reportPage(all, readKafkaTests(), differences));
  console.log(`     report: ${PAGE.pathname}`);
}

if (import.meta.main) await writePage();

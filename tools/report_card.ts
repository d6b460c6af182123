/** The part of `docs/COMPATIBILITY.md` that tells which scenarios pass with which client, from what `deno task compat --update` has written. */

/** What a target's runs have come to; the newest of each scenario and client. */
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
  /** By client why it failed, in short. */
  readonly why?: Readonly<Record<string, string>>;
}

/** Those whose results are kept, ours first. */
export const TARGETS: readonly string[] = ["ottla", "kafka", "kfake"];
const SIGNS: readonly (readonly [sign: string, outcome: string])[] = [
  ["✓", "pass"],
  ["✗", "fail"],
  ["not yet", "not yet"],
  ["–", "–"],
  ["not run", "not run"],
];
const FOLDER = new URL("../compat/results/", import.meta.url);

export function readResults(target: string): Results | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(`${target}.json`, FOLDER))) as Results;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}

/** A broker without its version. */
export function shortName({ broker }: Results): string {
  return broker.replace(/ v?\d\S*$/, "");
}

/** The lines of the section. @param all by target */
export function clientLines(all: ReadonlyMap<string, Results | undefined>): string[] {
  const known = [...all.values()].filter((each) => each !== undefined);
  const clients = [...new Set(known.flatMap((each) => Object.keys(each.clients)))].sort();
  const areas = Map.groupBy(known.flatMap(({ rows }) => rows), ({ area }) => area);
  return [
    "## Clients",
    "",
    "Scenarios of `compat/rows/`, each played by every client that has the commands: how many passed (✓), failed (✗), are known not to work yet, or are not for",
    "this client (–). `deno task compat --report html` makes a page with every scenario and feature.",
    "",
    ...[...all].map(([target, results]) => results === undefined ? `- ${target}: not run.` : aboutLine(results)),
    "",
    `| area | broker | ${clients.join(" | ")} |`,
    `|---|---|${clients.map(() => "---|").join("")}`,
    ...[...areas].flatMap(([area, rows]) => {
      const names = [...new Set(rows.map(({ name }) => name))];
      return known.map((results) => areaLine(area, names, results, clients));
    }),
    "",
    "### Scenarios that do not pass yet",
    "",
    ...lateLines(known),
    "",
    "### Scenarios that failed",
    "",
    "Apache Kafka passes all, or the scenario is wrong. kfake is the broker that franz-go is tested with, and does not mean to be all of Kafka. By what was seen:",
    "",
    ...known.flatMap(failedLines),
    "",
  ];
}

function aboutLine({ broker, date, command, clients, rows }: Results): string {
  const versions = Object.entries(clients).map(([client, version]) => `${client} ${version}`).join(", ");
  return `- ${broker}, ${date}, \`${command}\`: ${rows.length} scenarios with ${versions}.`;
}

/** @param names all scenarios of the area that any broker has a result of */
function areaLine(area: string, names: readonly string[], results: Results, clients: readonly string[]): string {
  const known = new Map(results.rows.filter((row) => row.area === area).map(({ name, outcomes }) => [name, outcomes]));
  const cells = clients.map((client) => {
    const outcomes = names.map((name) => known.get(name)?.[client] ?? "not run");
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
    return SIGNS.filter(([, outcome]) => count(outcome) > 0).map(([sign, outcome]) => `${sign} ${count(outcome)}`).join(", ");
  });
  return `| ${area} | ${shortName(results)} | ${cells.join(" | ")} |`;
}

/** By what they wait for. */
function lateLines(known: readonly Results[]): string[] {
  const late = known.flatMap(({ rows }) => rows).filter(({ notYet }) => notYet !== undefined);
  const reasons = Map.groupBy(late, ({ notYet }) => notYet!);
  if (reasons.size === 0) return ["None."];
  return [...reasons].sort(([a], [b]) => a < b ? -1 : 1).map(([why, rows]) => `- ${why}: ${rows.map(({ name }) => name).join("; ")}.`);
}

/** By why, as far as that is known. */
function failedLines(results: Results): string[] {
  const failures = results.rows.flatMap(({ name, outcomes, why }) =>
    Object.keys(outcomes).filter((client) => outcomes[client] === "fail").map((client) => ({ name, client, why: why?.[client] ?? "" }))
  );
  if (failures.length === 0) return [`- ${shortName(results)}: none.`];
  const kinds = [...Map.groupBy(failures, ({ why }) => why)];
  const scenarios = new Set(failures.map(({ name }) => name)).size;
  return [
    `- ${shortName(results)}: ${failures.length} runs of ${scenarios} scenarios.`,
    ...kinds.map(([why, failures]) => {
      const unique = (all: readonly string[]): string[] => [...new Set(all)];
      const clients = unique(failures.map(({ client }) => client)).sort().join(", ");
      return `  - ${why === "" ? "" : `\`${why}\`, `}${clients}: ${unique(failures.map(({ name }) => name)).join("; ")}.`;
    }),
  ];
}

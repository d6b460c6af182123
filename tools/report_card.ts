/** The part of `docs/COMPATIBILITY.md` that tells which scenarios pass with which client, from what `deno task compat --update` has written. */

/** As `compat/steps/results.ts` writes them. */
interface Results {
  readonly target: string;
  readonly broker: string;
  readonly date: string;
  readonly command: string;
  readonly clients: Readonly<Record<string, string>>;
  readonly rows: readonly ResultRow[];
}

interface ResultRow {
  readonly area: string;
  readonly name: string;
  readonly notYet?: string;
  readonly outcomes: Readonly<Record<string, string>>;
}

const TARGETS = ["ottla", "kafka"];
const FOLDER = new URL("../compat/results/", import.meta.url);

/** The lines of the section. */
export function reportCard(): string[] {
  const all = TARGETS.map(readResults);
  const known = all.filter((each) => each !== undefined);
  const clients = [...new Set(known.flatMap((each) => Object.keys(each.clients)))].sort();
  const areas = [...new Set(known.flatMap(({ rows }) => rows.map(({ area }) => area)))];
  return [
    "## Clients",
    "",
    "Scenarios of `compat/rows/`, each played by every client that has the commands: how many passed (✓), failed (✗), are known not to work yet, or are not for",
    "this client (–). `deno task compat --report html` makes a page with every scenario.",
    "",
    ...all.map((results, i) => results === undefined ? `- ${TARGETS[i]}: not run.` : aboutLine(results)),
    "",
    `| area | broker | ${clients.join(" | ")} |`,
    `|---|---|${clients.map(() => "---|").join("")}`,
    ...areas.flatMap((area) => known.map((results) => areaLine(area, results, clients))),
    "",
    "### Scenarios that do not pass yet",
    "",
    ...lateLines(known),
    "",
    "### Scenarios that failed",
    "",
    ...failedLines(known),
    "",
  ];
}

function readResults(target: string): Results | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(`${target}.json`, FOLDER))) as Results;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}

function aboutLine({ broker, date, command, clients, rows }: Results): string {
  const versions = Object.entries(clients).map(([client, version]) => `${client} ${version}`).join(", ");
  return `- ${broker}, ${date}, \`${command}\`: ${rows.length} scenarios with ${versions}.`;
}

function areaLine(area: string, { broker, rows }: Results, clients: readonly string[]): string {
  const cells = clients.map((client) => {
    const outcomes = rows.filter((row) => row.area === area).map(({ outcomes }) => outcomes[client] ?? "not run");
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
    const signs: [string, string][] = [["✓", "pass"], ["✗", "fail"], ["not yet", "not yet"], ["–", "–"], ["not run", "not run"]];
    return signs.filter(([, outcome]) => count(outcome) > 0).map(([sign, outcome]) => `${sign} ${count(outcome)}`).join(", ");
  });
  return `| ${area} | ${broker} | ${cells.join(" | ")} |`;
}

/** By what they wait for. */
function lateLines(known: readonly Results[]): string[] {
  const late = known.flatMap(({ rows }) => rows).filter(({ notYet }) => notYet !== undefined);
  const reasons = Map.groupBy(late, ({ notYet }) => notYet!);
  if (reasons.size === 0) return ["None."];
  return [...reasons].sort(([a], [b]) => a < b ? -1 : 1).map(([why, rows]) => `- ${why}: ${rows.map(({ name }) => name).join("; ")}.`);
}

function failedLines(known: readonly Results[]): string[] {
  const failed = known.flatMap(({ broker, rows }) =>
    rows.flatMap(({ area, name, outcomes }) => {
      const clients = Object.keys(outcomes).filter((client) => outcomes[client] === "fail");
      return clients.length === 0 ? [] : [`- ${broker}, ${area}: ${name} (${clients.join(", ")}).`];
    })
  );
  return failed.length === 0 ? ["None."] : failed;
}

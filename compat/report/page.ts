/** The report card as one page that needs nothing else: tables, a style, and a script that only hides. */
import type { Difference } from "../../tools/differences.ts";
import { type ComparedTest, countTests, type KafkaTests, type SuiteRun, waitingText } from "../../tools/kafka_tests.ts";
import { kips } from "./kips.ts";
import { type ResultRow, type Results, shortName } from "../../tools/report_card.ts";

/** What stands in a cell. */
interface Sign {
  readonly letter: string;
  readonly sign: string;
  readonly meaning: string;
}

const SIGNS: Readonly<Record<string, Sign>> = {
  pass: { letter: "p", sign: "✓", meaning: "passed" },
  fail: { letter: "f", sign: "✗", meaning: "failed" },
  "not yet": { letter: "n", sign: "○", meaning: "not yet: the broker is known not to do it" },
  "–": { letter: "x", sign: "–", meaning: "not for this client, or the client has no such command" },
  "not run": { letter: "u", sign: "?", meaning: "not run" },
};

/** One client with one broker. */
interface Column {
  readonly results: Results;
  readonly client: string;
}

/** A scenario with the results of all brokers that have one. */
interface Scenario {
  readonly area: string;
  readonly name: string;
  readonly features: readonly string[];
  readonly rows: ReadonlyMap<Results, ResultRow>;
}

/** @param all one for each target */
export function reportPage(all: readonly Results[], tests: KafkaTests, differences: readonly Difference[]): string {
  const clients = [...new Set(all.flatMap((each) => Object.keys(each.clients)))].sort();
  const columns = all.flatMap((results) => clients.map((client) => ({ results, client })));
  const scenarios = scenariosOf(all);
  const areas = [...new Set(scenarios.map(({ area }) => area))];
  const features = [...new Set(scenarios.flatMap(({ features }) => features))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Kafka clients and brokers</title>
<style>${part("page.css")}</style>
<h1>Kafka clients and brokers</h1>
<p>What a user of Kafka does, as scenarios, each played by real clients against each broker.
<a href="#features">Features</a> · <a href="#scenarios">Scenarios</a> · <a href="#tests">Kafka’s own tests</a> · <a href="#differences">Differences on purpose</a></p>
${summary(all, clients)}
<p class="legend">${
    Object.values(SIGNS).map(({ letter, sign, meaning }) => `<span><b class="${letter}">${sign}</b> ${meaning}</span>`).join(" ")
  }</p>
<form id="filters">
<input name="text" type="search" placeholder="words in any table" aria-label="words in any table">
${select("feature", features)}
${select("area", areas)}
${select("client", clients)}
${select("broker", all.map(({ target }) => target))}
${select("outcome", Object.keys(SIGNS))}
<button type="reset">clear</button> <output></output>
</form>
<h2 id="features">Features</h2>
<table class="grid">
${head("feature (scenarios)", all, clients)}
<tbody>
${features.map((feature) => featureLine(feature, scenarios, columns)).join("\n")}
</tbody>
</table>
<h2 id="scenarios">Scenarios</h2>
<table class="grid">
${head("scenario", all, clients)}
${areas.map((area) => areaBody(area, scenarios.filter((each) => each.area === area), columns)).join("\n")}
</table>
${testsSection(tests)}
${differencesSection(differences)}
<script>const columns = ${JSON.stringify(columns.map(({ results, client }) => ({ broker: results.target, client })))};
${part("page.js")}</script>
</html>
`;
}

function part(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url)).trimEnd();
}

function scenariosOf(all: readonly Results[]): Scenario[] {
  const found = new Map<string, Scenario & { rows: Map<Results, ResultRow> }>();
  for (const results of all) {
    for (const row of results.rows) {
      const { area, name, features } = row;
      const scenario = found.get(`${area} ${name}`) ?? { area, name, features, rows: new Map() };
      scenario.rows.set(results, row);
      found.set(`${area} ${name}`, scenario);
    }
  }
  return [...found.values()];
}

function summary(all: readonly Results[], clients: readonly string[]): string {
  const lines = all.map(({ broker, date, command, rows, clients: versions }) => {
    const cells = clients.map((client) => {
      const outcomes = rows.map(({ outcomes }) => outcomes[client] ?? "not run").filter((each) => each !== "–");
      const passed = outcomes.filter((each) => each === "pass").length;
      return versions[client] === undefined ? "<td>not run" : `<td>${passed} of ${outcomes.length}`;
    });
    return `<tr><th scope="row">${escaped(broker)}${cells.join("")}<td>${rows.length}<td>${date}<td><code>${escaped(command)}</code>`;
  });
  const versions = clients.map((client) => [...new Set(all.flatMap((each) => each.clients[client] ?? []))].join(", "));
  return `<div class="wide"><table>
<thead><tr><th>passed${
    clients.map((client, i) => `<th scope="col">${escaped(client)}<br><small>${escaped(versions[i])}</small>`).join("")
  }<th scope="col">scenarios<th scope="col">date<th scope="col">command
<tbody>
${lines.join("\n")}
</table></div>`;
}

function head(what: string, all: readonly Results[], clients: readonly string[]): string {
  const k = clients.length;
  const brokers = all.map((each, b) => `<th class="b${b}" colspan="${k}" style="--k:${k}" scope="colgroup">${escaped(shortName(each))}`);
  const names = all.flatMap((_, b) =>
    clients.map((client, c) => `<th class="c${b * k + c}${c === 0 ? " first" : ""}" scope="col"><span>${client}</span>`)
  );
  return `<thead><tr><th rowspan="2">${what}${brokers.join("")}
<tr>${names.join("")}`;
}

function featureLine(feature: string, scenarios: readonly Scenario[], columns: readonly Column[]): string {
  const about = scenarios.filter(({ features }) => features.includes(feature));
  const cells = columns.map((column) => {
    const outcomes = about.map((scenario) => outcomeOf(scenario, column));
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
    const worst = ["fail", "not yet", "pass", "not run", "–"].find((outcome) => count(outcome) > 0)!;
    const said = Object.keys(SIGNS).filter((each) => count(each) > 0).map((each) => `${count(each)} ${each}`).join(", ");
    return { outcome: worst, text: worst === "fail" || worst === "not yet" ? String(count(worst)) : "", title: said };
  });
  return `<tr data-feature="${escaped(feature)}"><th scope="row">${featureLink(feature)} <small>${escaped(kips[feature] ?? "")}${
    about.length === 1 ? "" : ` (${about.length})`
  }</small>${tds(cells, columns)}`;
}

function areaBody(area: string, scenarios: readonly Scenario[], columns: readonly Column[]): string {
  return `<tbody data-area="${area}">
<tr class="area"><th scope="rowgroup" colspan="${columns.length + 1}">${area}
${scenarios.map((scenario) => scenarioLine(scenario, columns)).join("\n")}`;
}

function scenarioLine(scenario: Scenario, columns: readonly Column[]): string {
  const { name, features, rows } = scenario;
  const cells = columns.map((column) => {
    const outcome = outcomeOf(scenario, column);
    return { outcome, text: "", title: rows.get(column.results)?.why?.[column.client] ?? "" };
  });
  const late = [...rows].filter(([, { notYet }]) => notYet !== undefined).map(([{ target }, { notYet }]) =>
    `<i>${target}: ${escaped(notYet!)}</i>`
  );
  return `<tr data-features="${escaped(features.join("|"))}"><th scope="row">${escaped(name)} <small>${
    features.map(featureLink).join(" ")
  }</small>${late.join("")}${whyList(scenario)}${tds(cells, columns)}`;
}

/** The failures of a scenario, those with the same reason together. */
function whyList({ rows }: Scenario): string {
  const failures = [...rows].flatMap(([{ target }, { why = {} }]) => {
    const reasons = Map.groupBy(Object.keys(why), (client) => why[client]);
    return [...reasons].map(([reason, clients]) => `<li>${target} with ${escaped(clients.join(", "))}: <code>${escaped(reason)}</code>`);
  });
  return failures.length === 0 ? "" : `<details><summary>why</summary><ul>${failures.join("")}</ul></details>`;
}

function outcomeOf({ rows }: Scenario, { results, client }: Column): string {
  return rows.get(results)?.outcomes[client] ?? "not run";
}

interface Cell {
  readonly outcome: string;
  /** Beside the sign. */
  readonly text: string;
  readonly title: string;
}

function tds(cells: readonly Cell[], columns: readonly Column[]): string {
  return cells.map(({ outcome, text, title }, i) => {
    const { letter, sign } = SIGNS[outcome];
    const first = columns[i].results === columns[i - 1]?.results ? "" : " first";
    return `<td class="${letter} c${i}${first}"${title === "" ? "" : ` title="${escaped(title)}"`}>${sign}${text}`;
  }).join("");
}

function featureLink(feature: string): string {
  const title = kips[feature] === undefined ? "" : ` title="${escaped(kips[feature])}"`;
  return `<a href="#${new URLSearchParams({ feature })}"${title}>${escaped(feature)}</a>`;
}

function testsSection({ runs, classes }: KafkaTests): string {
  const counts = countTests(classes.flatMap(({ tests }) => tests));
  const lines = classes.map(({ name, tests }) => {
    const { all, kafka, ottla } = countTests(tests);
    const waits = kafka === 0 ? "nothing is asked: Kafka passes none" : waitingText(countTests(tests));
    return `<tr><th scope="row"><details><summary>${name}</summary><ul>${
      tests.map(testLine).join("")
    }</ul></details><td>${kafka} of ${all}<td>${kafka === 0 ? "" : ottla}<td>${escaped(waits)}`;
  });
  return `<h2 id="tests">Kafka’s own tests</h2>
<p>Apache Kafka’s compiled integration tests, each against a fresh broker outside their JVM. Where Kafka itself does not pass like that,
since a test asks for several brokers or for objects inside one, nothing is asked of Ottla.</p>
<p>${aboutRun("Apache Kafka", runs.kafka)} ${counts.kafka} of ${counts.all} pass.<br>
${aboutRun("Ottla", runs.ottla)} ${counts.ottla} of these ${counts.kafka} pass.</p>
<table class="plain counted">
<thead><tr><th scope="col">class<th scope="col">Kafka passes<th scope="col">Ottla passes<th scope="col">the rest waits for
<tbody>
${lines.join("\n")}
</table>`;
}

function testLine({ name, kafka, ottla }: ComparedTest): string {
  if (kafka.result !== "pass") return `<li><b class="x">–</b> ${escaped(name)} <small>Kafka: ${kafka.result}</small>`;
  const { letter, sign } = SIGNS[ottla?.result ?? "not run"];
  return `<li><b class="${letter}">${sign}</b> ${escaped(name)}${ottla?.why === undefined ? "" : ` <small>${escaped(ottla.why)}</small>`}`;
}

function aboutRun(name: string, run: SuiteRun | undefined): string {
  return run === undefined ? `${name}: not run.` : `${escaped(run.broker)}, ${run.date}, <code>${escaped(run.command)}</code>:`;
}

function differencesSection(differences: readonly Difference[]): string {
  const lines = differences.map(({ where, ottla, kafka, decision }) => {
    const record = decision === undefined ? "" : `<code>docs/decisions/${decision}.md</code>`;
    return `<tr><th scope="row">${marked(where)}<td>${marked(ottla)}<td>${marked(kafka)}<td>${record}`;
  });
  return `<h2 id="differences">Differences on purpose</h2>
<table class="plain">
<thead><tr><th scope="col">where<th scope="col">Ottla<th scope="col">Kafka<th scope="col">decision
<tbody>
${lines.join("\n")}
</table>`;
}

/** The documents' backquotes as HTML. */
function marked(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

function select(name: string, options: readonly string[]): string {
  return `<select name="${name}" aria-label="${name}"><option value="">every ${name}</option>${
    options.map((each) => `<option>${escaped(each)}</option>`).join("")
  }</select>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

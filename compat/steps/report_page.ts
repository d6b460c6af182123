/** The report card as one page that needs nothing else: plain HTML and a few lines of script. */
import type { ResultRow, Results } from "./results.ts";

const SIGNS: Readonly<Record<string, string>> = { pass: "✓", fail: "✗", "not yet": "not yet", "–": "–" };

/** @param all one for each target */
export function reportPage(all: readonly Results[]): string {
  const clients = [...new Set(all.flatMap((each) => Object.keys(each.clients)))].sort();
  const rows = new Map<string, ResultRow>();
  for (const { area, name, features, notYet, outcomes } of all.flatMap(({ rows }) => rows)) {
    const known = rows.get(`${area} ${name}`);
    rows.set(`${area} ${name}`, {
      area,
      name,
      features,
      outcomes,
      ...(known?.notYet ?? notYet ? { notYet: known?.notYet ?? notYet } : {}),
    });
  }
  const columns = all.flatMap((results) => clients.map((client) => ({ results, client })));
  const areas = [...new Set([...rows.values()].map(({ area }) => area))];
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Kafka clients and brokers</title>
<style>${STYLE}</style>
<h1>Kafka clients and brokers</h1>
${all.map(about).join("\n")}
<p>✓ passed · ✗ failed · not yet: the broker is known not to do it · – not for this client, or the client cannot · empty: not run</p>
<p>
<input id="text" type="search" placeholder="scenario or feature" aria-label="scenario or feature">
${select("area", areas)} ${select("client", clients)} ${select("target", all.map(({ target }) => target))} ${
    select("outcome", Object.keys(SIGNS))
  }
<span id="count"></span>
</p>
<table>
<thead><tr><th>area</th><th>scenario</th>${columns.map(({ results, client }) => head(results, client)).join("")}</tr></thead>
<tbody>
${[...rows.values()].map((row) => line(row, columns)).join("\n")}
</tbody>
</table>
<script>${SCRIPT}</script>
</html>
`;
}

interface Column {
  readonly results: Results;
  readonly client: string;
}

function about({ target, broker, date, command, clients, rows }: Results): string {
  const outcomes = rows.flatMap((row) => Object.values(row.outcomes));
  const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const versions = Object.entries(clients).map(([client, version]) => `${client} ${version}`).join(", ");
  return `<p><b>${escaped(broker)}</b> (${escaped(target)}), ${date}: ${rows.length} scenarios, ${count("pass")} runs passed, ${
    count("fail")
  } failed, ${count("not yet")} not yet. With ${escaped(versions)}. <code>${escaped(command)}</code></p>`;
}

function head({ target }: Results, client: string): string {
  return `<th data-target="${escaped(target)}" data-client="${escaped(client)}">${escaped(target)}<br>${escaped(client)}</th>`;
}

function line({ area, name, features, notYet }: ResultRow, columns: readonly Column[]): string {
  const cells = columns.map(({ results, client }) => {
    const outcome = results.rows.find((row) => row.area === area && row.name === name)?.outcomes[client] ?? "";
    return `<td class="${outcome.replace(" ", "-")}" data-target="${escaped(results.target)}" data-client="${escaped(client)}">${
      SIGNS[outcome] ?? ""
    }</td>`;
  });
  const late = notYet === undefined ? "" : ` <i>${escaped(notYet)}</i>`;
  return `<tr data-area="${area}"><td>${area}</td><td>${escaped(name)} <small>${escaped(features.join(", "))}</small>${late}</td>${
    cells.join("")
  }</tr>`;
}

function select(id: string, options: readonly string[]): string {
  return `<select id="${id}" aria-label="${id}"><option value="">every ${id}</option>${
    options.map((each) => `<option>${escaped(each)}</option>`).join("")
  }</select>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em }
table { border-collapse: collapse }
th { position: sticky; top: 0; background: #fff; font-size: 12px }
td, th { border-bottom: 1px solid #ddd; padding: 2px 8px; text-align: left; vertical-align: top }
td[data-client] { text-align: center; white-space: nowrap }
.pass { background: #e3f4e3 } .fail { background: #f9d0d0 } .not-yet { background: #fdf1cf } small, i { color: #777 }
`;

const SCRIPT = `
const value = (id) => document.getElementById(id).value;
function filter() {
  const text = value("text").toLowerCase(), area = value("area"), client = value("client"), target = value("target"), outcome = value("outcome");
  const shown = (cell) => (client === "" || cell.dataset.client === client) && (target === "" || cell.dataset.target === target);
  let count = 0;
  for (const cell of document.querySelectorAll("[data-client]")) cell.hidden = !shown(cell);
  for (const row of document.querySelectorAll("tbody tr")) {
    const cells = [...row.querySelectorAll("td[data-client]")].filter(shown);
    row.hidden = !((area === "" || row.dataset.area === area) && row.textContent.toLowerCase().includes(text) &&
      (outcome === "" || cells.some((cell) => cell.className === outcome.replace(" ", "-"))));
    if (!row.hidden) count++;
  }
  document.getElementById("count").textContent = count + " scenarios";
}
for (const each of document.querySelectorAll("input, select")) each.addEventListener("input", filter);
filter();
`;

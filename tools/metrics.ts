/**
 * Writes the table of metrics in `docs/observability.md` from the table that the broker itself answers from; with `--check` compares instead, and
 * fails when it differs.
 *
 *     deno task gen
 *
 * @module
 */
import { metrics } from "../broker/observability/metrics.ts";

const PATH = "docs/observability.md";
const BEGIN = "<!-- metrics: written by `deno task gen` -->\n";
const END = "<!-- end of metrics -->\n";

/** `text` with the table between its marks written anew. */
function withTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PATH} has no place for the table`);
  return text.slice(0, begin) + BEGIN + tableOfMetrics() + text.slice(end);
}

function tableOfMetrics(): string {
  const rows = metrics.map(({ name, type, labels, from, help }) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} | ${from === null ? "" : `\`${from}\``} |\n`
  );
  return ["| name | type | labels | meaning | after |\n", "|---|---|---|---|---|\n", ...rows].join("");
}

const text = Deno.readTextFileSync(PATH);
if (!Deno.args.includes("--check")) Deno.writeTextFileSync(PATH, withTable(text));
else if (text !== withTable(text)) {
  console.error(`the table of metrics in ${PATH} is not what the broker has: run \`deno task gen\``);
  Deno.exit(1);
}

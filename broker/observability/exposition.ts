import type { Metric } from "./metric.ts";
import type { Histogram } from "./request_stats.ts";

/** The content type of {@link exposition}. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Characters to a piece: what is made, and held, at once. */
const PIECE = 64 * 1024;

/** The metrics in Prometheus's text format 0.0.4, in pieces, each made when it is asked for. A metric without samples is left out. */
export function* exposition<Source>(metrics: readonly Metric<Source>[], source: Source): Iterable<string> {
  let piece = "";
  for (const metric of metrics) {
    let head = `# HELP ${metric.name} ${escapeHelp(metric.help)}.\n# TYPE ${metric.name} ${metric.type}\n`;
    for (const lines of linesOf(metric, source)) {
      piece += head + lines;
      head = "";
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

function* linesOf<Source>(metric: Metric<Source>, source: Source): Iterable<string> {
  const { name } = metric;
  if (metric.type === "histogram") {
    for (const [histogram, ...values] of metric.samples(source)) yield histogramLines(name, pairs(metric.labels, values), histogram);
  } else {
    for (const [value, ...values] of metric.samples(source)) yield line(name, pairs(metric.labels, values), value);
  }
}

function histogramLines(name: string, labels: readonly string[], { bounds, counts, sum }: Histogram): string {
  let count = 0;
  let lines = "";
  for (let bucket = 0; bucket < counts.length; bucket++) {
    count += counts[bucket];
    lines += line(`${name}_bucket`, [...labels, `le="${bounds[bucket] ?? "+Inf"}"`], count);
  }
  return lines + line(`${name}_sum`, labels, sum) + line(`${name}_count`, labels, count);
}

function line(name: string, labels: readonly string[], value: number): string {
  return labels.length === 0 ? `${name} ${value}\n` : `${name}{${labels.join(",")}} ${value}\n`;
}

function pairs(names: readonly string[], values: readonly (string | number)[]): string[] {
  return values.map((value, index) => `${names[index]}="${typeof value === "number" ? value : escapeLabel(value)}"`);
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => character === "\n" ? "\\n" : `\\${character}`);
}

function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (character) => character === "\n" ? "\\n" : "\\\\");
}

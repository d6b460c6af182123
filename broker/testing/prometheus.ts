/** What a scrape says of one metric. */
export interface ScrapedMetric {
  readonly help: string;
  readonly type: string;
  /** Values by the sample's name and labels as they were written: `requests_total{request="Fetch"}`. */
  readonly samples: Map<string, number>;
}

/** Reads Prometheus's text format 0.0.4 as strictly as its own parser, and a bit more: a metric is in one piece with HELP and TYPE before it. */
export function parseExposition(text: string): Map<string, ScrapedMetric> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const metrics = new Map<string, ScrapedMetric>();
  let current = "";
  let help: RegExpExecArray | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("# HELP ")) {
      help = /^# HELP ([a-zA-Z_:][\w:]*) ((?:[^\\]|\\\\|\\n)+)$/.exec(line);
      if (help === null || metrics.has(help[1])) throw new Error(`a wrong or second HELP: ${line}`);
    } else if (line.startsWith("# TYPE ")) {
      const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line);
      if (type === null || help === null || type[1] !== help[1]) throw new Error(`a wrong TYPE: ${line}`);
      current = type[1];
      metrics.set(current, { help: help[2], type: type[2], samples: new Map() });
    } else {
      addSample(metrics.get(current), current, line);
    }
  }
  return metrics;
}

function addSample(metric: ScrapedMetric | undefined, name: string, line: string): void {
  const label = '[a-zA-Z_]\\w*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
  const parts = new RegExp(`^(([a-zA-Z_:][\\w:]*)(?:\\{${label}(?:,${label})*\\})?) (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`).exec(line);
  if (parts === null) throw new Error(`no sample: ${line}`);
  const suffix = parts[2].slice(name.length);
  const suffixes = metric?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (metric === undefined || !parts[2].startsWith(name) || !suffixes.includes(suffix)) throw new Error(`a sample out of place: ${line}`);
  if (metric.samples.has(parts[1])) throw new Error(`a second sample: ${line}`);
  metric.samples.set(parts[1], Number(parts[3]));
}

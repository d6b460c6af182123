import type { Histogram } from "./request_stats.ts";

/** A value, and the values of the metric's labels in their order; fewer leave the last ones out. */
export type Sample = readonly [value: number, ...labels: readonly (string | number)[]];

interface MetricBase {
  /** As in Prometheus; Kafka's where Kafka has it: see docs/observability.md. */
  readonly name: string;
  readonly labels: readonly string[];
  /** Kafka's MBean, another exporter whose name it is, or null where it is ours alone. */
  readonly from: string | null;
  /** What it means, in one sentence without a full stop. */
  readonly help: string;
}

/** A number that is read when it is asked for. `Source` is where it is read from. */
export interface NumberMetric<Source> extends MetricBase {
  readonly type: "counter" | "gauge";
  /** Read piece by piece, with other work between; the state may change meanwhile. */
  samples(source: Source): Iterable<Sample>;
}

export interface HistogramMetric<Source> extends MetricBase {
  readonly type: "histogram";
  samples(source: Source): Iterable<readonly [histogram: Histogram, ...labels: readonly (string | number)[]]>;
}

export type Metric<Source> = NumberMetric<Source> | HistogramMetric<Source>;

import { boolean, int, javaClass, list, long, string } from "../row.ts";

/** Broker properties: policies, quotas and metrics. */
export const servicesRows = {
  "alter.config.policy.class.name": javaClass(null, "The class that may refuse changes of configuration."),
  "create.topic.policy.class.name": javaClass(null, "The class that may refuse new topics."),
  "client.quota.callback.class": javaClass(null, "The class that decides quotas."),
  "config.providers": list("", "Names of the providers that resolve placeholders in values.", { dynamic: true }),
  "quota.window.num": int(11, "Samples kept for client quotas.", { min: 1 }),
  "quota.window.size.seconds": int(1, "Length of such a sample, in seconds.", { min: 1 }),
  "metric.reporters": list("org.apache.kafka.common.metrics.JmxReporter", "Classes that report metrics.", { dynamic: true }),
  "metrics.num.samples": int(2, "Samples kept for metrics.", { min: 1 }),
  "metrics.recording.level": string("INFO", "How much is measured: INFO, DEBUG or TRACE."),
  "metrics.sample.window.ms": long(30_000, "Length of such a sample, in milliseconds.", { min: 1 }),
  "kafka.metrics.polling.interval.secs": int(10, "How often metrics are handed to reporters, in seconds.", { min: 1 }),
  "kafka.metrics.reporters": list("", "Classes that report metrics of the older kind."),
  "telemetry.max.bytes": int(1_048_576, "Most bytes of one push of client metrics, as it comes and decompressed.", {
    min: 1,
    applied: true,
  }),
  "unstable.api.versions.enable": boolean(false, "Whether API versions under development are served.", { internal: true }),
  "unstable.feature.versions.enable": boolean(false, "Whether feature levels under development may be chosen.", { internal: true }),
};

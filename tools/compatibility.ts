/**
 * Writes `docs/COMPATIBILITY.md` from the tables that the broker itself works from and from what the compatibility suite has found; with `--check` compares instead, and fails when it differs.
 *
 *     deno task gen
 *
 * @module
 */
import { brokerConfig } from "../broker/config/broker.ts";
import { updateModeOf } from "../broker/config/dynamic_rows.ts";
import { topicConfig } from "../broker/config/topic.ts";
import { served } from "../broker/handlers/mod.ts";
import { apiSpecs, recordSpecs } from "../protocol/schema/mod.ts";
import type { ApiSpec } from "../protocol/schema/spec.ts";
import { differences } from "./differences.ts";
import { kafkaTestLines, readKafkaTests } from "./kafka_tests.ts";
import { clientLines, readResults, TARGETS } from "./report_card.ts";

/** A row of the table of APIs: what of it Ottla serves. */
interface Served {
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly gaps: readonly string[];
}

/** What stands in `docs/COMPATIBILITY.md`. */
export function compatibilityText(): string {
  const servedBy = servedApis();
  return [
    "# Compatibility",
    "",
    "Written by `deno task gen` from the broker's own tables and the results of `deno task compat`; not edited by hand. The reference is Apache Kafka 4.3.1.",
    "",
    "## Protocol",
    "",
    `The codecs in \`protocol/\` have the ${apiSpecs.length} APIs that Kafka 4.3.1 serves to clients, in all stable versions: ${stablePairs()} pairs of key and version.`,
    `The broker serves ${servedBy.size} of the APIs. ApiVersions names exactly these; a request for any other ends its connection, as an unknown one does with Kafka.`,
    "",
    "| key | API | codec | Ottla names | Kafka 4.3.1 names | what differs |",
    "|---:|---|---|---|---|---|",
    ...apiSpecs.map((spec) => apiRow(spec, servedBy.get(spec.key))),
    "",
    "### Records of internal topics, control records, consumer protocol",
    "",
    "| record | versions | type | meaning |",
    "|---|---|---:|---|",
    ...recordSpecs.map(({ name, versions, apiKey, doc }) => `| ${name} | ${dashed(versions)} | ${apiKey ?? ""} | ${cell(doc)} |`),
    "",
    ...clientLines(new Map(TARGETS.map((target) => [target, readResults(target)]))),
    ...kafkaTestLines(readKafkaTests()),
    "## Properties of the broker",
    "",
    "Given by `--set`, by a `server.properties`, or as `properties` of `startBroker`. All that Kafka 4.3.1 knows are checked as Kafka checks them and shown",
    "by DescribeConfigs. An unknown name is refused. Those that Kafka can change while it runs are changed here in the same ways, by AlterConfigs and",
    "IncrementalAlterConfigs, survive restarts, and count at once where they have an effect.",
    "",
    "### With effect",
    "",
    ...appliedRows(brokerConfig, ({ dynamic }, name) => dynamic && !name.startsWith("listener") ? updateModeOf(name) : ""),
    "",
    "### Without effect",
    "",
    "Named once at start when they are set.",
    "",
    ...idleNames(brokerConfig),
    "",
    "## Properties of topics",
    "",
    "Given when a topic is created, or altered while the broker runs: what has an effect has it at once.",
    "",
    "### With effect",
    "",
    ...appliedRows(topicConfig),
    "",
    "### Without effect",
    "",
    ...idleNames(topicConfig),
    "",
    "## Differences on purpose",
    "",
    "| where | Ottla | Kafka 4.3.1 | decision |",
    "|---|---|---|---|",
    ...differences.map(({ where, ottla, kafka, decision }) => `| ${where} | ${ottla} | ${kafka} | ${linked(decision)} |`),
    "",
  ].join("\n");
}

/** What the broker's own table of routes says. */
function servedApis(): ReadonlyMap<number, Served> {
  return new Map(
    served().map(({ handler: { api, gaps }, minVersion, maxVersion }) => [api.key, { minVersion, maxVersion, gaps: gaps ?? [] }]),
  );
}

/** What ApiVersions names where that is not all stable versions that are served, and why. */
const namedOtherwise: Readonly<Record<number, { readonly kafka: string; readonly ottla?: string; readonly why?: string }>> = {
  0: { kafka: "0–13", why: "0 to 2 are named and not served, by both: older librdkafka would not compress otherwise (KAFKA-18659)" },
  71: { kafka: "0, with a client metrics plug-in", ottla: "0, with `clientTelemetry`" },
  72: { kafka: "0, with a client metrics plug-in", ottla: "0, with `clientTelemetry`" },
};

function apiRow({ key, name, versions, unstable }: ApiSpec, served: Served | undefined): string {
  const stable = dashed(versions);
  const { kafka = stable, ottla, why } = namedOtherwise[key] ?? {};
  const codec = unstable === undefined ? stable : `${stable}, and ${unstable}, which is under development in Kafka`;
  const names = served === undefined ? "–" : ottla ?? dashed(`${served.minVersion}-${served.maxVersion}`);
  const differs = [...(why === undefined ? [] : [why]), ...(served?.gaps ?? (why === undefined ? ["not served yet"] : []))];
  return `| ${key} | ${name} | ${codec} | ${names} | ${kafka} | ${cell(differs.map((text) => text.replace(/\.$/, "")).join("; "))} |`;
}

function stablePairs(): number {
  const counts = apiSpecs.map(({ versions }) => {
    const [from, to = from] = versions.split("-").map(Number);
    return to - from + 1;
  });
  return counts.reduce((sum, count) => sum + count);
}

/** A range of versions as people write it. */
function dashed(versions: string): string {
  const [from, to] = versions.split("-");
  return to === undefined || to === from ? from : `${from}–${to}`;
}

/** A link to the record of a decision, by its number. */
function linked(decision: string | undefined): string {
  return decision === undefined ? "" : `[${decision.slice(0, 4)}](decisions/${decision}.md)`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

type Rows = Readonly<
  Record<string, { readonly applied: boolean; readonly dynamic: boolean; readonly initial: string | null; readonly doc: string }>
>;

/** `changes` says how a property changes while the broker runs; without it there is no column for that. */
function appliedRows(rows: Rows, changes?: (row: Rows[string], name: string) => string): string[] {
  const lines = Object.entries(rows).filter(([, { applied }]) => applied).map(([name, row]) => {
    const initial = row.initial === null || row.initial === "" ? "" : `\`${row.initial}\``;
    return `| \`${name}\` | ${initial} | ${changes === undefined ? "" : `${changes(row, name)} | `}${cell(row.doc)} |`;
  });
  return changes === undefined
    ? ["| property | default | meaning |", "|---|---|---|", ...lines.sort()]
    : ["| property | default | changes while it runs | meaning |", "|---|---|---|---|", ...lines.sort()];
}

function idleNames(rows: Rows): string[] {
  const names = Object.entries(rows).filter(([, { applied }]) => !applied).map(([name]) => `\`${name}\``).sort();
  return [`${names.join(", ")}.`];
}

if (import.meta.main) {
  const path = "docs/COMPATIBILITY.md";
  const text = compatibilityText();
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(path, text);
  else if (Deno.readTextFileSync(path) !== text) {
    console.error(`${path} is not what the broker's tables give: run \`deno task gen\``);
    Deno.exit(1);
  }
}

/**
 * Writes `docs/COMPATIBILITY.md` from the tables that the broker itself works from; with `--check` compares instead, and fails when it differs.
 *
 *     deno task gen
 *
 * @module
 */
import { brokerConfig } from "../broker/config/broker.ts";
import { topicConfig } from "../broker/config/topic.ts";
import { served } from "../broker/handlers/mod.ts";
import { differences } from "./differences.ts";
import { kafkaApis } from "./kafka_apis.ts";

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
    "Written by `deno task gen` from the broker's own tables; not edited by hand. The reference is Apache Kafka 4.3.1.",
    "",
    "## APIs",
    "",
    `Ottla serves ${servedBy.size} of the ${kafkaApis.length} that Kafka 4.3.1 serves to clients. ApiVersions names exactly these; a request for any other`,
    "ends its connection, as an unknown one does with Kafka. Produce 0 to 2 are named but not served, by both (KAFKA-18659).",
    "",
    "| key | API | Ottla | Kafka 4.3.1 |",
    "|---:|---|---|---|",
    ...kafkaApis.map(([key, name, min, max]) => `| ${key} | ${name} | ${versionsOf(servedBy.get(key))} | ${range(min, max)} |`),
    "",
    "## What is missing in APIs that are served",
    "",
    ...kafkaApis.flatMap(([key, name]) => (servedBy.get(key)?.gaps ?? []).map((gap) => `- **${name}**: ${gap.replace(/\.$/, "")}`)),
    "",
    "## Properties of the broker",
    "",
    "Given by `--set`, by a `server.properties`, or as `properties` of `startBroker`. All that Kafka 4.3.1 knows are checked as Kafka checks them and shown",
    "by DescribeConfigs. An unknown name is refused.",
    "",
    "### With effect",
    "",
    ...appliedRows(brokerConfig),
    "",
    "### Without effect",
    "",
    "Named once at start when they are set.",
    "",
    ...idleNames(brokerConfig),
    "",
    "## Properties of topics",
    "",
    "Given when a topic is created; nothing can be altered yet. Nothing is compacted or deleted by age or size yet, whatever the properties say: of",
    "`cleanup.policy=compact` there is the rule that records must have a key.",
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
    "| where | Ottla | Kafka 4.3.1 |",
    "|---|---|---|",
    ...differences.map(({ where, ottla, kafka }) => `| ${where} | ${ottla} | ${kafka} |`),
    "",
  ].join("\n");
}

/** What the broker's own table of routes says. */
function servedApis(): ReadonlyMap<number, Served> {
  return new Map(
    served().map(({ handler: { api: { key, name }, gaps }, minVersion, maxVersion }) => {
      const row = kafkaApis.find(([known]) => known === key);
      if (row?.[1] !== name) throw new Error(`${name} (${key}) is no API of Kafka 4.3.1: see tools/kafka_apis.ts`);
      return [key, { minVersion, maxVersion, gaps: gaps ?? [] }];
    }),
  );
}

function versionsOf(served: Served | undefined): string {
  return served === undefined ? "–" : range(served.minVersion, served.maxVersion);
}

function range(min: number, max: number): string {
  return min === max ? String(min) : `${min}–${max}`;
}

type Rows = Readonly<Record<string, { readonly applied: boolean; readonly initial: string | null; readonly doc: string }>>;

function appliedRows(rows: Rows): string[] {
  const lines = Object.entries(rows).filter(([, { applied }]) => applied).map(([name, { initial, doc }]) =>
    `| \`${name}\` | ${initial === null || initial === "" ? "" : `\`${initial}\``} | ${doc.replaceAll("|", "\\|")} |`
  );
  return ["| property | default | meaning |", "|---|---|---|", ...lines.sort()];
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

import type { Codec } from "./codecs.ts";
import { readText } from "./files.ts";

/** The facts in the message schemas of Kafka's jars, written down in `protocol/testdata/schemas/` (`deno task compat --target kafka --update messages`). */

/** A message schema of Kafka's, as its jars have it, without its words. */
export interface Schema {
  readonly apiKey?: number;
  readonly type: string;
  readonly name: string;
  /** Whose port a request may come to: `broker`, `controller`. */
  readonly listeners?: readonly string[];
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly latestVersionUnstable?: boolean;
  readonly fields: readonly SchemaField[];
  readonly commonStructs?: readonly { readonly name: string; readonly versions: string; readonly fields: readonly SchemaField[] }[];
}

export interface SchemaField {
  readonly name: string;
  readonly type: string;
  readonly versions?: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number;
  readonly default?: string | number | boolean;
  readonly ignorable?: boolean;
  readonly fields?: readonly SchemaField[];
}

/** The name of a message's schema. */
export function schemaName({ name, type }: Pick<Codec, "name" | "type">): string {
  return type === "record" ? name : `${name}${type[0].toUpperCase()}${type.slice(1)}`;
}

/** Of a schema and of its fields, what the wire or a writer knows; the rest is for people and for Java. */
const facts: ReadonlySet<string> = new Set(
  ("apiKey type name listeners validVersions flexibleVersions latestVersionUnstable fields commonStructs versions nullableVersions taggedVersions " +
    "tag default ignorable").split(" "),
);

/** The file that holds schemas: Kafka's version, then a line for each. */
export function schemasText(kafka: string, schemas: Iterable<Schema>): string {
  const lines = [...schemas].map((schema) =>
    JSON.stringify(schema, (key, value) => key === "" || /^\d+$/.test(key) || facts.has(key) ? value : undefined)
  );
  return [JSON.stringify({ kafka }), ...lines, ""].join("\n");
}

/** The schemas that are written down, by name. */
export function schemas(): ReadonlyMap<string, Schema> {
  const [, ...lines] = readText("testdata/schemas/schemas.jsonl").trimEnd().split("\n");
  return new Map(lines.map((line): [string, Schema] => {
    const schema: Schema = JSON.parse(line);
    return [schema.name, schema];
  }));
}

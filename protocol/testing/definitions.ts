/** Our definitions beside the JSON schemas in Kafka's jars: every field, and every fact of it that the wire or a writer knows. */
import type { ApiSpec, FieldSpec, FieldSpecs, RecordSpec } from "../schema/spec.ts";
import { defaultValue, hasVersion } from "./walker.ts";
import { type Schema, type SchemaField, schemaName } from "./schemas.ts";

/** Differences that are meant: how their text begins, and why. One that is not there any more is told. */
export type Exceptions = Readonly<Record<string, string>>;

/** Where a definition and its schema differ, a line each; of what Kafka has and we lack, a line too. */
export function differences(
  apis: readonly ApiSpec[],
  records: readonly RecordSpec[],
  schemas: ReadonlyMap<string, Schema>,
  exceptions: Exceptions,
): string[] {
  const found = [
    ...apis.flatMap((spec) =>
      (["request", "response"] as const).flatMap((type) => {
        const schema = schemas.get(schemaName({ name: spec.name, type }));
        return schema === undefined ? [`${spec.name} ${type}: Kafka has none`] : new Comparison(schema).message(spec, spec.key, spec[type]);
      })
    ),
    ...records.flatMap((spec) => {
      const schema = schemas.get(spec.name);
      return schema === undefined ? [`${spec.name}: Kafka has none`] : new Comparison(schema).message(spec, spec.apiKey, spec.fields);
    }),
    ...undefinedMessages(apis, records, schemas),
  ];
  const meant = Object.keys(exceptions);
  const gone = meant.filter((beginning) => !found.some((difference) => difference.startsWith(beginning)));
  return [
    ...found.filter((difference) => !meant.some((beginning) => difference.startsWith(beginning))),
    ...gone.map((beginning) => `${beginning}: an exception that is none`),
  ];
}

/** What clients may ask of brokers, and what stands in logs and files, but has no definition. */
function undefinedMessages(apis: readonly ApiSpec[], records: readonly RecordSpec[], schemas: ReadonlyMap<string, Schema>): string[] {
  const names = new Set([...apis.map(({ name }) => `${name}Request`), ...records.map(({ name }) => name)]);
  return [...schemas.values()]
    .filter(({ type, listeners }) => type === "request" ? listeners?.includes("broker") : type !== "response")
    .filter(({ name }) => !names.has(name)).map(({ name }) => `${name}: no definition`);
}

/** One of our definitions beside one schema. */
class Comparison {
  readonly #found: string[] = [];
  /** The versions that the schema has. */
  readonly #versions: readonly number[];

  constructor(readonly schema: Schema) {
    this.#versions = versionsIn(schema.validVersions, 0, 1000);
  }

  message(spec: ApiSpec | RecordSpec, key: number | undefined, fields: FieldSpecs): string[] {
    const { name, validVersions, latestVersionUnstable, flexibleVersions, apiKey } = this.schema;
    const unstable = "unstable" in spec ? versionsIn(spec.unstable!, 0, 1000) : [];
    this.#same(name, "versions", [...versionsIn(spec.versions, 0, 1000), ...unstable].join(), this.#versions.join(), validVersions);
    // Only requests say whether the last version may still change.
    if (this.schema.type !== "response") this.#same(name, "unstable", unstable.length > 0, latestVersionUnstable ?? false);
    this.#sameVersions(name, "flexible", spec.flexible, flexibleVersions, this.#versions);
    this.#same(name, "key", key, apiKey);
    this.#struct(name, fields, this.schema.fields, this.#versions);
    return this.#found;
  }

  #struct(path: string, ours: FieldSpecs, theirs: readonly SchemaField[], versions: readonly number[]): void {
    // Fields that no version has any more are left in schemas.
    const alive = theirs.filter((field) => versions.some((version) => hasVersion(presentIn(field), version)));
    const known = new Map(alive.map((field) => [lowerFirst(field.name), field]));
    const order = (names: string[], tagged: (name: string) => boolean): string => names.filter((name) => !tagged(name)).join(", ");
    this.#same(
      path,
      "fields without a tag, in order",
      order(Object.keys(ours), (name) => ours[name].tag !== undefined),
      order([...known.keys()], (name) => known.get(name)!.tag !== undefined),
    );
    for (const name of new Set([...known.keys(), ...Object.keys(ours)])) {
      const field = known.get(name);
      if (ours[name] === undefined) this.#found.push(`${path}.${name}: we have none`);
      else if (field === undefined) this.#found.push(`${path}.${name}: Kafka has none`);
      else this.#field(`${path}.${name}`, ours[name], field, versions);
    }
  }

  #field(path: string, ours: FieldSpec, theirs: SchemaField, around: readonly number[]): void {
    const present = presentIn(theirs);
    this.#sameVersions(path, "versions", ours.versions, present, around);
    const versions = around.filter((version) => hasVersion(present, version));
    this.#sameVersions(path, "nullable", ours.nullable ?? "none", theirs.nullableVersions ?? "none", versions);
    this.#sameVersions(path, "tagged", ours.tag === undefined ? "none" : "0+", theirs.taggedVersions ?? "none", versions);
    this.#same(path, "tag", ours.tag, theirs.tag);
    this.#same(path, "ignorable", ours.ignorable ?? false, theirs.ignorable ?? false);
    const element = theirs.type.replace("[]", "");
    const inner = theirs.fields ?? this.schema.commonStructs?.find(({ name }) => name === element)?.fields;
    if (inner === undefined || ours.fields === undefined) {
      this.#same(path, "type", ours.type, theirs.type);
    } else {
      this.#same(path, "type", ours.type, theirs.type.replace(element, "struct"));
      // Kafka's structs have names within their message; ours, within the API, may have something in front.
      if (!ours.struct?.endsWith(element)) this.#found.push(`${path} is a ${ours.struct}: Kafka's is a ${element}`);
      this.#struct(path, ours.fields, inner, versions);
    }
    this.#same(path, "default", shown(ourDefault(ours)), shown(theirDefault(theirs, ours)));
  }

  #sameVersions(path: string, what: string, ours: string, theirs: string, around: readonly number[]): void {
    const versions = (range: string): string => around.filter((version) => hasVersion(range, version)).join();
    this.#same(path, what, versions(ours), versions(theirs), `${theirs}, ours ${ours}`);
  }

  #same(path: string, what: string, ours: unknown, theirs: unknown, told = `${theirs}, ours ${ours}`): void {
    if (ours !== theirs) this.#found.push(`${path}: ${what}: Kafka's ${told}`);
  }
}

/** The versions that have a field; one that does not say has it where it is tagged. */
function presentIn({ versions, taggedVersions }: SchemaField): string {
  return versions ?? taggedVersions!;
}

/** A field's default, where it is no array or struct that is there. */
function ourDefault(spec: FieldSpec): unknown {
  const value = defaultValue(spec);
  return spec.fields !== undefined && value !== null ? "a struct or none" : value;
}

/** The default that the schema says or means, in our representation. */
function theirDefault({ type, default: said }: SchemaField, { int64, fields }: FieldSpec): unknown {
  if (said === "null" || type === "records") return null;
  if (type.startsWith("[]") && fields === undefined) return [];
  if (fields !== undefined) return "a struct or none";
  if (type === "bool") return said === true || said === "true";
  if (type === "string") return said ?? "";
  if (type === "uuid") return "A".repeat(22);
  if (type === "bytes") return new Uint8Array(0);
  if (type === "float64") return Number(said ?? 0);
  const negative = String(said).startsWith("-");
  const value = BigInt(String(said ?? 0).replace("-", "")) * (negative ? -1n : 1n);
  return int64 === "bigint" ? value : Number(value);
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
}

/** The versions of a range, as far as they are from `lowest` to `highest`. */
function versionsIn(range: string, lowest: number, highest: number): number[] {
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index).filter((version) => hasVersion(range, version));
}

function lowerFirst(name: string): string {
  return name[0].toLowerCase() + name.slice(1);
}

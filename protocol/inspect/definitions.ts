import { resolve, type Struct } from "../generate/resolve.ts";
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import type { ApiSpec, RecordSpec } from "../schema/spec.ts";

/** An API's definition, ready to be read by. */
export interface ApiDefinition {
  readonly spec: ApiSpec;
  readonly request: Struct;
  readonly response: Struct;
}

/** A record's definition, ready to be read by. */
export interface RecordDefinition {
  readonly spec: RecordSpec;
  readonly struct: Struct;
}

const apis = new Map<number, ApiDefinition>();
const records = new Map<string, RecordDefinition>();

/** The API with a key, or undefined. */
export function apiByKey(key: number): ApiDefinition | undefined {
  const spec = apiSpecs.find((one) => one.key === key);
  if (spec === undefined) return undefined;
  let api = apis.get(key);
  if (api === undefined) {
    const [request, response] = resolve(spec).structs;
    apis.set(key, api = { spec, request, response });
  }
  return api;
}

/** The API of that name, in whatever case, or undefined. */
export function apiByName(name: string): ApiDefinition | undefined {
  const spec = apiSpecs.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return spec && apiByKey(spec.key);
}

/** The record of that name, or undefined. */
export function recordByName(name: string): RecordDefinition | undefined {
  const spec = recordSpecs.find((one) => one.name === name);
  if (spec === undefined) return undefined;
  let record = records.get(name);
  if (record === undefined) records.set(name, record = { spec, struct: resolve(spec).structs[0] });
  return record;
}

/** The topics whose records have definitions. */
export type InternalTopic = "__consumer_offsets" | "__transaction_state" | "__share_group_state" | "__cluster_metadata";

/** The keys, the values or, in `__cluster_metadata`, the records of that type in a topic, or undefined. */
export function recordOfTopic(topic: InternalTopic, apiKey: number, part: "Key" | "Value" | "Record"): RecordDefinition | undefined {
  const spec = recordSpecs.find((one) => one.apiKey === apiKey && one.name.endsWith(part) && topicOf(one) === topic);
  return spec && recordByName(spec.name);
}

/** Where records of a definition stand; their names tell. */
function topicOf({ name }: RecordSpec): InternalTopic {
  if (name.startsWith("TransactionLog")) return "__transaction_state";
  if (/^Share(Snapshot|Update)/.test(name)) return "__share_group_state";
  return name.endsWith("Record") ? "__cluster_metadata" : "__consumer_offsets";
}

/** The topic if it is an internal one. */
export function internalTopic(topic: string | undefined): InternalTopic | undefined {
  switch (topic) {
    case "__consumer_offsets":
    case "__transaction_state":
    case "__share_group_state":
    case "__cluster_metadata":
      return topic;
    default:
      return undefined;
  }
}

/** Whether a definition has a version; those under development count. */
export function hasVersion({ versions }: Struct, version: number): boolean {
  return version >= versions.from && version <= versions.to;
}

import type { Field, Struct } from "../generate/resolve.ts";
import { Reader } from "../wire/mod.ts";
import { hasVersion, type InternalTopic, internalTopic, recordByName, type RecordDefinition, recordOfTopic } from "./definitions.ts";
import { holdsSecrets, MessageInspector, type Scope } from "./message.ts";
import { asFarAsPossible, Damage, type Inspection, type Node, type RecordContent, Scribe } from "./node.ts";
import { inspectBatches } from "./records.ts";

/** The topic id of `__cluster_metadata` (`Uuid.METADATA_TOPIC_ID`). */
const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

/** Control records, by their type (`ControlRecordType`), and the definitions of their values. */
const controlRecords: readonly { readonly type: string; readonly value: string }[] = [
  { type: "ABORT", value: "EndTxnMarker" },
  { type: "COMMIT", value: "EndTxnMarker" },
  { type: "LEADER_CHANGE", value: "LeaderChangeMessage" },
  { type: "SNAPSHOT_HEADER", value: "SnapshotHeaderRecord" },
  { type: "SNAPSHOT_FOOTER", value: "SnapshotFooterRecord" },
  { type: "KRAFT_VERSION", value: "KRaftVersionRecord" },
  { type: "KRAFT_VOTERS", value: "VotersRecord" },
];

/** What stands in bytes that the protocol does not look into: record batches, and what consumers of a classic group tell each other. */
export class Contents {
  constructor(private readonly inspection: Inspection) {}

  /** Reads what is left in `reader` as a message, to the end. */
  body(parent: Node, struct: Struct, version: number, reader: Reader, scribe: Scribe): void {
    new MessageInspector(scribe, reader, version, this.field).struct(parent, struct, null);
    this.end(parent, reader, scribe);
  }

  /** Complains about bytes behind the message. */
  end(parent: Node, reader: Reader, scribe: Scribe): void {
    if (reader.remaining > 0) scribe.complain(parent, reader.position, `${reader.remaining} bytes too many`);
  }

  scribe(bytes: Uint8Array, offset: number, cursor: { readonly position: number }, struct: Struct | null): Scribe {
    return new Scribe(this.inspection, bytes, offset, cursor, struct !== null && holdsSecrets(struct));
  }

  /** A field of bytes inside a message. */
  readonly field = (node: Node, field: Field, bytes: Uint8Array, offset: number, scope: Scope): void => {
    if (field.base === "records") return this.batches(node, bytes, offset, this.#topicAround(scope));
    const name = consumerProtocol(field.name, scope);
    const definition = name === undefined ? undefined : recordByName(name);
    if (definition !== undefined && bytes.length > 0) this.#consumerProtocol(node, definition, bytes, offset);
  };

  /** The batches in `bytes`; those of internal topics are looked into. */
  batches(parent: Node, bytes: Uint8Array, offset: number, topic: string | undefined): void {
    inspectBatches(this.inspection, parent, bytes, offset, this.recordContent(topic));
  }

  /** Looks into the records of a topic. */
  recordContent(topic: string | undefined): RecordContent {
    const internal = internalTopic(topic);
    return {
      confidential: internal === "__cluster_metadata",
      inspect: ({ key, value, control }) => {
        if (control) this.#control(key, value);
        else if (internal === "__cluster_metadata") this.#metadata(value);
        else if (internal !== undefined) this.#keyed(internal, key, value);
      },
    };
  }

  #topicAround(scope: Scope): string | undefined {
    const name = scope.find("topic") ?? scope.find("name");
    if (typeof name === "string" && name !== "") return name;
    const id = scope.find("topicId");
    if (typeof id !== "string") return undefined;
    return id === METADATA_TOPIC_ID ? "__cluster_metadata" : this.inspection.options.topicName?.(id);
  }

  /** Its version stands before it; newer versions may be longer, and are read as far as they are known (`ConsumerProtocol.deserializeVersion`). */
  #consumerProtocol(node: Node, { struct }: RecordDefinition, bytes: Uint8Array, offset: number): void {
    const reader = new Reader(bytes, { api: struct.name, version: -1 });
    const scribe = this.scribe(bytes, offset, reader, struct);
    asFarAsPossible(() => {
      const version = scribe.leaf(node, "version", "int16", () => reader.int16());
      new MessageInspector(scribe, reader, Math.min(version, struct.versions.to), this.field).struct(node, struct, null);
      if (version <= struct.versions.to) this.end(node, reader, scribe);
    });
  }

  /** `__cluster_metadata`: frame version, type and version, all unsigned varints, before the record (`AbstractApiMessageSerde`). */
  #metadata(value: Node): void {
    this.#parse(value, true, (reader, scribe) => {
      // As bytes it could be a secret.
      delete value.value;
      scribe.leaf(value, "frameVersion", "unsigned varint", () => reader.unsignedVarint());
      const named = (type: number): RecordDefinition | undefined => recordOfTopic("__cluster_metadata", type, "Record");
      const type = scribe.leaf(value, "type", "unsigned varint", () => reader.unsignedVarint(), (known) => named(known)?.spec.name);
      const version = scribe.leaf(value, "version", "unsigned varint", () => reader.unsignedVarint());
      const definition = named(type);
      if (definition !== undefined) this.#record(value, definition, version, reader, scribe);
    });
  }

  /** The other internal topics: an int16 before the key tells the type, one before the value its version. */
  #keyed(topic: InternalTopic, key: Node, value: Node): void {
    let type = -1;
    this.#parse(key, false, (reader, scribe) => {
      type = scribe.leaf(key, "type", "int16", () => reader.int16(), (known) => recordOfTopic(topic, known, "Key")?.spec.name);
      const definition = recordOfTopic(topic, type, "Key");
      if (definition !== undefined) this.#record(key, definition, definition.struct.versions.from, reader, scribe);
    });
    this.#parse(value, false, (reader, scribe) => {
      // Kafka wrote the oldest kind of key with values of any version.
      const isLegacyCommit = topic === "__consumer_offsets" && type === 0;
      const definition = recordOfTopic(topic, isLegacyCommit ? 1 : type, "Value");
      const version = scribe.leaf(value, "version", "int16", () => reader.int16(), () => definition?.spec.name);
      if (definition !== undefined) this.#record(value, definition, version, reader, scribe);
    });
  }

  /** A control record: version and type in the key; the value's version stands before it or is its first field (`ControlRecordType`). */
  #control(key: Node, value: Node): void {
    let type = -1;
    this.#parse(key, false, (reader, scribe) => {
      scribe.leaf(key, "version", "int16", () => reader.int16());
      type = scribe.leaf(key, "type", "int16", () => reader.int16(), (known) => controlRecords[known]?.type);
    });
    this.#parse(value, false, (reader, scribe) => {
      const definition = recordByName(controlRecords[type]?.value ?? "");
      if (definition === undefined) return;
      const hasOwnVersion = definition.struct.fields.some(({ name }) => name === "version");
      const version = hasOwnVersion
        ? new Reader(scribe.bytes, { api: definition.spec.name, version: -1 }).int16()
        : scribe.leaf(value, "version", "int16", () => reader.int16());
      this.#record(value, definition, version, reader, scribe);
    });
  }

  #record(node: Node, { spec, struct }: RecordDefinition, version: number, reader: Reader, scribe: Scribe): void {
    if (!hasVersion(struct, version)) throw new Damage(0, `${spec.name} has no version ${version}`);
    this.body(node, struct, version, reader, scribe);
  }

  /** Reads the bytes of a key or value, unless it is null. What cannot be read is a problem of `node`. */
  #parse(node: Node, confidential: boolean, read: (reader: Reader, scribe: Scribe) => void): void {
    if (!(node.value instanceof Uint8Array)) return;
    const bytes = node.value;
    const reader = new Reader(bytes, { api: node.name, version: -1 });
    const scribe = new Scribe(this.inspection, bytes, node.offset + node.length - bytes.length, reader, confidential);
    asFarAsPossible(() => scribe.inside(node, () => read(reader, scribe)));
  }
}

/** Which message of the consumer protocol a field holds, where the group around it says that it is one of consumers. */
function consumerProtocol(field: string, scope: Scope): string | undefined {
  if (scope.find("protocolType") !== "consumer") return undefined;
  if (["metadata", "memberMetadata", "subscription"].includes(field)) return "ConsumerProtocolSubscription";
  return ["assignment", "memberAssignment"].includes(field) ? "ConsumerProtocolAssignment" : undefined;
}

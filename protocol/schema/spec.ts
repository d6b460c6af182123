/**
 * The language of the message definitions. A definition is plain data: the facts of the protocol, in wire order.
 * Version ranges are written as Kafka writes them: `3` is one version, `2-4` several, `5+` that one and all later ones.
 */

/** Types on the wire. `records` is `bytes` that hold record batches. */
export type ScalarType = "bool" | "int8" | "int16" | "uint16" | "int32" | "int64" | "float64" | "uuid" | "string" | "bytes" | "records";

/**
 * Types a field may have. `struct` needs {@link FieldSpec.struct} and {@link FieldSpec.fields}; one that may be null has a byte before it
 * that tells: 1, or for null -1, in a tagged field 0.
 */
export type FieldType = ScalarType | "struct" | "[]int8" | "[]int16" | "[]int32" | "[]int64" | "[]string" | "[]uuid" | "[]struct";

/** One field of a message. */
export interface FieldSpec {
  readonly type: FieldType;
  /** Versions that have the field; in others it reads as its default. */
  readonly versions: string;
  /** Versions in which it may be null. */
  readonly nullable?: string;
  /** The number of a tagged field (KIP-482): one that follows the others and is left out while it has its default. */
  readonly tag?: number;
  /** The value it has when it is absent. Without one: false, 0, "", no bytes, the zero uuid, no elements; null for records. */
  readonly default?: boolean | number | bigint | string | null;
  /** Whether a value other than the default is dropped in versions without the field; otherwise writing it is an error. */
  readonly ignorable?: true;
  /** Makes an int64 a bigint; without it, it is a number and must stay within ±2^53. */
  readonly int64?: "bigint";
  /** Lets the writer take records from a `RecordsSource` too. The reader always answers bytes. */
  readonly records?: "source";
  /**
   * Never to be shown to a person: a password, a token, a key. The value of a setting is marked too; it is shown only where the `resourceType`
   * beside or around it says that it is a topic's, since topics have no secret settings.
   */
  readonly secret?: true;
  /** The name of the struct's interface: Kafka's, with the API's name in front where Kafka's does not tell the API. */
  readonly struct?: string;
  /** The struct's fields. Two fields of one message that name the same struct have the same object here. */
  readonly fields?: FieldSpecs;
  /** What it means: unit, range, source. */
  readonly doc: string;
}

/** Fields in wire order (tagged fields anywhere; they are written last, by tag). */
export interface FieldSpecs {
  readonly [name: string]: FieldSpec;
}

/** An API: one key, its request and its response. */
export interface ApiSpec {
  readonly key: number;
  readonly name: string;
  /** The stable versions of Kafka 4.3.1. */
  readonly versions: string;
  /** The version after these that Kafka 4.3.1 has under development: it may change, and brokers do not advertise it. */
  readonly unstable?: string;
  /** Versions with compact lengths and tagged fields (KIP-482), or `none`. */
  readonly flexible: string;
  readonly doc: string;
  readonly request: FieldSpecs;
  readonly response: FieldSpecs;
}

/** A message that is no request or response: a record of an internal topic or of the consumer protocol. */
export interface RecordSpec {
  /** The record type, where records of one topic are told apart by one. */
  readonly apiKey?: number;
  readonly name: string;
  readonly versions: string;
  /** Versions with compact lengths and tagged fields (KIP-482), or `none`. */
  readonly flexible: string;
  readonly doc: string;
  readonly fields: FieldSpecs;
}

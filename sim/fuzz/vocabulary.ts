import { denoCompression } from "../../platform/deno/mod.ts";
import { buildBatch, compressionTypes } from "../../protocol/records/mod.ts";
import { apiSpecs } from "../../protocol/schema/mod.ts";
import type { Random } from "../../protocol/testing/arbitrary.ts";
import type { PartKind } from "../../protocol/testing/layout.ts";

type FieldSpecs = (typeof apiSpecs)[number]["request"];
type FieldSpec = FieldSpecs[string];

const TOPICS = ["orders", "payments", "orders", "payments", "__consumer_offsets", "__cluster_metadata", "missing"];
const GROUPS = ["readers", "writers", "readers", "writers", "nobody"];
const PARTITIONS = [0, 1, 2];

/** What fields of these names hold in a world where much goes well; null only where the version allows it, [] for no elements. */
const STARTERS: Readonly<Record<string, readonly unknown[]>> = {
  name: [...TOPICS, "range", "retention.ms", "cleanup.policy"],
  topic: TOPICS,
  topicNames: TOPICS,
  resourceName: [...TOPICS, "1", "1", ""],
  resourceType: [2, 4, 8],
  configurationKeys: ["retention.ms", "cleanup.policy", "log.dirs"],
  configs: [[]],
  configOperation: [0, 1, 2, 3],
  value: ["1000", "compact", "delete", "", null],
  count: [2, 3, 4, 5],
  assignments: [[]],
  numPartitions: [-1, 1, 2, 3],
  replicationFactor: [-1, 1],
  groupId: GROUPS,
  groups: GROUPS,
  groupsNames: GROUPS,
  key: GROUPS,
  coordinatorKeys: GROUPS,
  keyType: [0, 0, 1],
  partition: PARTITIONS,
  partitionIndex: PARTITIONS,
  partitionIndexes: PARTITIONS,
  partitions: PARTITIONS,
  index: PARTITIONS,
  memberId: [""],
  groupInstanceId: [null, null, "i"],
  protocolType: ["consumer"],
  protocolName: ["range", null],
  sessionTimeoutMs: [6000, 10_000],
  rebalanceTimeoutMs: [6000, 60_000],
  generationId: [-1, 1, 2, 3],
  generationIdOrMemberEpoch: [-1, 1, 2, 3],
  transactionalId: [null],
  acks: [-1, 1, -1, 1, 0],
  producerId: [-1],
  producerEpoch: [-1],
  retentionTimeMs: [-1],
  replicaId: [-1],
  currentLeaderEpoch: [-1, 0],
  lastFetchedEpoch: [-1, 0],
  leaderEpoch: [-1, 0],
  fetchOffset: [0, 0, 1, 2],
  logStartOffset: [-1, 0],
  timestamp: [-1, -2, -3, 0],
  isolationLevel: [0, 1],
  maxWaitMs: [0, 0, 0, 1, 500],
  minBytes: [0, 1],
  maxBytes: [1 << 20],
  partitionMaxBytes: [1 << 20],
  sessionId: [0],
  sessionEpoch: [-1, 0, 1],
};

/** Kept of what answers held, by name. */
const HEARD = 8;

/** Kept sets of values that belong together. */
const TOGETHER = 2;

/** One batch in so many is a bomb of so many bytes. */
const BOMB = 256;
const BOMB_BYTES = 64 << 10;

/** Names of single values that clients send: what answers say under the same name is worth to be sent. */
const sentNames = new Set(apiSpecs.flatMap(({ request }) => scalarNames(request)));

function scalarNames(fields: FieldSpecs): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => spec.fields === undefined ? [name] : scalarNames(spec.fields));
}

/** Values by the names of fields: some known from the start, others taken from what the broker has answered. */
export class Vocabulary {
  readonly #random: Random;
  readonly #heard = new Map<string, unknown[]>();
  readonly #batches: Uint8Array[] = [];
  readonly #together: Readonly<Record<string, unknown>>[] = [];
  #about: Readonly<Record<string, unknown>> = {};

  constructor(random: Random) {
    this.#random = random;
  }

  /** A value that makes sense, three times out of four if one is known. */
  suggest = (name: string, spec: FieldSpec, nullable: boolean): unknown => {
    const about = this.#about[name];
    if (about !== undefined && (about !== null || nullable)) return about;
    if (this.#random(4) === 0) return undefined;
    if (spec.type === "records") return this.#batch();
    if (!spec.type.startsWith("[]")) return this.#word(name, spec, nullable);
    const empty = STARTERS[name]?.[0] instanceof Array;
    if (spec.type === "[]struct") return empty ? [] : undefined;
    const words = Array.from({ length: this.#random(3) }, () => this.#word(name, spec, false));
    return words.includes(undefined) ? undefined : words;
  };

  /** Remembers a part of an answer if clients send something of that name. */
  hear(kind: PartKind, name: string, bytes: Uint8Array): void {
    if (!sentNames.has(name) || (kind !== "text" && kind !== "uuid" && kind !== "number")) return;
    this.#remember(`${kind} ${name}`, valueOf(kind, bytes));
  }

  /** Remembers values that belong together, by the names of fields: a message is about one such set, or about none. */
  learn(together: Readonly<Record<string, unknown>>): void {
    this.#together.push(together);
    if (this.#together.length > TOGETHER) this.#together.shift();
  }

  /** What is suggested next is for another message. */
  nextMessage(): void {
    this.#about = this.#together[this.#random(2 * this.#together.length)] ?? {};
  }

  #remember(key: string, value: unknown): void {
    let heard = this.#heard.get(key);
    if (heard === undefined) this.#heard.set(key, heard = []);
    heard[heard.length < HEARD ? heard.length : this.#random(HEARD)] = value;
  }

  #word(name: string, spec: FieldSpec, nullable: boolean): unknown {
    const type = spec.type.replace("[]", "");
    const heard = this.#heard.get(`${kindOf(type)} ${name}`) ?? [];
    const known = STARTERS[name]?.[0] instanceof Array || type === "struct" ? [] : STARTERS[name] ?? [];
    const words = heard.length > 0 && (known.length === 0 || this.#random(2) === 0) ? heard : known;
    const word = words.length === 0 ? undefined : words[this.#random(words.length)];
    if (word === null) return nullable ? null : undefined;
    if (word === undefined || kindOf(type) === "bytes" || (typeof word === "string") !== (type === "string" || type === "uuid")) {
      return undefined;
    }
    if (typeof word === "string") return word;
    return spec.int64 === "bigint" ? BigInt.asIntN(64, BigInt(word as number)) : narrow(type, Number(word));
  }

  #batch(): Uint8Array {
    if (this.#random(BOMB) === 0) return bomb(this.#random(compressionTypes.length - 1));
    if (this.#batches.length < 32) this.#batches.push(this.#newBatch());
    else if (this.#random(8) === 0) this.#batches[this.#random(32)] = this.#newBatch();
    return this.#batches[this.#random(this.#batches.length)];
  }

  #newBatch(): Uint8Array {
    const random = this.#random;
    const records = Array.from({ length: 1 + random(3) }, () => ({
      timestamp: 1_767_225_600_000 + random(1000),
      key: random(2) === 0 ? null : new Uint8Array(random(8)),
      value: random(4) === 0 ? null : new Uint8Array(random(64)).fill(random(256)),
      headers: random(4) === 0 ? [{ key: "h", value: new Uint8Array(random(3)) }] : [],
    }));
    const producers = this.#heard.get("number producerId") ?? [];
    const producerId = producers.length > 0 && random(2) === 0 ? Number(producers[random(producers.length)]) : -1;
    return buildBatch(records, {
      compressionType: random(2) === 0 ? "none" : compressionTypes[random(compressionTypes.length)],
      codecs: denoCompression,
      producerId,
      producerEpoch: producerId < 0 ? -1 : 0,
      baseSequence: producerId < 0 ? -1 : random(4),
      isTransactional: random(16) === 0,
      isControl: random(32) === 0,
    });
  }
}

const bombs: Uint8Array[] = [];

/** A record of many times the size that the batch has, compressed in one of the four ways. */
function bomb(which: number): Uint8Array {
  const record = { timestamp: 0, key: null, value: new Uint8Array(BOMB_BYTES) };
  return bombs[which] ??= buildBatch([record], { compressionType: compressionTypes[which + 1], codecs: denoCompression });
}

function kindOf(type: string): PartKind {
  if (type === "string") return "text";
  return type === "uuid" || type === "bytes" ? type : "number";
}

function narrow(type: string, value: number): number {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 64);
  return bits === 64 || type.startsWith("u") ? value : Number(BigInt.asIntN(bits, BigInt(value)));
}

function valueOf(kind: PartKind, bytes: Uint8Array): unknown {
  if (kind === "text") return new TextDecoder().decode(bytes);
  if (kind === "uuid") return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace("==", "");
  return Number(BigInt.asIntN(bytes.length * 8, bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)));
}

import { BeginTransactionRecord } from "../../protocol/generated/records/begin_transaction_record.ts";
import { AbortTransactionRecord } from "../../protocol/generated/records/abort_transaction_record.ts";
import { EndTransactionRecord } from "../../protocol/generated/records/end_transaction_record.ts";
import { batches, type RecordBatch } from "../../protocol/records/mod.ts";
import { Reader } from "../../protocol/wire/mod.ts";
import { readLog, readText, type StorageEnvironment, StorageError } from "../../storage/mod.ts";
import { Catalogue, ConfigResourceType } from "../metadata/catalogue.ts";
import { metadataLog } from "../metadata/load.ts";
import { isKnownMetadataRecord, type MetadataRecord, metadataRecordCodec } from "../metadata/records.ts";
import { METADATA_TOPIC } from "../metadata/topic_names.ts";

/** A partition that Kafka has. */
export interface KafkaPartition {
  /** Its directory, or null where it is not in those that were given. */
  readonly directory: string | null;
  readonly leaderEpoch: number;
  /** Below are deleted records; 0 where Kafka has not written it down. */
  readonly startOffset: number;
}

/** A topic that Kafka has. */
export interface KafkaTopic {
  readonly name: string;
  /** Null where nothing tells. */
  readonly id: string | null;
  readonly configs: ReadonlyMap<string, string>;
  /** By partition number. */
  readonly partitions: readonly KafkaPartition[];
}

/** What Kafka keeps in its `log.dirs`. */
export interface KafkaDirectory {
  readonly topics: readonly KafkaTopic[];
  /** The first producer id that Kafka has not given away. */
  readonly nextProducerId: number;
}

/** Kafka removes it at a start and writes it at an orderly stop (`CleanShutdownFileHandler`). */
const CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";
/** Ottla makes it, as Kafka does not; what Kafka makes in the metadata log's directory, as Ottla does not. */
const OTTLA_FILE = "format.json";
const QUORUM_FILE = `${METADATA_TOPIC}-0/quorum-state`;
const START_OFFSETS_FILE = "log-start-offset-checkpoint";
/** Directories whose names end otherwise are on their way out, or not there yet. */
const PARTITION = /^(.+)-(\d+)$/;

/**
 * What there is in directories of Kafka: those of its `log.dirs`, or single partitions. With the metadata log among them its topics are those of the
 * cluster, else what the directories' names tell. Throws `DiskError`, and `StorageError` where Kafka may be running (unless `unclean`) or its metadata is damaged.
 */
export async function readKafkaDirectories(env: StorageEnvironment, paths: readonly string[], unclean: boolean): Promise<KafkaDirectory> {
  const partitions = new Map<string, string>();
  const startOffsets = new Map<string, number>();
  for (const path of paths) {
    const root = path.replace(/\/+$/, "");
    const name = root.slice(root.lastIndexOf("/") + 1);
    const inside = env.disk.list(root);
    if (PARTITION.test(name) && inside.some((file) => file.endsWith(".log"))) {
      partitions.set(name, root);
      continue;
    }
    if (inside.includes(OTTLA_FILE) && env.disk.stat(`${root}/${QUORUM_FILE}`) === null) {
      throw new StorageError(
        `${root} is a data directory of Ottla, to which Apache Kafka has not written: a broker starts on it, or on a copy.`,
      );
    }
    if (!unclean && inside.includes("meta.properties") && !inside.includes(CLEAN_SHUTDOWN_FILE)) {
      throw new StorageError(`Kafka runs on ${root}, or was killed there: stop it in good order, or say --unclean.`);
    }
    for (const inner of inside) {
      if (PARTITION.test(inner) && env.disk.stat(`${root}/${inner}`)!.kind === "directory") partitions.set(inner, `${root}/${inner}`);
    }
    for (const [partition, offset] of startOffsetsOf(readText(env.disk, `${root}/${START_OFFSETS_FILE}`) ?? "")) {
      startOffsets.set(partition, offset);
    }
  }
  const metadata = partitions.get(`${METADATA_TOPIC}-0`);
  if (metadata === undefined) return topicsByName(env, partitions, startOffsets);
  const catalogue = await readMetadata(env, metadata);
  const topics = Array.from(catalogue.topics(), ({ name, id, partitions: known }) => ({
    name,
    id,
    configs: catalogue.configs(ConfigResourceType.TOPIC, name),
    partitions: known.map(({ partition, leaderEpoch }) => {
      const directory = partitions.get(`${name}-${partition}`) ?? null;
      return { directory, leaderEpoch, startOffset: startOffsets.get(`${name}-${partition}`) ?? 0 };
    }),
  }));
  return { topics, nextProducerId: catalogue.nextProducerId };
}

/** Without metadata: topics are those that have directories, their partitions as many as the highest number tells. */
function topicsByName(
  { disk }: StorageEnvironment,
  directories: ReadonlyMap<string, string>,
  startOffsets: ReadonlyMap<string, number>,
): KafkaDirectory {
  const topics = new Map<string, { id: string | null; partitions: KafkaPartition[] }>();
  for (const [name, directory] of directories) {
    const [, topic, partition] = PARTITION.exec(name)!;
    const entry = topics.get(topic) ?? { id: null, partitions: [] };
    topics.set(topic, entry);
    entry.id ??= /^topic_id: (\S{22})$/m.exec(readText(disk, `${directory}/partition.metadata`) ?? "")?.[1] ?? null;
    entry.partitions[Number(partition)] = { directory, leaderEpoch: 0, startOffset: startOffsets.get(name) ?? 0 };
  }
  const missing: KafkaPartition = { directory: null, leaderEpoch: 0, startOffset: 0 };
  const list = Array.from(topics, ([name, { id, partitions }]) => {
    return { name, id, configs: new Map<string, string>(), partitions: Array.from(partitions, (partition) => partition ?? missing) };
  });
  return { topics: list, nextProducerId: 0 };
}

/** The newest snapshot of the metadata, and what its log has behind that. */
async function readMetadata(env: StorageEnvironment, directory: string): Promise<Catalogue> {
  const snapshot = env.disk.list(directory).filter((name) => /^\d{20}-\d{10}\.checkpoint$/.test(name)).at(-1);
  const replay = new KafkaReplay(env);
  if (snapshot !== undefined) { for (const batch of batches(contents(env, `${directory}/${snapshot}`))) replay.take(batch, 0); }
  const from = snapshot === undefined ? 0 : Number(snapshot.slice(0, 20));
  await readLog(env, directory, metadataLog.config, (all) => {
    for (const batch of all) if (batch.lastOffset >= from) replay.take(batch, from);
  });
  return replay.catalogue;
}

/** Kafka's metadata records, of which Ottla knows some. Those between the beginning and the end of a transaction count at its end (KIP-868). */
class KafkaReplay {
  readonly catalogue = new Catalogue();
  #pending: MetadataRecord[] | null = null;

  constructor(private readonly env: StorageEnvironment) {}

  take(batch: RecordBatch, from: number): void {
    if (batch.isControl) return;
    for (const { offset, key, value } of batch.records(this.env.compression)) {
      if (offset >= from && value !== null) this.#replay(key, value);
    }
  }

  #replay(key: Uint8Array | null, value: Uint8Array): void {
    const reader = new Reader(value, { api: "metadata record", version: 0 });
    reader.unsignedVarint();
    switch (reader.unsignedVarint()) {
      case BeginTransactionRecord.apiKey:
        this.#pending = [];
        return;
      case EndTransactionRecord.apiKey:
        for (const record of this.#pending ?? []) this.catalogue.replay(record);
        this.#pending = null;
        return;
      case AbortTransactionRecord.apiKey:
        this.#pending = null;
        return;
    }
    const record = isKnownMetadataRecord(value) ? metadataRecordCodec.decode(key, value) : null;
    if (record === null) return;
    if (this.#pending === null) this.catalogue.replay(record);
    else this.#pending.push(record);
  }
}

/** Kafka's `log-start-offset-checkpoint`: of which logs the start is not that of their first segment. */
function startOffsetsOf(text: string): [partition: string, offset: number][] {
  return [...text.matchAll(/^(\S+) (\d+) (\d+)$/gm)].map(([, topic, partition, offset]) => [`${topic}-${partition}`, Number(offset)]);
}

function contents({ disk }: StorageEnvironment, path: string): Uint8Array {
  const file = disk.open(path, { readOnly: true });
  try {
    const bytes = new Uint8Array(file.size);
    file.read(bytes, 0);
    return bytes;
  } finally {
    file.close();
  }
}

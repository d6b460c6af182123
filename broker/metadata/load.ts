import type { Platform } from "../../platform/mod.ts";
import { defaultLogConfig, type EndMarker, type KnownLog, type LogManager } from "../../storage/mod.ts";
import { PartitionShardLog } from "../coordinator/partition_log.ts";
import { ShardRuntime } from "../coordinator/runtime.ts";
import { Catalogue } from "./catalogue.ts";
import { MAX_METADATA_BATCH_BYTES, type MetadataRecord, metadataRecordCodec } from "./records.ts";
import { METADATA_TOPIC, METADATA_TOPIC_ID } from "./topic_names.ts";

/** The log of the cluster's metadata, which is read before anything is known. */
export const metadataLog: KnownLog = {
  id: { topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partition: 0 },
  config: { ...defaultLogConfig, delete: false, maxMessageBytes: MAX_METADATA_BATCH_BYTES },
};

/** The leader epoch of all that is written to it: it has one writer, and nobody was elected. */
export const METADATA_LOG_EPOCH = 0;

/** Replays the metadata log of a data directory. Without `synced`, a change counts once it is written. Throws what opening a log and loading a shard throw. */
export async function loadCatalogue(
  platform: Pick<Platform, "clock" | "compression" | "timers" | "logger">,
  logs: LogManager,
  { synced }: { readonly synced: boolean },
): Promise<ShardRuntime<MetadataRecord, Catalogue>> {
  const log = await logs.openLog(metadataLog.id, metadataLog.config);
  const partition = {
    log,
    hasEnoughReplicas: true,
    append: (batch: Uint8Array) => log.append(batch, { leaderEpoch: METADATA_LOG_EPOCH, origin: "coordinator" }),
    appendEndMarker: (marker: EndMarker) => log.appendEndMarker(marker, METADATA_LOG_EPOCH),
    durable: synced ? () => log.flush() : () => null,
  };
  return await ShardRuntime.load({
    name: `${METADATA_TOPIC}-0`,
    log: new PartitionShardLog(partition, platform),
    codec: metadataRecordCodec,
    create: () => new Catalogue(),
    timers: platform.timers,
    logger: platform.logger,
  });
}

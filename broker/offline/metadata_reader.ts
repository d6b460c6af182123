import type { Compression } from "../../platform/mod.ts";
import type { MetadataReader } from "../../storage/mod.ts";
import { topicLogConfig } from "../config/topic.ts";
import { decodeIdentity, IDENTITY_FILE } from "../identity.ts";
import { Catalogue, ConfigResourceType } from "../metadata/catalogue.ts";
import { metadataLog } from "../metadata/load.ts";
import { metadataRecordCodec } from "../metadata/records.ts";

/** What storage has to be told of a data directory that no broker runs on. Topics have the configuration that was set for them, else Kafka's defaults. */
export function metadataReader(compression: Compression): MetadataReader {
  return {
    log: metadataLog,
    read(batches) {
      const catalogue = new Catalogue();
      for (const batch of batches) {
        if (batch.isControl) continue;
        for (const { key, value } of batch.records(compression)) {
          const record = metadataRecordCodec.decode(key, value);
          if (record !== null) catalogue.replay(record);
        }
      }
      return Array.from(catalogue.topics(), (topic) => {
        const config = topicLogConfig(catalogue.configs(ConfigResourceType.TOPIC, topic.name), {});
        return topic.partitions.map(({ partition }) => ({ id: { topic: topic.name, topicId: topic.id, partition }, config }));
      }).flat();
    },
    files: {
      [IDENTITY_FILE]: (text) => {
        const identity = decodeIdentity(text);
        if (identity === null) return "The file is damaged: whose data these are is not known.";
        return identity.hasChecksum ? null : "The file has no checksum.";
      },
    },
  };
}

import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 35,
  name: "DescribeLogDirs",
  versions: "1-5",
  flexible: "2+",
  doc: "Lists the log directories of the broker asked, with the replicas in each and their sizes (KIP-113).",
  request: {
    topics: {
      type: "[]struct",
      versions: "0+",
      nullable: "0+",
      struct: "DescribableLogDirTopic",
      doc: "The partitions to list, by topic; null is all of them.",
      fields: {
        topic: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "3+", ignorable: true, doc: "The error of the request as a whole, or 0." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeLogDirsResult",
      doc: "The log directories.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0. KAFKA_STORAGE_ERROR when the directory is offline." },
        logDir: { type: "string", versions: "0+", doc: "The directory's absolute path." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeLogDirsTopic",
          doc: "The replicas in it, by topic.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The topic's name." },
            partitions: {
              type: "[]struct",
              versions: "0+",
              struct: "DescribeLogDirsPartition",
              doc: "The replicas in it, by partition.",
              fields: {
                partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
                partitionSize: { type: "int64", versions: "0+", doc: "The bytes of its log segments." },
                offsetLag: {
                  type: "int64",
                  versions: "0+",
                  doc:
                    "How many offsets the log is behind the high watermark or, for a future log, behind the end of the current log; -1 when unknown.",
                },
                isFutureKey: {
                  type: "bool",
                  versions: "0+",
                  doc: "Whether it is a copy under way that AlterReplicaLogDirs asked for, to replace the current log.",
                },
              },
            },
          },
        },
        totalBytes: {
          type: "int64",
          int64: "bigint",
          versions: "4+",
          default: -1n,
          ignorable: true,
          doc: "The size in bytes of the volume the directory is on (KIP-827); -1 when unknown.",
        },
        usableBytes: {
          type: "int64",
          int64: "bigint",
          versions: "4+",
          default: -1n,
          ignorable: true,
          doc: "The bytes still free for Kafka on that volume (KIP-827); -1 when unknown.",
        },
        isCordoned: { type: "bool", versions: "5+", ignorable: true, doc: "Whether the directory takes no new replicas (KIP-1066)." },
      },
    },
  },
};

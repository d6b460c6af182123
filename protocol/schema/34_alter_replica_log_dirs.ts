import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 34,
  name: "AlterReplicaLogDirs",
  versions: "1-2",
  flexible: "2+",
  doc:
    "Moves replicas of the broker asked into other log directories of it (KIP-113). The answer comes when the moves have started; DescribeLogDirs tells how far they are.",
  request: {
    dirs: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterReplicaLogDir",
      doc: "Where to move what, by log directory.",
      fields: {
        path: { type: "string", versions: "0+", doc: "The absolute path of the directory to move to." },
        topics: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterReplicaLogDirTopic",
          doc: "The replicas to move there, by topic.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The topic's name." },
            partitions: { type: "[]int32", versions: "0+", doc: "The partitions' numbers." },
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "AlterReplicaLogDirTopicResult",
      doc: "The outcome, by topic.",
      fields: {
        topicName: { type: "string", versions: "0+", doc: "The topic's name." },
        partitions: {
          type: "[]struct",
          versions: "0+",
          struct: "AlterReplicaLogDirPartitionResult",
          doc: "The outcome, by partition.",
          fields: {
            partitionIndex: { type: "int32", versions: "0+", doc: "The partition's number." },
            errorCode: {
              type: "int16",
              versions: "0+",
              doc: "The error, or 0. REPLICA_NOT_AVAILABLE where the broker has no replica yet: it will be created in that directory.",
            },
          },
        },
      },
    },
  },
};

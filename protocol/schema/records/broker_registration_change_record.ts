import type { RecordSpec } from "../spec.ts";

export const spec: RecordSpec = {
  apiKey: 17,
  name: "BrokerRegistrationChangeRecord",
  versions: "0-3",
  flexible: "0+",
  doc: "Some facts of a broker's registration have changed; what is absent stays as it was.",
  fields: {
    brokerId: { type: "int32", versions: "0+", doc: "The broker's id." },
    brokerEpoch: { type: "int64", versions: "0+", doc: "The broker's epoch." },
    fenced: { type: "int8", versions: "0+", tag: 0, doc: "1 fences it, -1 ends that, 0 leaves it." },
    inControlledShutdown: { type: "int8", versions: "1+", tag: 1, doc: "1 when it is shutting down (KIP-841), 0 leaves it." },
    logDirs: { type: "[]uuid", versions: "2+", tag: 2, doc: "Its log directories (KIP-858); none leaves them." },
    cordonedLogDirs: {
      type: "[]uuid",
      versions: "3+",
      nullable: "3+",
      tag: 3,
      default: null,
      doc: "Log directories that take no new replicas (KIP-1066); null leaves them.",
    },
  },
};

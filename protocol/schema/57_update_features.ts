import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 57,
  name: "UpdateFeatures",
  versions: "0-2",
  flexible: "0+",
  doc:
    "Changes the finalized levels of the cluster's features, such as `metadata.version`; all changes of a request or none (KIP-584, KIP-778).",
  request: {
    timeoutMs: { type: "int32", versions: "0+", default: 60000, doc: "Milliseconds to wait until the change is made." },
    featureUpdates: {
      type: "[]struct",
      versions: "0+",
      struct: "FeatureUpdateKey",
      doc: "The changes, one for each feature.",
      fields: {
        feature: { type: "string", versions: "0+", doc: "The feature's name." },
        maxVersionLevel: { type: "int16", versions: "0+", doc: "The level to set; 0 turns the feature off." },
        allowDowngrade: { type: "bool", versions: "0", doc: "Whether the level may go down. From version 1 on `upgradeType` tells." },
        upgradeType: {
          type: "int8",
          versions: "1+",
          default: 1,
          doc:
            "0 UNKNOWN (refused), 1 UPGRADE only goes up, 2 SAFE_DOWNGRADE goes down where no metadata gets lost, 3 UNSAFE_DOWNGRADE also where some does (`FeatureUpdate.UpgradeType`).",
        },
      },
    },
    validateOnly: { type: "bool", versions: "1+", doc: "Whether only to check what would happen." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    errorCode: { type: "int16", versions: "0+", doc: "The error of the request as a whole, or 0." },
    errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
    results: {
      type: "[]struct",
      versions: "0-1",
      ignorable: true,
      struct: "UpdatableFeatureResult",
      doc: "The outcome for each feature. From version 2 on `errorCode` holds for all.",
      fields: {
        feature: { type: "string", versions: "0+", doc: "The feature's name." },
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
      },
    },
  },
};

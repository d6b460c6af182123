import type { UpdateFeaturesRequest } from "../../protocol/generated/57_update_features.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { fitting, KafkaError } from "../kafka_error.ts";
import type { Catalogue } from "./catalogue.ts";
import type { MetadataRecord } from "./records.ts";

/** The form of the records in the metadata log. */
const METADATA_VERSION = "metadata.version";
/** Kafka: `EligibleLeaderReplicasVersion.FEATURE_NAME`. */
const ELIGIBLE_LEADER_REPLICAS = "eligible.leader.replicas.version";

/**
 * The features this broker supports (KIP-584). `metadata.version` 30 is 4.3-IV0: the form of the records in the metadata log. `transaction.version` 2 gives each
 * transaction an epoch of its own (KIP-890). With `eligible.leader.replicas.version` 1 who left the replicas in sync while they were too few may be elected
 * (KIP-966); with 0 the last of them stays in sync. `group.version` and `share.version` will join when there is what they promise.
 */
export const supportedFeatures: readonly { readonly name: string; readonly minVersion: number; readonly maxVersion: number }[] = [
  { name: METADATA_VERSION, minVersion: 7, maxVersion: 30 },
  { name: "transaction.version", minVersion: 0, maxVersion: 2 },
  { name: ELIGIBLE_LEADER_REPLICAS, minVersion: 0, maxVersion: 1 },
];

/** Kafka: `FeatureControlManager.isElrFeatureEnabled`. */
export function hasEligibleLeaders({ features }: Pick<Catalogue, "features">): boolean {
  return (features.get(ELIGIBLE_LEADER_REPLICAS) ?? 0) > 0;
}

/** Kafka: `FeatureUpdate.UpgradeType`; 0 and what is beyond them are refused. */
const UPGRADE = 1;
const UNSAFE_DOWNGRADE = 3;

/**
 * The records that bring features to the levels asked for, from those that are finalized. Throws INVALID_UPDATE_VERSION when one of them cannot be
 * had: then none is. Kafka: `FeatureControlManager.updateFeatures`.
 */
export function decideFeatureUpdates(
  finalized: ReadonlyMap<string, number>,
  updates: UpdateFeaturesRequest["featureUpdates"],
): MetadataRecord[] {
  // Who names a feature twice means the last level.
  const last = new Map(updates.map((update) => [update.feature, update]));
  return [...last.values()].flatMap(({ feature, maxVersionLevel: level, upgradeType }) => {
    const current = finalized.get(feature) ?? 0;
    const problem = problemOf(feature, level, current, upgradeType);
    if (problem !== null) {
      throw new KafkaError(ErrorCode.INVALID_UPDATE_VERSION, fitting(`No feature is changed. ${feature} to ${level}: ${problem}`));
    }
    return level === current ? [] : [{ type: "FeatureLevelRecord", data: { name: feature, featureLevel: level } }];
  });
}

function problemOf(feature: string, level: number, current: number, upgradeType: number): string | null {
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) return "that is no way to change a level.";
  const supported = supportedFeatures.find(({ name }) => name === feature);
  if (supported === undefined) return "there is no such feature here.";
  const { minVersion, maxVersion } = supported;
  if (level < minVersion || level > maxVersion) return `levels from ${minVersion} to ${maxVersion} are supported.`;
  if (level < current && upgradeType === UPGRADE) return `it is at ${current}, and the request is to go up.`;
  if (level > current && upgradeType !== UPGRADE) return `it is at ${current}, and the request is to go down.`;
  // 4.3 has fields in its records that older versions lose, and those are what the log is written in.
  return feature === METADATA_VERSION && level < current ? "the metadata is in a form that older versions cannot keep." : null;
}

/**
 * The features this broker supports (KIP-584). `metadata.version` 30 is 4.3-IV0: the form of the records in the metadata log.
 * `transaction.version`, `group.version` and `share.version` will join when there is what they promise.
 */
export const supportedFeatures = [{ name: "metadata.version", minVersion: 7, maxVersion: 30 }];

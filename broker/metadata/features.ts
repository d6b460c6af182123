/**
 * The features this broker supports (KIP-584). `metadata.version` 30 is 4.3-IV0: the form of the records in the metadata log. `transaction.version` 2 gives each
 * transaction an epoch of its own (KIP-890). `group.version` and `share.version` will join when there is what they promise.
 */
export const supportedFeatures = [
  { name: "metadata.version", minVersion: 7, maxVersion: 30 },
  { name: "transaction.version", minVersion: 0, maxVersion: 2 },
];

import type { Exceptions } from "./definitions.ts";

/** Where our definitions differ from Kafka's schemas on purpose. */
export const meantDifferences: Exceptions = {
  "GroupMetadataValue.members struct": "named after its message, as Kafka's name does not tell it",
};

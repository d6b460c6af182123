/** Longest topic name, in characters: it must fit, with the partition number, into a directory name. Kafka: `Topic.MAX_NAME_LENGTH`. */
const MAX_LENGTH = 249;

/** Topics that the broker itself writes; clients may read but not produce to them. */
export const OFFSETS_TOPIC = "__consumer_offsets";
export const TRANSACTION_TOPIC = "__transaction_state";
const internal: ReadonlySet<string> = new Set([OFFSETS_TOPIC, TRANSACTION_TOPIC, "__share_group_state"]);

/** Its id, the same in every cluster. Kafka: `Uuid.METADATA_TOPIC_ID`. */
export const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

/** The topic whose only partition is the metadata log. It is in no catalogue and nobody may create it. */
export const METADATA_TOPIC = "__cluster_metadata";

export function isInternal(topic: string): boolean {
  return internal.has(topic);
}

/** Why `name` cannot be a topic's name, or null. Kafka: `Topic.validate`. */
export function invalidTopicName(name: string): string | null {
  if (name === "") return "the empty string is not allowed";
  if (name === "." || name === "..") return `'${name}' is not allowed`;
  if (name.length > MAX_LENGTH) return `the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return null;
}

/** The form in which metric names cannot tell topics apart: `.` and `_` are one. Kafka: `Topic.unifyCollisionChars`. */
export function collisionForm(name: string): string {
  return name.replaceAll(".", "_");
}

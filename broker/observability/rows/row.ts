import type { Api } from "../../../protocol/mod.ts";
import { ErrorCode, errorName } from "../../../protocol/errors.ts";

/** The name of the topic with this id, or undefined. */
export type TopicNames = (topicId: string) => string | undefined;

/** How requests of one API are counted, and told of at `debug`. Only what is harmless is told: no records, no metadata, no values of configurations. */
export interface RequestRow<Req, Res> {
  readonly api: Api<Req, Res>;
  /** Hands each error code in the response to `count`, NONE too. Kafka: `AbstractResponse.errorCounts`. */
  errors(response: Res, count: (code: number) => void): void;
  /** What is asked, in a few words; empty where the name of the API says it all. Called before the handler, which may overwrite records. */
  asked(request: Req, topics: TopicNames): string;
  /** What came of it; the names of errors are told beside it. */
  answered(response: Res, topics: TopicNames): string;
}

/** A row whose types are checked and then forgotten, so that rows can stand in one table. */
export function row<Req, Res>(one: RequestRow<Req, Res>): RequestRow<unknown, unknown> {
  return one;
}

/** How many of many are told of. */
const MOST = 8;

/** The first few of `items`, in words, and how many more there are. */
export function list<T>(items: readonly T[], words: (item: T) => string): string {
  const told = items.slice(0, MOST).map(words);
  if (items.length > MOST) told.push(`and ${items.length - MOST} more`);
  return told.join(", ");
}

/** `1 record`, `2 records`. */
export function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How a request names a topic: by name or, in newer versions, by id. */
interface NamedTopic {
  readonly name?: string | null;
  readonly topicId?: string;
}

export function topicName({ name, topicId }: NamedTopic, topics: TopicNames): string {
  return name || topics(topicId ?? "") || `topic ${topicId}`;
}

/** `<topic>-<partition>…` for each partition of each topic. `words` say what comes behind the partition's number. */
export function partitions<T extends NamedTopic, P>(
  asked: readonly T[],
  partitionsOf: (topic: T) => readonly P[],
  words: (partition: P) => string,
  topics: TopicNames,
): string {
  const all = asked.flatMap((topic) => partitionsOf(topic).map((partition) => ({ topic, partition })));
  return list(all, ({ topic, partition }) => `${topicName(topic, topics)}-${words(partition)}`);
}

/** `words`, or the name of the error that stands in their place. */
export function unlessFailed(errorCode: number, words: string): string {
  return errorCode === ErrorCode.NONE ? words : errorName(errorCode);
}

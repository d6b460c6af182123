import type { TopicEntry } from "./catalogue.ts";

/** Topics by name and by id, for those who need not know more of the catalogue. */
export interface TopicNames {
  topic(name: string): TopicEntry | undefined;
  topicById(id: string): TopicEntry | undefined;
}

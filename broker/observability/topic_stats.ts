/** What went into a topic and out of it since the broker started. Each is counted for all topics together as well. Kafka: `BrokerTopicMetrics`. */
export class TopicStats {
  messagesIn = 0;
  bytesIn = 0;
  bytesOut = 0;
  failedProduce = 0;
  failedFetch = 0;
  readonly #all: TopicStats | null;

  /** `all`: the sums, which outlive the topic. */
  constructor(all: TopicStats | null) {
    this.#all = all;
  }

  /** A batch was appended. */
  appended(messages: number, bytes: number): void {
    this.messagesIn += messages;
    this.bytesIn += bytes;
    this.#all?.appended(messages, bytes);
  }

  /** A batch was refused. */
  refused(): void {
    this.failedProduce++;
    this.#all?.refused();
  }

  /** Records were answered to a fetch. */
  fetched(bytes: number): void {
    this.bytesOut += bytes;
    this.#all?.fetched(bytes);
  }

  /** A partition was answered with an error. */
  fetchFailed(): void {
    this.failedFetch++;
    this.#all?.fetchFailed();
  }
}

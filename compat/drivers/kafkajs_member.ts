import kafkajs, { type Consumer, type EachBatchPayload, type Kafka } from "kafkajs";
import { Commits } from "./commits.ts";
import type { ConsumeOptions } from "./driver.ts";
import { lineOf } from "./kafkajs_records.ts";
import { tell } from "./lines.ts";

/** What the coordinator answers a member that may not commit. */
const REFUSALS = ["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS", "FENCED_INSTANCE_ID"];
/** A consumer that has crashed for good is made anew after so long, as an application would do. */
const RESTART_MS = 300;

/** A consumer of kafkajs in a group. */
export class KafkajsMember {
  readonly #commits: Commits;
  #consumer: Consumer | undefined;
  #owned: readonly number[] = [];
  /**
   * Of the ways to commit this one alone fails when it fails: `consumer.commitOffsets` also resolves without having committed, while the consumer
   * starts anew, and repeats a refused commit in the next generation, where the partition may have gone on under another owner.
   */
  #commit: EachBatchPayload["commitOffsetsIfNecessary"] | undefined;
  #leaving = false;

  constructor(readonly kafka: Kafka, readonly options: ConsumeOptions) {
    const { topic, assignor, commitEvery } = options;
    if (assignor !== "roundrobin") throw new Error(`kafkajs has no assignor ${assignor}`);
    this.#commits = new Commits(
      commitEvery,
      async (offsets) => {
        const partitions = offsets.map(([partition, offset]) => ({ partition, offset: String(offset) }));
        await this.#commit?.({ topics: [{ topic, partitions }] });
      },
      (error) => REFUSALS.includes((error as { type?: string }).type ?? ""),
    );
  }

  /** Resolves when it begins to join; what comes of that is told. */
  async start(): Promise<void> {
    const consumer = this.#makeConsumer();
    this.#consumer = consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [this.options.topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#deliver(payload) });
  }

  async leave(): Promise<void> {
    await this.#commits.flush();
    this.#leaving = true;
    await this.#consumer?.stop();
    await this.#consumer?.disconnect();
  }

  #makeConsumer(): Consumer {
    const consumer = this.kafka.consumer({
      groupId: this.options.group,
      sessionTimeout: this.options.sessionTimeoutMs,
      heartbeatInterval: 500,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      partitionAssigners: [kafkajs.PartitionAssigners.roundRobin],
    });
    consumer.on(consumer.events.REBALANCING, () => this.#revoke(false));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#revoke(true);
      this.#owned = payload.memberAssignment[this.options.topic] ?? [];
      tell("assigned", { partitions: this.#owned, generation: null });
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      tell("problem", { error: String(payload.error) });
      this.#revoke(true);
      if (!payload.restart && !this.#leaving) void this.#startAnew(consumer);
    });
    return consumer;
  }

  async #startAnew(crashed: Consumer): Promise<void> {
    try {
      await crashed.disconnect();
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      if (!this.#leaving) await this.start();
    } catch (error) {
      tell("problem", { error: String(error) });
      await this.#startAnew(this.#consumer ?? crashed);
    }
  }

  async #deliver({ batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
    this.#commit = commitOffsetsIfNecessary;
    for (const message of batch.messages) {
      if (!isRunning() || isStale() || !this.#owned.includes(batch.partition)) return;
      tell("record", { line: lineOf(batch.partition, message) });
      resolveOffset(message.offset);
      if (this.#commits.delivered(batch.partition, Number(message.offset))) {
        const failure = await this.#commits.flush();
        if (failure !== undefined) throw failure;
      }
      await heartbeat();
    }
  }

  #revoke(lost: boolean): void {
    this.#commits.forget();
    if (this.#owned.length > 0) tell("revoked", { partitions: this.#owned, lost });
    this.#owned = [];
  }
}

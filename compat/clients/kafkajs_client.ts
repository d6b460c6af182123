import { Driver } from "../drivers/driver.ts";
import { waitUntil } from "../processes.ts";
import { type CompressionName, type RecordLine, recordLine, type TestRecord } from "../records.ts";

/** What one kafkajs consumer has seen so far. */
export interface ConsumerView {
  readonly lines: RecordLine[];
  /** Partitions of its last assignment; undefined before the first. */
  assigned: readonly number[] | undefined;
  leave(): Promise<void>;
}

/** kafkajs as the scenarios use it: a process for administration and sending, and one for every consumer. */
export class KafkajsClient {
  readonly #consumers = new Set<Driver>();

  private constructor(readonly bootstrap: string, readonly driver: Driver) {}

  static async start(bootstrap: string): Promise<KafkajsClient> {
    return new KafkajsClient(bootstrap, await Driver.start("kafkajs", bootstrap));
  }

  async createTopic(topic: string, partitions: number, config: Record<string, string> = {}): Promise<void> {
    if (await this.call("createTopic", { topic, partitions, config }) !== true) {
      throw new Error(`kafkajs: topic ${topic} was there already`);
    }
  }

  /** Sends the records in order as one request per partition; answers them as they must be consumed, with the offsets acknowledged. */
  async send(topic: string, records: readonly TestRecord[], compression: CompressionName): Promise<RecordLine[]> {
    const offsets = await this.driver.produce(topic, records, { compression });
    return records.map((record, i) => recordLine(record, offsets[i]));
  }

  /** Starts consuming from the group's committed offsets, or the beginning. */
  async consume(group: string, topic: string): Promise<ConsumerView> {
    const consumer = await Driver.start("kafkajs", this.bootstrap, (event) => {
      if (event.event === "assigned") view.assigned = event.partitions;
      else if (event.event === "record") view.lines.push(event.line);
    });
    const view: ConsumerView = {
      lines: [],
      assigned: undefined,
      leave: async () => {
        await consumer.leave();
        this.#consumers.delete(consumer);
      },
    };
    this.#consumers.add(consumer);
    await consumer.consume({ group, topic, assignor: "roundrobin", sessionTimeoutMs: 10_000, commitEvery: 200 });
    return view;
  }

  async call(op: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    return await this.driver.call(op, parameters);
  }

  /** Ends the processes; consumers do not leave their groups. */
  async close(): Promise<void> {
    await Promise.all([this.driver, ...this.#consumers].map((driver) => driver.kill()));
  }
}

/** Waits until the consumers together hold all `partitions` of the topic, each at least one. */
export async function waitAssigned(views: readonly ConsumerView[], partitions: number): Promise<void> {
  await waitUntil(`${views.length} kafkajs consumers share ${partitions} partitions`, 60_000, () => {
    const held = views.flatMap(({ assigned }) => assigned ?? []);
    return views.every(({ assigned }) => (assigned?.length ?? 0) > 0) && new Set(held).size === partitions && held.length === partitions;
  });
}

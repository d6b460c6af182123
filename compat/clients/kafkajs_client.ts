import { Child, waitUntil } from "../processes.ts";
import { type CompressionName, hex, type RecordLine, recordLine, type TestRecord } from "../records.ts";

const HERE = new URL(".", import.meta.url).pathname;
const ANSWER_LIMIT_MS = 90_000;

interface Said {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly event?: "record" | "assigned";
  readonly consumer?: string;
  readonly line?: RecordLine;
  readonly partitions?: number[];
}

/** What one kafkajs consumer has seen so far. */
export interface ConsumerView {
  readonly lines: RecordLine[];
  /** Partitions of its last assignment; undefined before the first. */
  assigned: readonly number[] | undefined;
}

/** Speaks with `clients/kafkajs.ts` in a process of its own. */
export class KafkajsClient {
  readonly #child: Child;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly #views = new Map<string, ConsumerView>();
  #nextId = 1;

  constructor(bootstrap: string) {
    this.#child = new Child(
      Deno.execPath(),
      ["run", "--allow-net", "--allow-env", "--allow-read", "--allow-sys", `${HERE}kafkajs.ts`, bootstrap],
      { cwd: HERE, onLine: (line) => this.#hear(JSON.parse(line) as Said) },
    );
    void this.#child.exited.then(() => {
      for (const { reject } of this.#pending.values()) reject(new Error(`the kafkajs process ended:\n${this.#child.tail.join("\n")}`));
    });
  }

  async createTopic(topic: string, partitions: number, config: Record<string, string> = {}): Promise<void> {
    if (await this.call("createTopic", { topic, partitions, config }) !== true) {
      throw new Error(`kafkajs: topic ${topic} was there already`);
    }
  }

  /** Sends the records in order as one request per partition; answers them as they must be consumed, with the offsets acknowledged. */
  async send(topic: string, records: readonly TestRecord[], compression: CompressionName): Promise<RecordLine[]> {
    const wire = records.map((record) => [
      record.partition,
      record.timestamp,
      hex(record.key),
      hex(record.value),
      record.headers.map(([name, value]) => [name, hex(value)]),
    ]);
    const answer = await this.call("send", { topic, compression, records: wire }) as { partition: number; baseOffset: string }[];
    const next = new Map(answer.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
    return records.map((record) => {
      const offset = next.get(record.partition);
      if (offset === undefined) throw new Error(`kafkajs: no offset answered for partition ${record.partition}`);
      next.set(record.partition, offset + 1);
      return recordLine(record, offset);
    });
  }

  /** Starts consuming from the group's committed offsets, or the beginning. */
  async consume(consumer: string, group: string, topic: string): Promise<ConsumerView> {
    const view: ConsumerView = { lines: [], assigned: undefined };
    this.#views.set(consumer, view);
    await this.call("consume", { consumer, group, topic });
    return view;
  }

  async call(op: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`kafkajs ${op}: no answer in ${ANSWER_LIMIT_MS} ms\n${this.#child.tail.slice(-5).join("\n")}`)),
        ANSWER_LIMIT_MS,
      );
    });
    await this.#child.write(`${JSON.stringify({ id, op, ...parameters })}\n`);
    try {
      return await Promise.race([answer, limit]);
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
    }
  }

  /** Ends the process; its consumers do not leave their groups. */
  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  #hear(said: Said): void {
    if (said.event !== undefined) {
      const view = this.#views.get(said.consumer ?? "");
      if (said.event === "assigned" && view !== undefined) view.assigned = said.partitions;
      if (said.event === "record" && said.line !== undefined) view?.lines.push(said.line);
      return;
    }
    const waiting = this.#pending.get(said.id ?? 0);
    if (said.error === undefined) waiting?.resolve(said.result);
    else waiting?.reject(new Error(`kafkajs: ${said.error}`));
  }
}

/** Waits until the consumers together hold all `partitions` of the topic, each at least one. */
export async function waitAssigned(views: readonly ConsumerView[], partitions: number): Promise<void> {
  await waitUntil(`${views.length} kafkajs consumers share ${partitions} partitions`, 60_000, () => {
    const held = views.flatMap(({ assigned }) => assigned ?? []);
    return views.every(({ assigned }) => (assigned?.length ?? 0) > 0) && new Set(held).size === partitions && held.length === partitions;
  });
}

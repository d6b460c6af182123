import { java } from "./java.ts";
import { Child, waitUntil } from "./processes.ts";
import { preparePython } from "./python.ts";
import { Sequences } from "./sequences.ts";

const SENDER = new URL("clients/sequence_sender.py", import.meta.url).pathname;
const LIMIT_MS = 180_000;

/** What is sent to a topic: `records` numbers to each partition by each of `producers`, of Java and of librdkafka. */
export interface Sending {
  readonly topic: string;
  readonly partitions: number;
  /** Of each client. */
  readonly producers: number;
  /** Of each producer in each partition. */
  readonly records: number;
}

/** Idempotent producers of two clients, each a process, and what has been acknowledged to them. */
export class Senders {
  readonly #sending: Sending;
  readonly #sequences = new Sequences();
  readonly #children: readonly Child[];

  private constructor(sending: Sending, start: (onLine: (line: string) => void) => readonly Child[]) {
    this.#sending = sending;
    this.#children = start((line) => this.#sequences.hear(line));
  }

  static async start(bootstrap: string, sending: Sending): Promise<Senders> {
    const python = await preparePython();
    const args = [bootstrap, sending.topic, sending.partitions, sending.producers, sending.records].map(String);
    return new Senders(
      sending,
      (onLine) => [java("compat.SequenceSender", args, { onLine }), new Child(python, [SENDER, ...args], { onLine })],
    );
  }

  /** How many records all of them send. */
  static total({ partitions, producers, records }: Sending): number {
    return 2 * producers * partitions * records;
  }

  /** Waits until so many records are acknowledged, or nobody sends any more. */
  async acknowledged(count: number): Promise<void> {
    const isEnough = () => this.#sequences.count >= count || this.#children.every(({ hasExited }) => hasExited);
    await waitUntil(`${count} records acknowledged`, LIMIT_MS, isEnough);
  }

  /** Waits until everything is acknowledged and their processes have ended. */
  async finished(): Promise<void> {
    await this.acknowledged(Senders.total(this.#sending));
    for (const child of this.#children) await child.finished();
  }

  /** What is wrong with `lines`, the whole topic in the order of each partition: empty when every record stands there once, in order. */
  problems(lines: readonly string[]): string[] {
    const { partitions, producers, records } = this.#sending;
    return this.#sequences.problems(lines, 2 * producers * partitions, records);
  }
}

/**
 * One client in a process of its own, whichever it is: each is a program that is given `host:port`, reads lines {"id", "op", …}, answers
 * {"id", "result"} or {"id", "error"}, and tells what happens as lines {"event", "at", …}. It ends with its standard input.
 *
 * Every program knows `consume` ({@link ConsumeOptions}), once: one process is one member of a group; `leave`, which commits and leaves in good
 * order; and `produce` ({topic, records}), which answers each record's offset when all are acknowledged.
 *
 * Beside these, every program takes the steps of scenarios (`steps/step.ts`), many at a time: a request with a `scope`, for all names that the scenario
 * gives, and the step's parameters. `can` answers {version, can}, the client's version and by command the parameters it takes, "name" or "name=value";
 * `endScope` closes what was opened in a scope. An error has Kafka's number or name for it as `code`, if it is one of Kafka's.
 */
import { errorName } from "../../protocol/mod.ts";
import { goProgram } from "../go.ts";
import { java } from "../java.ts";
import { Child, type SpawnOptions } from "../processes.ts";
import { preparePython } from "../python.ts";
import { hex, type RecordLine, type TestRecord } from "../records.ts";

export const CLIENTS = ["java", "librdkafka", "franz-go", "kafkajs", "platformatic"] as const;
export type ClientName = typeof CLIENTS[number];

export type Assignor = "range" | "roundrobin" | "cooperative-sticky";

/** How a member joins its group; `groups/plan.ts` knows which assignors a client has. */
export interface ConsumeOptions {
  readonly group: string;
  readonly topic: string;
  readonly assignor: Assignor;
  /** `group.instance.id`: a static member. */
  readonly instanceId?: string;
  readonly sessionTimeoutMs: number;
  /** Commits, and waits for the answer, whenever so many records have been delivered since the last commit. */
  readonly commitEvery: number;
}

/** Partition and offset. */
export type Offsets = readonly (readonly [partition: number, offset: number])[];

/**
 * What a member says, in the order it happened; `at` is when, in milliseconds of the machine's clock. `assigned` and `revoked` name what was added
 * and taken away; `lost` partitions were no longer the member's when it heard of it. Each `committing` is followed by what became of it: `committed`,
 * `refused` by the broker, or `failed`, which tells nothing. `generation` is null where the client does not show it.
 */
export type MemberEvent =
  & { readonly at: number }
  & (
    | { readonly event: "assigned"; readonly partitions: readonly number[]; readonly generation: number | null }
    | { readonly event: "revoked"; readonly partitions: readonly number[]; readonly lost: boolean }
    | { readonly event: "record"; readonly line: RecordLine }
    | { readonly event: "committing" | "committed"; readonly offsets: Offsets }
    | { readonly event: "refused" | "failed"; readonly offsets: Offsets; readonly error: string }
    | { readonly event: "problem"; readonly error: string }
  );

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly code?: number | string | null;
}

/** What a client refused or failed to do. */
export class DriverError extends Error {
  /** @param code the error's name in Kafka's table, or undefined where the client tells none */
  constructor(client: ClientName, text: string, readonly code: string | undefined) {
    super(`${client}: ${code === undefined ? "" : `${code}: `}${text}`);
  }
}

const HERE = new URL(".", import.meta.url).pathname;
const ANSWER_LIMIT_MS = 90_000;

/** How each client's program is started. */
const PROGRAMS: Record<ClientName, (bootstrap: string, options: SpawnOptions) => Promise<Child>> = {
  kafkajs: (bootstrap, options) => Promise.resolve(denoProgram("kafkajs.ts", bootstrap, options)),
  platformatic: (bootstrap, options) => Promise.resolve(denoProgram("platformatic.ts", bootstrap, options)),
  librdkafka: async (bootstrap, options) => new Child(await preparePython(), [`${HERE}librdkafka.py`, bootstrap], options),
  java: (bootstrap, options) => Promise.resolve(java("compat.Driver", [bootstrap], { ...options, heap: "768m", small: true })),
  "franz-go": async (bootstrap, options) => new Child(await goProgram("go"), [bootstrap], options),
};

function denoProgram(file: string, bootstrap: string, options: SpawnOptions): Child {
  const flags = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-sys", "--allow-ffi"];
  return new Child(Deno.execPath(), ["run", ...flags, `${HERE}${file}`, bootstrap], { ...options, cwd: HERE });
}

/** Speaks with a client's process. */
export class Driver {
  readonly #child: Child;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  private constructor(readonly client: ClientName, child: Child) {
    this.#child = child;
    void child.finished().then(() => {
      for (const { reject } of this.#pending.values()) reject(new Error(`the process of ${client} ended:\n${this.tail.join("\n")}`));
    });
  }

  static async start(client: ClientName, bootstrap: string, onEvent: (event: MemberEvent) => void = () => {}): Promise<Driver> {
    const said: { hear?: (answer: Answer) => void } = {};
    const child = await PROGRAMS[client](bootstrap, {
      onLine: (line) => {
        const heard = JSON.parse(line) as MemberEvent | Answer;
        if ("event" in heard) onEvent(heard);
        else said.hear?.(heard);
      },
    });
    const driver = new Driver(client, child);
    said.hear = (answer) => driver.#hear(answer);
    return driver;
  }

  get hasExited(): boolean {
    return this.#child.hasExited;
  }

  /** Its last lines of output. */
  get tail(): readonly string[] {
    return this.#child.tail.filter((line) => !line.startsWith('{"event"')).slice(-20);
  }

  async consume(options: ConsumeOptions): Promise<void> {
    await this.call("consume", { ...options });
  }

  /** Leaves the group in good order, with everything delivered committed, and ends the process. */
  async leave(): Promise<void> {
    await this.call("leave");
    await this.close();
  }

  /** Sends the records in order; answers the offset of each once the broker has acknowledged all. */
  async produce(topic: string, records: readonly TestRecord[], more: Record<string, unknown> = {}): Promise<number[]> {
    const wire = records.map((record) => [
      record.partition,
      record.timestamp,
      hex(record.key),
      hex(record.value),
      record.headers.map(([name, value]) => [name, hex(value)]),
    ]);
    return await this.call("produce", { topic, records: wire, ...more }) as number[];
  }

  async call(op: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    if (this.#child.hasExited) throw new Error(`the process of ${this.client} has ended:\n${this.tail.join("\n")}`);
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.client} ${op}: no answer in ${ANSWER_LIMIT_MS} ms\n${this.tail.join("\n")}`)),
        ANSWER_LIMIT_MS,
      );
    });
    try {
      await this.#child.write(`${JSON.stringify({ id, op, ...parameters })}\n`);
      return await Promise.race([answer, limit]);
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
    }
  }

  /** Stops the process in the midst of what it does, and lets it go on after a time: no thread of it knows. */
  async sleep(ms: number): Promise<void> {
    this.#child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#child.kill("SIGCONT");
  }

  /** `kill -9`; all that it had said until then has been heard when this resolves. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.finished();
  }

  /** Ends the process; a consumer that has not left stays in its group until its session ends. */
  async close(): Promise<void> {
    if (!this.#child.hasExited) await this.#child.closeInput();
    await this.#child.terminate();
    await this.#child.finished();
  }

  #hear(answer: Answer): void {
    const waiting = this.#pending.get(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else {waiting?.reject(
        new DriverError(this.client, answer.error, typeof answer.code === "number" ? errorName(answer.code) : answer.code ?? undefined),
      );}
  }
}

/** Child processes whose output is read line by line, and polling for a condition with a limit. */

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Called for every line of standard output, without its line end. */
  readonly onLine?: (line: string) => void;
  /** Called for every line of standard error. */
  readonly onErrorLine?: (line: string) => void;
}

const KEPT_LINES = 200;
const running = new Set<Child>();

/** A running process. Its last lines of output are kept for messages about failures. */
export class Child {
  readonly pid: number;
  readonly exited: Promise<Deno.CommandStatus>;
  readonly tail: string[] = [];
  #hasExited = false;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #read: Promise<unknown>;

  constructor(readonly command: string, args: readonly string[], options: SpawnOptions = {}) {
    const child = new Deno.Command(command, {
      args: [...args],
      cwd: options.cwd,
      env: options.env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.pid = child.pid;
    this.#input = child.stdin.getWriter();
    this.#input.closed.catch((error) => this.#keep(`stdin: ${error}`));
    this.#read = Promise.all([
      readLines(child.stdout, (line) => (this.#keep(line), options.onLine?.(line))),
      readLines(child.stderr, (line) => (this.#keep(line), options.onErrorLine?.(line))),
    ]);
    this.exited = child.status.then((status) => {
      this.#hasExited = true;
      running.delete(this);
      return status;
    });
    running.add(this);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Waits for the end of the process and of its output. */
  async finished(): Promise<Deno.CommandStatus> {
    const status = await this.exited;
    await this.#read;
    return status;
  }

  async write(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  async closeInput(): Promise<void> {
    await this.#input.close();
  }

  kill(signal: Deno.Signal): void {
    if (!this.#hasExited) sendSignal(this.pid, signal);
  }

  /** SIGTERM, and SIGKILL when the process does not end within `limitMs`. */
  async terminate(limitMs = 15_000): Promise<Deno.CommandStatus> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), limitMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  #keep(line: string): void {
    if (this.tail.length === KEPT_LINES) this.tail.shift();
    this.tail.push(line);
  }
}

/** Sends a signal; a process that has gone meanwhile is no error. */
export function sendSignal(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof TypeError)) throw error;
  }
}

/** Ends every process still running that this one started. */
export async function killAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.kill("SIGKILL");
  await Promise.all(left.map((child) => child.exited));
}

/** Runs a command to its end with `input` on its standard input; fails with its output when it does not exit 0. */
export async function run(command: string, args: readonly string[], options: { input?: string; cwd?: string } = {}): Promise<string> {
  const lines: string[] = [];
  const child = new Child(command, args, { cwd: options.cwd, onLine: (line) => lines.push(line) });
  if (options.input !== undefined) await child.write(options.input);
  await child.closeInput();
  const status = await child.finished();
  if (!status.success) throw new Error(`${command} ${args.join(" ")} exited ${status.code}:\n${child.tail.join("\n")}`);
  return lines.join("\n");
}

/** Polls `condition` until it is truthy and answers its value; fails after `limitMs`. */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  condition: () => T | Promise<T>,
  everyMs = 20,
): Promise<NonNullable<T>> {
  const value = await within(limitMs, condition, everyMs);
  if (!value) throw new Error(`not within ${limitMs} ms: ${what}`);
  return value;
}

/** Polls `condition` until it is truthy; answers its last value when `limitMs` are over. */
export async function within<T>(limitMs: number, condition: () => T | Promise<T>, everyMs = 20): Promise<T> {
  const deadline = performance.now() + limitMs;
  while (true) {
    const value = await condition();
    if (value || performance.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    // Only what is new is searched: a line may come in many parts.
    const lines = text.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
}

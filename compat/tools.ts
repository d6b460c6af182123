import { java } from "./java.ts";
import type { Child } from "./processes.ts";

/** What a command line tool did. */
export interface ToolRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One JVM that runs many of Kafka's command line tools, one after the other. */
export class JavaTools {
  readonly #child: Child;
  readonly #waiting: { resolve: (run: ToolRun) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    this.#child = java("compat.Tools", [], { heap: "512m", onLine: (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as ToolRun) });
    void this.#child.finished().then(() => {
      for (const { reject } of this.#waiting) reject(new Error(`the JVM of the tools ended:\n${this.#child.tail.join("\n")}`));
    });
  }

  async run(main: string, args: readonly string[]): Promise<ToolRun> {
    const answer = new Promise<ToolRun>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    await this.#child.write(`${JSON.stringify({ main, args })}\n`);
    return await answer;
  }

  async close(): Promise<void> {
    await this.#child.closeInput();
    await this.#child.exited;
  }
}

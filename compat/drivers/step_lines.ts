/** What the parts of the TypeScript drivers that play steps of scenarios share (steps/step.ts). */
import type { WireRecord } from "./lines.ts";

/** Any step's parameters; the runner asks only for what `can` names. */
export interface StepRequest {
  readonly id: number;
  readonly op: string;
  readonly scope: string;
  readonly topic: string;
  readonly topics: string[];
  readonly partition?: number;
  readonly partitions?: number;
  readonly replicas?: number;
  readonly config?: Record<string, string>;
  readonly validateOnly?: boolean;
  readonly assignments?: number[][];
  readonly type: string;
  readonly name: string;
  readonly at: string | { timestamp: number };
  readonly records: WireRecord[];
  readonly acks?: number;
  readonly compression?: string;
  readonly idempotent?: boolean;
  readonly producer?: string;
  readonly transactionalId?: string;
  readonly transactionTimeoutMs?: number;
  readonly timeoutMs?: number;
  readonly from: string | number | { timestamp: number };
  readonly count: number;
  readonly waitMs?: number;
  readonly isolation?: string;
  readonly autoCreate?: boolean;
  readonly maxBytes?: number;
  readonly maxPartitionBytes?: number;
  readonly minBytes?: number;
  readonly member: string;
  readonly group: string;
  readonly pattern?: string;
  readonly assignor?: string;
  readonly protocol?: string;
  readonly instanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly reset?: string;
  readonly autoCommit?: boolean;
  readonly offsets: [topic: string, partition: number, offset: number][];
  readonly metadata?: string;
  readonly set?: Record<string, string>;
  readonly states?: string[];
  readonly types?: string[];
  readonly before: number;
  readonly user: string;
  readonly synonyms?: boolean;
  readonly keys?: string[];
}

export type StepOperations = Record<string, (request: StepRequest) => Promise<unknown>>;

/** As `can` answers it, from the parameters in one line each. */
export function abilities(can: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(can).map(([name, parameters]) => [name, parameters.split(" ").filter((each) => each !== "")]));
}

/** The version of a client that the suite pins. */
export function versionOf(name: string): string {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url))) as { imports: Record<string, string> };
  return imports[name].split("@").at(-1)!;
}

/** An error of Kafka's table by name, as an operation may throw it where the client told only that. */
export class NamedError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Lines that come while nobody asks, and are taken in order. */
export class Inbox {
  readonly #lines: string[] = [];

  push(line: string): void {
    this.#lines.push(line);
  }

  /** Waits for so many; then what has come is the answer. Throws what `failure` answers. */
  async take(count: number, waitMs: number, failure: () => unknown = () => undefined): Promise<string[]> {
    const deadline = performance.now() + waitMs;
    while (this.#lines.length < count && performance.now() < deadline) {
      const failed = failure();
      if (failed !== undefined) throw failed;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.#lines.splice(0, count);
  }
}

/** What a member has and had. */
export class Holdings {
  readonly assigned = new Set<string>();
  readonly revoked: string[] = [];
  readonly lost: string[] = [];
  readonly problems: string[] = [];

  /** Under the eager protocols all goes before anything comes. */
  replace(names: readonly string[]): void {
    this.drop();
    for (const name of names) this.assigned.add(name);
  }

  drop(): void {
    this.revoked.push(...this.assigned);
    this.assigned.clear();
  }

  status(): Record<string, readonly string[]> {
    return { assigned: [...this.assigned].sort(), revoked: this.revoked, lost: this.lost, problems: this.problems };
  }
}

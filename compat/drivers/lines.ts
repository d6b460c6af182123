/** What the drivers written in TypeScript share: lines in, lines out. */
import { Buffer } from "node:buffer";

/**
 * As `produce` takes it: partition, timestamp, key, value, [headerName, headerValue]…; bytes in hex, null is "-". Without a partition or a timestamp,
 * in scenarios only, the client chooses.
 */
export type WireRecord = [number | null, number | null, string, string, [string, string][]];

/** Writes a line at once and whole: what was said before a `kill -9` has been said. */
function say(message: Record<string, unknown>): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** Milliseconds of the machine's clock, finer than `Date.now`. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

export function tell(event: string, what: Record<string, unknown>): void {
  say({ event, at: now(), ...what });
}

export function toHex(bytes: Uint8Array | string | null | undefined): string {
  return bytes === null || bytes === undefined ? "-" : Buffer.from(bytes as Uint8Array).toString("hex");
}

export function fromHex(text: string): Buffer | null {
  return text === "-" ? null : Buffer.from(text, "hex");
}

/** Answers every line of standard input with the operation of its name, until it ends; operations may overlap. A line with a scope is a scenario's. */
export async function serve<R extends { id: number; op: string }, S extends { id: number; op: string } = R>(
  operations: Record<string, (request: R) => Promise<unknown>>,
  describe: (error: unknown) => string,
  steps: { operations: Record<string, (request: S) => Promise<unknown>>; codeOf(error: unknown): string | undefined },
): Promise<void> {
  const answer = async (line: string): Promise<void> => {
    const request = JSON.parse(line) as (R | S) & { scope?: string };
    const isStep = request.scope !== undefined;
    try {
      const result = isStep ? await steps.operations[request.op](request as S) : await operations[request.op](request as R);
      say({ id: request.id, result: result ?? null });
    } catch (error) {
      say({ id: request.id, error: describe(error), ...(isStep ? { code: steps.codeOf(error) } : {}) });
    }
  };
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) void answer(line);
  }
}

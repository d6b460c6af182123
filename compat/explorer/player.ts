import { RawConnection } from "../raw.ts";
import { answerOf, requestFrame, specOf } from "./codec.ts";
import type { Await, History, Step } from "./history.ts";
import { at, known, type Plain, plain } from "./plain.ts";

/** What came of a request: a message, "closed", "silent", or a sentence about bytes that are none. */
export type Outcome = Plain;

/** What a broker is called, so that its name can be taken out of its answers. */
export interface Facts {
  readonly clusterId: string;
  /** Of its nodes, in their order. */
  readonly ports: readonly number[];
}

/** A step as it was played. */
export interface Played {
  readonly api: string;
  readonly version: number;
  readonly outcome: Outcome;
}

const AGAIN_MS = 10;

/** Plays one history in one version against one broker, or the nodes of one cluster. */
export class Player {
  readonly #connections = new Map<string, RawConnection>();
  readonly #bound: Record<string, unknown>;
  readonly #waiting = new Map<string, { readonly step: Step; readonly answer: Promise<Played> }>();
  #correlationId = 0;

  constructor(
    /** Of each node, in their order. */
    readonly bootstraps: readonly string[],
    readonly facts: Facts,
    shared: Readonly<Record<string, unknown>>,
    readonly history: History,
    readonly version: number,
    run: string,
    /** How long an answer, and what is asked for again and again, is waited for. */
    readonly silenceMs: number,
  ) {
    this.#bound = { ...shared, run, version };
  }

  get bound(): Readonly<Record<string, unknown>> {
    return this.#bound;
  }

  /** The outcomes of the steps, in their order; null where the version cannot carry a request. */
  async play(): Promise<Played[] | null> {
    const played: Played[] = [];
    try {
      for (const step of this.history.steps) {
        const one = await this.#step(step);
        if (one === null) return null;
        if (one !== undefined) played.push(one);
      }
      return played;
    } catch (error) {
      throw new Error(`${this.history.name}, version ${this.version}, after ${JSON.stringify(played).slice(0, 1500)}`, { cause: error });
    } finally {
      for (const connection of this.#connections.values()) connection.close();
    }
  }

  async #step(step: Step | Await): Promise<Played | null | undefined> {
    if ("answerTo" in step) {
      const { step: asked, answer } = this.#waiting.get(step.answerTo)!;
      const played = await answer;
      return this.#look(asked, played);
    }
    if (step.later === undefined) return await this.#ask(step);
    const frame = this.#frame(step);
    if (frame === null) return null;
    this.#waiting.set(step.later, { step, answer: this.#exchange(step, frame) });
    return undefined;
  }

  async #ask(step: Step): Promise<Played | null> {
    const deadline = performance.now() + this.silenceMs;
    while (true) {
      const frame = this.#frame(step);
      if (frame === null) return null;
      const played = await this.#exchange(step, frame);
      const { whileError = [], untilError, until = () => true } = step;
      const again = whileError.some((code) => hasError(played.outcome, code)) ||
        (untilError !== undefined && !hasError(played.outcome, untilError)) ||
        !until(played.outcome);
      if (!again || performance.now() > deadline) return this.#look(step, played);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  #versionOf(step: Step): number {
    if (step.version !== undefined) return step.version;
    return step.api === this.history.api ? this.version : newest(step.api);
  }

  #frame(step: Step): Uint8Array | null {
    return requestFrame(specOf(step.api), this.#versionOf(step), this.#correlationId, step.request, this.#bound);
  }

  async #exchange(step: Step, frame: Uint8Array): Promise<Played> {
    const version = this.#versionOf(step);
    const correlationId = this.#correlationId++;
    const line = `${step.node ?? 1} ${step.on ?? ""}`;
    const connection = await this.#connection(line, this.bootstraps[(step.node ?? 1) - 1]);
    const sent = await connection.send(frame);
    if (step.unanswered) return { api: step.api, version, outcome: "sent" };
    const answer = sent ? await connection.receive(this.silenceMs) : "closed";
    if (typeof answer === "string") {
      // What comes late must not be taken for the answer to the next request.
      connection.close();
      this.#connections.delete(line);
      return { api: step.api, version, outcome: answer };
    }
    if (new DataView(answer.buffer).getInt32(0) !== correlationId) return { api: step.api, version, outcome: "another's answer" };
    return { api: step.api, version, outcome: plain(answerOf(specOf(step.api), step.answeredIn ?? version, answer)) };
  }

  async #connection(line: string, bootstrap: string): Promise<RawConnection> {
    const open = this.#connections.get(line) ?? await RawConnection.open(bootstrap);
    this.#connections.set(line, open);
    return open;
  }

  /** Binds what the step asks for, and takes from the answer what is this broker's or somebody else's. */
  #look(step: Step, played: Played): Played {
    for (const [name, path] of Object.entries(step.bind ?? {})) {
      const value = at(played.outcome, path);
      if (value !== undefined && !saysNone(value)) this.#bound[name] = value;
    }
    const outcome = known(played.outcome, this.#bound, step, this.facts);
    return { ...played, outcome: step.see === undefined ? outcome : step.see(outcome) };
  }
}

/** The newest version of an API. */
export function newest(api: string): number {
  return Number(specOf(api).versions.split("-").at(-1));
}

function saysNone(value: unknown): boolean {
  return value === null || value === 0 || value === -1 || value === "" || value === "A".repeat(22);
}

function hasError(value: Plain, code: number): boolean {
  if (Array.isArray(value)) return value.some((one) => hasError(one, code));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, one]) => name === "errorCode" ? one === code : hasError(one, code));
}

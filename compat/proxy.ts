/** A bad network between clients and a broker: a proxy that knows where a frame ends, and nothing of what stands in it but the API key. */

import { type Random, SeededRandom } from "../platform/mod.ts";
import type { Fault } from "./faults.ts";
import { RawConnection } from "./raw.ts";

/** How long the proxy goes on taking what a client sends on a connection that is about to end. */
const GATHER_MS = 20;
/** How long the broker has for what came last on a connection whose client is gone: its answers are read and thrown away. */
const LINGER_MS = 200;

export type ChooseFault = (random: Random, apiKey: number) => Fault | null;

/**
 * Listens on 127.0.0.1 and hands everything on to `upstream` (host:port), each connection with chance of its own from `seed` and the connection's
 * number. Requests without an answer (Produce with acks=0) are not for it: it pairs requests and answers by their order.
 */
export class FaultProxy {
  /** How many faults of each kind there have been. */
  readonly counts = new Map<Fault["kind"], number>();
  readonly #listener: Deno.TcpListener;
  readonly #links = new Set<Link>();
  #calm = false;

  constructor(readonly port: number, readonly upstream: string, seed: number, choose: ChooseFault) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    void this.#accept(seed, choose);
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** From now on everything is handed on untouched. */
  calm(): void {
    this.#calm = true;
  }

  close(): void {
    this.#listener.close();
    for (const link of this.#links) link.close();
  }

  async #accept(seed: number, choose: ChooseFault): Promise<void> {
    let number = 0;
    for await (const connection of this.#listener) {
      const random = new SeededRandom(seed * 100_000 + number++);
      void this.#serve(new RawConnection(connection), (apiKey) => this.#calm ? null : this.#counted(choose(random, apiKey)));
    }
  }

  async #serve(client: RawConnection, choose: (apiKey: number) => Fault | null): Promise<void> {
    const server = await this.#connect();
    if (server === null) return client.close();
    const link = new Link(client, server, choose);
    this.#links.add(link);
    await link.run();
    this.#links.delete(link);
  }

  /** Null while the broker is down. */
  async #connect(): Promise<RawConnection | null> {
    try {
      return await RawConnection.open(this.upstream);
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    }
  }

  #counted(fault: Fault | null): Fault | null {
    if (fault !== null) this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    return fault;
  }
}

/** What becomes of an answer that the broker owes. */
interface Owed {
  readonly fate: "pass" | "hide" | "cut";
  readonly delayMs?: number;
  readonly cutAt?: number;
}

/** One client's connection and its counterpart to the broker. */
class Link {
  /** In the order in which the broker will answer. */
  readonly #owed: Owed[] = [];
  /** A request or its answer was lost: no later answer may overtake it. */
  #lost = false;

  constructor(readonly client: RawConnection, readonly server: RawConnection, readonly choose: (apiKey: number) => Fault | null) {}

  /** Hands on until both sides are closed. */
  async run(): Promise<void> {
    await Promise.all([this.#requests(), this.#answers()]);
  }

  close(): void {
    this.client.close();
    this.server.close();
  }

  async #requests(): Promise<void> {
    for (let content = await this.client.frame(); content !== "closed"; content = await this.client.frame()) {
      if (!await this.#meet(this.choose(apiKeyOf(content)), content)) return;
    }
    this.close();
  }

  /** Lets the request have its fate; false when that was the end of the connection. */
  async #meet(fault: Fault | null, content: Uint8Array): Promise<boolean> {
    switch (fault?.kind) {
      case undefined:
        return await this.#deliver(content, { fate: "pass" });
      case "delay request":
        await sleep(fault.ms);
        return await this.#deliver(content, { fate: "pass" });
      case "delay response":
        return await this.#deliver(content, { fate: "pass", delayMs: fault.ms });
      case "drop request":
        this.#lost = true;
        return true;
      case "drop response":
        this.#lost = true;
        return await this.#deliver(content, { fate: "hide" });
      case "duplicate request": {
        const [first, second] = fault.answer === "first" ? ["pass", "hide"] as const : ["hide", "pass"] as const;
        return await this.#deliver(content, { fate: first }) && await this.#deliver(content, { fate: second });
      }
      case "cut request":
        await this.server.send(part(framed(content), fault.at));
        this.close();
        return false;
      case "cut response":
        return await this.#deliver(content, { fate: "cut", cutAt: fault.at });
      case "close after request":
        this.client.close();
        return await this.#deliverAbandoned([content]);
      case "deliver late": {
        const held = [content, ...await this.#gather()];
        await sleep(fault.ms);
        return await this.#deliverAbandoned(held);
      }
    }
  }

  async #deliver(content: Uint8Array, owed: Owed): Promise<boolean> {
    this.#owed.push(this.#lost ? { fate: "hide" } : owed);
    if (await this.server.send(framed(content))) return true;
    this.close();
    return false;
  }

  /** What the client sends in the last moments of its connection. */
  async #gather(): Promise<Uint8Array[]> {
    const contents: Uint8Array[] = [];
    const end = setTimeout(() => this.client.close(), GATHER_MS);
    for (let content = await this.client.frame(); content !== "closed"; content = await this.client.frame()) contents.push(content);
    clearTimeout(end);
    this.client.close();
    return contents;
  }

  /** Sends to the broker what a client sent that has gone. Answers false: the connection is over. */
  async #deliverAbandoned(contents: readonly Uint8Array[]): Promise<false> {
    for (const content of contents) await this.#deliver(content, { fate: "hide" });
    await sleep(LINGER_MS);
    this.server.close();
    return false;
  }

  async #answers(): Promise<void> {
    for (let content = await this.server.frame(); content !== "closed"; content = await this.server.frame()) {
      const owed = this.#owed.shift();
      if (owed === undefined) throw new Error("the broker answered what nobody asked");
      if (owed.fate === "hide") continue;
      await sleep(owed.delayMs ?? 0);
      if (owed.fate === "cut") {
        await this.client.send(part(framed(content), owed.cutAt ?? 0));
        break;
      }
      await this.client.send(framed(content));
    }
    this.close();
  }
}

function apiKeyOf(content: Uint8Array): number {
  return new DataView(content.buffer, content.byteOffset).getInt16(0);
}

function framed(content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + content.length);
  new DataView(frame.buffer).setInt32(0, content.length);
  frame.set(content, 4);
  return frame;
}

/** At least one byte of `frame`, and not all of it. */
function part(frame: Uint8Array, at: number): Uint8Array {
  return frame.subarray(0, 1 + Math.floor(at * (frame.length - 1)));
}

async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

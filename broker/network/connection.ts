import { type Clock, type Connection, type Logger, NetworkError } from "../../platform/mod.ts";
import { DecodeError, type Writer } from "../../protocol/wire/mod.ts";
import type { Dispatcher, Exchange } from "../dispatch.ts";
import type { ConnectionInfo } from "../handler.ts";
import { CloseConnection, UnreadableRequest } from "../kafka_error.ts";
import type { MemoryBudget } from "./memory_budget.ts";
import type { OutputPool } from "./output_pool.ts";
import { RequestBuffer } from "./request_buffer.ts";

/** What one connection may cost. */
export interface ConnectionLimits {
  /** Largest request in bytes, without its four bytes of length (`socket.request.max.bytes`). */
  readonly maxRequestBytes: number;
  /** Requests that were taken from a connection and wait for their responses. Beyond it the connection is not read. */
  readonly maxInFlightRequests: number;
  /** Bytes that those requests took on the wire; likewise. At least one request is taken. */
  readonly maxInFlightBytes: number;
}

/** The memory that connections share. */
export interface ConnectionMemory {
  readonly budget: MemoryBudget;
  readonly outputs: OutputPool;
}

/** Responses are collected for one write up to about this size. */
const WRITE_BYTES = 1024 * 1024;

/** Why a connection ends when its broker does. */
const BROKER_CLOSES = "the broker closes";

/**
 * One client connection: takes requests, hands each to the dispatcher, and writes the responses in the order of the requests, as many as are
 * ready in one write. A request behind a waiting one is handled at once (Kafka would not look at it yet); its response waits.
 * While a client does not read its responses, or has too many requests under way, nothing more is read from it: the socket pushes back.
 */
export class ClientConnection {
  readonly info: ConnectionInfo;
  readonly #socket: Connection;
  readonly #dispatcher: Pick<Dispatcher, "dispatch">;
  readonly #limits: ConnectionLimits;
  readonly #budget: MemoryBudget;
  readonly #outputs: OutputPool;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #requests: RequestBuffer;
  readonly #exchanges: Exchange[] = [];
  #taken = 0;
  /** When the newest bytes were read: one look at the clock for all requests in them. */
  #arrivedMs = 0;
  #inFlightBytes = 0;
  #writing = false;
  /** Why it is closed, or null. */
  #closed: string | null = null;
  #draining = false;
  #wakeReader: (() => void) | null = null;

  constructor(
    socket: Connection,
    info: ConnectionInfo,
    dispatcher: Pick<Dispatcher, "dispatch">,
    limits: ConnectionLimits,
    memory: ConnectionMemory,
    { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
  ) {
    this.info = info;
    this.#socket = socket;
    this.#dispatcher = dispatcher;
    this.#limits = limits;
    this.#budget = memory.budget;
    this.#outputs = memory.outputs;
    this.#logger = logger;
    this.#clock = clock;
    this.#requests = new RequestBuffer(limits.maxRequestBytes, memory.budget);
  }

  /** Requests taken since the connection began. */
  get taken(): number {
    return this.#taken;
  }

  /** Requests that wait for their responses. */
  get inFlight(): number {
    return this.#exchanges.length;
  }

  /** Serves the connection until it is over. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      this.#report(error);
      await this.#answerTheRest();
      this.close(reasonOf(error));
    }
    this.close("the client closed it");
    const now = this.#clock.monotonic();
    for (const exchange of this.#exchanges.splice(0)) exchange.end(now);
    this.#requests.release();
    this.#count(-this.#inFlightBytes);
    this.#logger.debug("connection closed", { connection: this.info.id, reason: this.#closed, requests: this.#taken });
  }

  /** Ends the connection at once; requests under way are answered into the void. `reason` is for the log; the first one counts. */
  close(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    this.#socket.close();
    this.#wake();
  }

  /** Takes no more requests, answers those under way, then closes. */
  drain(): void {
    this.#draining = true;
    this.#wake();
    if (this.#isAnswered) this.close(BROKER_CLOSES);
  }

  async #serve(): Promise<void> {
    while (this.#closed === null) {
      for (let request = this.#requests.next(); request !== null; request = this.#requests.next()) {
        this.#take(request);
        if (this.#isFull()) {
          this.#flush();
          await this.#until(() => !this.#isFull() || this.#draining);
        }
        if (this.#draining || this.#closed !== null) return await this.#answerTheRest();
      }
      this.#flush();
      const room = await this.#requests.room();
      const count = this.#closed !== null ? null : await this.#socket.read(room);
      if (count === null) return;
      this.#arrivedMs = this.#clock.monotonic();
      this.#requests.arrived(count);
    }
  }

  /** Hands a request to the dispatcher. Its bytes may be overwritten once that has returned. */
  #take(request: Uint8Array): void {
    this.#taken++;
    const exchange = this.#dispatcher.dispatch(this.info, request, this.#arrivedMs, () => {
      if (this.#exchanges[0] === exchange) queueMicrotask(() => this.#flush());
    });
    this.#exchanges.push(exchange);
    this.#count(exchange.requestBytes);
  }

  #isFull(): boolean {
    const { maxInFlightRequests, maxInFlightBytes } = this.#limits;
    return this.#exchanges.length >= maxInFlightRequests || this.#inFlightBytes >= maxInFlightBytes;
  }

  /** Whether all that was asked is answered, and the answers are written. */
  get #isAnswered(): boolean {
    return this.#exchanges.length === 0 && !this.#writing;
  }

  /** Counts requests under way, here and for all connections together. */
  #count(bytes: number): void {
    this.#budget.settle(this.#inFlightBytes, this.#inFlightBytes + bytes);
    this.#inFlightBytes += bytes;
  }

  /** Starts to write the responses that are ready, unless a write is under way: that one goes on with them. */
  #flush(): void {
    if (this.#writing || this.#closed !== null || this.#exchanges.length === 0 || !this.#exchanges[0].settled) return;
    this.#writing = true;
    this.#writeResponses().catch((error) => {
      this.#report(error);
      this.close(reasonOf(error));
    });
  }

  async #writeResponses(): Promise<void> {
    try {
      while (this.#closed === null && this.#exchanges.length > 0 && this.#exchanges[0].settled) {
        const output = this.#outputs.take();
        let counted = 0;
        try {
          this.#encodeInto(output);
          counted = Math.max(0, output.capacity - WRITE_BYTES);
          this.#budget.settle(0, counted);
          if (output.position > 0) await this.#socket.write(output.written());
        } finally {
          this.#budget.settle(counted, 0);
          this.#outputs.give(output);
        }
        this.#wake();
      }
    } finally {
      // At once with the last look: what is settled a turn later starts a write of its own.
      this.#writing = false;
    }
    this.#wake();
    if (this.#draining && this.#isAnswered) this.close(BROKER_CLOSES);
  }

  /** Encodes the responses that are ready, up to about a megabyte of them, and is done with their requests. */
  #encodeInto(output: Writer): void {
    let answered = 0;
    for (const exchange of this.#exchanges) {
      if (!exchange.settled || output.position >= WRITE_BYTES || (exchange.hangsUp && answered > 0)) break;
      exchange.encode(output);
      answered++;
    }
    const now = this.#clock.monotonic();
    for (const exchange of this.#exchanges.splice(0, answered)) {
      this.#count(-exchange.requestBytes);
      exchange.end(now);
    }
  }

  #report(error: unknown): void {
    if (this.#closed !== null) return;
    const connection = this.info.id;
    if (error instanceof UnreadableRequest) {
      const reason = error.message;
      error.field.then((field) => this.#logger.warn("closed a connection", { connection, reason, field: field ?? undefined }));
    } else if (error instanceof CloseConnection || error instanceof DecodeError) {
      this.#logger.warn("closed a connection", { connection, reason: error.message });
    } else if (!(error instanceof NetworkError)) {
      this.#logger.error("a connection failed", { connection, reason: error instanceof Error ? error.stack : String(error) });
    }
  }

  /** What was asked before the end is answered, as by Kafka, which reads a request only when the one before it has been answered. */
  async #answerTheRest(): Promise<void> {
    this.#flush();
    await this.#until(() => this.#isAnswered);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#closed === null && !condition()) await new Promise<void>((resolve) => this.#wakeReader = resolve);
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeReader = null;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

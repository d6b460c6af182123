/** @platformatic/kafka as a driver (see driver.ts). */
import type { Buffer } from "node:buffer";
import { Consumer, type Consumer as ConsumerOf, type MessagesStream, Producer } from "@platformatic/kafka";
import { Commits } from "./commits.ts";
import type { ConsumeOptions } from "./driver.ts";
import { fromHex, serve, tell, toHex, type WireRecord } from "./lines.ts";
import { codeOf, lineOf, PlatformaticSteps } from "./platformatic_steps.ts";
import type { StepRequest } from "./step_lines.ts";

/** What the coordinator answers a member that may not commit. */
const REFUSALS = ["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS", "FENCED_INSTANCE_ID"];
/** A consumer whose stream has failed is made anew after so long, as an application would do. */
const RESTART_MS = 300;
const LEAVE_LIMIT_MS = 10_000;

interface Request extends ConsumeOptions {
  id: number;
  op: string;
  records: WireRecord[];
}

const base = { bootstrapBrokers: [Deno.args[0]], clientId: "compat-platformatic", retryDelay: 200, connectTimeout: 2_000 };
let producer: Producer<Buffer, Buffer, Buffer, Buffer> | undefined;
let member: Member | undefined;

/** A commit that was not sent. */
class Rejoining extends Error {}

/** A member that goes on by a consumer of its own making whenever the one it has gives up. */
class Member {
  readonly commits: Commits;
  #consumer: ConsumerOf<Buffer, Buffer, Buffer, Buffer> | undefined;
  #stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | undefined;
  #owned: number[] = [];
  #membership: { memberId: string | null; generationId: number } = { memberId: null, generationId: 0 };
  #leaving = false;

  constructor(readonly options: ConsumeOptions) {
    this.commits = new Commits(options.commitEvery, (offsets) => this.#commit(offsets), isRefused);
  }

  /** `joined` is called when the first consumer has joined. */
  async run(joined: () => void): Promise<void> {
    while (!this.#leaving) {
      const failure = Promise.withResolvers<unknown>();
      const consumer = this.#makeConsumer(failure.resolve);
      this.#consumer = consumer;
      consumer.topics.track(this.options.topic);
      consumer.joinGroup().then(joined, failure.resolve);
      const error = await failure.promise;
      if (this.#leaving) return;
      tell("problem", { error: describe(error) });
      this.#revoke(true);
      await consumer.close(true).catch((error) => tell("problem", { error: `close: ${describe(error)}` }));
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
    }
  }

  async leave(): Promise<void> {
    await this.commits.flush();
    this.#leaving = true;
    this.#stream?.destroy();
    this.#stream = undefined;
    const limit = new Promise((resolve) => setTimeout(resolve, LEAVE_LIMIT_MS));
    await Promise.race([this.#consumer?.close(true), limit]);
  }

  /**
   * Retries are off: a commit that was refused would be sent again under the next generation, where it may lie behind what a new owner of the
   * partition has committed.
   */
  #makeConsumer(fail: (error: unknown) => void): ConsumerOf<Buffer, Buffer, Buffer, Buffer> {
    const { group, assignor, instanceId, sessionTimeoutMs } = this.options;
    const consumer = new Consumer<Buffer, Buffer, Buffer, Buffer>({
      ...base,
      retries: 0,
      groupId: group,
      ...(instanceId === undefined ? {} : { groupInstanceId: instanceId }),
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: 20_000,
      heartbeatInterval: 500,
      timeout: 30_000,
      protocols: [{ name: assignor, version: 1 }],
      autocommit: false,
      maxWaitTime: 100,
    });
    consumer.on("consumer:group:rebalance", () => this.#revoke(false));
    consumer.on("consumer:group:join", ({ generationId, assignments }) => {
      this.#revoke(true);
      this.#owned = assignments?.find(({ topic }) => topic === this.options.topic)?.partitions ?? [];
      this.#membership = { memberId: consumer.memberId, generationId: consumer.generationId };
      tell("assigned", { partitions: this.#owned, generation: generationId ?? null });
      this.#deliver(consumer).catch(fail);
    });
    // deno-lint-ignore no-explicit-any -- "error" is the emitter's own event, not one of the client's
    (consumer as any).on("error", fail);
    return consumer;
  }

  /**
   * A stream for each assignment: one that lives on through a rebalance goes on from its fetches under way, behind what it set out to deliver
   * anew from the committed offsets.
   */
  async #deliver(consumer: ConsumerOf<Buffer, Buffer, Buffer, Buffer>): Promise<void> {
    const stream = await consumer.consume({ topics: [this.options.topic], mode: "committed", fallbackMode: "earliest" });
    this.#stream?.destroy();
    this.#stream = stream;
    try {
      for await (const message of stream) {
        if (stream !== this.#stream || !this.#owned.includes(message.partition)) return;
        tell("record", { line: lineOf(message) });
        if (!this.commits.delivered(message.partition, Number(message.offset))) continue;
        const failure = await this.commits.flush();
        // The client rejoins without a word when it is a member no more.
        if (isRefused(failure) && stream === this.#stream) return this.#revoke(true);
      }
    } catch (error) {
      if (stream === this.#stream) throw error;
    }
  }

  #revoke(lost: boolean): void {
    this.commits.forget();
    if (this.#owned.length > 0) tell("revoked", { partitions: this.#owned, lost });
    this.#owned = [];
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  /** The client commits in the generation that it is in by then: while it rejoins, that is not the one in which the records were delivered. */
  async #commit(offsets: [number, number][]): Promise<void> {
    const { topic } = this.options;
    if (this.#consumer?.memberId !== this.#membership.memberId || this.#consumer?.generationId !== this.#membership.generationId) {
      throw new Rejoining("the client is on its way into another generation");
    }
    await this.#consumer?.commit({
      offsets: offsets.map(([partition, offset]) => ({ topic, partition, offset: BigInt(offset), leaderEpoch: -1 })),
    });
  }
}

await serve<Request, StepRequest>(
  {
    consume: async (options) => {
      const made = new Member(options);
      member = made;
      await new Promise<void>((resolve) => void made.run(resolve));
    },
    leave: async () => await member?.leave(),
    produce: async ({ topic, records }) => {
      producer ??= new Producer({ ...base, retries: 300, acks: -1, idempotent: true });
      const offsets: number[] = [];
      for (const [partition, timestamp, key, value, headers] of records) {
        const sent = await producer.send({
          messages: [{
            topic,
            partition: partition!,
            timestamp: BigInt(timestamp!),
            key: fromHex(key) ?? undefined,
            value: fromHex(value) ?? undefined,
            headers: new Map(headers.map(([name, text]) => [fromHex(toHex(new TextEncoder().encode(name)))!, fromHex(text)!])),
          }],
        });
        offsets.push(Number(sent.offsets![0].offset));
      }
      return offsets;
    },
  },
  describe,
  { operations: new PlatformaticSteps(Deno.args[0]).operations, codeOf },
);
Deno.exit(0);

/** All errors that this one was made of. */
function parts(error: unknown): { message?: string; apiId?: string }[] {
  const { errors = [], cause } = error as { errors?: unknown[]; cause?: unknown };
  return [error as { message?: string }, ...errors.flatMap(parts), ...(cause === undefined ? [] : parts(cause))];
}

function isRefused(error: unknown): boolean {
  return error instanceof Rejoining || (error !== undefined && parts(error).some(({ apiId }) => REFUSALS.includes(apiId ?? "")));
}

function describe(error: unknown): string {
  return parts(error).map(({ message, apiId }) => `${apiId ?? ""} ${message ?? ""}`.trim()).join("; ");
}

import assert from "node:assert/strict";
import { BrokerWorld } from "../../broker/testing/world.ts";
import { denoCompression } from "../../platform/deno/mod.ts";
import { settle, settleThrough } from "../../platform/mod.ts";
import { ErrorCode } from "../../protocol/mod.ts";
import { ApiVersions, CreatePartitions, CreateTopics, Metadata, Produce } from "../../protocol/generated/mod.ts";
import { arbitraryMessage, type Random, seededRandom } from "../../protocol/testing/arbitrary.ts";
import { encode, hasVersion } from "../../protocol/testing/walker.ts";
import { Allocations } from "./allocations.ts";
import { GoodClient } from "./client.ts";
import { definitionsOf, Judge, type Pair, pairsOf, type Verdict, walkRequest, walkResponse } from "./judge.ts";
import { Line } from "./line.ts";
import { mutate, type Part, type Sample } from "./mutations.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Frames of a run; then a healthy client must find that all works. */
export const FRAMES = 10_000;

/** Turns of the microtask queue after which an answer that needs no clock and no other client is there. */
const TURNS = 400;
/** Connections whose requests wait for time or for others; the oldest give up. */
const MAX_WAITING = 60;
/** Valid frames of each API and version to mutate, and after how many frames, about, one is replaced. */
const SAMPLES = 2;
const FRESH = 12;
/** Frames after which some time passes. */
const PERIOD = 250;
/** The most that may be asked for by size for the bytes that came and went. A buffer that grows counts each time, and a search in a log reads 64 KiB. */
const COSTS = {
  unread: { perByte: 4, fixed: 32 * 1024 },
  read: { perByte: 12, fixed: 1 << 20 },
  // A byte of LZ4 becomes 255, in a buffer that doubles.
  inflated: { perByte: 520, fixed: 1 << 20 },
};
/** On top of that where something is written: one frame may make ten thousand partitions. One that is only to be validated makes as many, and drops them. */
const WRITTEN = 8 << 20;
const VALIDATED: readonly number[] = [CreateTopics.key, CreatePartitions.key];
/** One frame in so many is followed by a look at all that clients can see. */
const LOOK = 50;
/** In runs whose seed is a multiple of it, topics are made by whoever asks for them. */
const CREATING = 4;
const HOUR = 3_600_000;
/** The longest that a request may ask to wait: an int32 of milliseconds. */
const LONGEST_WAIT = 2 ** 31;

/** What became of the frames of one API in one version. */
export interface Tally {
  /** Frames that were made from its requests. */
  made: number;
  /** Frames that were read as its requests: its handler has seen them. */
  reached: number;
  /** Answers without any error code but 0. */
  fine: number;
}

/** By name and version, `Fetch v12`. */
export type Tallies = Map<string, Tally>;

/** A connection, and what is still owed on it. */
interface Waiting {
  readonly line: Line;
  readonly owed: Verdict[];
  readonly sent: Uint8Array;
  /** It may be hung up, for a Produce with acks=0 that failed. */
  mayEnd: boolean;
  /** All answers so far were nothing but errors. */
  refused: boolean;
}

/** One seed: a broker in memory, and frames to all of its handlers. Throws at the first that is not met as it has to be. */
export class FuzzRun {
  readonly #seed: number;
  readonly #random: Random;
  readonly #vocabulary: Vocabulary;
  readonly #tallies: Tallies;
  #pairs: Pair[] = [];
  readonly #samples = new Map<Pair, Sample[]>();
  readonly #waiting: Waiting[] = [];
  readonly #allocations = new Allocations();
  #world!: BrokerWorld;
  #good!: GoodClient;
  #judge!: Judge;
  #line: Line | null = null;
  /** How many events of the log have been seen. */
  #looked = 0;
  #heardBytes = 0;

  private constructor(seed: number, tallies: Tallies) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
    this.#vocabulary = new Vocabulary(this.#random);
    this.#tallies = tallies;
  }

  /** Sends `frames` frames; adds to `tallies` what they came to. */
  static async run(seed: number, tallies: Tallies, frames = FRAMES): Promise<void> {
    await new FuzzRun(seed, tallies).#run(frames);
  }

  /** Sends these bytes, each on a connection that has had no other, to a broker with a few topics and a group. */
  static async replay(finds: readonly Uint8Array[]): Promise<void> {
    await new FuzzRun(CREATING, new Map()).#run(finds.length, finds);
  }

  async #run(frames: number, finds?: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#start();
      for (let i = 0; i < frames; i++) {
        if (i % PERIOD === 0) await this.#passTime();
        if (finds !== undefined) this.#line = null;
        await this.#send(finds?.[i] ?? this.#bytes());
      }
      await this.#end();
    } finally {
      this.#allocations.stop();
    }
  }

  async #start(): Promise<void> {
    const seed = this.#seed;
    const properties = {
      "auto.create.topics.enable": seed % CREATING === 0,
      "group.initial.rebalance.delay.ms": seed % 2 === 0 ? 0 : 100,
      "offsets.topic.num.partitions": 2,
      // What looks after logs every few seconds has nothing to do here, and weeks pass at the end.
      "log.cleaner.backoff.ms": LONGEST_WAIT - 1,
      "log.flush.offset.checkpoint.interval.ms": LONGEST_WAIT - 1,
      "offsets.retention.check.interval.ms": 24 * HOUR,
    };
    this.#world = await BrokerWorld.start(seed, { durability: "memory", properties, clientTelemetry: () => {} }, denoCompression);
    this.#good = await GoodClient.connect(this.#world);
    const client = await this.#world.connect();
    const software = { clientSoftwareName: "fuzz", clientSoftwareVersion: "1" };
    const { apiKeys } = await client.call(ApiVersions, 4, software);
    client.close();
    const specs = definitionsOf(apiKeys);
    this.#judge = new Judge(specs);
    this.#pairs = specs.flatMap(pairsOf);
    for (const pair of this.#pairs) this.#samples.set(pair, Array.from({ length: SAMPLES }, () => this.#newSample(pair)));
  }

  /** Some time passes, and what frames need in order to come far is made anew where they have destroyed it. */
  async #passTime(): Promise<void> {
    const { clock } = this.#world.platform;
    await settleThrough(clock, this.#random(2000));
    for (const topic of ["orders", "payments"]) await this.#good.ensureTopic(topic);
    await this.#good.findCoordinator("readers");
    // Other frames know the first two groups by name and disturb them; the third is left to its member.
    if (this.#random(3) === 0) await this.#newMember(["readers", "writers", "calm", "calm"][this.#random(4)]);
    for (const waiting of this.#waiting.splice(0)) {
      if (!this.#met(waiting)) this.#waiting.push(waiting);
    }
    while (this.#waiting.length > MAX_WAITING) this.#waiting.shift()!.line.close();
  }

  /** A member joins, and frames that name members name this one: it is there until the group has to wait for it. */
  async #newMember(groupId: string): Promise<void> {
    const client = await GoodClient.connect(this.#world);
    const joined = await client.join(groupId);
    client.close();
    if (joined === null) return;
    const { memberId, generationId } = joined;
    const named = { groupInstanceId: null, protocolType: "consumer", protocolName: "range" };
    this.#vocabulary.learn({ groupId, memberId, generationId, generationIdOrMemberEpoch: generationId, ...named });
    for (const [pair, samples] of this.#samples) {
      if ("groupId" in pair.spec.request) samples[this.#random(SAMPLES)] = this.#newSample(pair);
    }
  }

  /** Sends what is one frame as a rule, and sees to it that all comes of it that has to, and nothing else. */
  async #send(sent: Uint8Array): Promise<void> {
    const { owed, left } = this.#judge.verdicts(sent);
    for (const verdict of owed) if (verdict.outcome !== "closed") this.#tally(verdict.pair).reached++;
    const { network, disk } = this.#world.platform;
    const line = this.#line ?? new Line(await network.connect({ hostname: "127.0.0.1", port: this.#world.broker.port }));
    this.#line = null;
    const look = this.#random(LOOK) === 0 ? await this.#good.look() : null;
    // What earlier frames began is over, as far as it needs no clock.
    await settle();
    const before = disk.operations;
    this.#allocations.take();
    this.#heardBytes = 0;
    const waiting: Waiting = { line, owed: [...owed], sent, mayEnd: false, refused: true };
    line.send(sent);
    for (let turn = 0; turn < TURNS && !this.#met(waiting); turn++) await null;
    if (!this.#met(waiting)) await settle();
    const met = this.#met(waiting);
    this.#checkAllocations(sent, owed, disk.operations > before);
    if (!met) {
      this.#waiting.push(waiting);
    } else if (left === 0 && owed.every(({ outcome }) => outcome === "answered")) {
      this.#line = line;
    } else {
      line.close();
    }
    if (met && waiting.refused && !waiting.mayEnd) {
      if (disk.operations !== before) throw new Error(`a refused frame wrote something: ${hex(sent)}`);
      if (look !== null) assert.equal(await this.#good.look(), look, `a refused frame changed something: ${hex(sent)}`);
    }
    this.#lookAtTheLog(sent);
  }

  /** A frame that cannot be read costs its size and the connection; one that is answered some more. */
  #checkAllocations(sent: Uint8Array, owed: readonly Verdict[], wrote: boolean): void {
    const asked = this.#allocations.take();
    const read = owed.flatMap((verdict) => verdict.outcome === "closed" ? [] : [verdict.pair.spec.key]);
    const { perByte, fixed } = COSTS[read.length === 0 ? "unread" : read.includes(Produce.key) ? "inflated" : "read"];
    const writes = wrote || read.some((key) => VALIDATED.includes(key));
    if (asked <= perByte * (sent.length + this.#heardBytes) + fixed + (writes ? WRITTEN : 0)) return;
    throw new Error(`${asked} bytes or elements were asked for ${sent.length} bytes: ${hex(sent)}`);
  }

  /** A mutated frame; now and then some of them behind each other. */
  #bytes(): Uint8Array {
    const frames = Array.from({ length: this.#random(32) === 0 ? 2 + this.#random(3) : 1 }, () => {
      const pair = this.#pairs[this.#random(this.#pairs.length)];
      this.#tally(pair).made++;
      if (this.#random(FRESH) === 0) this.#samples.get(pair)![this.#random(SAMPLES)] = this.#newSample(pair);
      return mutate(this.#sample(pair), this.#sample(this.#pairs[this.#random(this.#pairs.length)]), this.#random);
    });
    if (frames.length === 1) return frames[0];
    return Uint8Array.from(frames.flatMap((frame) => [...frame]));
  }

  #sample(pair: Pair): Sample {
    return this.#samples.get(pair)![this.#random(SAMPLES)];
  }

  #newSample(pair: Pair): Sample {
    const { spec, version } = pair;
    this.#vocabulary.nextMessage();
    const message = arbitraryMessage(spec.request, version, this.#random, this.#vocabulary.suggest);
    const compact = hasVersion(spec.flexible, version);
    const bytes = Uint8Array.from([
      ...[spec.key >> 8, spec.key, version >> 8, version, 0, 0, this.#random(256), this.#random(256)],
      ...[0, 4, 102, 117, 122, 122, ...(compact ? [0] : [])],
      ...encode(spec.request, spec.flexible, version, message),
    ]);
    const parts: Part[] = [];
    const { body } = walkRequest(pair, bytes, (kind, name, start, end) => parts.push({ kind, name, start, end }));
    return { bytes, parts, body, compact };
  }

  /** Takes the answers that have come. Answers whether nothing is owed any more; throws when something else came than is owed. */
  #met(waiting: Waiting): boolean {
    const { line, owed, sent } = waiting;
    while (owed.length > 0) {
      const [verdict] = owed;
      if (verdict.outcome === "closed") {
        if (line.frames.length > 0) throw new Error(`answered, though ${verdict.why}: ${hex(sent)}`);
        if (!line.closed) return false;
      } else if (verdict.outcome === "answered") {
        const frame = line.frames.shift();
        if (frame === undefined) {
          if (!line.closed) return false;
          if (waiting.mayEnd) return true;
          throw new Error(`hung up on ${nameOf(verdict.pair)}: ${hex(sent)}`);
        }
        const codes = this.#hear(verdict.pair, verdict.correlationId, frame, sent);
        waiting.refused &&= !verdict.mayChange && !this.#makesTopics(verdict.pair) && codes.length > 0 && !codes.includes(ErrorCode.NONE);
      } else {
        waiting.mayEnd = true;
      }
      owed.shift();
    }
    if (line.frames.length > 0) throw new Error(`an answer to nothing: ${hex(sent)}`);
    return true;
  }

  /** Whether it is a Metadata in a run in which these make the topics that they miss, of which the answer tells the next time. */
  #makesTopics({ spec }: Pair): boolean {
    return spec.key === Metadata.key && this.#seed % CREATING === 0;
  }

  /** Reads an answer, and answers all the error codes in it. */
  #hear(pair: Pair, correlationId: number, frame: Uint8Array, sent: Uint8Array): number[] {
    this.#heardBytes += frame.length;
    const codes: number[] = [];
    const view = new DataView(frame.buffer, frame.byteOffset);
    try {
      walkResponse(pair, correlationId, frame, (kind, name, start, end) => {
        if (name === "errorCode") codes.push(view.getInt16(start));
        this.#vocabulary.hear(kind, name, frame.subarray(start, end));
      });
    } catch (error) {
      throw new Error(`${nameOf(pair)} was answered with ${hex(frame)}, asked by ${hex(sent)}`, { cause: error });
    }
    if (codes.every((code) => code === ErrorCode.NONE)) this.#tally(pair).fine++;
    return codes;
  }

  #lookAtTheLog(sent: Uint8Array): void {
    const { events } = this.#world.platform.logger;
    for (; this.#looked < events.length; this.#looked++) {
      const { level, message, facts } = events[this.#looked];
      if (level === "error") throw new Error(`${message}: ${facts.reason ?? JSON.stringify(facts)}\n${hex(sent)}`);
    }
  }

  #tally(pair: Pair): Tally {
    const name = nameOf(pair);
    let tally = this.#tallies.get(name);
    if (tally === undefined) this.#tallies.set(name, tally = { made: 0, reached: 0, fine: 0 });
    return tally;
  }

  /** Whatever waits has its end, at the latest when its time is over; then all is as it should be. */
  async #end(): Promise<void> {
    this.#line?.close();
    await settleThrough(this.#world.platform.clock, LONGEST_WAIT);
    for (const waiting of this.#waiting.splice(0)) {
      if (!this.#met(waiting)) {
        throw new Error(`${waiting.owed.map(({ outcome }) => outcome).join(", ")}: that never came of ${hex(waiting.sent)}`);
      }
      waiting.line.close();
    }
    this.#good.close();
    const healthy = await GoodClient.connect(this.#world);
    await healthy.work("after-all");
    healthy.close();
    const closing = this.#world.broker.close();
    await settleThrough(this.#world.platform.clock, 10_000);
    await closing;
    this.#lookAtTheLog(new Uint8Array(0));
  }
}

function nameOf({ spec, version }: Pair): string {
  return `${spec.name} v${version}`;
}

/** All of a frame that can be read by a person. */
function hex(bytes: Uint8Array): string {
  if (bytes.length > 2000) return `${hex(bytes.subarray(0, 2000))}... (${bytes.length} bytes)`;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

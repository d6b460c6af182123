import assert from "node:assert/strict";
import { type DiskFault, type DiskOperation, SeededRandom, settle, settleThrough, SimulatedDisk } from "../../platform/mod.ts";
import { defaultLogConfig, type Log, type LogConfig, LogManager, StorageError, StorageStartError } from "../mod.ts";
import { appendVerified, logsForKafka, platformOn, type TestPlatform } from "../testing.ts";
import { CompactedModel } from "./compacted_model.ts";
import { PartitionModel, type Written } from "./crash_model.ts";

/** What ends the process, and whether consumers see only what is durable. */
interface CrashCase {
  readonly how: "kill" | "power cut";
  readonly visibleWhenDurable: boolean;
}

const CASES: readonly CrashCase[] = (["kill", "power cut"] as const).flatMap((how) =>
  [false, true].map((visibleWhenDurable) => ({ how, visibleWhenDurable }))
);

const DIRECTORY = "/data";
const STEPS = 25;
/** After the crash. */
const MORE_STEPS = 8;
const TOPICS = ["a", "b"];
const PRODUCERS = 3;
/** Disk operations that a start makes, about: one that ends sooner is repeated. */
const START_OPERATIONS = 30;
/** What must not fail: a sync, and to take back what was written in part. */
const FENCES: ReadonlySet<DiskOperation> = new Set(["sync", "syncDirectory", "truncate"]);
const UNLIMITED = { retentionBytes: -1, retentionMs: -1 };
/** What the second topic may be like; the first is not compacted. */
const CLEANUPS = [{ compact: false, delete: true }, { compact: true, delete: false }, { compact: true, delete: true }];

/**
 * A data directory with two partitions, what is done to them, and what they have promised. Everything follows from the seed, so that the same happens on every
 * disk up to the operation on which it ends.
 */
class CrashWorld {
  readonly #random: SeededRandom;
  readonly #configs: ReadonlyMap<string, LogConfig>;
  readonly #options: NonNullable<Parameters<typeof LogManager.open>[2]>;
  #env!: TestPlatform;
  #manager: LogManager | null = null;
  /** What the metadata log knows of, which is durable before anything is made or removed. */
  readonly #models = new Map<string, PartitionModel>();
  readonly #logs = new Map<string, Log>();
  #leaderEpoch = 0;
  #topicsMade = 0;
  /** Of the clocks of all lives together. */
  #elapsed = 0;
  /** What the last crash has left. */
  #forKafka: ReturnType<typeof logsForKafka> = new Map();
  /** What nobody waited for yet. */
  readonly #underWay: Promise<void>[] = [];

  constructor(seed: number, public disk: SimulatedDisk, private readonly kind: CrashCase) {
    this.#random = new SeededRandom(seed);
    const below = (limit: number) => this.#random.below(limit);
    const sizes = { segmentBytes: 150 + below(500), indexIntervalBytes: below(200), fileDeleteDelayMs: below(2) * 1000 };
    const dirt = { minCleanableDirtyRatio: below(2) / 2, deleteRetentionMs: below(2) * below(30_000) };
    const config = { ...defaultLogConfig, ...sizes, segmentMs: 1 + below(5000), ...UNLIMITED, ...dirt };
    this.#configs = new Map(TOPICS.map((topic, index) => [topic, { ...config, ...CLEANUPS[index * below(CLEANUPS.length)] }]));
    this.#options = {
      visibleWhenDurable: kind.visibleWhenDurable,
      maxOpenFiles: below(3) === 0 ? 2 : 100,
      cleanerMap: { bytes: 24 * (2 + below(30)), loadFactor: 0.9 },
    };
  }

  /** Does `steps` things, until the disk ends. Answers whether it did not. */
  async run(steps: number): Promise<boolean> {
    try {
      if (this.#manager === null) await this.#start();
      for (let step = 0; step < steps; step++) {
        await this.#survive(() => this.#step());
        if (this.disk.failed.length > 0) await this.#goesOn();
        this.#look();
      }
      await Promise.all(this.#underWay.splice(0));
    } catch (error) {
      if (!this.disk.hasEnded) throw error;
    }
    // Answers that were on their way still come.
    await Promise.allSettled(this.#underWay.splice(0));
    await settle();
    this.#look();
    return !this.disk.hasEnded;
  }

  /** An operation that fails is an error for whoever asked for it, and the broker goes on. */
  async #survive(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isMeant = error instanceof StorageError || error instanceof StorageStartError;
      if (this.disk.hasEnded || this.disk.failed.length === 0 || !isMeant) throw error;
    }
  }

  /** After operations have failed: all is read that was, and a log takes writes again unless nobody knows any more what stands on the disk. */
  async #goesOn(): Promise<void> {
    for (const [topic, log] of this.#logs) {
      const model = this.#models.get(topic)!;
      if (log.isFenced) assert.ok(this.disk.failed.some((operation) => FENCES.has(operation)), `fenced by ${this.disk.failed}`);
      await this.#survive(() => model.checkReads(log));
    }
  }

  /** Ends the process and begins the next one, on a disk that ends before its operation `endsAt`; what it finds is held against what was promised. */
  async crash(endsAt = Infinity): Promise<void> {
    // The power may go after the process has gone too: then it takes what the next process took over.
    const isKill = this.kind.how === "kill" || this.#random.below(3) === 0;
    const left = isKill ? this.disk.kill() : this.disk.crash();
    this.#forKafka = logsForKafka(left);
    // That was no operation of this world's.
    this.disk = left.kill();
    this.disk.endAt(endsAt);
    try {
      await this.#start();
    } catch (error) {
      if (!this.disk.hasEnded) throw error;
    }
  }

  /** Stops in good order; nothing is lost by that. */
  async stop(): Promise<void> {
    for (const model of this.#models.values()) model.durable = model.end;
    const starts = [...this.#logs].map(([topic, log]): [string, number] => [`${topic}-0`, log.logStartOffset]);
    await this.#manager!.close();
    this.#manager = null;
    assert.ok(!this.disk.list(DIRECTORY).includes("dirty"), "a clean stop");
    const kafka = logsForKafka(this.disk);
    for (const [name, start] of starts) {
      const found = kafka.get(name);
      if (found !== undefined) assert.equal(Math.max(found.first, found.start), start, `where Kafka lets ${name} start`);
    }
  }

  /** Starts until that works. */
  async #start(): Promise<void> {
    this.#manager = null;
    while (this.#manager === null) await this.#survive(() => this.#tryToStart());
  }

  /** As a broker starts (`openMetadata`): leader epochs go up after a crash, strays are put aside, logs are opened. */
  async #tryToStart(): Promise<void> {
    const { how, visibleWhenDurable } = this.kind;
    this.#logs.clear();
    this.#env = platformOn(this.disk, this.#random.below(1 << 30));
    this.#env.clock.advance(this.#elapsed);
    const manager = await LogManager.open(this.#env, DIRECTORY, this.#options);
    if (manager.uncleanStart) this.#leaderEpoch++;
    try {
      await manager.setStraysAside((topic, _, topicId) => {
        const model = this.#models.get(topic);
        return model !== undefined && (topicId === null || topicId === model.topicId);
      });
    } catch (error) {
      await manager.abandon();
      throw error;
    }
    this.#manager = manager;
    for (const [topic, model] of this.#models) {
      await this.#survive(async () => {
        const log = await this.#open(topic, model);
        model.check(log, { appended: how === "kill", seen: visibleWhenDurable });
        const found = this.#forKafka.get(`${topic}-0`);
        if (found?.topicId === model.topicId) assert.ok(found.start <= log.logStartOffset, `Kafka removes all below ${found.start}`);
      });
    }
    if (this.disk.failed.length > 0) return;
    const durable = [...this.#models].filter(([, model]) => model.durable > 0).map(([topic]) => `${DIRECTORY}/${topic}-0`);
    const complaints = this.#env.logger.events.filter(({ level, message, facts }) =>
      level === "error" || (/no readable metadata/.test(message) && durable.includes(String(facts.directory)))
    );
    assert.deepEqual(complaints, [], "a crash damages nothing, and what is durable is known to be whose it is");
  }

  async #open(topic: string, { topicId }: PartitionModel): Promise<Log> {
    const log = await this.#manager!.openLog({ topic, topicId, partition: 0 }, this.#configs.get(topic)!);
    assert.ok(log.latestEpoch <= this.#leaderEpoch, "a leader epoch that nobody had");
    this.#logs.set(topic, log);
    return log;
  }

  #look(): void {
    for (const [topic, log] of this.#logs) this.#models.get(topic)?.look(log);
  }

  async #step(): Promise<void> {
    const topic = TOPICS[this.#random.below(TOPICS.length)];
    const [model, log] = [this.#models.get(topic), this.#logs.get(topic)];
    if (model === undefined) return await this.#create(topic);
    // It could not be opened: the next start tries again.
    if (log === undefined) return await this.#reopen();
    const kind = this.#random.below(40);
    if (kind < 20) return this.#append(log, model, this.#next(model));
    if (kind < 23) return this.#append(log, model, this.#endOfTransaction(model));
    if (kind < 28) return await this.#flush(log, model);
    if (kind < 30) return this.#deleteRecords(log, model);
    if (kind < 32) return this.#configure(log);
    if (kind < 37) return await this.#pass([50, 1_000, 15_000, 60_000, 300_000][this.#random.below(5)]);
    if (kind < 38) return await this.#remove(topic);
    if (kind < 39) return await this.#reopen();
  }

  async #create(topic: string): Promise<void> {
    const topicId = `${++this.#topicsMade}`.padStart(22, "t");
    const { compact, deleteRetentionMs } = this.#configs.get(topic)!;
    const model = compact ? new CompactedModel(topicId, deleteRetentionMs) : new PartitionModel(topicId);
    this.#models.set(topic, model);
    await this.#open(topic, model);
  }

  /** The topic is gone when the metadata log says so; its files go then, or if that fails are put aside by a start. */
  async #remove(topic: string): Promise<void> {
    this.#models.delete(topic);
    this.#logs.delete(topic);
    await Promise.allSettled(this.#underWay.splice(0));
    await this.#manager!.removeLog(topic, 0);
  }

  /** A batch of nobody, of a producer, or of a producer's transaction. */
  #next(model: PartitionModel): Written {
    const producerId = this.#random.below(3) === 0 ? null : 7 + this.#random.below(PRODUCERS);
    const sent = producerId === null ? [] : model.of(producerId);
    const last = sent.at(-1);
    const baseSequence = producerId === null ? -1 : last === undefined ? 0 : last.baseSequence + last.count;
    // The first producer writes transactions, of which the next batch of the same kind is a part.
    const kind = producerId === 7 ? "transactional" : "plain";
    return this.#batch(model, { producerId, baseSequence, kind, count: 1 + this.#random.below(3) });
  }

  #endOfTransaction(model: PartitionModel): Written {
    const kind = this.#random.below(2) === 0 ? "commit" : "abort";
    return this.#batch(model, { producerId: 7, baseSequence: -1, kind, count: 1 });
  }

  #batch(model: PartitionModel, what: Pick<Written, "producerId" | "baseSequence" | "kind" | "count">): Written {
    const timestamp = this.#env.clock.now() - this.#random.below(500);
    return model.encode({ ...what, baseOffset: model.end, timestamp, leaderEpoch: this.#leaderEpoch });
  }

  #append(log: Log, model: PartitionModel, batch: Written): void {
    const mustDo = !log.isFenced && !this.disk.isFailing;
    if (!log.isFenced) model.attempts.push(batch);
    let baseOffset: number;
    try {
      const bytes = batch.bytes.slice();
      const leaderEpoch = this.#leaderEpoch;
      const isPlain = batch.kind === "plain";
      baseOffset = (isPlain ? log.append(bytes, { leaderEpoch, origin: "client" }) : appendVerified(log, bytes, leaderEpoch)).baseOffset;
    } catch (error) {
      assert.ok(!mustDo || this.disk.hasEnded, `a log takes writes again when the disk does, not: ${error}`);
      throw error;
    }
    assert.equal(baseOffset, batch.baseOffset);
    model.batches.push(batch);
    model.attempts.pop();
  }

  /** Waited for at once, or while other things go on. */
  async #flush(log: Log, model: PartitionModel): Promise<void> {
    const { end } = model;
    const flushed = log.flush().then(() => void (model.durable = Math.max(model.durable, end)));
    if (this.#random.below(2) === 0) return await flushed;
    this.#goOn(flushed);
  }

  #deleteRecords(log: Log, model: PartitionModel): void {
    const offset = this.#random.below(log.highWatermark + 1);
    model.mayStartAt = Math.max(model.mayStartAt, offset);
    this.#goOn(log.deleteRecordsBefore(offset).then((start) => void (model.startedAt = Math.max(model.startedAt, start, offset))));
  }

  #configure(log: Log): void {
    const retentionBytes = this.#random.below(2) === 0 ? -1 : this.#random.below(1000);
    const retentionMs = this.#random.below(2) === 0 ? -1 : this.#random.below(100_000);
    log.config = { ...log.config, retentionBytes, retentionMs };
  }

  /** What is done by the clock is done: checkpoints, retention, compaction, the end of deleted files. */
  async #pass(ms: number): Promise<void> {
    this.#elapsed += ms;
    const now = this.#env.clock.now() + ms;
    for (const [topic, log] of this.#logs) {
      const model = this.#models.get(topic)!;
      if (model instanceof CompactedModel) model.mayCompact(now);
      if (log.config.delete) model.mayStartAt = Math.max(model.mayStartAt, model.retentionMayReach(now, log.config));
    }
    const { clock, pending } = this.#env;
    await settleThrough(clock, ms);
    await pending.idle();
    for (const [topic, log] of this.#logs) {
      const model = this.#models.get(topic);
      if (model instanceof CompactedModel) model.checkReads(log);
    }
  }

  async #reopen(): Promise<void> {
    await Promise.all(this.#underWay.splice(0));
    await this.#survive(async () => {
      await this.#manager!.close();
      for (const topic of this.#logs.keys()) this.#models.get(topic)!.durable = this.#models.get(topic)!.end;
    });
    await this.#start();
  }

  /** What fails because the disk has ended, or fails, is no news. */
  #goOn(work: Promise<void>): void {
    this.#underWay.push(work.catch((error) => {
      if (!(error instanceof StorageError) || !(this.disk.hasEnded || this.disk.failed.length > 0)) throw error;
    }));
  }
}

/** How many disk operations the story of a seed makes: a crash may come before each of them. */
async function operationsOf(story: number, kind: CrashCase): Promise<number> {
  const world = new CrashWorld(story, new SimulatedDisk(new SeededRandom(1)), kind);
  assert.ok(await world.run(STEPS), "without a crash the story comes to its end");
  return world.disk.operations;
}

/** Ends the disk before operation `at`, and some starts after that too; holds what there is against what was promised; goes on, stops and looks again. */
async function crashAt(story: number, kind: CrashCase, at: number): Promise<void> {
  const random = new SeededRandom(at);
  const world = new CrashWorld(story, new SimulatedDisk(random), kind);
  world.disk.endAt(at);
  await world.run(STEPS);
  for (let interrupted = random.below(3); interrupted > 0; interrupted--) await world.crash(1 + random.below(START_OPERATIONS));
  await world.crash();
  assert.ok(await world.run(MORE_STEPS));
  await world.stop();
  await world.run(1);
}

/** What can be wrong with a disk, and what fails then. */
const FAULTS: readonly Pick<DiskFault, "code" | "operations">[] = [
  { code: "ENOSPC", operations: new Set(["append", "makeDirectory"]) },
  { code: "EMFILE", operations: new Set(["open"]) },
  { code: "EROFS", operations: new Set(["makeDirectory", "open", "rename", "remove", "append", "truncate"]) },
  { code: "EIO", operations: new Set(["append"]) },
  { code: "EIO", operations: new Set(["sync", "syncDirectory"]) },
  // Without syncs: what they have lost must at least be noted somewhere.
  { code: "EIO", operations: new Set(["open", "makeDirectory", "rename", "remove", "append", "truncate"]) },
];

/** The disk fails from operation `from` on, for one operation or for some; the story goes on, then the process or the power ends. */
async function failAt(story: number, kind: CrashCase, from: number): Promise<void> {
  const random = new SeededRandom(from);
  const world = new CrashWorld(story, new SimulatedDisk(random), kind);
  const fault = FAULTS[random.below(FAULTS.length)];
  const until = from + (random.below(2) === 0 ? 1 : 1 + random.below(20));
  world.disk.fail({ ...fault, from, until, written: random.below(100) });
  await world.run(STEPS + MORE_STEPS);
  await world.crash();
  assert.ok(await world.run(MORE_STEPS));
  await world.stop();
  await world.run(1);
}

/**
 * Runs the story of `story` once for each crash point, or for some of them: `points` chosen by chance. Answers how many crashes that were. A story is told of one kind of
 * crash: kill or power cut, with a high watermark that waits for the disk or not.
 */
export function runCrashes(story: number, points = Infinity): Promise<number> {
  return runPoints(story, points, crashAt);
}

/** The same with a disk that fails where else it would end. */
export function runFaults(story: number, points = Infinity): Promise<number> {
  return runPoints(story, points, failAt);
}

async function runPoints(story: number, points: number, run: typeof crashAt): Promise<number> {
  const kind = CASES[story % CASES.length];
  const operations = await operationsOf(story, kind);
  const random = new SeededRandom(story);
  const all = points >= operations;
  const count = all ? operations : points;
  for (let point = 1; point <= count; point++) {
    const at = all ? point : 1 + random.below(operations);
    await run(story, kind, at).catch((cause) => {
      const again = `deno run -A sim/long.ts ${run === crashAt ? "logs" : "faults"} --runs 1 --seed ${story}`;
      throw new Error(`story ${story}, ${kind.how}, at disk operation ${at} of ${operations}; again: ${again}`, { cause });
    });
  }
  return count;
}

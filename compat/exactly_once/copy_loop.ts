/** A broker that is killed again and again while copiers copy one topic to another, and die, sleep and are replaced themselves; and what must be there at the end. */

import { type Random, SeededRandom } from "../../platform/mod.ts";
import type { WireClient } from "../../broker/testing/wire_client.ts";
import { BrokerProcess } from "../broker_process.ts";
import { ConsoleReader } from "../clients/console.ts";
import { removeIfThere } from "../prepare.ts";
import { type Child, waitUntil } from "../processes.ts";
import { freePort } from "../target.ts";
import { connectWire } from "../wire.ts";
import { countCopied, countInput, expelMembers, fill, makeTopics, markOutput } from "./copied_topics.ts";
import { type CopierKind, OUTPUT } from "./copiers.ts";
import { outputOf } from "./output.ts";

/** Of so many of the other kills one comes while the broker starts, or while its clients come back. */
const KILLS_FOR_ONE_EARLY = 4;
/** Of so many kills one follows the end of a copier. */
const KILLS_FOR_ONE_END = 3;
/** Between two events at most so many records are copied. */
const MAX_PROGRESS = 400;
const STUCK_MS = 120_000;
/** Sessions of our own copiers are short; segments roll and are compacted now and then. */
const SETTINGS = [
  "group.initial.rebalance.delay.ms=0",
  "group.min.session.timeout.ms=500",
  "log.segment.bytes=1048576",
  "offsets.topic.segment.bytes=1048576",
  "transaction.state.log.segment.bytes=1048576",
  "transaction.abort.timed.out.transaction.cleanup.interval.ms=500",
  "log.cleaner.backoff.ms=1000",
  "log.cleaner.min.cleanable.ratio=0.01",
];

export interface CopyLoopOptions {
  readonly copier: CopierKind;
  readonly kills: number;
  readonly seed: number;
  /** An empty directory: `data` in it is the broker's. */
  readonly dir: string;
}

/** What the loop went through. */
export interface CopyCounts {
  /** Of the broker's kills those before its clients had come back. */
  early: number;
  /** Copiers that were killed. */
  killed: number;
  /** Of those the ones that lost their directory as well. */
  wiped: number;
  /** Copiers that slept while another took their place. */
  slept: number;
  /** Copiers that ran while another took their place. */
  replaced: number;
  /** Copiers that ended by themselves, and were started again. */
  ended: number;
  /** Records, each copied once. */
  copies: number;
}

/** Kills the broker `kills` times. Throws when nothing is copied any more, or at the end the output is not the input. */
export async function copyLoop(options: CopyLoopOptions): Promise<CopyCounts> {
  const loop = new CopyLoop(options);
  let kill = 0;
  try {
    await loop.begin();
    while (kill < options.kills) await loop.kill(++kill);
    return await loop.end();
  } catch (cause) {
    throw new Error(`after kill ${kill} of seed ${options.seed}: ${cause}\n${loop.tails()}`, { cause });
  } finally {
    await loop.abandon();
  }
}

interface Copier {
  id: string;
  child: Child;
}

class CopyLoop {
  readonly #counts: CopyCounts = { early: 0, killed: 0, wiped: 0, slept: 0, replaced: 0, ended: 0, copies: 0 };
  readonly #random: Random;
  readonly #port = freePort();
  readonly #copiers: Copier[] = [];
  /** Copiers whose place another has taken. */
  #fenced: Child[] = [];
  #broker: BrokerProcess;
  #readyMs = 0;

  constructor(private readonly options: CopyLoopOptions) {
    this.#random = new SeededRandom(options.seed);
    this.#broker = this.#startBroker();
  }

  get #bootstrap(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async begin(): Promise<void> {
    await this.#withClient(async (client) => {
      await makeTopics(client);
      for (let n = 0; n < this.options.copier.members; n++) {
        const id = `copier-${n}`;
        this.#copiers.push({ id, child: await this.#startCopier(id) });
      }
      await this.#progress(client);
    });
    await this.#broker.kill9();
  }

  async kill(n: number): Promise<void> {
    const started = performance.now();
    this.#broker = this.#startBroker();
    const endsCopier = n % KILLS_FOR_ONE_END === 0;
    if (!endsCopier && this.#random.below(KILLS_FOR_ONE_EARLY) === 0) {
      this.#counts.early++;
      await new Promise((resolve) => setTimeout(resolve, this.#readyMs * this.#random.below(2_000) / 1_000));
    } else {
      await this.#withClient(async (client) => {
        this.#readyMs = performance.now() - started;
        await this.#progress(client);
        await this.#endFenced(client);
        if (!endsCopier) return;
        await this.#endCopier(client);
        await this.#progress(client);
      });
    }
    await this.#broker.kill9();
  }

  /** Everything is copied; then the copies are looked at. */
  async end(): Promise<CopyCounts> {
    this.#broker = this.#startBroker();
    await this.#withClient(async (client) => {
      await this.#endFenced(client);
      const ends = await countInput(client);
      const all = ends.reduce((sum, end) => sum + end, 0);
      const reader = new ConsoleReader(this.#bootstrap, OUTPUT);
      await this.#until(`${all} copies are read`, () => reader.lines.length >= all);
      await this.#endChildren();
      await markOutput(client);
      await waitUntil("the marks are read", STUCK_MS, () => reader.lines.length >= all + ends.length);
      await reader.end();
      const problems = this.options.copier.problems(ends, outputOf(reader.lines, ends.length));
      if (problems.length > 0) throw new Error(problems.join("\n"));
      this.#counts.copies = all;
    });
    await this.#broker.stop();
    return this.#counts;
  }

  tails(): string {
    return this.#copiers.map(({ id, child }) => `${id}:\n${child.tail.slice(-20).join("\n")}`).join("\n");
  }

  /** Leaves no process behind. */
  async abandon(): Promise<void> {
    await this.#endChildren();
    await this.#broker.abandon();
  }

  /** A copier dies, sleeps or becomes one too many; the next one with its transactional id begins. */
  async #endCopier(client: WireClient): Promise<void> {
    const copier = this.#copiers[this.#random.below(this.#copiers.length)];
    const how = (["killed", "slept", "replaced"] as const)[this.#random.below(3)];
    this.#counts[how]++;
    if (how === "killed") {
      copier.child.kill("SIGKILL");
      await copier.child.exited;
      if (this.#random.below(2) === 0) {
        this.#counts.wiped++;
        await removeIfThere(this.#dirOf(copier.id));
      }
    } else {
      if (!this.options.copier.endsFenced) copier.id += "+";
      if (how === "slept") copier.child.kill("SIGSTOP");
      this.#fenced.push(copier.child);
    }
    copier.child = await this.#startCopier(copier.id);
    if (how !== "replaced") await expelMembers(client);
  }

  /** Copiers whose place was taken wake up and see their end; those that cannot see it go on for a while and are killed. */
  async #endFenced(client: WireClient): Promise<void> {
    if (this.#fenced.length === 0) return;
    for (const child of this.#fenced) child.kill("SIGCONT");
    if (!this.options.copier.endsFenced) {
      await this.#progress(client);
      for (const child of this.#fenced) child.kill("SIGKILL");
    }
    await this.#until("copiers whose place was taken end", () => this.#fenced.every(({ hasExited }) => hasExited));
    this.#fenced = [];
  }

  /** Some more records have been copied, of which there are enough: on a quiet machine those of before may be copied already. */
  async #progress(client: WireClient): Promise<void> {
    const goal = 1 + this.#random.below(MAX_PROGRESS);
    let from: number | undefined;
    await this.#until(`${goal} records are copied`, async () => {
      const copied = await countCopied(client);
      if (copied === undefined) return false;
      if (from === undefined) await fill(client);
      from ??= copied;
      return copied >= from + goal;
    });
  }

  /** Waits; copiers that have ended begin again. */
  async #until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    await waitUntil(what, STUCK_MS, async () => {
      for (const copier of this.#copiers) {
        if (!copier.child.hasExited) continue;
        this.#counts.ended++;
        copier.child = await this.#startCopier(copier.id);
      }
      return await condition();
    }, 10);
  }

  async #withClient(use: (client: WireClient) => Promise<void>): Promise<void> {
    await this.#broker.ready();
    const client = await connectWire(this.#bootstrap);
    try {
      await use(client);
    } finally {
      client.close();
    }
  }

  #startBroker(): BrokerProcess {
    const settings = SETTINGS.flatMap((setting) => ["--set", setting]);
    // The last port counts: one that copiers find again.
    return new BrokerProcess(`${this.options.dir}/data`, ["--port", String(this.#port), "--durability", "process", ...settings]);
  }

  #startCopier(id: string): Promise<Child> {
    return this.options.copier.start({ bootstrap: this.#bootstrap, id, dir: this.#dirOf(id), random: this.#random });
  }

  #dirOf(id: string): string {
    return `${this.options.dir}/${id}`;
  }

  async #endChildren(): Promise<void> {
    const children = [...this.#fenced, ...this.#copiers.map(({ child }) => child)];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exited));
  }
}

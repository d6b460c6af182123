/**
 * The START_BROKER command for Ottla (README.md has the protocol): reads the properties that a test sets, starts a broker of its own on a
 * fresh data directory, answers its address, and takes it down and up again for as long as standard input is open.
 */
import { UpdateFeatures } from "../../protocol/generated/57_update_features.ts";
import { Child, killAll, waitUntil } from "../processes.ts";
import { freePort } from "../target.ts";
import { connectWire } from "../wire.ts";

const REPOSITORY = new URL("../..", import.meta.url).pathname;

/** What the tests rely on without asking for it: Kafka's defaults where Ottla's are others, and the only node's id. */
const BASE = {
  "node.id": "0",
  "group.initial.rebalance.delay.ms": "3000",
  "offsets.topic.num.partitions": "50",
  "transaction.state.log.num.partitions": "50",
};

/** Tests set them, and Kafka's broker does not know them either: it warns where Ottla refuses. One test has a whole description for a name. */
const UNKNOWN_TO_KAFKA = /^(file\.delete\.delay\.ms|log\.unclean\.leader\.election\.enable|.* .*)$/;

/** The one feature whose level is the test's to choose; with others it runs on what Ottla has. */
const TRANSACTION_VERSION = "transaction.version";
/** Kafka: `FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE`. */
const UNSAFE_DOWNGRADE = 3;

const AFTER_STOP_MS = 1_000;

/** A broker that keeps its port and its data over stops. */
class Broker {
  readonly #dataDir = Deno.makeTempDirSync({ prefix: "ottla-kafka-suite-" });
  readonly #port = freePort();
  #process: Child | undefined;
  /** Features have the levels that the test wants; they keep them. */
  #isFormatted = false;

  constructor(readonly properties: ReadonlyMap<string, string>, readonly transactionVersion: number | null) {}

  /** Answers its address. */
  async start(): Promise<string> {
    let ready = false;
    const set = [...this.properties].flatMap(([name, value]) => ["--set", `${name}=${value}`]);
    const process = new Child(Deno.execPath(), [
      "run",
      "-A",
      "--config=deno.json",
      "broker/main.ts",
      `--port=${this.#port}`,
      `--data-dir=${this.#dataDir}`,
      "--durability=process",
      "--log-level=warn",
      "--json",
      "--exit-with-stdin",
      ...set,
    ], {
      cwd: REPOSITORY,
      onLine: (line) => ready ||= line.startsWith("{"),
      onErrorLine: console.error,
    });
    this.#process = process;
    await waitUntil("Ottla says it is ready", 30_000, () => {
      if (process.hasExited) throw new Error(`Ottla ended at start: ${process.tail.join(" ")}`);
      return ready;
    }, 5);
    const address = `127.0.0.1:${this.#port}`;
    if (this.transactionVersion !== null && !this.#isFormatted) await lowerTransactionVersion(address, this.transactionVersion);
    this.#isFormatted = true;
    return address;
  }

  async stop(): Promise<void> {
    const status = await this.#process?.terminate();
    if (status?.success === false) throw new Error(`Ottla exited ${status.code} on SIGTERM: ${this.#process?.tail.join(" ")}`);
    this.#process = undefined;
    // Kafka goes on closing when its connections are gone. A test sends at once and counts on the producer to have noticed.
    await new Promise((resolve) => setTimeout(resolve, AFTER_STOP_MS));
  }

  remove(): void {
    Deno.removeSync(this.#dataDir, { recursive: true });
  }
}

async function lowerTransactionVersion(address: string, level: number): Promise<void> {
  const client = await connectWire(address);
  const update = { feature: TRANSACTION_VERSION, maxVersionLevel: level, upgradeType: UNSAFE_DOWNGRADE };
  const { errorMessage, errorCode } = await client.call(UpdateFeatures, 2, {
    timeoutMs: 10_000,
    featureUpdates: [update],
    validateOnly: false,
  });
  client.close();
  if (errorCode !== 0) fail(`${TRANSACTION_VERSION} ${level}: ${errorMessage}`);
}

/** `key=value` lines up to an empty one. Keys that begin with `harness.` are no properties of brokers. */
async function readAsked(lines: AsyncIterator<string>): Promise<Broker> {
  const properties = new Map<string, string>(Object.entries(BASE));
  let transactionVersion: number | null = null;
  for (let line = await lines.next(); !line.done && line.value !== ""; line = await lines.next()) {
    const [, key, value] = /^([^=]*)=(.*)$/.exec(line.value) ?? fail(`not key=value: ${line.value}`);
    if (key === "harness.security.protocol") fail(`Ottla has no ${value} yet`);
    if (key === "harness.features") transactionVersion = Number(/\btransaction\.version=(\d)/.exec(value)?.[1] ?? 2);
    if (!key.startsWith("harness.") && !UNKNOWN_TO_KAFKA.test(key)) {
      properties.set(
        key,
        value.replaceAll(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped),
      );
    }
  }
  return new Broker(properties, transactionVersion);
}

function fail(message: string): never {
  throw new Error(message);
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

async function serve(lines: AsyncIterableIterator<string>): Promise<void> {
  const broker = await readAsked(lines);
  try {
    console.log(await broker.start());
    for await (const word of lines) {
      if (word === "stop") {
        await broker.stop();
        console.log("stopped");
      } else if (word === "start") console.log(await broker.start());
      else fail(`unknown word ${word}`);
    }
  } finally {
    await killAll();
    broker.remove();
  }
}

try {
  await serve(linesOf(Deno.stdin.readable));
} catch (error) {
  console.log(`error: ${String(error).replaceAll("\n", " ")}`);
}

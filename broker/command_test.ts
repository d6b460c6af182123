import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryDisk, NetworkError, type Platform, type Process, simulatedPlatform } from "../platform/mod.ts";
import { StorageStartError } from "../storage/mod.ts";
import { type CommandWorld, runCommand } from "./command.ts";
import type { BrokerSettings } from "./config/settings.ts";

/** A process that remembers what it printed, and ends when told. */
class FakeProcess implements Process {
  readonly pid = 1;
  out = "";
  err = "";
  signal: (signal: string) => void = () => {};
  endStdin: () => void = () => {};
  readonly #stdin = new Promise<void>((resolve) => this.endStdin = resolve);

  constructor(readonly args: readonly string[]) {}

  onSignal(_signals: readonly string[], handler: (signal: string) => void): () => void {
    this.signal = handler;
    return () => {};
  }
  stdinEnded(): Promise<void> {
    return this.#stdin;
  }
  print(text: string, to: "stdout" | "stderr" = "stdout"): void {
    if (to === "stdout") this.out += text;
    else this.err += text;
  }
  exit(code: number): never {
    throw new Error(`exit ${code}`);
  }
}

/** A command in a world of fakes. `started` settles once the broker is asked to start; an error given as `fails` is what that comes to. */
function command(args: string[], fails: Error | null = null, files: Record<string, string> = {}) {
  const process = new FakeProcess(args);
  const disk = new MemoryDisk();
  for (const [path, text] of Object.entries(files)) disk.open(path, { create: true }).append(new TextEncoder().encode(text));
  const seen: { settings: BrokerSettings | null; closed: boolean } = { settings: null, closed: false };
  let begun: () => void;
  const started = new Promise<void>((resolve) => begun = resolve);
  const world: CommandWorld = {
    process,
    disk,
    platform: (): Platform => simulatedPlatform(1),
    start(_platform, settings) {
      seen.settings = settings;
      begun();
      if (fails !== null) return Promise.reject(fails);
      return Promise.resolve({
        bootstrapServers: `127.0.0.1:${settings.nodes[0].listen.port}`,
        httpAddress: settings.http && `127.0.0.1:${settings.http.port}`,
        close: () => Promise.resolve(void (seen.closed = true)),
      });
    },
  };
  return { process, seen, started, code: runCommand(world) };
}

describe("runCommand", () => {
  it("says where it is and how to get there, and closes at a signal", async () => {
    const { process, seen, started, code } = command([]);
    await started;
    process.signal("SIGTERM");
    process.signal("SIGTERM");
    assert.equal(await code, 0);
    assert.ok(seen.closed);
    assert.match(
      process.out,
      /^ottla ready on 127\.0\.0\.1:9092 \(data in \.\/ottla-data, durability power\)\nConnect .*=127\.0\.0\.1:9092; /,
    );
    assert.equal(process.err, "");
  });

  it("prints one JSON object with --json", async () => {
    const { process, started, code } = command(["--json", "--memory", "--port", "7"]);
    await started;
    process.signal("SIGINT");
    assert.equal(await code, 0);
    assert.deepEqual(JSON.parse(process.out), { bootstrapServers: "127.0.0.1:7", http: null, dataDirectory: null, durability: "memory" });
    assert.equal(process.out.split("\n").length, 2);
  });

  it("says where metrics and health are, in both forms, when they are asked for", async () => {
    for (const [form, expected] of [[[], "health: http://127.0.0.1:9404/health\n"], [["--json"], '"http":"127.0.0.1:9404"']] as const) {
      const { process, started, code } = command([...form, "--http", "127.0.0.1:9404"]);
      await started;
      process.signal("SIGINT");
      assert.equal(await code, 0);
      assert.ok(process.out.includes(expected), process.out);
    }
  });

  it("closes when standard input ends, if that is asked for", async () => {
    const { process, seen, started, code } = command(["--exit-with-stdin"]);
    await started;
    process.endStdin();
    assert.equal(await code, 0);
    assert.ok(seen.closed);
  });

  it("reads a configuration file and says once what has no effect", async () => {
    const file = "num.partitions=3\nnum.io.threads=8\nlog.cleaner.threads=1\n";
    const { process, seen, started, code } = command(["--config", "server.properties"], null, { "server.properties": file });
    await started;
    process.signal("SIGINT");
    assert.equal(await code, 0);
    assert.equal(seen.settings?.numPartitions, 3);
    assert.equal(process.err, "ottla: Kafka properties without effect in Ottla: num.io.threads, log.cleaner.threads\n");
  });

  it("prints help and version without starting anything", async () => {
    for (
      const [argument, expected] of [["--help", /--data-dir DIR/], ["--version", /^ottla \d+\.\d+\.\d+ \(Kafka 4\.3\.1\)\n$/]] as const
    ) {
      const { process, seen, code } = command([argument]);
      assert.equal(await code, 0);
      assert.match(process.out, expected);
      assert.equal(seen.settings, null);
    }
  });

  const failures: readonly [what: string, args: string[], error: Error | null, sentence: string][] = [
    [
      "a taken port",
      [],
      new NetworkError("EADDRINUSE", "x"),
      "127.0.0.1:9092 is taken: stop what listens there, or choose another port with --port",
    ],
    [
      "a taken port for metrics",
      ["--http", "127.0.0.1:9404"],
      new NetworkError("EADDRINUSE", "x", { address: { hostname: "127.0.0.1", port: 9404 } }),
      "127.0.0.1:9404 is taken: stop what listens there, or choose another port with --http",
    ],
    [
      "an open address for metrics",
      ["--http", "0.0.0.0:9404"],
      null,
      "0.0.0.0 can be reached from other machines and anybody there could see",
    ],
    [
      "a foreign address",
      ["--host", "10.1.2.3", "--insecure"],
      new NetworkError("EADDRNOTAVAIL", "x"),
      "10.1.2.3:9092 is no address of this machine",
    ],
    [
      "a forbidden port",
      ["--port", "80"],
      new NetworkError("EACCES", "x"),
      "127.0.0.1:80 may not be listened on: the system or Deno's permissions forbid it",
    ],
    ["a directory in use", [], new StorageStartError("data is in use"), "data is in use"],
    ["a file that is not there", ["--config", "none"], null, "The configuration file none cannot be read: there is none"],
    ["an unknown option", ["--prot", "1"], null, "There is no option --prot. Did you mean --port?"],
    ["an unknown property", ["--set", "x.y=1"], null, "Kafka 4.3.1 knows no property x.y. Did you mean"],
    ["an open address", ["--host", "0.0.0.0"], null, "0.0.0.0 can be reached from other machines"],
  ];
  for (const [what, args, error, sentence] of failures) {
    it(`says one sentence about ${what} and exits 1`, async () => {
      const { process, code } = command(args, error);
      assert.equal(await code, 1);
      assert.ok(process.err.startsWith(`ottla: ${sentence}`), process.err);
      assert.equal(process.err.split("\n").length, 2);
      assert.equal(process.out, "");
    });
  }

  it("shows the stack of a defect", async () => {
    const { process, code } = command([], new Error("broken invariant"));
    assert.equal(await code, 1);
    assert.match(process.err, /broken invariant\n +at /);
  });
});

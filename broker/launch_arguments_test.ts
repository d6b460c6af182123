import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCommandLine } from "./config/command_line.ts";
import { launchArguments } from "./launch_arguments.ts";

function launch(args: string[], configText: string | null = null, descriptors: number | null = null): string[] {
  const command = parseCommandLine(args);
  if (command.kind !== "run") throw new Error(command.kind);
  const program = { main: "main.ts", config: "deno.json", protocol: "protocol" };
  return launchArguments(command, args, configText, program, { descriptors, realPath: (path) => path.replace("link", "real") });
}

/** How large the disk of the data directory is. */
const STATFS = "--allow-sys=statfs";
const permissions = (args: string[], configText?: string) => launch(args, configText).filter((arg) => arg.startsWith("--allow-"));

describe("launchArguments", () => {
  it("runs main.ts with the same arguments and a pipe to watch", () => {
    const args = launch(["--port", "1", "--exit-with-stdin", "--set", "a=b"]);
    assert.deepEqual(args.slice(0, 3), ["run", "--no-prompt", "--config=deno.json"]);
    assert.deepEqual(args.slice(args.indexOf("main.ts")), ["main.ts", "--port", "1", "--set", "a=b", "--exit-with-stdin"]);
  });

  it("tells the broker how many descriptors it has, which it may not ask, unless somebody has said so", () => {
    assert.deepEqual(launch([], null, 4096).slice(-2), ["--descriptors=4096", "--exit-with-stdin"]);
    assert.deepEqual(launch(["--descriptors", "100"], null, 4096).slice(-3), ["--descriptors", "100", "--exit-with-stdin"]);
  });

  it("tells it in a way that it takes, also where the system allows a million, as Docker's default is, or a thousand million", () => {
    for (const descriptors of [64, 1_048_576, 1_073_741_816]) {
      const args = launch([], null, descriptors);
      const told = parseCommandLine(args.slice(args.indexOf("main.ts") + 1));
      assert.equal(told.kind === "run" && told.options.descriptors, descriptors);
    }
  });

  it("permits the listen address, the data directory, the size of its disk and, to read, its own code, and nothing else", () => {
    const expected = ["--allow-net=127.0.0.1:9092", "--allow-read=./ottla-data,protocol", "--allow-write=./ottla-data", STATFS];
    assert.deepEqual(permissions([]), expected);
  });

  it("permits what a data directory's links lead to", () => {
    const expected = ["--allow-net=127.0.0.1:9092", "--allow-read=link/d,real/d,protocol", "--allow-write=link/d,real/d", STATFS];
    assert.deepEqual(permissions(["--data-dir", "link/d"]), expected);
  });

  it("permits the address of metrics and health", () => {
    assert.deepEqual(permissions(["--memory", "--http", "[::1]:0"]), ["--allow-net=127.0.0.1:9092,[::1]:0", "--allow-read=protocol"]);
  });

  it("permits no file but its own code in memory", () => {
    assert.deepEqual(permissions(["--memory", "--port=0"]), ["--allow-net=127.0.0.1:0", "--allow-read=protocol"]);
  });

  it("lets the broker read, not write, the configuration file, and goes where that points", () => {
    const text = "listeners=PLAINTEXT://[::1]:7\nlog.dirs=data,";
    const expected = ["--allow-net=[::1]:7", "--allow-read=data,c.properties,protocol", "--allow-write=data", STATFS];
    assert.deepEqual(permissions(["--config", "c.properties"], text), expected);
    assert.deepEqual(permissions(["--config=c", "--set", "log.dirs=other"], text), [
      "--allow-net=[::1]:7",
      "--allow-read=other,c,protocol",
      "--allow-write=other",
      STATFS,
    ]);
  });

  it("refuses a comma in a path: Deno knows no way to permit it", () => {
    const message = "a,b has a comma in it: Deno, which has to permit it, would take that for two paths";
    assert.throws(() => launch(["--data-dir", "a,b"]), { name: "ConfigError", message });
    assert.throws(() => launch(["--memory", "--config", "a,b"], ""), { name: "ConfigError", message });
  });

  it("refuses what the broker would refuse", () => {
    assert.throws(() => launch(["--host", "0.0.0.0"]), { name: "ConfigError", message: /--insecure/ });
    assert.throws(() => launch(["--http", "0.0.0.0:80"]), { name: "ConfigError", message: /--insecure/ });
    assert.throws(() => launch(["--http", "9404"]), { name: "ConfigError", message: "http 9404: it must be HOST:PORT" });
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CommandLine, helpText, parseCommandLine } from "./command_line.ts";

function run(...args: string[]): Extract<CommandLine, { kind: "run" }> {
  const command = parseCommandLine(args);
  if (command.kind !== "run") throw new Error(`${command.kind} instead of run`);
  return command;
}

describe("parseCommandLine", () => {
  it("asks for nothing when nothing is said", () => {
    const options = { logLevel: "info", topics: {}, properties: {} };
    assert.deepEqual(run(), { kind: "run", options, configFile: null, exitWithStdin: false, json: false });
  });

  it("reads every option", () => {
    const args = "--host ::1 --port=0 --data-dir d --durability process --config c --insecure --exit-with-stdin --log-level=debug --json";
    const { options, ...rest } = run(...args.split(" "));
    assert.deepEqual(rest, { kind: "run", configFile: "c", exitWithStdin: true, json: true });
    const { topics: _topics, properties: _properties, ...said } = options;
    assert.deepEqual(said, { logLevel: "debug", host: "::1", port: 0, dataDir: "d", durability: "process", insecure: true });
  });

  it("gathers --set and --create", () => {
    const { options } = run("--set", "a=1", "--set=b=x=y", "--set", "a=", "--create", "orders:3", "--create", "plain");
    assert.deepEqual(options.properties, { a: "", b: "x=y" });
    assert.deepEqual(options.topics, { orders: { partitions: 3 }, plain: {} });
  });

  it("takes --memory and --durability memory for the same", () => {
    assert.equal(run("--memory").options.durability, "memory");
    assert.equal(run("--memory", "--durability", "memory").options.durability, "memory");
  });

  it("prefers help and version to everything else", () => {
    assert.deepEqual(parseCommandLine(["--nonsense", "--help"]), { kind: "help" });
    assert.deepEqual(parseCommandLine(["--version"]), { kind: "version" });
  });

  const refusals: readonly [args: string, sentence: string][] = [
    ["--memry", "There is no option --memry. Did you mean --memory?"],
    ["--data_dir=x", "There is no option --data_dir. Did you mean --data-dir?"],
    ["--confg x", "There is no option --confg. Did you mean --config?"],
    ["9092", "9092 is no option: options begin with --"],
    ["--port", "--port needs a value: --port PORT"],
    ["--port 65536", "--port 65536: it must be a number from 0 to 65535"],
    ["--port 90x2", "--port 90x2: it must be a number from 0 to 65535"],
    ["--nodes 0", "--nodes 0: it must be a number from 1 to 100"],
    ["--nodes 101", "--nodes 101: it must be a number from 1 to 100"],
    ["--descriptors 63", "--descriptors 63: it must be a number from 64 to 2147483647"],
    ["--json=yes", "--json takes no value"],
    ["--set num.partitions", "--set num.partitions: it must be NAME=VALUE"],
    ["--create orders:0", "--create orders:0: it must be TOPIC or TOPIC:PARTITIONS"],
    ["--create :3", "--create :3: it must be TOPIC or TOPIC:PARTITIONS"],
    ["--durability strong", "--durability strong: it must be one of memory, process, power"],
    ["--log-level loud", "--log-level loud: it must be one of trace, debug, info, warn, error, silent"],
    ["--memory --durability process", "--memory and --durability process contradict each other"],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args}`, () => assert.throws(() => parseCommandLine(args.split(" ")), { name: "ConfigError", message }));
  }
});

describe("helpText", () => {
  it("has a line for each option of the issue", () => {
    const options =
      "host port data-dir memory durability config set create insecure descriptors exit-with-stdin log-level json help version";
    for (const name of options.split(" ")) assert.match(helpText(), new RegExp(`^  --${name}( |$)`, "m"));
  });
});

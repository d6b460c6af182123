/**
 * Runs the tests below the paths given (without any: all), with exactly the permissions that they may have. The last line is `N passed, N failed`.
 *
 *     deno task test [path...]
 *
 * @module
 */
import { sourceFiles } from "./source_files.ts";
import { countTests, type TestCounts } from "./test_report.ts";

const PERMISSIONS = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-read=.", "--allow-write=./.tmp"];
const REPORT = ".tmp/junit.xml";

Deno.mkdirSync(".tmp", { recursive: true });
const tests = sourceFiles().filter((path) => path.endsWith("_test.ts") && !/^(compat|bench|examples)\//.test(path));
const chosen = tests.filter((path) => Deno.args.length === 0 || Deno.args.some((prefix) => path.startsWith(prefix)));
if (chosen.length === 0) {
  console.log(`no test below ${Deno.args.join(" ")}`);
  Deno.exit(1);
}

const unloadable = await filesThatFailToLoad(chosen);
const { passed, failed } = await run(chosen.filter((path) => !unloadable.includes(path)));
for (const path of unloadable) console.log(`does not load: ${path}`);
console.log(`${passed} passed, ${failed + unloadable.length} failed`);
Deno.exit(failed + unloadable.length === 0 && passed > 0 ? 0 : 1);

/**
 * `deno test` takes no notice of an error at the top level of a file that has already defined a `node:test` test, and drops all that follow; and one
 * missing import ends the whole run. So each file is loaded once beforehand, where tests do not run.
 */
async function filesThatFailToLoad(paths: readonly string[]): Promise<string[]> {
  const loader = ".tmp/load_tests.ts";
  Deno.writeTextFileSync(
    loader,
    `for (const path of ${JSON.stringify(paths)}) {
  try {
    await import("../" + path);
  } catch (error) {
    console.error(path, error);
    console.log(path);
  }
}
Deno.exit(0);
`,
  );
  const { code, stdout } = await deno(["run", "--no-check", ...PERMISSIONS, loader], "piped");
  if (code !== 0) throw new Error("the test files could not be loaded");
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

async function run(paths: readonly string[]): Promise<TestCounts> {
  Deno.writeTextFileSync(REPORT, "");
  const { code } = await deno(["test", "--no-check", ...PERMISSIONS, `--junit-path=${REPORT}`, ...paths], "inherit");
  const counts = countTests(Deno.readTextFileSync(REPORT));
  // An error outside every test (a promise nobody waits for) fails the run and stands in no report.
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function deno(args: readonly string[], stdout: "piped" | "inherit"): Promise<{ code: number; stdout: Uint8Array }> {
  const child = new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null", stdout }).spawn();
  if (stdout === "inherit") return { code: (await child.status).code, stdout: new Uint8Array() };
  return await child.output();
}

/**
 * `deno task sabotage [filter…]`: plants bugs in a scratch copy of the repository, one after the other, and runs the tests there. Every bug must be
 * found; one that no longer applies is a failure too. The last line is `N passed, N failed`.
 *
 * @module
 */
import { type Campaign, mutate, type Mutation } from "./mutation.ts";
import { campaigns } from "./mod.ts";

const SCRATCH = ".tmp/sabotage";

let passed = 0;
let failed = 0;
for (const [name, campaign] of Object.entries(campaigns)) {
  const chosen = campaign.mutations.filter((mutation) =>
    Deno.args.length === 0 || Deno.args.some((filter) => `${name}: ${mutation.name}`.includes(filter))
  );
  if (chosen.length === 0) continue;
  const dir = `${SCRATCH}/${name}`;
  await copyFiles(campaign.files, dir);
  const clean = await finds(campaign, dir);
  if (clean !== null) throw new Error(`the tests fail without any bug: ${clean}`);
  for (const mutation of chosen) {
    const found = await withMutation(dir, mutation, () => finds(campaign, dir));
    if (found === null) failed++;
    else passed++;
    console.log(`${found === null ? "MISSED" : "ok    "} ${name}: ${mutation.name}${found === null ? "" : ` (${found})`}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Copies files as they are in the work tree. */
async function copyFiles(paths: readonly string[], dir: string): Promise<void> {
  const list = await said("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...paths]);
  for (const path of list.split("\n").filter((line) => line !== "")) {
    Deno.mkdirSync(`${dir}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.copyFileSync(path, `${dir}/${path}`);
  }
}

async function withMutation<T>(dir: string, mutation: Mutation, run: () => Promise<T>): Promise<T> {
  const path = `${dir}/${mutation.file}`;
  const source = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, mutate(source, mutation));
  try {
    return await run();
  } finally {
    Deno.writeTextFileSync(path, source);
  }
}

/** What of the campaign takes offence, or null when nothing does. */
async function finds({ prepare, tests }: Campaign, cwd: string): Promise<string | null> {
  const prepared = await deno(prepare, cwd);
  if (!prepared.success) return `refused: ${firstError(prepared.text)}`;
  const tested = await deno(["run", "-A", "tools/run_tests.ts", ...tests], cwd);
  return tested.success ? null : `${/(\d+) failed\s*$/.exec(tested.text)?.[1] ?? "?"} tests fail`;
}

async function deno(args: readonly string[], cwd: string): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd, env: { NO_COLOR: "1" } }).output();
  return { success, text: new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout) };
}

async function said(command: string, args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} failed`);
  return new TextDecoder().decode(stdout);
}

function firstError(text: string): string {
  return /Error: (.*)/.exec(text)?.[1] ?? "no reason was given";
}

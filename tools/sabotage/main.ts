/**
 * `deno task sabotage [filter…]`: plants bugs in a scratch copy of the repository, one after the other, and runs there what must find them: tests of
 * the code (`protocol`), or other people's clients (`compat`, which needs what `deno task compat` needs). A filter is a part of `campaign: bug`. Every
 * bug must be found; one that no longer applies is a failure too. The last line is `N passed, N failed`.
 *
 * @module
 */
import { type Campaign, findings, mutate, type Mutation } from "./mutation.ts";
import { campaigns } from "./mod.ts";

const SCRATCH = ".tmp/sabotage";
/** Of a bug that many tests find, so many are told. */
const SHOWN = 3;

/** Commands that have passed without a bug. */
const clean = new Set<string>();
let passed = 0;
let failed = 0;
for (const [name, campaign] of Object.entries(campaigns)) {
  const chosen = campaign.mutations.filter((mutation) =>
    Deno.args.length === 0 || Deno.args.some((filter) => `${name}: ${mutation.name}`.includes(filter))
  );
  if (chosen.length === 0) continue;
  const dir = `${SCRATCH}/${name}`;
  await copyFiles(campaign.files, dir);
  for (const folder of campaign.shared ?? []) share(folder, dir);
  for (const mutation of chosen) {
    const { found, told } = await hunt(campaign, dir, mutation);
    if (found) passed++;
    else failed++;
    console.log(`${found ? "ok    " : "MISSED"} ${name}: ${mutation.name}`);
    for (const each of told.slice(0, SHOWN)) console.log(`         ${each}`);
    if (told.length > SHOWN) console.log(`         and ${told.length - SHOWN} more`);
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

function share(folder: string, dir: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  const link = `${dir}/${folder}`;
  try {
    Deno.removeSync(link);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.symlinkSync(Deno.realPathSync(folder), link);
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

/** Whether the campaign takes offence at a bug, and how; who fails without any bug finds none. */
async function hunt(campaign: Campaign, dir: string, mutation: Mutation): Promise<{ found: boolean; told: string[] }> {
  const args = [...campaign.command, ...mutation.only ?? []];
  const key = `${dir} ${args.join(" ")}`;
  const problem = clean.has(key) ? null : await problemWithoutBug(campaign, dir, args);
  if (problem !== null) return { found: false, told: [problem] };
  clean.add(key);
  const told = await withMutation(dir, mutation, () => finds(campaign, dir, args));
  return { found: told.length > 0, told };
}

async function problemWithoutBug({ prepare }: Campaign, cwd: string, args: readonly string[]): Promise<string | null> {
  for (const each of prepare === undefined ? [args] : [prepare, args]) {
    const { success, text } = await deno(each, cwd);
    if (!success) return `without any bug this fails: deno ${each.join(" ")}\n${text}`;
  }
  return null;
}

async function finds({ prepare }: Campaign, cwd: string, args: readonly string[]): Promise<string[]> {
  if (prepare !== undefined) {
    const { success, text } = await deno(prepare, cwd);
    if (!success) return [`refused: ${firstError(text)}`];
  }
  return findings((await deno(args, cwd)).text);
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

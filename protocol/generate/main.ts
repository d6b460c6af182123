/**
 * Writes `protocol/generated/` from the definitions in `protocol/schema/`; with `--check` compares instead, and fails when they differ.
 * (`deno task gen`)
 *
 * @module
 */
import { apiSpecs, recordSpecs } from "../schema/mod.ts";
import { generate } from "./emit.ts";

const directory = new URL("../generated/", import.meta.url);
const check = Deno.args.includes("--check");
const files = generate(apiSpecs, recordSpecs);
const stale = files.filter(({ path, text }) => textOf(new URL(path, directory)) !== text);

if (!check) {
  Deno.mkdirSync(new URL("records/", directory), { recursive: true });
  for (const { path, text } of stale) Deno.writeTextFileSync(new URL(path, directory), text);
}
const paths = new Set(files.map((file) => file.path));
const strangers = filesIn("").filter((path) => !paths.has(path));
const different = check ? stale.map(({ path }) => `${path} is not what its definition gives: run \`deno task gen\``) : [];
const problems = [...different, ...strangers.map((path) => `${path} has no definition: remove it`)];
for (const problem of problems) console.error(`protocol/generated/${problem}`);
if (problems.length > 0) Deno.exit(1);
if (!check) console.log(`protocol/generated: ${files.length} files, ${stale.length} written`);

function textOf(url: URL): string | null {
  try {
    return Deno.readTextFileSync(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, directory))].flatMap((entry) =>
    entry.isDirectory ? filesIn(`${folder}${entry.name}/`) : [`${folder}${entry.name}`]
  );
}

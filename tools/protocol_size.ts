/**
 * Prints how large `protocol/` is and what it costs to check and to import: the tables of docs/protocol.md.
 *
 *     deno run -A tools/protocol_size.ts
 *
 * @module
 */
import { sourceFiles } from "./source_files.ts";

const RUNS = 9;

/** The first part that a path fits is the one it counts for. */
const parts: readonly { readonly name: string; readonly path: RegExp }[] = [
  { name: "generated: APIs", path: /^protocol\/generated\/\d+_\w+\.ts$/ },
  { name: "generated: records of internal topics", path: /^protocol\/generated\/records\// },
  { name: "generated: lists, the module for CRC-32C", path: /^protocol\/generated\// },
  { name: "tests and what they need", path: /_test\.ts$|\/(testing|testdata)\// },
  { name: "definitions: APIs", path: /^protocol\/schema\/\d+_\w+\.ts$/ },
  { name: "definitions: records of internal topics", path: /^protocol\/schema\/records\// },
  { name: "definitions: lists, their types", path: /^protocol\/schema\// },
  { name: "the generator", path: /^protocol\/generate\// },
  { name: "primitive types", path: /^protocol\/wire\// },
  { name: "record batches", path: /^protocol\/records\// },
  { name: "the inspector", path: /^protocol\/inspect\// },
  { name: "headers, error codes, the rest", path: /^protocol\// },
];

function sizes(): string[] {
  const files = sourceFiles("protocol");
  const counted = parts.map(({ name }) => ({ name, files: 0, lines: 0 }));
  for (const file of files) {
    const part = counted[parts.findIndex(({ path }) => path.test(file))];
    part.files++;
    part.lines += Deno.readTextFileSync(file).split("\n").length - 1;
  }
  return counted.map(({ name, files, lines }) => `| ${name} | ${files} | ${lines} |`);
}

/** Milliseconds for a run of `deno`, and what it printed. */
function deno(args: readonly string[], env: Record<string, string> = {}): { readonly ms: number; readonly output: string } {
  const start = performance.now();
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args: [...args], env }).outputSync();
  const ms = performance.now() - start;
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`deno ${args.join(" ")}: ${errors}`);
  return { ms, output };
}

/** Milliseconds of a check of everything: the first ever, and the next, which finds that nothing has changed. */
function checks(cache: string): [first: number, again: number] {
  const check = (): number => deno(["check", "--quiet", "protocol/mod.ts", "protocol/generated/mod.ts"], { DENO_DIR: cache }).ms;
  return [check(), check()];
}

/** Milliseconds of `import(module)` in a new process each time, the compiled code being cached. */
function importMs(module: string): number {
  const url = new URL(`../${module}`, import.meta.url);
  const code = `const start = performance.now(); await import("${url}"); console.log(performance.now() - start);`;
  const times = Array.from({ length: RUNS + 1 }, () => Number(deno(["eval", code]).output)).slice(1);
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

const cache = Deno.makeTempDirSync();
const [first, again] = checks(cache);
Deno.removeSync(cache, { recursive: true });

console.log(`| part of \`protocol/\` | files | lines |\n|---|---:|---:|\n${sizes().join("\n")}\n`);
console.log("| work | time |\n|---|---:|");
console.log(
  `| \`deno check\` of all of it, nothing cached | ${(first / 1000).toFixed(1)} s |\n| the same again | ${(again / 1000).toFixed(2)} s |`,
);
for (
  const module of [
    "protocol/generated/12_heartbeat.ts",
    "protocol/generated/01_fetch.ts",
    "protocol/mod.ts",
    "protocol/records/mod.ts",
    "protocol/generated/mod.ts",
  ]
) {
  console.log(`| \`import("${module}")\`, median of ${RUNS} | ${importMs(module).toFixed(1)} ms |`);
}

import { type ModuleNames, moduleNames } from "./module_names.ts";
import { sourceFiles } from "./source_files.ts";

/** Front doors may list what nobody inside takes; generated files follow their definitions. */
const exempt: readonly RegExp[] = [/(^|\/)mod\.ts$/, /^protocol\/generated\//, /_test\.ts$/];

/** Exported names that no other file imports or passes on, as `path: name`. */
export function deadExports(modules: ReadonlyMap<string, ModuleNames>): string[] {
  const used = new Set<string>();
  for (const [path, { imports }] of modules) {
    for (const { specifier, name } of imports) {
      if (specifier.startsWith(".")) used.add(`${resolve(path, specifier)}: ${name}`);
    }
  }
  return [...modules].flatMap(([path, { exports }]) => {
    if (exempt.some((pattern) => pattern.test(path)) || used.has(`${path}: *`)) return [];
    return exports.map((name) => `${path}: ${name}`).filter((name) => !used.has(name));
  });
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

if (import.meta.main) {
  const dead = deadExports(new Map(sourceFiles().map((path) => [path, moduleNames(Deno.readTextFileSync(path))])));
  for (const line of dead) console.error(`nobody imports ${line}`);
  if (dead.length > 0) Deno.exit(1);
}

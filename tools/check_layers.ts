import { isTest, mayImportRuntime } from "./ambient.ts";
import { doors, forbidden, layers, testDoors, testLayers, toolDoors } from "./layers.ts";
import { type ModuleGraph, moduleGraph } from "./module_graph.ts";
import { sourceFiles } from "./source_files.ts";

/** Every import that the table of `layers.ts` does not allow, and every cycle, one line each. */
export function layerViolations(graph: ModuleGraph): string[] {
  const found: string[] = [];
  for (const [from, imported] of graph) {
    for (const to of imported) {
      const why = violation(from, to);
      if (why !== null) found.push(`${from} imports ${to}: ${why}`);
    }
  }
  return [...found, ...cycles(graph).map((cycle) => `files in a cycle: ${cycle.join(" → ")}`), ...folderCycles(graph)];
}

function violation(from: string, to: string): string | null {
  if (to.startsWith("node:")) return mayImportRuntime(from, to) ? null : "the runtime is reached through platform/ only";
  if (/^\w+:/.test(to)) return null;
  const [here, there] = [folderOf(from), folderOf(to)];
  const row = layers[here];
  if (row === undefined || layers[there] === undefined) return `${row === undefined ? here : there} has no row in tools/layers.ts`;
  if (isTest(to) && !isTest(from)) return "what is there for tests is not shipped";
  const ban = isTest(from) ? undefined : forbidden.find((rule) => rule.from.test(from) && rule.to.test(to) && !rule.except?.test(to));
  if (ban !== undefined) return ban.why;
  if (here === there) return null;
  const allowed = isTest(from) ? [...row, ...testLayers] : row;
  if (!allowed.includes(there)) return `${here} may import ${row.length === 0 ? "nothing of ours" : `${row.join(", ")} only`}`;
  const inside = to.slice(there.length + 1);
  const extra = isTest(from) ? testDoors : here === "tools" ? toolDoors : {};
  const open = [...(doors[there] ?? []), ...(extra[there] ?? [])];
  const isDoor = inside === "mod.ts" || open.some((door) => door.test(inside));
  return isDoor ? null : `not a front door of ${there}`;
}

/** Files that import each other, each cycle from its first file round to it again. */
function cycles(graph: ModuleGraph): string[][] {
  const found: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string): void => {
    state.set(file, "open");
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === "open") found.push([...path.slice(path.indexOf(next)), next]);
      else if (!state.has(next) && graph.has(next)) visit(next);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return found;
}

/**
 * Folders that import each other. A folder and one inside it do not count: `broker/` holds both what its rooms share and what composes them.
 * Tests do not count either.
 */
function folderCycles(graph: ModuleGraph): string[] {
  const folders = new Map<string, Set<string>>();
  for (const [from, imported] of graph) {
    if (isTest(from)) continue;
    for (const to of imported) {
      const [here, there] = [parentOf(from), parentOf(to)];
      if (!graph.has(to) || `${here}/`.startsWith(`${there}/`) || `${there}/`.startsWith(`${here}/`)) continue;
      folders.set(here, (folders.get(here) ?? new Set()).add(there));
    }
  }
  const folderGraph = new Map([...folders].map(([folder, others]) => [folder, [...others]]));
  return cycles(folderGraph).map((cycle) => `folders in a cycle: ${cycle.join(" → ")}`);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf("/")));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

if (import.meta.main) {
  // Suites outside the workspace resolve their imports by configurations of their own, and are imported by nobody.
  const files = sourceFiles().filter((file) => !/^(compat|bench|examples)\//.test(file));
  const found = layerViolations(await moduleGraph(files));
  for (const line of found) console.error(line);
  if (found.length > 0) Deno.exit(1);
}

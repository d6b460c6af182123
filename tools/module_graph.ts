/** Which file imports what: paths relative to the repository for our own files, whole specifiers (`node:fs`, `npm:zod@4`) for all else. */
export type ModuleGraph = ReadonlyMap<string, readonly string[]>;

interface DenoInfo {
  readonly modules: readonly { readonly specifier: string; readonly dependencies?: readonly Dependency[] }[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: { readonly specifier: string };
  readonly type?: { readonly specifier: string };
}

/** Asks `deno info --json` once, through a file that imports all of `files`; types count as imports. */
export async function moduleGraph(files: readonly string[]): Promise<ModuleGraph> {
  Deno.mkdirSync(".tmp", { recursive: true });
  const everything = ".tmp/everything.ts";
  Deno.writeTextFileSync(everything, files.map((file) => `import "../${file}";\n`).join(""));
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", everything], stderr: "inherit" }).output();
  return graphOf(JSON.parse(new TextDecoder().decode(stdout)), new URL(".", `file://${Deno.cwd()}/`).href);
}

/** Turns the answer of `deno info --json` into a graph of the files below `root`, a file URL that ends in a slash. What is missing has no imports: the type check tells. */
export function graphOf(info: DenoInfo, root: string): ModuleGraph {
  const nameOf = (specifier: string): string => specifier.startsWith(root) ? specifier.slice(root.length) : specifier;
  const graph = new Map<string, readonly string[]>();
  for (const module of info.modules) {
    const path = nameOf(module.specifier);
    if (path === module.specifier || path.startsWith(".tmp/")) continue;
    const imported = (module.dependencies ?? []).flatMap(({ code, type }) => [code?.specifier, type?.specifier]);
    graph.set(path, [...new Set(imported.filter((specifier) => specifier !== undefined).map(nameOf))]);
  }
  return graph;
}

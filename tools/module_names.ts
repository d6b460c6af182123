/** What one file exports and what it takes from others, read from its text. */
export interface ModuleNames {
  /**
   * Names it declares and exports, or exports from elsewhere. Left out are a default export, and types that the file itself uses: they are exported
   * so that whoever calls can name what a signature says.
   */
  readonly exports: readonly string[];
  /** Names it imports or passes on, by relative specifier; `*` is all of them. */
  readonly imports: readonly { readonly specifier: string; readonly name: string }[];
}

const DECLARATION =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(function\*?|class|const|let|var|interface|type|enum)\s+([A-Za-z_$][\w$]*)/gm;
const LIST = /^(import|export)\s+(?:type\s+)?([\w$]+\s*,\s*)?\{([^}]*)\}(?:\s*from\s*"([^"]+)")?/gm;
const NAMESPACE = /^import\s+(?:type\s+)?\*\s+as\s+[\w$]+\s+from\s*"([^"]+)"/gm;
const IN_TYPE = /\bimport\("([^"]+)"\)(?:\.([A-Za-z_$][\w$]*))?/g;

/**
 * Reads the export and import statements of a file in `deno fmt`'s form, where each begins a line. No parser stands behind this; a name that a
 * comment or a string seems to import is taken for used, never the other way round.
 */
export function moduleNames(source: string): ModuleNames {
  const declared = [...source.matchAll(DECLARATION)].filter(([, kind, name]) => !isType(kind) || mentions(source, name) === 1);
  const exports = declared.map(([, , name]) => name);
  const imports: { specifier: string; name: string }[] = [];
  for (const [, keyword, , list, specifier] of source.matchAll(LIST)) {
    for (const item of list.split(",").map((text) => text.replace(/\/\/.*$/gm, "").trim()).filter((text) => text !== "")) {
      const [name, alias] = item.replace(/^type\s+/, "").split(/\s+as\s+/);
      if (keyword === "export") exports.push(alias ?? name);
      if (specifier !== undefined) imports.push({ specifier, name });
    }
  }
  for (const [, specifier] of source.matchAll(NAMESPACE)) imports.push({ specifier, name: "*" });
  for (const [, specifier, name] of source.matchAll(IN_TYPE)) imports.push({ specifier, name: name ?? "*" });
  return { exports: exports.filter((name) => name !== "default"), imports };
}

function isType(kind: string): boolean {
  return kind === "interface" || kind === "type";
}

function mentions(source: string, name: string): number {
  return source.split(new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`)).length - 1;
}

/** Ottla's own lint rules. `tools/ambient.ts` holds the allow-list. */
import { ambientMembers, ambientNames, isFree, isTest, mayImportRuntime } from "./ambient.ts";
import { isGlobalReference } from "./lint_scope.ts";

const MAX_FUNCTION_LINES = 70;
const root = new URL("..", import.meta.url).pathname;

const plugin: Deno.lint.Plugin = {
  name: "ottla",
  rules: {
    "no-ambient": { create: noAmbient },
    "no-export-star": { create: noExportStar },
    "no-empty-catch": { create: noEmptyCatch },
    "max-function-lines": { create: maxFunctionLines },
  },
};

export default plugin;

/** Time, randomness, disk, network and process only through `platform/` (DESIGN, idea 1). */
function noAmbient(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = pathOf(context);
  if (isFree(path)) return {};
  const checkSource = (node: { source: Deno.lint.StringLiteral | null } & Deno.lint.Node): void => {
    const specifier = node.source?.value;
    if (specifier !== undefined && isRuntimeModule(specifier) && !mayImportRuntime(path, specifier)) {
      context.report({ node, message: `\`${specifier}\` is reached through platform/ only` });
    }
  };
  return {
    Identifier(node) {
      const instead = forbidden(node);
      if (instead !== null) {
        context.report({ node, message: `\`${node.name}\` reaches the outside world`, hint: `Use ${instead} of platform/` });
      }
    },
    ImportDeclaration: checkSource,
    ExportNamedDeclaration: checkSource,
    ExportAllDeclaration: checkSource,
    ImportExpression(node) {
      context.report({ node, message: "Dynamic import is reached through platform/ only" });
    },
  };
}

/** What to use in place of a name that reaches the outside world; null for all others. */
function forbidden(node: Deno.lint.Identifier): string | null {
  const isMember = Object.hasOwn(ambientMembers, node.name);
  if (!isMember && !Object.hasOwn(ambientNames, node.name) && node.name !== "Function") return null;
  if (!isGlobalReference(node)) return null;
  const parent = node.parent;
  if (node.name === "Function") return parent.type === "NewExpression" || parent.type === "CallExpression" ? "nothing" : null;
  if (!isMember) return ambientNames[node.name];
  const members = ambientMembers[node.name];
  if (parent.type === "MemberExpression" && parent.object === node && !parent.computed && parent.property.type === "Identifier") {
    return members[parent.property.name] ?? null;
  }
  if (parent.type === "BinaryExpression") return null;
  if (node.name === "Date" && parent.type === "NewExpression" && parent.arguments.length > 0) return null;
  return Object.values(members).join();
}

function isRuntimeModule(specifier: string): boolean {
  return /^(node|npm|jsr|https?|bun):/.test(specifier);
}

function noExportStar(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    ExportAllDeclaration(node) {
      context.report({ node, message: "A front door is a list of names: no `export *`" });
    },
  };
}

function noEmptyCatch(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    CatchClause(node) {
      if (node.body.body.length === 0) context.report({ node, message: "A caught error is handled or thrown on" });
    },
  };
}

function maxFunctionLines(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = pathOf(context);
  if (isTest(path) || path.startsWith("protocol/generated/")) return {};
  const check = (node: Deno.lint.Node): void => {
    const lines = context.sourceCode.getText(node).split("\n").length;
    if (lines > MAX_FUNCTION_LINES) context.report({ node, message: `A function of ${lines} lines; at most ${MAX_FUNCTION_LINES}` });
  };
  return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
}

/** The file's path, relative to the repository. */
function pathOf(context: Deno.lint.RuleContext): string {
  return context.filename.startsWith(root) ? context.filename.slice(root.length) : context.filename;
}

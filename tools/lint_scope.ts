type Node = Deno.lint.Node;

/** Whether an identifier uses the global of its name: it stands where a value or namespace is used, and nothing around it declares the name. */
export function isGlobalReference(identifier: Deno.lint.Identifier): boolean {
  return isReference(identifier) && !isDeclared(identifier.name, identifier);
}

function isReference(identifier: Deno.lint.Identifier): boolean {
  const parent = identifier.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === identifier || parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.key !== identifier || parent.computed;
    case "TSQualifiedName":
      return parent.left === identifier;
    case "ExportSpecifier":
      return parent.local === identifier;
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return false;
    default:
      return parent.type === "TSTypeQuery" || !parent.type.startsWith("TS") || isExpressionInType(parent.type);
  }
}

/** TypeScript's wrappers around expressions; inside all other nodes of its own an identifier is a name in a type. */
function isExpressionInType(type: string): boolean {
  return [
    "TSAsExpression",
    "TSSatisfiesExpression",
    "TSNonNullExpression",
    "TSTypeAssertion",
    "TSInstantiationExpression",
    "TSExportAssignment",
  ]
    .includes(type);
}

function isDeclared(name: string, from: Node): boolean {
  // The root has no parent, whatever the types say.
  for (let node: Node | undefined = from; node !== undefined && node !== null; node = "parent" in node ? node.parent as Node : undefined) {
    if (declaredIn(node).includes(name)) return true;
  }
  return false;
}

function declaredIn(node: Node): string[] {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return node.body.flatMap(declaredBy);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.params.flatMap(namesIn);
    case "CatchClause":
      return node.param === null ? [] : namesIn(node.param);
    case "ForStatement":
      return node.init === null ? [] : declaredBy(node.init);
    case "ForOfStatement":
    case "ForInStatement":
      return declaredBy(node.left);
    case "SwitchStatement":
      return node.cases.flatMap((branch) => branch.consequent.flatMap(declaredBy));
    default:
      return [];
  }
}

function declaredBy(statement: Node): string[] {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.declarations.flatMap((declarator) => namesIn(declarator.id));
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      return statement.id === null ? [] : [statement.id.name];
    case "ImportDeclaration":
      return statement.specifiers.map((specifier) => specifier.local.name);
    case "ExportNamedDeclaration":
      return statement.declaration === null ? [] : declaredBy(statement.declaration);
    default:
      return [];
  }
}

function namesIn(pattern: Node | Deno.lint.Parameter): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => namesIn(property.type === "Property" ? property.value : property));
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => element === null ? [] : namesIn(element));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}

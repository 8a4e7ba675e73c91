import { type ModuleName, isModuleName } from "./modules/names.ts";
import { childrenOf, type AnyNode } from "./walk.ts";

/** What an `import` names: a declaration's source or the argument of `import()`; null when that is no plain text. */
export function importedName(node: AnyNode): string | null {
  const source = node["source"] as AnyNode | null;
  return source?.type === "Literal" && typeof source["value"] === "string" ? source["value"] : null;
}

/** The modules that a program names, found before it runs: only these are given to its isolate. */
export function modulesOf(tree: AnyNode): ModuleName[] {
  const found = new Set<ModuleName>();
  const look = (node: AnyNode): void => {
    if (node.type === "ImportDeclaration" || node.type === "ImportExpression") {
      const name = importedName(node);
      if (isModuleName(name)) found.add(name);
    }
    childrenOf(node).forEach(look);
  };
  look(tree);
  return [...found];
}

/**
 * An import declaration as a statement of an async function's body, where declarations cannot stand: on the same lines,
 * so that what follows keeps its place.
 */
export function importAsAwait(node: AnyNode, code: string): string {
  const from = `await import(${JSON.stringify(importedName(node))});`;
  const breaks = code.slice(node.start, node.end).replaceAll(/[^\n]/g, "");
  const specifiers = node["specifiers"] as AnyNode[];
  const whole = specifiers.find(({ type }) => type === "ImportNamespaceSpecifier");
  const named = specifiers.filter((one) => one !== whole).map(binding);
  if (!whole) return `${named.length === 0 ? "" : `const {${named.join(",")}}=`}${from}${breaks}`;
  const rest = named.length === 0 ? "" : `const {${named.join(",")}}=${nameOf(whole["local"])};`;
  return `const ${nameOf(whole["local"])}=${from}${rest}${breaks}`;
}

function binding(specifier: AnyNode): string {
  const imported = specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier["imported"]);
  return `${JSON.stringify(imported)}:${nameOf(specifier["local"])}`;
}

/** An identifier's name, or the text of a name in quotes. */
function nameOf(node: unknown): string {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? "";
}

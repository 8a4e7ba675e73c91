import { importAsAwait } from "./imports.ts";
import { parseProgram } from "./parse.ts";
import { childrenOf, type AnyNode } from "./walk.ts";

interface Insertion {
  at: number;
  text: string;
  /** What stands up to here is replaced by the text. */
  upTo?: number;
}

const loops = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"]);
const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/**
 * The program with a call of `check` wherever it could keep running: at the head of every loop's body and the entry of
 * every function, field initialiser and static block; and in `catch` and `finally`, so that a swallowed limit is thrown
 * again. No line break is added, so a position still names the model's own line. Imports become `await import()`.
 *
 * What it cannot stop is one long call of a built-in (a sort, a regular expression): that is for `limits.cpuMs` of the
 * platform, and locally for the watchdog.
 * @throws CodeError when the program does not parse or asks for modules.
 */
export function instrument(
  code: string,
  check: string,
  tree: AnyNode = parseProgram(code),
  growth: "looked at" | "let be" = "let be",
): string {
  const opening: Insertion[] = [];
  const closing: Insertion[] = [];
  const call = `${check}();`;
  const put = (at: number, text: string) => opening.push({ at, text });
  const wrap = (node: AnyNode, before: string, after: string, inside: () => void) => {
    put(node.start, before);
    inside();
    // After the inner ones: at one position the innermost closes first.
    closing.push({ at: node.end, text: after });
  };

  const visit = (node: AnyNode): void => {
    const body = node["body"] as AnyNode | undefined;
    const inside = () => childrenOf(node).forEach(visit);
    if (node.type === "ImportDeclaration") {
      opening.push({ at: node.start, text: importAsAwait(node, code), upTo: node.end });
      return;
    }
    if (loops.has(node.type) && body) {
      for (const child of childrenOf(node)) if (child !== body) visit(child);
      if (body.type === "BlockStatement") {
        put(body.start + 1, call);
        visit(body);
      } else wrap(body, `{${call}`, "}", () => visit(body));
      return;
    }
    if (functions.has(node.type) && body) {
      for (const child of childrenOf(node)) if (child !== body) visit(child);
      if (body.type === "BlockStatement") {
        put(body.start + 1, call);
        visit(body);
      } else wrap(body, `(${check}(),`, ")", () => visit(body));
      return;
    }
    const grows = growth === "looked at" ? growthOf(node) : null;
    if (grows) {
      const { at, by } = grows;
      const within = () => (at === node ? inside() : visit(at));
      for (const child of at === node ? [] : childrenOf(node)) if (child !== at) visit(child);
      wrap(at, `${check}.${by}(`, ")", within);
      return;
    }
    if (node.type === "TaggedTemplateExpression") {
      visit(node["tag"] as AnyNode);
      childrenOf(node["quasi"] as AnyNode).forEach(visit);
      return;
    }
    if (node.type === "PropertyDefinition") {
      const value = node["value"] as AnyNode | null;
      for (const child of childrenOf(node)) if (child !== value) visit(child);
      if (value) initialiser(value);
      return;
    }
    if (node.type === "StaticBlock") {
      const first = (node["body"] as AnyNode[])[0];
      if (first) put(first.start, call);
    }
    if (node.type === "CatchClause" && body) put(body.start + 1, call);
    if (node.type === "TryStatement") {
      const finalizer = node["finalizer"] as AnyNode | null;
      if (finalizer) put(finalizer.start + 1, call);
    }
    inside();
  };

  /** A nameless function or class takes the field's name, which a wrapper would take away; it runs nothing by itself. */
  const initialiser = (value: AnyNode): void => {
    const nameless = value.type === "ClassExpression" || functions.has(value.type);
    if (nameless && !value["id"]) visit(value);
    else wrap(value, `(${check}(),`, ")", () => visit(value));
  };

  visit(tree);
  return insert(code, opening, closing);
}

/** Where a value comes about that could be much larger than what it is made of, and what looks at it. */
function growthOf(node: AnyNode): { at: AnyNode; by: "text" | "spread" | "count" } | null {
  const [left, right] = [node["left"], node["right"]] as (AnyNode | undefined)[];
  // Counting is not looked at: it is most of what programs add.
  const small = (side: AnyNode | undefined) => side?.type === "Literal" && typeof side["value"] === "number";
  switch (node.type) {
    case "BinaryExpression":
      return ["+", "**", "<<"].includes(String(node["operator"])) && !small(left) && !small(right)
        ? { at: node, by: "text" }
        : null;
    case "AssignmentExpression":
      return ["+=", "**=", "<<="].includes(String(node["operator"])) && !small(right) ? { at: node, by: "text" } : null;
    case "TemplateLiteral":
      return (node["expressions"] as AnyNode[]).length > 0 ? { at: node, by: "text" } : null;
    case "SpreadElement":
      return { at: node["argument"] as AnyNode, by: "spread" };
    case "NewExpression":
    case "CallExpression": {
      const [only, ...more] = node["arguments"] as AnyNode[];
      const named = (node["callee"] as AnyNode)["name"] === "Array";
      return named && only && more.length === 0 && only.type !== "SpreadElement" ? { at: only, by: "count" } : null;
    }
    default:
      return null;
  }
}

/** What is put in adds no line break; at one position what closes comes before what opens. */
function insert(code: string, opening: Insertion[], closing: Insertion[]): string {
  const all = [...closing, ...opening].toSorted((a, b) => a.at - b.at);
  let result = "";
  let from = 0;
  for (const { at, text, upTo = at } of all) {
    result += code.slice(from, at) + text;
    from = upTo;
  }
  return result + code.slice(from);
}

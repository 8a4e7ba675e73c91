import type { SourceLocation } from "acorn";

/** A node of acorn's tree, looked at by its shape only, so that syntax which is new to us is still walked. */
export interface AnyNode {
  type: string;
  start: number;
  end: number;
  loc: SourceLocation;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as AnyNode).type === "string" && "start" in value;

/** Every node directly below this one, in no order that matters. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

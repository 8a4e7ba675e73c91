import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";

/**
 * Whether a tool may be called from within these: the tools of the calls that are open above it, the model's own first.
 * A tool that is among them is refused, however far up: what a program is refused it cannot reach through another tool
 * that runs programs. Pure.
 */
export function mayCallWithin(chain: readonly string[], tool: string): KernelError | null {
  if (chain.includes(tool)) {
    const way = [...chain.slice(chain.indexOf(tool)), tool].join(" → ");
    return new KernelError("code.refused", `${tool} cannot be called from within ${tool}: ${way}.`);
  }
  const { maxDepth } = limits.nested;
  return chain.length > maxDepth
    ? new KernelError("code.refused", `Tools call tools at most ${maxDepth} deep (limits.nested.maxDepth).`)
    : null;
}

import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";

/** Arguments come over the wire, so types of TypeScript are a hope. Small checks by hand: the start must be fast. */
export function text(value: unknown, name: string, maxBytes: number): string {
  if (typeof value !== "string") throw new AgentError("VALIDATION_FAILED", `${name} must be text.`);
  // A character is at least a byte, so the exact count is only taken where it can matter.
  if (value.length > maxBytes || Buffer.byteLength(value) > maxBytes)
    throw new AgentError("VALIDATION_FAILED", `${name} is longer than ${maxBytes} bytes.`);
  return value;
}

export function pathText(value: unknown, name = "path"): string {
  const path = text(value, name, agentLimits.maxPathBytes);
  if (path === "" || path.includes("\0")) throw new AgentError("VALIDATION_FAILED", `${name} is not a path.`);
  return path;
}

export function idText(value: unknown, name: string): string {
  const id = text(value, name, 256);
  if (id.trim() === "") throw new AgentError("VALIDATION_FAILED", `${name} must not be empty.`);
  return id;
}

/** Milliseconds, or `fallback` when absent; never more than `max`. */
export function milliseconds(value: unknown, fallback: number, max: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "number" || !(value > 0))
    throw new AgentError("VALIDATION_FAILED", "A time in milliseconds must be above zero.");
  return Math.min(value, max);
}

/** Variables by name; what is undefined is left out, as the SDK does. */
export function variables(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object") throw new AgentError("VALIDATION_FAILED", "env must be an object.");
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  if (entries.length > agentLimits.maxVariables)
    throw new AgentError("VALIDATION_FAILED", `env has more than ${agentLimits.maxVariables} variables.`);
  return Object.fromEntries(
    entries.map(([name, item]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new AgentError("VALIDATION_FAILED", `"${name.slice(0, 80)}" cannot be the name of a variable.`);
      const value = text(item, `env.${name}`, agentLimits.maxArgumentBytes);
      if (value.includes("\0")) throw new AgentError("VALIDATION_FAILED", `env.${name} has a NUL in it.`);
      return [name, value];
    }),
  );
}

import { KernelError } from "./errors.ts";

type Level = "debug" | "info" | "warn" | "error";
type Fields = Record<string, unknown>;

/** Names whose values never reach a log line. */
const secretName = /token|secret|key|authorization|cookie|password|signature/i;

function plain(value: unknown, depth: number): unknown {
  if (value instanceof KernelError)
    return { ...value.toShape(), cause: depth > 2 ? undefined : plain(value.cause, depth + 1) };
  if (value instanceof Error)
    return { name: value.name, message: value.message.slice(0, 500), stack: value.stack?.slice(0, 1500) };
  if (typeof value === "string") return value.slice(0, 1000);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 3) return "…";
  if (Array.isArray(value)) return value.slice(0, 20).map((item) => plain(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 40)
      .map(([name, item]) => [name, secretName.test(name) ? "[hidden]" : plain(item, depth + 1)]),
  );
}

function write(level: Level, message: string, fields: Fields): void {
  const line = JSON.stringify({ level, message, ...(plain(fields, 0) as Fields) });
  // eslint-disable-next-line no-console -- the one place that writes
  console[level](line);
}

/** The logger: one JSON object a line, bounded, secrets hidden by name. */
export const log = {
  debug: (message: string, fields: Fields = {}) => write("debug", message, fields),
  info: (message: string, fields: Fields = {}) => write("info", message, fields),
  warn: (message: string, fields: Fields = {}) => write("warn", message, fields),
  error: (message: string, fields: Fields = {}) => write("error", message, fields),
};

import { toJson } from "./to-json.ts";

/** Makes a `console` that writes lines. */
export function print(write: (line: string) => void): Record<string, (...args: unknown[]) => void> {
  const shown = (value: unknown): string => {
    if (typeof value === "string") return value;
    if (value === undefined || value === null) return String(value);
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === "object") return toJson(value, 8000).json;
    if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
    return (value as number | symbol).toString();
  };
  const line = (...args: unknown[]) => {
    let rest = args;
    const [first] = args;
    let head: string[] = [];
    if (typeof first === "string" && args.length > 1 && /%[sdifjoOc]/.test(first)) {
      const values = args.slice(1);
      head = [
        first.replace(/%([sdifjoOc%])/g, (whole, kind: string) => {
          if (kind === "%") return "%";
          if (values.length === 0) return whole;
          const value = values.shift();
          if (kind === "c") return "";
          return kind === "d" || kind === "i" || kind === "f" ? String(Number(value)) : shown(value);
        }),
      ];
      rest = values;
    }
    for (const part of [...head, ...rest.map(shown)].join(" ").split("\n")) write(part);
  };
  const quiet = () => undefined;
  const table = (rows: unknown) => {
    if (Array.isArray(rows)) for (const row of rows) line(row);
    else line(rows);
  };
  const assert = (condition: unknown, ...args: unknown[]) => {
    if (!condition) line("Assertion failed:", ...args);
  };
  const lines = ["log", "info", "warn", "error", "debug", "trace", "dir", "group", "groupCollapsed"];
  const silent = ["groupEnd", "clear", "time", "timeEnd", "timeLog", "count", "countReset"];
  return {
    ...Object.fromEntries(lines.map((name) => [name, line])),
    ...Object.fromEntries(silent.map((name) => [name, quiet])),
    table,
    assert,
  };
}

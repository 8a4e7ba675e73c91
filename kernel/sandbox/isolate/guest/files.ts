import { type Answer, type Ask, bytesOf, type Fail } from "./calls.ts";

/** `FILES` as the program sees it. */
export function filesApi(
  call: (op: string, ...args: unknown[]) => Promise<Answer>,
  ask: Ask,
  fail: Fail,
  maxWriteBytes: number,
): Record<string, (...args: never[]) => Promise<unknown>> {
  const files = (op: string, ...args: unknown[]) => ask(`FILES.${op}`, () => call(op, ...args));
  const optional = (value: unknown) => (value === undefined ? [] : [value]);
  const read = async (path: string, range?: unknown) => {
    const file = (await files("read", path, ...optional(range))) as { bytes: Uint8Array };
    return file.bytes;
  };
  const readText = async (path: string, range?: unknown) => new TextDecoder().decode(await read(path, range));
  const write = async (path: string, content: unknown, options?: unknown) => {
    const bytes = bytesOf(content);
    const size = typeof bytes === "string" ? bytes.length : bytes instanceof Uint8Array ? bytes.byteLength : 0;
    if (size > maxWriteBytes)
      throw fail(
        "file.too_large",
        `FILES.write: ${size} bytes; the most is ${maxWriteBytes} (limits.isolate.maxWriteBytes)`,
      );
    return files("write", path, bytes, ...optional(options));
  };
  const api = {
    read,
    readText,
    readJson: async (path: string) => JSON.parse(await readText(path)) as unknown,
    write,
    list: (folder: string, cursor?: string) => files("list", folder, ...optional(cursor)),
    find: (query: unknown) => files("find", query),
    stat: (path: string) => files("stat", path),
    move: (from: string, to: string) => files("move", from, to),
    remove: (path: string) => files("remove", path),
  };
  return Object.freeze(api);
}

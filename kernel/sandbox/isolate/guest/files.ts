import { type Answer, type Ask, bytesOf } from "./calls.ts";

/** `FILES` as the program sees it. */
export function filesApi(
  call: (op: string, ...args: unknown[]) => Promise<Answer>,
  ask: Ask,
): Record<string, (...args: never[]) => Promise<unknown>> {
  const files = (op: string, ...args: unknown[]) => ask(`FILES.${op}`, () => call(op, ...args));
  const optional = (value: unknown) => (value === undefined ? [] : [value]);
  const read = async (path: string, range?: unknown) => {
    const file = (await files("read", path, ...optional(range))) as { bytes: Uint8Array };
    return file.bytes;
  };
  const readText = async (path: string, range?: unknown) => new TextDecoder().decode(await read(path, range));
  const api = {
    read,
    readText,
    readJson: async (path: string) => JSON.parse(await readText(path)) as unknown,
    write: (path: string, content: unknown, options?: unknown) =>
      files("write", path, bytesOf(content), ...optional(options)),
    list: (folder: string, cursor?: string) => files("list", folder, ...optional(cursor)),
    find: (query: unknown) => files("find", query),
    stat: (path: string) => files("stat", path),
    move: (from: string, to: string) => files("move", from, to),
    remove: (path: string) => files("remove", path),
  };
  return Object.freeze(api);
}

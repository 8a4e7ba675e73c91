/** What a call of the FILES stub answers: an outcome as data, because classes do not survive the way. */
type Answer = { ok: true; value: unknown } | { ok: false; error: { code: string; userMessage: string } };

/**
 * `FILES` as the program sees it. Only for comfort: the other side believes none of it and checks every call itself.
 */
export function filesApi(
  call: (op: string, ...args: unknown[]) => Promise<Answer>,
  meter: { resume(): void },
  fail: (code: string, message: string) => Error,
  maxSubCalls: number,
): Record<string, (...args: never[]) => Promise<unknown>> {
  let calls = 0;
  const ask = async (op: string, ...args: unknown[]): Promise<unknown> => {
    // Refused here first: a loop over a refused call must not look like a loop that waits.
    calls += 1;
    if (calls > maxSubCalls)
      throw fail("limit.calls", `a program makes at most ${maxSubCalls} calls of FILES (limits.isolate.maxSubCalls)`);
    let answer: Answer;
    try {
      answer = await call(op, ...args);
    } catch (thrown) {
      // A value that cannot be sent (a function, something over 32 MB), or a run that is over.
      throw fail("input.invalid", `FILES.${op}: ${thrown instanceof Error ? thrown.message : "cannot be sent"}`);
    } finally {
      meter.resume();
    }
    if (!answer.ok) throw fail(answer.error.code, answer.error.userMessage);
    return answer.value;
  };
  const bytesOf = (content: unknown): unknown => {
    if (content instanceof ArrayBuffer) return new Uint8Array(content);
    if (ArrayBuffer.isView(content))
      return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
    return content;
  };
  const read = async (path: string, range?: unknown) => {
    const file = (await ask("read", path, ...(range === undefined ? [] : [range]))) as { bytes: Uint8Array };
    return file.bytes;
  };
  const readText = async (path: string, range?: unknown) => new TextDecoder().decode(await read(path, range));
  const api = {
    read,
    readText,
    readJson: async (path: string) => JSON.parse(await readText(path)) as unknown,
    write: (path: string, content: unknown, options?: unknown) =>
      ask("write", path, bytesOf(content), ...(options === undefined ? [] : [options])),
    list: (folder: string, cursor?: string) => ask("list", folder, ...(cursor === undefined ? [] : [cursor])),
    find: (query: unknown) => ask("find", query),
    stat: (path: string) => ask("stat", path),
    move: (from: string, to: string) => ask("move", from, to),
    remove: (path: string) => ask("remove", path),
  };
  return Object.freeze(api);
}

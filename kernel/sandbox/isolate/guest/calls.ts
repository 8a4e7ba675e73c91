/** What a stub's call answers: an outcome as data, because classes do not survive the way. */
export type Answer = { ok: true; value: unknown } | { ok: false; error: { code: string; userMessage: string } };

/** Makes an error that keeps its code when the program lets it pass. */
export type Fail = (code: string, message: string) => Error;

/** Makes one call out of the isolate: `name` is what the program called, for a refusal's words. */
export type Ask = (name: string, call: () => Promise<Answer>) => Promise<unknown>;

/**
 * The program's way out, the same for every stub: counted, its time not taken for computing, a failed call thrown as an
 * Error with a code. Only for comfort: the other side counts and checks by itself.
 */
export function caller(meter: { resume(): void }, fail: Fail, maxSubCalls: number): Ask {
  let calls = 0;
  return async (name, call) => {
    // Refused here first: a loop over a refused call must not look like a loop that waits.
    calls += 1;
    if (calls > maxSubCalls)
      throw fail(
        "limit.calls",
        `a program makes at most ${maxSubCalls} calls of FILES, TOOLS and PROXY (limits.isolate.maxSubCalls)`,
      );
    let answer: Answer;
    try {
      answer = await call();
    } catch (thrown) {
      // A value that cannot be sent (a function, something over 32 MB), or a run that is over.
      throw fail("input.invalid", `${name}: ${thrown instanceof Error ? thrown.message : "cannot be sent"}`);
    } finally {
      meter.resume();
    }
    if (!answer.ok) throw fail(answer.error.code, answer.error.userMessage);
    return answer.value;
  };
}

/** Bytes of whatever holds some; anything else as it is. */
export function bytesOf(content: unknown): unknown {
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
  return content;
}

/** What a stub's call answers: an outcome as data, because classes do not survive the way. */
export type Answer = ({ ok: true; value: unknown } | { ok: false; error: { code: string; userMessage: string } }) & {
  /** What the Kernel has done for this program in all. */
  workMs: number;
};

/** Makes an error that keeps its code when the program lets it pass. */
export type Fail = (code: string, message: string) => Error;

/** Makes one call out of the isolate: `name` is what the program called, for a refusal's words. */
export type Ask = (name: string, call: () => Promise<Answer>) => Promise<unknown>;

/** Bounds of what is sent; the other side has the same. */
export interface SendCaps {
  maxSubCalls: number;
  maxCallsAtOnce: number;
  maxInputChars: number;
  maxWriteBytes: number;
  maxRequestBytes: number;
}

/**
 * The program's way out: counted, its time not taken for computing, a failed call thrown as an Error with a code. What
 * comes of it is one line for each kind of stub, in which a call waits before it is sent: what has been sent is read by
 * the other side whether it has the time or not. Only for comfort: the other side counts and checks by itself.
 */
export function caller(
  meter: { resume(): void; charge(workMs: number): void },
  fail: Fail,
  { maxSubCalls, maxCallsAtOnce }: Pick<SendCaps, "maxSubCalls" | "maxCallsAtOnce">,
): () => Ask {
  let calls = 0;
  return () => {
    const enter = line(maxCallsAtOnce);
    return async (name, call) => {
      // Refused here first: a loop over a refused call must not look like a loop that waits.
      calls += 1;
      if (calls > maxSubCalls)
        throw fail(
          "limit.calls",
          `a program makes at most ${maxSubCalls} calls of FILES, TOOLS and PROXY (limits.isolate.maxSubCalls)`,
        );
      const leave = await enter();
      let answer: Answer;
      try {
        answer = await call();
      } catch (thrown) {
        // A value that cannot be sent (a function, something over 32 MB), or a run that is over.
        throw fail("input.invalid", `${name}: ${thrown instanceof Error ? thrown.message : "cannot be sent"}`);
      } finally {
        leave();
        meter.resume();
      }
      meter.charge(answer.workMs);
      if (!answer.ok) throw fail(answer.error.code, answer.error.userMessage);
      return answer.value;
    };
  };
}

/** A place among so many, when one is free; first come, first served. */
function line(places: number): () => Promise<() => void> {
  // Taken before the program can put a Promise of its own in place.
  const Later = Promise;
  const waiting: (() => void)[] = [];
  let taken = 0;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  };
  return async () => {
    if (taken < places) taken += 1;
    else await new Later<void>((resolve) => void waiting.push(resolve));
    return leave;
  };
}

/** Bytes of whatever holds some; anything else as it is. */
export function bytesOf(content: unknown): unknown {
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
  return content;
}

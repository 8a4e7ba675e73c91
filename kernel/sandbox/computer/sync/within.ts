import { KernelError } from "../../../errors.ts";
import { inTime } from "../../../in-time.ts";
import { limits } from "../../../limits.ts";

/** The call's own answer, or an error when it takes longer than a call to a box may: a pipe in /r2 never ends a read. */
export const within = <T>(call: Promise<T>, what: string, ms: number = limits.computer.sync.callMs): Promise<T> =>
  inTime(
    ms,
    () =>
      new KernelError("computer.unavailable", `The computer did not answer in time (${what}).`, { retryable: true }),
    () => call,
  );

import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";

/** The call's own answer, or an error when it takes longer than a call to a box may: a pipe in /r2 never ends a read. */
export async function within<T>(call: Promise<T>, what: string, ms: number = limits.computer.sync.callMs): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new KernelError("computer.unavailable", `The computer did not answer in time (${what}).`, {
            retryable: true,
          }),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

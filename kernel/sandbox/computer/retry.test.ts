import { expect, test } from "vitest";
import { KernelError } from "../../errors.ts";
import { repeatable } from "./retry.ts";
import { boxError } from "./sdk-errors.ts";

const sdkError = (code: string): Error => Object.assign(new Error("the words of somebody else"), { code });
/** Throws these one after the other, then answers. */
function failing(...codes: string[]) {
  const tried: string[] = [];
  return {
    tried,
    work: async () => {
      const code = codes[tried.length];
      tried.push(code ?? "ok");
      if (code) throw sdkError(code);
      return "done";
    },
  };
}
const noWait = async () => {};

test("C4 the first call after a box was destroyed ends as interrupted, and is made once more", async () => {
  const { work, tried } = failing("OPERATION_INTERRUPTED");
  expect(await repeatable(work, noWait)).toBe("done");
  expect(tried).toHaveLength(2);
  const twice = failing("OPERATION_INTERRUPTED", "OPERATION_INTERRUPTED");
  await expect(repeatable(twice.work, noWait)).rejects.toThrow();
  expect(twice.tried).toHaveLength(2);
});

test("C4 a box that cannot be had is asked for five times, with longer pauses, and no more", async () => {
  const waits: number[] = [];
  const { work, tried } = failing(...Array.from({ length: 9 }, () => "CONTAINER_UNAVAILABLE"));
  await expect(repeatable(work, async (ms) => void waits.push(ms))).rejects.toThrow();
  expect(tried).toHaveLength(5);
  expect(waits).toEqual([500, 1000, 2000, 4000]);
});

test("C4 a box that breaks off as it starts has done nothing, and is asked for again", async () => {
  const broken = Object.assign(sdkError("INTERNAL_ERROR"), { context: { phase: "startup", error: "lost" } });
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries < 3) throw broken;
    return "done";
  };
  expect(await repeatable(work, noWait)).toBe("done");
  expect(boxError(broken)).toMatchObject({ code: "computer.unavailable", retryable: true });
  const later = Object.assign(sdkError("INTERNAL_ERROR"), { context: { phase: "connection" } });
  await expect(repeatable(() => Promise.reject(later), noWait)).rejects.toBe(later);
  expect(boxError(later).retryable).toBe(false);
});

test("C4 after half a minute of trying there is no further try", async () => {
  let now = 0;
  const { work, tried } = failing(...Array.from({ length: 9 }, () => "CONTAINER_UNAVAILABLE"));
  const slow = () => {
    now += 16_000;
    return work();
  };
  await expect(repeatable(slow, noWait, () => now)).rejects.toThrow();
  expect(tried).toHaveLength(2);
});

test("C4 another error is not tried again", async () => {
  const { work, tried } = failing("FILE_NOT_FOUND");
  await expect(repeatable(work, noWait)).rejects.toThrow();
  expect(tried).toHaveLength(1);
});

test("C4 an error of the SDK becomes one of ours by its code, and none of its words get out", () => {
  const pairs = [
    ["FILE_NOT_FOUND", "file.not_found"],
    ["NO_SPACE", "limit.disk"],
    ["PROCESS_NOT_FOUND", "computer.not_found"],
    ["OPERATION_INTERRUPTED", "computer.interrupted"],
    ["CONTAINER_UNAVAILABLE", "computer.unavailable"],
    ["SOMETHING_NEW", "computer.unavailable"],
  ];
  for (const [code = "", ours] of pairs) {
    const error = boxError(sdkError(code), "/workspace/a");
    expect(error.code).toBe(ours);
    expect(error.userMessage).not.toContain("somebody else");
  }
  expect(boxError(sdkError("CONTAINER_UNAVAILABLE")).retryable).toBe(true);
  expect(boxError(sdkError("OPERATION_INTERRUPTED")).retryable).toBe(false);
  const own = new KernelError("limit.wall", "ours");
  expect(boxError(own)).toBe(own);
});

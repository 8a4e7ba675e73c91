import { describe, expect, it } from "vitest";
import type { FileTree } from "../../files/types.ts";
import { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { type IsolateLimits, type IsolateProps, Runs } from "./runs.ts";

const props: IsolateProps = {
  user: UserId.parse("slack:T1:U1"),
  thread: ThreadId.parse("slack:T1:C1:1.2"),
  turn: TurnId.parse("turn"),
  run: "8a3f8d5e-55a5-4f0e-9d65-0c6f2f4a8f11",
};

function setup(some: Partial<IsolateLimits> = {}, files: Partial<FileTree> = {}) {
  const runs = new Runs();
  const shown: string[] = [];
  const run = runs.open({
    props,
    files: files as FileTree,
    limits: { ...limits.isolate, ...some },
    onLog: (lines) => shown.push(...lines),
  });
  return { runs, run, shown };
}

describe("Runs", () => {
  it("hands lines on as they come, up to the caps", async () => {
    const { runs, run, shown } = setup({ maxLogLines: 3, maxLogChars: 10 });
    expect(await runs.write(props, ["ab", "cd"])).toEqual({ ok: true, value: null });
    expect(run.logsCut).toBe(false);
    await runs.write(props, ["efghijklm", "n"]);
    expect(run.logs).toEqual(["ab", "cd", "efghij"]);
    expect(shown).toEqual(run.logs);
    expect(run.logsCut).toBe(true);
    await runs.write(props, ["late"]);
    expect(shown).toHaveLength(3);
  });

  it.each([[null], ["text"], [[1]], [{ length: 1 }], [["x".repeat(100_000)]], [Array(10_000).fill("x")]])(
    "lines that are none are refused: %#",
    async (lines) => {
      const { runs, run } = setup();
      expect(await runs.write(props, lines)).toMatchObject({ ok: false, error: { code: "input.invalid" } });
      expect(run.logs).toEqual([]);
    },
  );

  it("a stub of a run that is over, or of somebody else, reaches nothing", async () => {
    const { runs } = setup({}, { stat: async () => null });
    expect(await runs.files(props, "stat", ["home/a"])).toEqual({ ok: true, value: null });
    const other = { ...props, user: UserId.parse("slack:T1:U2") };
    for (const stranger of [other, { ...props, turn: "x" }, { ...props, run: crypto.randomUUID() }, {}, null])
      expect(await runs.files(stranger, "stat", ["home/a"])).toMatchObject({ ok: false, error: { code: "code.refused" } }); // oxfmt-ignore
    runs.close(props);
    expect(await runs.files(props, "stat", ["home/a"])).toMatchObject({ ok: false, error: { code: "code.refused" } });
    expect(await runs.write(props, ["a"])).toMatchObject({ ok: false, error: { code: "code.refused" } });
  });

  it("counts every call of a program, refused ones too, and stops at the limit", async () => {
    const { runs } = setup({ maxSubCalls: 2 }, { stat: async () => null });
    await runs.files(props, "nonsense", []);
    expect(await runs.files(props, "stat", ["home/a"])).toMatchObject({ ok: true });
    expect(await runs.files(props, "stat", ["home/a"])).toMatchObject({ ok: false, error: { code: "limit.calls" } });
  });

  it("works on four calls of a program at once, so that it cannot hold all files in memory", async () => {
    let now = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const stat = async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => gates.push(resolve));
      now -= 1;
      return null;
    };
    const { runs } = setup({}, { stat });
    const calls = Array.from({ length: 12 }, () => runs.files(props, "stat", ["home/a"]));
    for (let left = calls.length; left > 0; left--) {
      while (gates.length === 0) await Promise.resolve();
      gates.shift()?.();
    }
    await Promise.all(calls);
    expect(most).toBe(4);
  });
});

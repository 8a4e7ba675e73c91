import { describe, expect, it } from "vitest";
import type { FileTree } from "../../files/types.ts";
import { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { Work } from "../../work.ts";
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
  const work = new Work({ budgetMs: Infinity, pause: async () => undefined });
  const run = runs.open({
    props,
    files: files as FileTree,
    tools: {
      names: ["echo"],
      list: () => [{ name: "echo" }],
      call: async (name, input) => ({ name, input }),
    },
    wait: { leftMs: () => 1000, begin: () => () => undefined },
    work,
    limits: { ...limits.isolate, ...some },
    onLog: (lines) => shown.push(...lines),
  });
  return { runs, run, shown, work };
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
    expect(await runs.files(props, "stat", ["home/a"])).toMatchObject({ ok: true, value: null });
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

  it("hands calls of tools on, with their input as JSON and nothing else", async () => {
    const { runs } = setup();
    expect(await runs.tools(props, "echo", '{"a":[1]}')).toEqual({
      ok: true,
      waitedMs: 0,
      workMs: expect.any(Number),
      value: { name: "echo", input: { a: [1] } },
    });
    expect(await runs.tools(props, "list", "{}")).toMatchObject({ ok: true, waitedMs: 0, value: [{ name: "echo" }] });
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const [name, input] of [
      ["echo", cyclic],
      ["echo", { a: 1 }],
      ["echo", "{"],
      ["echo", undefined],
      [1, "{}"],
      ["x".repeat(200), "{}"],
      ["echo", "[".repeat(100) + "]".repeat(100)],
      ["echo", "[".repeat(1e6) + "]".repeat(1e6)],
      ["echo", `"${"x".repeat(limits.nested.maxInputChars)}"`],
    ])
      // oxfmt-ignore
      expect(await runs.tools(props, name, input)).toMatchObject({ ok: false, error: { code: "input.invalid" } });
  });

  it("a key named __proto__ in a tool's input stays a key", async () => {
    const { runs } = setup();
    const answer = await runs.tools(props, "echo", '{"__proto__":{"admin":true}}');
    const { input } = (answer as unknown as { value: { input: object } }).value;
    expect(Object.keys(input)).toEqual(["__proto__"]);
    expect("admin" in input).toBe(false);
  });

  it("FILES, TOOLS and PROXY share one count of calls", async () => {
    const { runs } = setup({ maxSubCalls: 3 }, { stat: async () => null });
    await runs.files(props, "stat", ["home/a"]);
    await runs.tools(props, "echo", "{}");
    const request = JSON.stringify({ url: "https://a.example/", method: "GET", headers: [] });
    expect(await runs.proxy(props, request, null)).toMatchObject({ ok: false, error: { code: "account.none" } });
    expect(await runs.tools(props, "echo", "{}")).toMatchObject({ ok: false, error: { code: "limit.calls" } });
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

  it("a call is read when it is its turn and not before; the 17th at once is refused, and the limit named", async () => {
    const gate = Promise.withResolvers<null>();
    const { runs, work } = setup({}, { stat: () => gate.promise });
    const read: number[] = [];
    // What is read of an array of arguments is seen here.
    const args = (n: number) => new Proxy(["home/a"], { get: (list, key) => (read.push(n), Reflect.get(list, key)) }); // oxfmt-ignore
    const { maxCallsAtOnce, maxCallsQueued } = limits.isolate;
    const places = maxCallsAtOnce + maxCallsQueued;
    const calls = Array.from({ length: places }, (_, n) => runs.files(props, "stat", args(n)));
    const tooMany = await runs.files(props, "stat", args(places));
    expect(tooMany).toMatchObject({ ok: false, error: { code: "limit.queue", userMessage: expect.stringContaining("limits.isolate.maxCallsQueued") } }); // oxfmt-ignore
    expect([...new Set(read)]).toEqual([0, 1, 2, 3]);
    expect(work.spentMs).toBe(maxCallsAtOnce * limits.work.callMs);
    gate.resolve(null);
    expect((await Promise.all(calls)).every((answer) => answer.ok)).toBe(true);
    expect(new Set(read).size).toBe(places);
  });

  it("JSON with many values is refused before it is parsed", async () => {
    const { runs } = setup();
    const many = `[${"[],".repeat(limits.nested.maxInputValues)}[]]`;
    const answer = await runs.tools(props, "echo", many);
    expect(answer).toMatchObject({ ok: false, error: { code: "input.invalid", userMessage: expect.stringContaining("limits.nested.maxInputValues") } }); // oxfmt-ignore
    const request = JSON.stringify({
      url: "https://a.example/",
      method: "GET",
      headers: Array.from({ length: 600 }, () => ["a", "b"]),
    });
    expect(await runs.proxy(props, request, null)).toMatchObject({ ok: false, error: { code: "input.invalid" } });
  });

  it("what the Kernel does for a program is told with each answer, and ends the program at its limit", async () => {
    const { runs, work } = setup({}, { stat: async () => null });
    let over = 0;
    const free = work.limit(3 * limits.work.callMs, () => (over += 1));
    const stat = () => runs.files(props, "stat", ["home/a"]);
    expect([(await stat()).workMs, (await stat()).workMs, (await stat()).workMs]).toEqual([1, 2, 3]);
    expect(await stat()).toMatchObject({ ok: false, error: { code: "limit.cpu" } });
    expect(over).toBeGreaterThan(0);
    free();
  });

  it("a file that is too large for a program is refused on this side too, and the limit named", async () => {
    const { runs } = setup({ maxWriteBytes: 10 }, { write: () => Promise.reject(new Error("it was written")) });
    for (const content of ["x".repeat(11), new Uint8Array(11)])
      expect(await runs.files(props, "write", ["home/a", content])).toMatchObject({ ok: false, error: { code: "file.too_large", userMessage: expect.stringContaining("limits.isolate.maxWriteBytes") } }); // oxfmt-ignore
  });
});

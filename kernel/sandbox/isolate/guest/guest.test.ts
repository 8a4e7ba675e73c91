import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { caller } from "./calls.ts";
import { filesApi } from "./files.ts";
import { logger } from "./logger.ts";
import { type Limit, meter } from "./meter.ts";
import { print } from "./print.ts";
import { toJson } from "./to-json.ts";

const json = (value: unknown, max = 10_000) => JSON.parse(toJson(value, max).json) as unknown;

describe("toJson", () => {
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic["self"] = cyclic;
  class Point {
    x = 1;
    get y() {
      return 2;
    }
  }
  it.each([
    [undefined, null],
    [
      { a: undefined, b: null, c: true },
      { b: null, c: true },
    ],
    [
      [undefined, 1],
      [null, 1],
    ],
    [12n, "12"],
    [
      [Number.NaN, -Infinity],
      ["NaN", "-Infinity"],
    ],
    [cyclic, { a: 1, self: "[circular]" }],
    [new Map([["a", new Set([1, 2])]]), { a: [1, 2] }],
    [new Map([[1, "a"]]), [[1, "a"]]],
    [new Uint8Array([1, 255]), "[Uint8Array of 2 bytes: 01 ff]"],
    [new Uint8Array(40).buffer, `[ArrayBuffer of 40 bytes: ${"00 ".repeat(32)}…]`],
    [new Float64Array([1.5]), [1.5]],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [/a/g, "/a/g"],
    [Symbol("s"), "Symbol(s)"],
    [function named() {}, "[function named]"],
    [new TypeError("no"), { name: "TypeError", message: "no" }],
    [Promise.resolve(1), "[Promise, not awaited]"],
    [new Point(), { x: 1 }],
    [new Response(), "[Response]"],
    [{}, {}],
    [Object.create(null), {}],
    [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
  ])("%o", (value, expected) => {
    expect(json(value)).toEqual(expected);
  });

  it("cuts inside at the cap and stays JSON", () => {
    const { json: text, cut } = toJson({ rows: Array.from({ length: 1000 }, (_, i) => ({ i, name: "x".repeat(50) })) }, 500); // oxfmt-ignore
    expect(cut).toBe(true);
    expect(text.length).toBeLessThan(900);
    expect((JSON.parse(text) as { rows: unknown[] }).rows[0]).toEqual({ i: 0, name: "x".repeat(50) });
    expect(toJson("x".repeat(100), 50)).toEqual({ json: `"${"x".repeat(48)}…"`, cut: true });
    expect(toJson({ a: 1 }, 500).cut).toBe(false);
  });

  it("nesting has an end", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(toJson(deep, 10_000).json).toContain("[nested too deeply]");
  });
});

describe("meter", () => {
  let time = 0;
  beforeEach(() => {
    time = 0;
    vi.spyOn(Date, "now").mockImplementation(() => time);
  });
  afterEach(() => vi.restoreAllMocks());
  const start = (caps = { cpuMs: 1000, wallMs: 5000 }) => {
    const hits: Limit[] = [];
    return { hits, ...meter(caps, (limit) => hits.push(limit)) };
  };
  const spin = (check: () => void, times: number, ms: number) => {
    for (let i = 0; i < times; i++) {
      time += ms;
      check();
    }
  };

  it("stops a slow loop soon after the limit, and then throws at every check", () => {
    const { hits, check } = start();
    expect(() => spin(check, 10_000, 10)).toThrow();
    expect(time).toBeLessThan(1100);
    for (let i = 0; i < 300; i++) expect(check).toThrow();
    expect(hits).toEqual(["cpu"]);
  });

  it("stops a fast loop too, with the clock read at every 128th check only", () => {
    const { hits, check } = start();
    expect(() => spin(check, 1_000_000, 0.01)).toThrow();
    expect(time).toBeLessThan(1010);
    expect(hits).toEqual(["cpu"]);
    expect(vi.mocked(Date.now).mock.calls.length).toBeLessThan(100_000 / 128 + 20);
  });

  it("does not count a pause as computing, but as time in all", () => {
    const { hits, check, resume } = start();
    for (let i = 0; i < 4; i++) {
      time += 1200;
      resume();
      spin(check, 200, 0.1);
    }
    expect(hits).toEqual([]);
    time += 1200;
    resume();
    expect(() => spin(check, 200, 0.1)).toThrow();
    expect(hits).toEqual(["wall"]);
  });

  it("does not count a wait for a person at all, and looks at time in all again after it", () => {
    const { hits, check, leave, resume } = start();
    const back = leave();
    time += 60_000;
    resume();
    spin(check, 200, 0.1);
    back(60_000);
    spin(check, 200, 0.1);
    expect(hits).toEqual([]);
    leave()(0);
    time += 6000;
    resume();
    expect(() => spin(check, 200, 0.1)).toThrow();
    expect(hits).toEqual(["wall"]);
  });

  it("stops for a limit that was noticed elsewhere: at once and at every check after it", () => {
    const { hits, check, stop, stoppedBy } = start();
    expect(stop("memory")).toBeInstanceOf(Error);
    for (let i = 0; i < 3; i++) expect(check).toThrow();
    expect(hits).toEqual(["memory"]);
    expect(stoppedBy()).toBe("memory");
  });

  it("cannot be fooled by a clock the program puts in place", () => {
    const { check } = start();
    Date.now = () => 0;
    expect(() => spin(check, 100_000, 1)).toThrow();
  });
});

describe("logger", () => {
  it("sends the first line at once and what comes meanwhile together", async () => {
    const sent: string[][] = [];
    const log = logger(async (lines) => void sent.push(lines), { maxLogLines: 10, maxLogChars: 100 });
    log.write("a");
    await Promise.resolve();
    log.write("b");
    log.write("c");
    await log.drained();
    expect(sent).toEqual([["a"], ["b", "c"]]);
  });

  it("keeps quiet past its caps, with one line over to tell", async () => {
    const sent: string[] = [];
    const log = logger(async (lines) => void sent.push(...lines), { maxLogLines: 3, maxLogChars: 100 });
    for (let i = 0; i < 100; i++) log.write(String(i));
    await log.drained();
    expect(sent).toEqual(["0", "1", "2", "3"]);
    const long = logger(async (lines) => void sent.push(...lines), { maxLogLines: 3, maxLogChars: 100 });
    for (let i = 0; i < 3; i++) long.write("x".repeat(1000));
    await long.drained();
    expect(sent.slice(4).map((line) => line.length)).toEqual([101]);
  });

  it("a listener that is gone ends nothing", async () => {
    const log = logger(() => Promise.reject(new Error("gone")), { maxLogLines: 3, maxLogChars: 100 });
    log.write("a");
    await expect(log.drained()).resolves.toBeUndefined();
  });
});

describe("console", () => {
  const printed = (use: (console: ReturnType<typeof print>) => void): string[] => {
    const lines: string[] = [];
    use(print((line) => lines.push(line)));
    return lines;
  };
  it.each([
    [["a", 1, null, undefined, true], ["a 1 null undefined true"]],
    [[{ a: [1] }, new Map([["k", 1n]])], ['{"a":[1]} {"k":"1"}']],
    [["a\nb"], ["a", "b"]],
    [["%s is %d%% of %j", "x", "5", { y: 1 }, "more"], ['x is 5% of {"y":1} more']],
    [["100%"], ["100%"]],
    [[new TypeError("no"), Symbol("s"), () => 1], ["TypeError: no Symbol(s) [function without a name]"]],
  ])("prints %o", (args, lines) => {
    expect(printed((console) => console["log"]?.(...args))).toEqual(lines);
  });

  it("has table, assert and the quiet ones", () => {
    const lines = printed((console) => {
      console["table"]?.([{ a: 1 }, { a: 2 }]);
      console["assert"]?.(false, "no");
      console["assert"]?.(true, "yes");
      console["time"]?.("t");
      console["error"]?.("e");
    });
    expect(lines).toEqual(['{"a":1}', '{"a":2}', "Assertion failed: no", "e"]);
  });
});

describe("FILES in the program", () => {
  const fail = (code: string, message: string) => Object.assign(new Error(message), { code });
  const api = (answer: (op: string, ...args: unknown[]) => unknown, max = 10) => {
    let resumed = 0;
    const meter = { resume: () => (resumed += 1), charge: () => undefined };
    const files = filesApi(
      async (op, ...args) => ({ ok: true, value: answer(op, ...args), workMs: 0 }),
      caller(meter, fail, { maxSubCalls: max, maxCallsAtOnce: 4 })(),
      fail,
      100,
    ) as Record<string, (...args: unknown[]) => Promise<unknown>>;
    return { files, resumed: () => resumed };
  };

  it("reads text, JSON and bytes, and says that it paused", async () => {
    const { files, resumed } = api(() => ({ bytes: new TextEncoder().encode('{"é":1}') }));
    expect(await files["readText"]?.("home/a")).toBe('{"é":1}');
    expect(await files["readJson"]?.("home/a")).toEqual({ é: 1 });
    expect(await files["read"]?.("home/a")).toBeInstanceOf(Uint8Array);
    expect(resumed()).toBe(3);
  });

  it("writes any bytes as bytes, only the part a view shows", async () => {
    const seen: unknown[] = [];
    const { files } = api((_, ...args) => seen.push(args[1]));
    await files["write"]?.("home/a", new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    await files["write"]?.("home/a", new Uint8Array([5]).buffer);
    await files["write"]?.("home/a", new Uint16Array([258]));
    expect(seen).toEqual([new Uint8Array([2, 3]), new Uint8Array([5]), new Uint8Array([2, 1])]);
  });

  it("an error carries its code, and a call too many is refused without a call", async () => {
    const refused = filesApi(
      async () => ({ ok: false, error: { code: "file.not_found", userMessage: "There is none." }, workMs: 0 }),
      caller({ resume: () => undefined, charge: () => undefined }, fail, { maxSubCalls: 1, maxCallsAtOnce: 4 })(), // oxfmt-ignore
      fail,
      100,
    ) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    await expect(refused["stat"]?.("home/a")).rejects.toMatchObject({
      code: "file.not_found",
      message: "There is none.",
    });
    await expect(refused["stat"]?.("home/a")).rejects.toMatchObject({ code: "limit.calls" });
  });
});

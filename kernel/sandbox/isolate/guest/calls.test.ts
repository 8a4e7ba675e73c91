import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { caller } from "./calls.ts";
import { guardMemory } from "./memory.ts";
import { proxyApi } from "./proxy.ts";
import { returned } from "./result.ts";
import { toolsApi } from "./tools.ts";

const fail = (code: string, message: string) => Object.assign(new Error(message), { code });
const caps = { maxSubCalls: 100, maxCallsAtOnce: 4 };
const ask = caller({ resume: () => undefined, charge: () => undefined }, fail, caps)();

describe("TOOLS in the program", () => {
  const seen: unknown[] = [];
  const waits: number[] = [];
  const tools = toolsApi(
    ["write_file"],
    async (...args) => {
      seen.push(args);
      return { ok: true, value: { done: true }, waitedMs: 5, workMs: 0 };
    },
    ask,
    fail,
    () => (waitedMs) => waits.push(waitedMs),
    1000,
  );

  it("has a method for each tool and sends its input as JSON", async () => {
    expect(Object.keys(tools)).toEqual(["write_file", "list"]);
    expect(await tools["write_file"]?.({ path: "home/a", at: new Date(0), no: undefined, f: () => 1 })).toEqual({ done: true }); // oxfmt-ignore
    await tools["list"]?.();
    expect(waits).toEqual([5, 5]);
    expect(seen).toEqual([["write_file", '{"path":"home/a","at":"1970-01-01T00:00:00.000Z"}'], ["list", "{}"]]); // oxfmt-ignore
  });

  it("what is no JSON is refused before it is sent, with a code", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const input of [
      cyclic,
      1n,
      () => 1,
      {
        get a() {
          throw new Error("no");
        },
      },
    ])
      // oxfmt-ignore
      await expect(tools["write_file"]?.(input)).rejects.toMatchObject({ code: "input.invalid" });
  });
});

describe("PROXY in the program", () => {
  it("sends a request as fetch takes it, and gives a Response", async () => {
    const seen: unknown[] = [];
    const answer = { status: 201, statusText: "Created", headers: [["x-a", "b"]], body: new TextEncoder().encode('{"n":1}') }; // oxfmt-ignore
    const proxy = proxyApi(
      async (...args) => {
        seen.push(args);
        return { ok: true, value: answer, workMs: 0 };
      },
      ask,
      fail,
      1000,
    );
    const response = await proxy.fetch(new URL("https://a.example/x"), {
      method: "post",
      headers: { b: "c" },
      body: "hé",
    });
    expect([response.status, response.headers.get("x-a"), await response.json()]).toEqual([201, "b", { n: 1 }]);
    const [request, body] = seen[0] as [string, Uint8Array];
    expect(JSON.parse(request)).toMatchObject({ url: "https://a.example/x", method: "POST", headers: expect.arrayContaining([["b", "c"]]) }); // oxfmt-ignore
    expect(new TextDecoder().decode(body)).toBe("hé");
  });

  it("what is no request, and a refusal, throw with a code", async () => {
    const error = { code: "account.none", userMessage: "No account." };
    const proxy = proxyApi(async () => ({ ok: false, error, workMs: 0 }), ask, fail, 1000);
    await expect(proxy.fetch("https://a.example/")).rejects.toMatchObject({ code: "account.none" });
    await expect(proxy.fetch("not an address")).rejects.toMatchObject({ code: "input.invalid" });
    await expect(proxy.fetch(Symbol("x"))).rejects.toMatchObject({ code: "input.invalid" });
    await expect(proxy.fetch("https://a.example/", { body: "on a get" })).rejects.toMatchObject({ code: "input.invalid" }); // oxfmt-ignore
  });
});

describe("what a program returns", () => {
  const caps = { maxResultChars: 100, maxResultBytes: 3000 };
  const tooLarge = (bytes: number) => fail("limit.output", String(bytes));
  const out = (value: unknown) => returned(value, caps, tooLarge);

  it("is JSON; too long for that, its beginning and the whole", async () => {
    expect(await out({ a: 1 })).toEqual({ end: "value", json: '{"a":1}', cut: false, whole: null });
    const long = await out("x".repeat(500));
    expect(long).toMatchObject({ end: "value", cut: false, whole: `"${"x".repeat(500)}"` });
    expect(long.end === "value" && long.json.length).toBeLessThanOrEqual(100);
    expect(await out("x".repeat(5000))).toMatchObject({ cut: true });
  });

  it("is bytes when it is bytes: a buffer, an array of bytes, a Blob, a File with its name", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await out(bytes.subarray(1))).toEqual({ end: "bytes", bytes: new Uint8Array([2, 3]), name: null, mediaType: null }); // oxfmt-ignore
    expect(await out(bytes.buffer)).toMatchObject({ end: "bytes", bytes });
    expect(await out(new Blob([bytes], { type: "image/png" }))).toMatchObject({ bytes, name: null, mediaType: "image/png" }); // oxfmt-ignore
    expect(await out(new File([bytes], "a.png", { type: "image/png" }))).toMatchObject({ bytes, name: "a.png" });
    await expect(out(new Uint8Array(3001))).rejects.toMatchObject({ code: "limit.output" });
  });
});

describe("allocations that are too large", () => {
  const world: Record<string, unknown> = { Uint8Array, Float64Array, ArrayBuffer };
  const touched: [object, string][] = [
    ...["repeat", "padStart", "padEnd"].map((name): [object, string] => [String.prototype, name]),
    [Array.prototype, "fill"],
    [Array, "from"],
  ];
  const before = touched.map(([holder, name]) => Object.getOwnPropertyDescriptor(holder, name) ?? {});
  const hits: string[] = [];
  beforeEach(() => {
    guardMemory(world, { maxAllocationBytes: 1000, maxHeldBytes: 1e9 }, (what) => {
      hits.push(what);
      return new Error("memory");
    });
  });
  afterEach(() => {
    for (const [index, [holder, name]] of touched.entries()) Object.defineProperty(holder, name, before[index] ?? {});
  });

  it("are refused before they are made, the others are made as ever", () => {
    const { Uint8Array: Bytes, Float64Array: Floats, ArrayBuffer: Buffer } = world as { Uint8Array: typeof Uint8Array; Float64Array: typeof Float64Array; ArrayBuffer: typeof ArrayBuffer }; // oxfmt-ignore
    const tries: [() => unknown, boolean][] = [
      [() => new Bytes(1000), true],
      [() => new Bytes(1001), false],
      [() => new Floats(126), false],
      [() => new Floats([1, 2]), true],
      [() => new Buffer(1001), false],
      [() => new Bytes(new Buffer(8), 4), true],
      [() => "ab".repeat(501), false],
      [() => "ab".repeat(500), true],
      [() => "".padEnd(1001, "x"), false],
      [() => Array.from({ length: 1e9 }), false],
      [() => Array.from("abc"), true],
      [
        () =>
          Array.from({ length: 100 })
            .concat(Array.from({ length: 100 }))
            .fill(0),
        false,
      ],
    ];
    const done = tries.map(([make]) => {
      try {
        make();
        return true;
      } catch {
        return false;
      }
    });
    expect(done).toEqual(tries.map(([, expected]) => expected));
    expect(new Bytes(2)).toBeInstanceOf(Bytes);
    expect(Bytes.from([1])).toEqual(new Bytes([1]));
  });

  it("and buffers that are held are counted together", () => {
    const own: Record<string, unknown> = { ArrayBuffer };
    guardMemory(own, { maxAllocationBytes: 50_000, maxHeldBytes: 100_000 }, () => new Error("memory"));
    const Buffer = own["ArrayBuffer"] as typeof ArrayBuffer;
    const kept = [new Buffer(40_000), new Buffer(40_000), new Buffer(100)];
    expect(() => new Buffer(40_000)).toThrow("memory");
    expect(kept).toHaveLength(3);
  });
});

import { describe, expect, it } from "vitest";
import { caller } from "./calls.ts";
import { filesApi } from "./files.ts";
import { proxyApi } from "./proxy.ts";
import { returned } from "./result.ts";
import { toolsApi } from "./tools.ts";

const fail = (code: string, message: string) => Object.assign(new Error(message), { code });
const caps = { maxSubCalls: 100, maxCallsAtOnce: 4 };
const ask = caller({ resume: () => undefined, charge: () => undefined }, fail, caps)();

describe("the way out of a program", () => {
  it("sends four calls at once, the others when one of them is answered, in their order", async () => {
    const sent: number[] = [];
    const answers: (() => void)[] = [];
    const charged: number[] = [];
    const out = caller({ resume: () => undefined, charge: (ms) => charged.push(ms) }, fail, caps);
    const [files, tools] = [out(), out()];
    const call = (way: typeof files, n: number) =>
      way("call", () => {
        sent.push(n);
        return new Promise((resolve) => answers.push(() => resolve({ ok: true, value: n, workMs: n })));
      });
    const calls = Array.from({ length: 13 }, (_, n) => call(files, n));
    await Promise.resolve();
    expect(sent).toEqual([0, 1, 2, 3]);
    // A tool that waits for a person holds up no file, and the other way round.
    void call(tools, 100);
    await Promise.resolve();
    expect(sent).toEqual([0, 1, 2, 3, 100]);
    for (let n = 0; n < 14; n += 1) {
      while (answers[n] === undefined) await Promise.resolve();
      answers[n]?.();
    }
    await Promise.all(calls);
    expect(sent.filter((n) => n < 100)).toEqual(calls.map((_, n) => n));
    expect(charged).toContain(12);
  });

  it("what is too large is refused before it is sent", async () => {
    const never = () => Promise.reject(new Error("it was sent"));
    const files = filesApi(never, ask, fail, 10) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    await expect(files["write"]?.("home/a", "x".repeat(11))).rejects.toMatchObject({ code: "file.too_large" });
    await expect(files["write"]?.("home/a", new Uint8Array(11))).rejects.toMatchObject({ code: "file.too_large" });
    const tools = toolsApi(["echo"], never, ask, fail, () => () => undefined, 10, 100);
    await expect(tools["echo"]?.("x".repeat(11))).rejects.toThrow("limits.nested.maxInputChars");
    const proxy = proxyApi(never, ask, fail, 10);
    const big = { method: "POST", body: "x".repeat(11) };
    await expect(proxy.fetch("https://a.example/", big)).rejects.toThrow("limits.isolate.maxRequestBytes");
  });
});

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
    100,
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

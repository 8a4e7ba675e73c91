import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Suite, startSuite } from "./start.ts";

let suite: Suite;
beforeAll(async () => {
  suite = await startSuite();
});
afterAll(() => suite.stop());

const user = "slack:T1:U1";
const run = (code: string, limits: Record<string, number> = {}) => suite.run({ user, code, limits });
/** Locally an isolate shares its thread with the Worker: the limit is short so that the suite is. */
const short = { cpuMs: 250, wallMs: 1500 };

describe("a program", () => {
  it("returns its value, and null when it returns nothing", async () => {
    expect((await run("const a = await Promise.resolve(20);\nreturn { a, b: a + 1 }")).result).toMatchObject({
      value: { a: 20, b: 21 },
      error: null,
      logs: [],
      truncated: [],
    });
    expect((await run("1 + 1")).result.value).toBeNull();
    expect((await run("// nothing")).result).toMatchObject({ value: null, error: null });
  });

  it("writes lines that arrive while it runs", async () => {
    const { order, result } = await run(
      "console.log('first');\nawait FILES.stat('home/none');\nconsole.warn('second', { a: 1 });\nawait scheduler.wait(20);\nconsole.log('last')",
    );
    expect(order).toEqual(["log:first", 'log:second {"a":1}', "log:last", "result"]);
    expect(result.logs).toEqual(["first", 'second {"a":1}', "last"]);
    const stopped = await suite.run({
      user,
      code: "console.log('go');\nawait scheduler.wait(20_000);\nreturn 1",
      stopAt: "go",
    });
    // It was stopped because of its line: the line came before its end.
    expect(stopped.result.error?.code).toBe("tool.interrupted");
    expect(stopped.ms).toBeLessThan(10_000);
  });

  it("that throws names its own line", async () => {
    const { result } = await run("const a = 1;\n\nfunction f(x) {\n  return x.y.z;\n}\nawait null;\nf({})");
    expect(result.error).toMatchObject({ code: "code.failed", line: 4 });
    expect(result.error?.userMessage).toBe("TypeError: Cannot read properties of undefined (reading 'z') (line 4)");
    expect((await run("throw { a: 1 }")).result.error?.userMessage).toBe('threw {"a":1}');
    expect((await run("\nsetTimeout(() => {\n  null.x }, 1);\nawait scheduler.wait(500)")).result.error?.line).toBe(3);
  });

  it("that does not parse names line and column", async () => {
    const { result } = await run("const a = 1;\nlet b = ;");
    expect(result.error).toMatchObject({ code: "code.failed", line: 2 });
    expect(result.error?.userMessage).toContain("line 2, column 9");
  });

  it("reads and writes the person's files, text and bytes", async () => {
    const { result } = await run(`
const written = await FILES.write("home/data/a.csv", "n\\n1\\n2\\n");
await FILES.write("home/data/b.bin", new Uint8Array([0, 255]));
const rows = (await FILES.readText("home/data/a.csv")).trim().split("\\n").slice(1).map(Number);
await FILES.move("home/data/b.bin", "home/data/c.bin");
const { files } = await FILES.list("home/data/");
return {
  version: written.version, sum: rows.reduce((a, b) => a + b), names: files.map((file) => file.path),
  bytes: [...(await FILES.read("home/data/c.bin"))], part: [...(await FILES.read("home/data/c.bin", { offset: 1, length: 1 }))],
  found: (await FILES.find({ glob: "home/**/*.csv", text: "2" })).map((hit) => hit.path), none: await FILES.stat("home/data/b.bin"),
};`);
    expect(result).toMatchObject({
      error: null,
      value: {
        sum: 3,
        names: ["home/data/a.csv", "home/data/c.bin"],
        bytes: [0, 255],
        part: [255],
        found: ["home/data/a.csv"],
        none: null,
      },
    });
  });

  it("sees nobody else's files", async () => {
    await run("await FILES.write('home/mine.txt', 'secret')");
    const other = await suite.run({ user: "slack:T1:U2", code: "return await FILES.stat('home/mine.txt')" });
    expect(other.result.value).toBeNull();
  });

  it("shares no globals with the next one", async () => {
    await run("globalThis.left = 1; Array.prototype.map = () => 'broken'; Object.prototype.poison = 1");
    expect((await run("return [typeof left, [1].map((x) => x), ({}).poison ?? null]")).result.value).toEqual([
      "undefined",
      [1],
      null,
    ]);
  });
});

describe("a program without end is ended, and the limit is named", () => {
  it.each([
    ["while", "while (true) {}"],
    ["while with no block", "while (true);"],
    ["for", "for (;;) ;"],
    ["do", "do {} while (true)"],
    ["labelled", "a: for (;;) { for (;;) { continue a } }"],
    ["recursion", "const f = (n) => n > 0 ? f(n - 1) + f(n - 1) : 0; return f(80)"],
    ["mutual recursion that is caught", "function a() { try { b() } catch { a() } } function b() { try { a() } catch { b() } } a()"], // oxfmt-ignore
    ["swallowed in a loop", "for (;;) { try { for (;;) {} } catch {} }"],
    ["swallowed in finally", "(function f() { try { for (;;) {} } finally { for (;;) {} } })()"],
    ["swallowed by a return in finally", "function f() { for (;;) { try { for (;;) {} } finally { continue } } }\nf()"],
    ["swallowed in a promise", "const f = () => Promise.reject(1).catch(f); await f()"],
    ["async loop", "for (;;) await null"],
    ["async function", "const f = async () => { await null; return f() }; await f()"],
    ["for await", "for await (const x of (async function* () { for (;;) yield 1 })()) {}"],
    ["generator", "const g = (function* () { for (;;) yield 1 })(); for (const x of g) {}"],
    ["spread of a generator by hand", "const it = { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }; for (const x of it) ;"], // oxfmt-ignore
    ["class fields", "let d = 0; class A { x = d < 40 && (d++, new A(), new A(), d--) }; new A()"],
    ["static block", "class A { static { for (;;) {} } }"],
    ["getter", "const o = { get a() { return this.a2 }, get a2() { for (;;) ; } }; o.a"],
    ["microtasks", "const f = () => queueMicrotask(f); f(); await scheduler.wait(1)"],
    ["sort callback", "[1, 2, 3].sort(() => { for (;;) {} })"],
    ["a clock of its own", "Date.now = () => 0; performance.now = () => 0; for (;;) {}"],
    ["after catching everything", "addEventListener('unhandledrejection', () => {}); Promise.prototype.then = () => { for (;;) {} }; for (;;) {}"], // oxfmt-ignore
    ["while it returns", "return { toJSON() { for (;;) {} } }"],
    ["in a getter of its result", "return { get a() { for (;;) {} } }"],
  ])("%s", async (_, code) => {
    const { result, ms } = await run(code, short);
    expect(result.error).toMatchObject({
      code: "limit.cpu",
      userMessage: "Stopped after 250 ms of computing (limits.isolate.cpuMs).",
    });
    expect(ms).toBeLessThan(5000);
  });

  it.each([
    ["a wait", "await scheduler.wait(60_000)", "limit.wall", "Stopped after 1.5 s in all (limits.isolate.wallMs)."],
    ["timers", "await new Promise(() => setInterval(() => {}, 1))", "limit.wall", "Stopped after 1.5 s in all (limits.isolate.wallMs)."], // oxfmt-ignore
    ["a loop of waits", "for (;;) await scheduler.wait(1)", "limit.wall", "Stopped after 1.5 s in all (limits.isolate.wallMs)."], // oxfmt-ignore
    ["a promise that nobody settles", "await new Promise(() => {})", "limit.wall", "Stopped before its time because it waited for a promise that nothing was going to settle."], // oxfmt-ignore
    ["a loop of calls", "for (;;) await FILES.stat('home/a')", "limit.calls", "a program makes at most 20 calls of FILES, TOOLS and PROXY (limits.isolate.maxSubCalls) (line 1)"], // oxfmt-ignore
    ["a loop of calls that it catches", "for (;;) { try { await FILES.stat('home/a') } catch {} }", "limit.cpu", /^Stopped after 250 ms of computing(?:, \d+ ms of it by what its calls had done)? \(limits.isolate.cpuMs\)\.$/], // oxfmt-ignore
  ])("%s", async (_, code, expected, message) => {
    const { result, ms } = await run(code, { ...short, maxSubCalls: 20 });
    expect(result.error).toMatchObject({
      code: expected,
      userMessage: typeof message === "string" ? message : expect.stringMatching(message),
    });
    expect(ms).toBeLessThan(5000);
  });

  it("keeps the lines it wrote before", async () => {
    const { result } = await run("console.log('before');\nfor (;;) {}", short);
    expect(result).toMatchObject({ logs: ["before"], error: { code: "limit.cpu" } });
  });

  it("and another request meanwhile is answered, at the latest when the limit is reached", async () => {
    const started = performance.now();
    const [spin, health] = await Promise.all([
      run("for (;;) {}", { cpuMs: 1000, wallMs: 5000 }),
      fetch(`${suite.origin}/health`).then(async (response) => ({ text: await response.text(), ms: performance.now() - started })), // oxfmt-ignore
    ]);
    expect(spin.result.error?.code).toBe("limit.cpu");
    expect(health.text).toBe("ok");
    expect(health.ms).toBeLessThan(4000);
  });

  it("what was stopped does not go on: its timers and calls are gone", async () => {
    const left = "setInterval(() => { void FILES.stat('home/a').catch(() => {}) }, 5);\nawait scheduler.wait(60_000)";
    const { result } = await run(left, { wallMs: 200, maxSubCalls: 100_000 });
    expect(result.error?.code).toBe("limit.wall");
    // A few calls may have been under way when it was stopped.
    await run("await scheduler.wait(200)");
    const before = (await suite.state(user)).late;
    await run("await scheduler.wait(200)");
    expect((await suite.state(user)).late - before).toBe(0);
    expect(before).toBeLessThan(30);
  });
});

describe("what is capped says so", () => {
  it("lines and characters of the log", async () => {
    const lines = await run("for (let i = 0; i < 100; i++) console.log(i); return 1", { maxLogLines: 10 });
    expect(lines.result.logs).toHaveLength(10);
    expect(lines.result.truncated).toEqual([
      "logs: cut at 10 lines or 32000 characters (limits.isolate.maxLogLines, maxLogChars)",
    ]);
    const flood = await run("for (let i = 0; i < 1e6; i++) console.log('x'.repeat(100)); return 1");
    expect(flood.result.logs.join("").length).toBeLessThanOrEqual(32_000);
    expect(flood.result).toMatchObject({ value: 1, error: null });
  });

  it("a result that is too long is a file, with its beginning beside it", async () => {
    const { result } = await run("return 'x'.repeat(100_000)", { maxResultChars: 1000 });
    expect(JSON.stringify(result.value).length).toBeLessThanOrEqual(1000);
    expect(result.file).toMatchObject({ path: expect.stringMatching(/^home\/results\/[0-9a-f]{8}\.json$/), sizeBytes: 100_002, mediaType: "application/json" }); // oxfmt-ignore
    expect(result.truncated).toEqual([
      `result: more than 1000 characters (limits.isolate.maxResultChars); it is in ${result.file?.path}`,
    ]);
    const read = await run(`return (await FILES.readJson(${JSON.stringify(result.file?.path)})).length`);
    expect(read.result.value).toBe(100_000);
    const escapes = await run("return '\\u0001'.repeat(5000)", { maxResultChars: 1000 });
    expect(JSON.stringify(escapes.result.value).length).toBeLessThanOrEqual(1000);
  });

  it("and a file has its cap too", async () => {
    const long = await run("return 'x'.repeat(20_000)", { maxResultChars: 1000, maxResultBytes: 9000 });
    expect(long.result.file?.sizeBytes).toBeLessThanOrEqual(9000);
    expect(long.result.truncated[0]).toContain("cut at 9000 bytes (limits.isolate.maxResultBytes)");
    const bytes = await run("return new Uint8Array(9001)", { maxResultBytes: 9000 });
    expect(bytes.result.error).toMatchObject({ code: "limit.output", userMessage: expect.stringContaining("limits.isolate.maxResultBytes") }); // oxfmt-ignore
  });

  it("bytes are a file: with the name and type that the program gave, or ours", async () => {
    const named = await run("return new File([new Uint8Array([1, 2, 3])], '../ch/art.png', { type: 'image/png' })");
    expect(named.result).toMatchObject({ value: null, error: null, truncated: [], file: { path: "home/results/art.png", sizeBytes: 3, mediaType: "image/png" } }); // oxfmt-ignore
    const plain = await run("return new TextEncoder().encode('héllo').buffer");
    expect(plain.result.file).toMatchObject({ path: expect.stringMatching(/^home\/results\/[0-9a-f]{8}\.bin$/), sizeBytes: 6 }); // oxfmt-ignore
    const empty = await run("return new Blob([])");
    expect(empty.result.truncated[0]).toContain("file.empty");
  });

  it("the size of the program", async () => {
    const { result } = await run("x".repeat(200), { maxCodeChars: 100 });
    expect(result.error).toMatchObject({ code: "input.invalid" });
    expect(result.error?.userMessage).toContain("limits.isolate.maxCodeChars");
  });

  it("values that are not JSON have a sensible form", async () => {
    const { result } = await run("const a = { n: 1n, m: new Map([['k', new Set([1])]]), b: new Uint8Array(2), d: new Date(0) }; a.a = a; return a"); // oxfmt-ignore
    expect(result.value).toEqual({
      n: "1",
      m: { k: [1] },
      b: "[Uint8Array of 2 bytes: 00 00]",
      d: "1970-01-01T00:00:00.000Z",
      a: "[circular]",
    });
  });
});

describe("what the Kernel does for a program", () => {
  it("is computing of the program's: it ends at the same limit, whatever it catches, and the next one is served", async () => {
    const fill =
      'await Promise.all(Array.from({ length: 8 }, (_, n) => FILES.write("home/fill/" + n, "x\\n".repeat(4e5))));';
    expect((await run(fill)).result.error).toBeNull();
    const search =
      'for (;;) await Promise.allSettled(Array.from({ length: 12 }, () => FILES.find({ text: "zebra" })));';
    const { result } = await run(search, { cpuMs: 400, wallMs: 50_000 });
    expect(result.error?.code).toBe("limit.cpu");
    expect(result.error?.userMessage).toMatch(/ of it by what its calls had done \(limits\.isolate\.cpuMs\)/);
    expect((await run('return (await FILES.find({ glob: "home/fill/*" })).length')).result.value).toBe(8);
  });

  it("does not end what it saves of the program's result", async () => {
    const code = 'for (let n = 0; n < 40; n += 1) await FILES.stat("home/a");\nreturn "x".repeat(2e6)';
    const { result } = await run(code, { cpuMs: 1000 });
    expect(result).toMatchObject({ error: null, file: { sizeBytes: 2e6 + 2 } });
  });

  it("waiting for a person is no time of the program's", async () => {
    const waitMs = 1500;
    const { result, ms } = await run(`await TOOLS.wait({ ms: ${waitMs} }); return 1`, { wallMs: 1200 });
    expect(result).toMatchObject({ error: null, value: 1 });
    // In all it was at least both.
    expect(result.wallMs).toBeLessThanOrEqual(ms - waitMs + 20);
  });

  it("a regular expression that goes back without end is over soon, and means what it says", async () => {
    const code =
      'return [/^(a+)+$/.test("a".repeat(60) + "b"), "a".repeat(60).replace(/(a+)+$/, "x"), /^(?:(a+))+b$/.exec("a".repeat(40) + "b")?.[1].length]';
    expect((await run(code)).result.value).toEqual([false, "x", 40]);
  });
});

describe("memory that is asked for at once", () => {
  it.each([
    ["a buffer", "new ArrayBuffer(2 ** 30)"],
    ["an array of bytes", "new Uint8Array(2 ** 30)"],
    ["a growing buffer", "new ArrayBuffer(8, { maxByteLength: 2 ** 40 })"],
    ["a text", "'ab'.repeat(2 ** 28)"],
    ["a padded text", "''.padEnd(2 ** 29, 'x')"],
    ["an array made of nothing", "Array.from({ length: 1e9 })"],
    ["a filled array", "new Array(1e8).fill(0)"],
    ["caught, and asked for again and again", "for (;;) { try { new Uint8Array(2 ** 30) } catch {} }"],
  ])("%s", async (_, code) => {
    const { result } = await run(code);
    expect(result.error?.code).toBe("limit.memory");
    expect(result.error?.userMessage).toContain("64 MB at once (limits.isolate.maxAllocationBytes)");
  });

  it("buffers that pile up while it waits", async () => {
    const pile = "const kept = []; for (;;) { kept.push(new Uint8Array(8e6)); await scheduler.wait(1) }";
    const { result } = await run(pile, { maxHeldBytes: 64e6, wallMs: 20_000 });
    expect(result.error?.code).toBe("limit.memory");
    expect(result.error?.userMessage).toContain("limits.isolate.maxHeldBytes");
  });

  it("what fits is made as ever", async () => {
    const { result } = await run("return [new Uint8Array(1e6).length, 'a'.repeat(1e5).length, new Array(10).fill(1).length, new Float64Array([1.5])[0], Array.from('abc').length]"); // oxfmt-ignore
    expect(result.value).toEqual([1e6, 1e5, 10, 1.5, 3]);
  });
});

describe("the queue", () => {
  it("of 12 programs at once keeps 10 in flight, and the others see their place", async () => {
    const person = "slack:T1:U12";
    const code = "console.log('in'); while (!(await FILES.stat('home/go'))) await scheduler.wait(150); return 1";
    const runs = Array.from({ length: 12 }, () => suite.run({ user: person, code }));
    let most = { inFlight: 0, queued: 0 };
    const poll = { open: true };
    const all = Promise.all(runs).finally(() => (poll.open = false));
    while (poll.open) {
      const { inFlight, queued } = await suite.state(person);
      most = { inFlight: Math.max(most.inFlight, inFlight), queued: Math.max(most.queued, queued) };
      // They wait for this file; the stubs of a program that stands in no line write it.
      if (queued === 2) await suite.hostile({ user: person, code: "return FILES.call('write', 'home/go', 'x')" });
    }
    const orders = (await all).map(({ order }) => order.join(" "));
    expect(most).toEqual({ inFlight: 10, queued: 2 });
    expect(orders.filter((order) => order.startsWith("queued:")).toSorted()).toEqual([
      "queued:1 log:in result",
      "queued:2 queued:1 log:in result",
    ]);
    expect(await suite.state(person)).toMatchObject({ inFlight: 0, queued: 0 });
  });
});

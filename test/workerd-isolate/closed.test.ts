import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Suite, startSuite } from "./start.ts";

let suite: Suite;
beforeAll(async () => {
  // Minified, because our part of the isolate travels as the text of functions.
  suite = await startSuite({ minify: true });
});
afterAll(() => suite.stop());

const user = "slack:T1:U1";
const run = async (code: string) => (await suite.run({ user, code, limits: { cpuMs: 1000, wallMs: 3000 } })).result;
/** Runs a module of the test's own that has the bare stubs, as if it had broken out of the prelude. */
const hostile = (code: string) => suite.hostile({ user, code });

describe("a program is closed in", () => {
  it.each([
    ["fetch", "await fetch('http://127.0.0.1:1/')", "fetch is refused: code here has no network"],
    ["WebSocket", "new WebSocket('ws://127.0.0.1:1/')", "WebSocket is refused: code here has no network"],
    ["EventSource", "new EventSource('http://127.0.0.1:1/')", "EventSource is refused: code here has no network"],
    ["connect", "connect('127.0.0.1:1')", "connect is refused: code here has no network"],
    ["require", "require('node:net')", "require is refused: code here has no modules"],
    [
      "import()",
      "await import('cloudflare:sockets')",
      'import of "cloudflare:sockets" is refused: the modules here are csv, markdown, xlsx and zip',
    ],
    [
      "import",
      "import { connect } from 'cloudflare:sockets'",
      'import of "cloudflare:sockets" is refused: the modules here are csv, markdown, xlsx and zip',
    ],
    ["eval", "eval('1')", "eval is refused: code cannot be made from text here"],
    ["new Function", "new Function('return 1')()", "Code generation from strings disallowed"],
    ["an async function's constructor", "(async () => {}).constructor('return 1')()", "Code generation from strings"],
  ])("%s is refused, with the reason", async (_, code, words) => {
    const { error } = await run(code);
    expect(error?.code).toBe("code.refused");
    expect(error?.userMessage).toContain(words);
    expect(error?.line).toBe(1);
  });

  it("the real ones behind those words are closed too", async () => {
    const result = await run(`
const seen = [];
for (const [name, attempt] of Object.entries({
  fetch: () => Object.getPrototypeOf(globalThis).fetch("http://127.0.0.1:1/"),
  prototype: () => ServiceWorkerGlobalScope.prototype.fetch.call(globalThis, "http://127.0.0.1:1/"),
  wasm: () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  string: () => setTimeout("globalThis.made = 1", 0),
  process: () => process.getBuiltinModule("node:net"),
  atomics: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000),
})) {
  try { await attempt(); seen.push(name) } catch {}
}
return seen`);
    expect(result).toMatchObject({ error: null, value: [] });
  });

  it("no variable of the Worker is seen in it: process.env is empty, the canary nowhere", async () => {
    const result = await run(`
const seen = new Set(); const found = [];
const look = (value, path, depth) => {
  if (typeof value === "string" && value.includes("canary")) found.push(path);
  if (depth > 4 || value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) { try { look(value[key], path + "." + String(key), depth + 1) } catch {} }
};
look(globalThis, "globalThis", 0);
return { env: Object.keys(process.env), found: found.filter((path) => !path.includes("look")) }`);
    expect(result).toMatchObject({ error: null, value: { env: [], found: [] } });
    expect(await hostile("return [Object.keys(this.env).toSorted(), JSON.stringify(this.ctx.props ?? {}), Object.keys(this.ctx.exports ?? {})]")).toEqual([["FILES", "LOGS", "PROXY", "TOOLS"], "{}", expect.not.arrayContaining(["SuiteKernel"])]); // oxfmt-ignore
    expect(await hostile("return typeof process === 'undefined' ? [] : Object.keys(process.env)")).toEqual([]);
  });
});

describe("the stubs with hostile arguments", () => {
  it.each([
    ["no arguments", "FILES.call()", "input.invalid"],
    ["an op of the prototype", "FILES.call('constructor')", "input.invalid"],
    ["an op that is no text", "FILES.call({ toString: () => 'read' }, 'home/a')", "input.invalid"],
    ["a function for a path", "FILES.call('read', () => 'home/a')", "input.invalid"],
    ["a stub for a path", "FILES.call('read', FILES)", "input.invalid"],
    ["prototype keys", "FILES.call('write', 'home/a', 'x', JSON.parse('{\"__proto__\":{\"author\":\"x\"}}'))", "input.invalid"], // oxfmt-ignore
    ["another author", "FILES.call('write', 'home/a', 'x', { author: 'slack:T1:U2' })", "input.invalid"],
    ["a huge path", "FILES.call('stat', 'home/' + 'x'.repeat(1e6))", "input.invalid"],
    ["26 MB of text", "FILES.call('write', 'home/a', 'x'.repeat(26 * 1024 * 1024))", "input.invalid"],
    ["..", "FILES.call('read', 'home/../../u/other')", "path.invalid"],
    ["encoded dots", "FILES.call('read', 'home/%2e%2e/x')", "path.invalid"],
    ["a backslash", "FILES.call('read', 'home\\\\x')", "path.invalid"],
    ["NUL", "FILES.call('read', 'home/a\\0b')", "path.invalid"],
    ["an unknown prefix", "FILES.call('read', 'etc/passwd')", "path.invalid"],
    ["an absolute path", "FILES.call('read', '/etc/passwd')", "path.invalid"],
    ["a file that is not there", "FILES.call('read', 'home/not-there')", "file.not_found"],
    ["a removal", "FILES.call('remove', 'home/a')", "code.refused"],
    ["a tool that is not there", "TOOLS.call('rm_rf', '{}')", "tool.unknown"],
    ["a tool of the prototype", "TOOLS.call('constructor', '{}')", "tool.unknown"],
    ["a tool's name that is no text", "TOOLS.call({ toString: () => 'echo' }, '{}')", "input.invalid"],
    ["a tool's input that is no text", "TOOLS.call('echo', { a: 1 })", "input.invalid"],
    ["a cyclic input", "(() => { const a = {}; a.a = a; return TOOLS.call('echo', a) })()", "input.invalid"],
    ["an input with functions", "TOOLS.call('echo', { f: () => 1 })", "input.invalid"],
    ["an input with getters", "TOOLS.call('echo', { get a() { return 1 } })", "input.invalid"],
    ["an input that is a stub", "TOOLS.call('echo', FILES)", "input.invalid"],
    ["an input that is no JSON", "TOOLS.call('echo', '{a:1}')", "input.invalid"],
    ["an input of a million levels", "TOOLS.call('echo', '['.repeat(1e6) + ']'.repeat(1e6))", "input.invalid"],
    ["an input of 28 MB", "TOOLS.call('echo', JSON.stringify('x'.repeat(28e6)))", "input.invalid"],
    ["no tool", "TOOLS.call()", "input.invalid"],
    ["a request", "PROXY.call(JSON.stringify({ url: 'https://a.example/', method: 'GET', headers: [] }), null)", "account.none"], // oxfmt-ignore
    ["a request that is no text", "PROXY.call({ url: 'https://a.example/' })", "input.invalid"],
    ["a request with more in it", "PROXY.call(JSON.stringify({ url: 'https://a.example/', method: 'GET', headers: [], user: 'slack:T1:U2' }), null)", "input.invalid"], // oxfmt-ignore
    ["a request with a name in it", "PROXY.call(JSON.stringify({ url: 'https://a@b.example/', method: 'GET', headers: [] }), null)", "input.invalid"], // oxfmt-ignore
    ["a request by http", "PROXY.call(JSON.stringify({ url: 'http://169.254.169.254/', method: 'GET', headers: [] }), null)", "input.invalid"], // oxfmt-ignore
    ["a request to a file", "PROXY.call(JSON.stringify({ url: 'file:///etc/passwd', method: 'GET', headers: [] }), null)", "input.invalid"], // oxfmt-ignore
    ["a body that is a function", "PROXY.call(JSON.stringify({ url: 'https://a.example/', method: 'POST', headers: [] }), () => 1)", "input.invalid"], // oxfmt-ignore
    ["a body of 9 MB", "PROXY.call(JSON.stringify({ url: 'https://a.example/', method: 'POST', headers: [] }), new Uint8Array(9e6))", "input.invalid"], // oxfmt-ignore
    ["a thousand headers", "PROXY.call(JSON.stringify({ url: 'https://a.example/', method: 'GET', headers: Array(1000).fill(['a', 'b']) }), null)", "input.invalid"], // oxfmt-ignore
    ["lines that are none", "LOGS.write({ length: 1e9 })", "input.invalid"],
    ["a flood of lines", "LOGS.write(Array(1e5).fill('x'))", "input.invalid"],
  ])("%s", async (_, call, code) => {
    expect(await hostile(`return await ${call}`)).toMatchObject({ ok: false, error: { code } });
  });

  it("more than RPC carries is refused and the next call works", async () => {
    const tooMuch = "try { await FILES.call('write', 'home/a', 'x'.repeat(40e6)); return 'taken' } catch { return await FILES.call('stat', 'home/none') }"; // oxfmt-ignore
    expect(await hostile(tooMuch)).toMatchObject({ ok: true, value: null });
  });

  it("calls past the limit are refused on this side", async () => {
    const counted = await suite.hostile({
      user,
      limits: { maxSubCalls: 5 },
      code: "const codes = []; for (let i = 0; i < 8; i++) codes.push((await FILES.call('stat', 'home/a')).error?.code ?? 'ok'); return codes", // oxfmt-ignore
    });
    expect(counted).toEqual([...Array<string>(5).fill("ok"), ...Array<string>(3).fill("limit.calls")]);
  });

  it("nothing but the one method can be called", async () => {
    const found = await hostile(`
const names = ["fetch", "connect", "tail", "trace", "scheduled", "queue", "alarm", "env", "ctx", "props", "constructor", "isolateFiles", "isolateTools", "write", "call", "email", "test"];
const answered = [];
for (const [label, stub] of [["FILES", FILES], ["LOGS", LOGS], ["TOOLS", TOOLS], ["PROXY", PROXY]]) {
  for (const name of names) {
    try { const got = await stub[name]("http://x/"); if (got !== undefined) answered.push(label + "." + name) } catch {}
  }
}
return answered`);
    expect(found).toEqual(["FILES.call", "LOGS.write", "TOOLS.call", "PROXY.call"]);
  });
});

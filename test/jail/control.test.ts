import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { tokenHeader } from "../../kernel/sandbox/computer/host/wire.ts";
import { canary, JailHost } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();

describe.skipIf(jail === null)("the host's door", () => {
  let host: JailHost;
  const mine = () => ({ headers: { [tokenHeader]: host.token } });

  beforeAll(async () => {
    host = await JailHost.start({ disableUserns: jail?.disableUserns ?? false, env: { SECRET: canary } });
    await host.box("one");
  });
  afterAll(() => host?.close());

  test.each([
    ["no token", {}],
    ["an empty one", { [tokenHeader]: "" }],
    ["a wrong one", { [tokenHeader]: "0".repeat(48) }],
    ["a bearer", { authorization: `Bearer ${"0".repeat(48)}` }],
    ["a long one", { [tokenHeader]: "0".repeat(20_000) }],
  ])("D2 %s is told nothing, whatever it asks for", async (_name, headers) => {
    for (const path of [
      "/",
      "/boxes/one",
      "/boxes/none",
      "/boxes/one/ports/3000/api/ping",
      "/host/worker",
      "/boxes/one/start",
    ])
      for (const method of ["GET", "POST", "DELETE", "PUT", "OPTIONS"])
        expect(await host.raw(method, path, { headers })).toMatchObject({ status: 404, text: "" });
  });

  test("D2 a beginning of the token opens as little as none", async () => {
    for (const guess of [host.token.slice(0, -1), `${host.token}0`, host.token.toUpperCase(), host.token.slice(0, 8)])
      expect((await host.raw("GET", "/boxes/one", { headers: { [tokenHeader]: guess } })).status).toBe(404);
  });

  test.each([
    "/boxes/../one",
    "/boxes/..%2fone",
    "/boxes/one/../two",
    "/boxes/%6fne",
    "/boxes/ONE",
    "/boxes/one%00",
    "/boxes/one/ports/3000",
    "/boxes/one/ports/0/",
    "/boxes/one/ports/65536/",
    "/boxes/one/ports/3000x/",
    "/boxes/one/ports/-1/",
    "/boxes/one/ports/../../two",
    "/boxes/one/ports/..%2f..%2ftwo/ports/3000/",
    `/boxes/${"a".repeat(65)}`,
    "/boxes//",
    "/boxes/",
    "/host/",
    "/host/../boxes/one",
    "//boxes/one",
    "/boxes/one?x=1",
    "http://127.0.0.1/boxes/one",
  ])("D2 %s is nothing", async (path) => {
    expect((await host.raw("GET", path, mine())).status).toBe(404);
  });

  test.each([
    ["POST", "/boxes/one/start", "not json"],
    ["POST", "/boxes/one/start", "{}".padEnd(100_000)],
    ["POST", "/boxes/one/start", JSON.stringify({ env: { "A=B": "x" } })],
    ["POST", "/boxes/one/start", JSON.stringify({ command: "id" })],
    ["PUT", "/boxes/one/egress", JSON.stringify({ hosts: ["*"] })],
    ["PUT", "/boxes/one/egress", JSON.stringify({ hosts: ["http://a.example/"] })],
    [
      "PUT",
      "/boxes/one/egress",
      JSON.stringify({ hosts: Array.from({ length: 51 }, (_, at) => `a${at}.example.com`) }),
    ],
    ["PUT", "/host/worker", JSON.stringify({ url: "nowhere", token: "short" })],
  ])("D2 %s %s with a wrong body is a 400", async (method, path, body) => {
    const answer = await host.raw(method, path, { ...mine(), body });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(canary);
  });

  test("D2 variables of a start can neither load code into the box's program nor undo its own", async () => {
    await host.control("POST", "/boxes/two/start", {
      env: {
        LD_PRELOAD: "/workspace/x.so",
        NODE_OPTIONS: "--require /workspace/x.js",
        HTTP_PROXY: "http://evil",
        PLAIN: "yes",
      },
    });
    const { stdout } = await (await host.box("two")).sh("env");
    expect(stdout).toContain("PLAIN=yes");
    expect(stdout).not.toMatch(/LD_PRELOAD|NODE_OPTIONS|evil/);
  });

  test("D2 headers without end are cut off, and the host goes on", async () => {
    const { hostname, port } = new URL(host.url);
    const answer = await new Promise<string>((done) => {
      const socket = connect(Number(port), hostname);
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString())).on("error", () => done(text));
      socket.once("close", () => done(text));
      socket.write(`GET /boxes/one HTTP/1.1\r\nhost: x\r\n`);
      socket.write(`x: ${"a".repeat(1024 * 1024)}\r\n`);
    });
    expect(answer).not.toContain("200");
    expect((await host.raw("GET", "/boxes/one", mine())).status).toBe(200);
  });

  test("D2 a WebSocket needs the token as well", async () => {
    const status = await new Promise<number>((done) => {
      const socket = new WebSocket(`${host.url.replace("http", "ws")}/boxes/one/ports/3000/rpc`);
      socket.once("unexpected-response", (_request, response) => done(response.statusCode ?? 0));
      socket.on("error", () => undefined);
    });
    expect(status).toBe(404);
  });

  test("C8 an HTTP server and a WebSocket server in the box are reached", async () => {
    const box = await host.box("one");
    await box.sh(`cat > /workspace/s.mjs <<'END'
import { createServer } from "node:http";
import { createHash } from "node:crypto";
const s = createServer((q, r) => { let n = 0; q.on("data", (c) => (n += c.length)); q.on("end", () => r.end(q.method + " " + q.url + " " + n + " " + q.headers.host)); });
s.on("upgrade", (q, k) => {
  const a = createHash("sha1").update(q.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  k.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + a + "\\r\\n\\r\\n");
  k.write(Buffer.from([0x81, 2, 104, 105]));
});
s.listen(8080, "127.0.0.1");
END
(setsid node /workspace/s.mjs >/dev/null 2>&1 &); for i in $(seq 400); do curl -s --noproxy '*' -o /dev/null http://127.0.0.1:8080/ && break; sleep 0.05; done`);
    const answer = await host.raw("POST", "/boxes/one/ports/8080/a/..%2fb?c=1", {
      ...mine(),
      body: "x".repeat(300_000),
    });
    expect(answer).toMatchObject({ status: 200, text: "POST /a/..%2fb?c=1 300000 localhost:8080" });
    const said = await new Promise<string>((done, fail) => {
      const socket = new WebSocket(`${host.url.replace("http", "ws")}/boxes/one/ports/8080/ws`, mine());
      socket.once("message", (data: Buffer) => (done(data.toString()), socket.terminate()));
      socket.once("error", fail);
    });
    expect(said).toBe("hi");
    expect(await host.raw("GET", "/boxes/one/ports/8081/", mine())).toMatchObject({ status: 502 });
    expect((await host.raw("GET", "/boxes/sleeping/ports/8080/", mine())).status).toBe(502);
  });
});

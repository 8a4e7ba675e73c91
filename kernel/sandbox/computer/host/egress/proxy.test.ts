import { createServer, request, type IncomingHttpHeaders, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { internalHeaders } from "../../bindings/names.ts";
import type { WorkerHook } from "./internal.ts";
import { egressProxy, type EgressIo } from "./proxy.ts";

interface Seen {
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)));
}

/** A network in which every public address is one server of this test. */
describe("the way out of a box", () => {
  let proxy: Server;
  let server: Server;
  let proxyPort: number;
  let serverPort: number;
  let names: Record<string, string[]>;
  let dialled: string[];
  let looked: string[];
  let seen: Seen[];
  let allowed: string[];
  let worker: WorkerHook | null;

  beforeEach(async () => {
    [names, dialled, looked, seen, allowed, worker] = [{}, [], [], [], [], null];
    server = createServer((question, answer) => {
      if (question.url === "/odd") return void question.socket.end("HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nhi");
      let body = "";
      question.on("data", (chunk: Buffer) => (body += chunk.toString()));
      question.on("end", () => {
        seen.push({ url: question.url, headers: question.headers, body });
        answer.end("from the server");
      });
    });
    serverPort = await listen(server);
    const io: EgressIo = {
      resolve: (host) => {
        looked.push(host);
        return Promise.resolve(names[host] ?? []);
      },
      connect: (address, port) => {
        dialled.push(`${address}:${port}`);
        return connect(serverPort, "127.0.0.1");
      },
    };
    proxy = egressProxy({ box: "mine", allowed: () => allowed, worker: () => worker, io });
    proxyPort = await listen(proxy);
  });
  afterEach(() => {
    for (const one of [proxy, server]) {
      one.close();
      one.closeAllConnections();
    }
  });

  const get = (path: string, method = "GET", body = "", headers: Record<string, string> = {}) =>
    new Promise<{ status: number; text: string }>((done, fail) => {
      const asked = request({ host: "127.0.0.1", port: proxyPort, path, method, headers, agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.once("end", () => done({ status: response.statusCode ?? 0, text }));
      });
      asked.once("error", fail);
      asked.end(body);
    });
  const tunnel = (to: string) =>
    new Promise<{ status: number; line: string; socket: Socket }>((done, fail) => {
      const socket = connect(proxyPort, "127.0.0.1", () =>
        socket.write(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n\r\n`),
      );
      socket.once("data", (chunk: Buffer) => {
        const [line = ""] = chunk.toString().split("\r\n");
        done({ status: Number(line.split(" ")[1]), line, socket });
      });
      socket.once("error", fail);
    });

  test("C9 is closed: the refusal is a 403 that names the host and what to do, and nothing was looked up", async () => {
    const { status, text } = await get("http://pypi.org/simple/");
    expect(status).toBe(403);
    expect(text).toMatch(/pypi\.org is not on this computer's list.*owner can allow pypi\.org/);
    const { status: tunnelled, line, socket } = await tunnel("pypi.org:443");
    expect(tunnelled).toBe(403);
    expect(line).toContain("pypi.org");
    socket.destroy();
    expect(looked).toEqual([]);
  });

  test("C9 what is allowed is reached at the address that was judged", async () => {
    allowed = ["api.example.com"];
    names["api.example.com"] = ["93.184.216.34"];
    expect(
      await get("http://API.example.com/a?b=c", "POST", "hello", { "proxy-authorization": "x", cookie: "kept" }),
    ).toEqual({
      status: 200,
      text: "from the server",
    });
    expect(dialled).toEqual(["93.184.216.34:80"]);
    expect(looked).toEqual(["api.example.com"]);
    expect(seen[0]).toMatchObject({
      url: "/a?b=c",
      body: "hello",
      headers: { host: "api.example.com", cookie: "kept" },
    });
    expect(seen[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  test("C9 a tunnel carries both ways", async () => {
    allowed = ["*.example.com"];
    names["deep.example.com"] = ["2606:4700::1111"];
    const { status, socket } = await tunnel("deep.example.com:443");
    expect(status).toBe(200);
    const answer = new Promise<string>((done) => socket.once("data", (chunk: Buffer) => done(chunk.toString())));
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await answer).toContain("200 OK");
    expect(dialled).toEqual(["2606:4700::1111:443"]);
    socket.destroy();
  });

  test.each([
    ["loopback", ["127.0.0.1"]],
    ["the metadata address", ["169.254.169.254"]],
    ["a private one among public ones", ["93.184.216.34", "10.0.0.5"]],
    ["IPv4 in IPv6", ["::ffff:127.0.0.1"]],
    ["IPv6 loopback", ["::1"]],
  ])("D2 an allowed name that leads to %s is refused", async (_name, addresses) => {
    allowed = ["trap.example.com"];
    names["trap.example.com"] = addresses;
    expect(await get("http://trap.example.com/")).toMatchObject({
      status: 403,
      text: expect.stringMatching(/not public/),
    });
    expect((await tunnel("trap.example.com:443")).status).toBe(403);
    expect(dialled).toEqual([]);
  });

  test.each(["http://user:pass@api.example.com/", "ftp://api.example.com/", "/relative", "https://api.example.com/"])(
    "D2 %s is not a question for a proxy",
    async (path) => {
      allowed = ["api.example.com"];
      expect((await get(path)).status).toBe(400);
    },
  );
  test.each([
    "api.example.com:22",
    "api.example.com:8443",
    "[::1]:443",
    "127.0.0.1:80",
    "api.example.com",
    ":443",
    "api.example.com:443:443",
  ])("D2 a tunnel to %s is refused", async (to) => {
    allowed = ["api.example.com"];
    const { status, socket } = await tunnel(to);
    expect([400, 403]).toContain(status);
    socket.destroy();
    expect(dialled).toEqual([]);
  });

  test("a name that is not found says so", async () => {
    allowed = ["no.example.com"];
    expect(await get("http://no.example.com/")).toMatchObject({
      status: 502,
      text: expect.stringMatching(/not be found/),
    });
    expect(dialled).toEqual([]);
  });

  test("deckhand.internal is the kernel's: until it listens 503, then the box is named by its socket, not by itself", async () => {
    expect((await get("http://deckhand.internal/tools/list", "POST")).status).toBe(503);
    worker = { url: `http://127.0.0.1:${serverPort}`, token: "t".repeat(20) };
    const forged = { [internalHeaders.box]: "another", [internalHeaders.token]: "forged", authorization: "forged" };
    expect(await get("http://deckhand.internal/tools/list", "POST", "{}", forged)).toEqual({
      status: 200,
      text: "from the server",
    });
    expect(seen[0]).toMatchObject({
      url: "/computer/call",
      body: "{}",
      headers: {
        [internalHeaders.box]: "mine",
        [internalHeaders.token]: "t".repeat(20),
        [internalHeaders.path]: "/tools/list",
      },
    });
    expect(seen[0]?.headers.authorization).toBeUndefined();
    expect((await get("http://deckhand.internal/", "GET")).status).toBe(405);
    expect((await tunnel("deckhand.internal:443")).status).toBe(403);
    expect(looked).toEqual([]);
  });

  test("D2 a server that answers with no status at all is a broken connection", async () => {
    [names, allowed] = [{ "api.example.com": ["93.184.215.14"] }, ["api.example.com"]];
    expect(await get("http://api.example.com/odd")).toMatchObject({ status: 502 });
    expect(await get("http://api.example.com/even")).toMatchObject({ status: 200 });
  });

  test("D2 a refused request's body is no request of its own", async () => {
    [names, allowed] = [{ "api.example.com": ["93.184.215.14"] }, ["api.example.com"]];
    const inner = "GET http://api.example.com/inner HTTP/1.1\r\nhost: api.example.com\r\n\r\n";
    const text = await new Promise<string>((done, fail) => {
      const socket = connect(proxyPort, "127.0.0.1");
      let heard = "";
      socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
      socket.once("close", () => done(heard)).once("error", fail);
      socket.write(
        `POST http://other.example.com/ HTTP/1.1\r\nhost: x\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`,
      );
    });
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 403"]);
    expect(seen).toEqual([]);
  });
});

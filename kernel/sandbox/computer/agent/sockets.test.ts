import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenBox, openBox } from "./open-box.ts";
import { portOf } from "./ports-gate.ts";

let open: OpenBox;
const servers: Server[] = [];
beforeAll(async () => {
  open = await openBox();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await open[Symbol.asyncDispose]();
});

/** Answers with what it was sent, when it has all of it. */
async function echo(where: { path: string } | { port: number; host: string }): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((all) => socket.end(`echo:${all}`));
  });
  servers.push(server);
  server.listen(where);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? (address satisfies AddressInfo).port : 0;
}

/** Says one thing, closes its half, gives all it hears. */
async function ask(socket: Socket, says: string): Promise<string> {
  socket.end(says);
  return text(socket);
}
const gate = () => connect({ path: join(open.run, "ports.sock"), allowHalfOpen: true });

describe("the ports socket", () => {
  test("leads to a server of the box, both ways, whatever is sent with the first line", async () => {
    const port = await echo({ port: 0, host: "127.0.0.1" });
    const long = "x".repeat(300_000);
    expect(await ask(gate(), `${port}\n${long}`)).toBe(`ok\necho:${long}`);
  });

  test("finds servers that listen on localhost by IPv6", async () => {
    const port = await echo({ port: 0, host: "::1" });
    expect(await ask(gate(), `${port}\nhello`)).toBe("ok\necho:hello");
  });

  test("says no to a port without a server, to nonsense, and to the way out", async () => {
    const port = await echo({ port: 0, host: "127.0.0.1" });
    const free = servers.pop();
    free?.close();
    for (const line of [`${port}`, "0", "65536", "80 80", "", "GET / HTTP/1.1", `${open.agent.egressPort}`])
      expect(await ask(gate(), `${line}\n`)).toBe("no\n");
    expect(portOf(Buffer.from("80"))).toBeUndefined();
    expect(portOf(Buffer.from("123456"))).toMatchObject({ port: null });
  });
});

describe("the way out", () => {
  const out = () => connect({ port: open.agent.egressPort, host: "127.0.0.1", allowHalfOpen: true });

  test("is closed while the host has none", async () => {
    expect(await ask(out(), "GET http://example.com/ HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 502 /);
  });

  test("is the host's proxy, byte for byte", async () => {
    await echo({ path: join(open.run, "egress.sock") });
    expect(await ask(out(), "CONNECT a:443 HTTP/1.1\r\n\r\n")).toBe("echo:CONNECT a:443 HTTP/1.1\r\n\r\n");
  });
});

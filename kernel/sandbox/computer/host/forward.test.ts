import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { forwardRequest } from "./forward.ts";
import type { Jail } from "./jail.ts";
import { hostHeader } from "./wire.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What a caller gets of a server in a box that answers with these bytes. */
async function answered(bytes: string): Promise<Response> {
  const box = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.end(bytes, "latin1"));
  });
  const port = await portOf(box);
  const toBox = async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket.pause();
  };
  const jail = { connect: toBox } as unknown as Jail;
  const host = createHttp((request, response) => {
    forwardRequest(request, response, { jail, port: 8080, path: "/" }).catch(() => response.destroy());
  });
  return fetch(`http://127.0.0.1:${await portOf(host)}/`, { redirect: "manual" });
}

describe("a server in a box that does not keep to HTTP", () => {
  it.each([
    ["a status below all", "HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nhi"],
    ["status 000", "HTTP/1.1 000 Odd\r\ncontent-length: 2\r\n\r\nhi"],
    [
      "an upgrade that nobody asked for",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
    ["no HTTP at all", "SSH-2.0-x\r\n"],
    ["nothing", ""],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi"],
  ])("D2 %s is a broken connection, and the host goes on", async (_what, bytes) => {
    const response = await answered(bytes);
    expect([response.status, response.headers.get(hostHeader)]).toEqual([502, "1"]);
  });

  it("D2 an answer that claims to be the host's own is the box's all the same", async () => {
    const response = await answered(`HTTP/1.1 502 Bad\r\n${hostHeader}: 1\r\ncontent-length: 2\r\n\r\nhi`);
    expect([response.status, response.headers.get(hostHeader), await response.text()]).toEqual([502, null, "hi"]);
  });
});

import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "../../../limits.ts";
import type { Jail } from "./jail.ts";
import { hostHeader, tokenHeader } from "./wire.ts";

/** Where a request into a box goes. */
export interface Target {
  jail: Jail | null;
  port: number;
  /** Path and query, as they came. */
  path: string;
}

const perConnection = /^(?:connection|keep-alive|transfer-encoding|upgrade|te|trailer|expect|proxy-.*)$/i;

/** Headers without those of the connection, and without what is between host and Worker only. */
export function keptHeaders(raw: readonly string[], also: RegExp = perConnection): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    if (!also.test(name) && ![tokenHeader, hostHeader, "host"].includes(name.toLowerCase()))
      pairs.push([name, raw[at + 1] ?? ""]);
  }
  return pairs;
}

/** Of a whole answer, as Node takes it. */
export const isStatus = (status: number | undefined): status is number =>
  status !== undefined && status >= 200 && status <= 999;

const forwards = new WeakMap<Jail, number>();

/** Counts a request into a box; false when there are too many. */
function enter(jail: Jail, stream: { once(event: "close", listener: () => void): unknown }): boolean {
  const now = forwards.get(jail) ?? 0;
  if (now >= limits.jail.maxForwards) return false;
  forwards.set(jail, now + 1);
  stream.once("close", () => forwards.set(jail, (forwards.get(jail) ?? 1) - 1));
  return true;
}

/** The host's own answer, which the Worker's side must not take for one of the box. */
export function hostAnswer(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "application/json", [hostHeader]: "1", "cache-control": "no-store" });
  response.end(JSON.stringify({ error: reason }));
}

export async function forwardRequest(request: IncomingMessage, response: ServerResponse, target: Target) {
  const { jail, port, path } = target;
  if (jail === null) return hostAnswer(response, 502, "the computer does not run");
  if (!enter(jail, response)) return hostAnswer(response, 503, "too many requests to one computer");
  const socket = await jail.connect(port).catch(() => null);
  if (socket === null) return hostAnswer(response, 502, "nothing listens there");
  if (response.destroyed) return void socket.destroy();
  socket.setTimeout(limits.jail.forwardIdleMs, () => socket.destroy());
  const chunked = request.headers["transfer-encoding"] === undefined ? [] : ["transfer-encoding", "chunked"];
  const onward = httpRequest({
    createConnection: () => socket,
    method: request.method,
    path,
    headers: ["host", `localhost:${port}`, ...keptHeaders(request.rawHeaders).flat(), ...chunked],
    setHost: false,
  });
  // It waits, so that nothing is lost before somebody reads it.
  onward.once("socket", () => socket.resume());
  const broken = () => hostAnswer(response, 502, "the connection broke");
  onward.once("response", (answer) => {
    // A program of the box says anything as its status; what is none would be thrown at the host.
    if (!isStatus(answer.statusCode)) {
      onward.destroy();
      return broken();
    }
    response.writeHead(answer.statusCode, answer.statusMessage, keptHeaders(answer.rawHeaders).flat());
    answer.pipe(response);
    answer.once("error", () => response.destroy());
  });
  onward.once("error", broken);
  // An upgrade that nobody asked for ends it without an error.
  onward.once("close", () => response.writableEnded || response.headersSent || broken());
  response.once("close", () => onward.destroy());
  request.once("error", () => onward.destroy());
  request.pipe(onward);
}

/** An upgrade is handed over as it is: after its head both sides speak their own protocol. */
export async function forwardUpgrade(request: IncomingMessage, from: Duplex, head: Buffer, target: Target) {
  const { jail, port, path } = target;
  from.on("error", () => from.destroy());
  const refuse = (status: string) =>
    from.end(`HTTP/1.1 ${status}\r\n${hostHeader}: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  if (jail === null) return refuse("502 Bad Gateway");
  if (!enter(jail, from)) return refuse("503 Service Unavailable");
  const socket = await jail.connect(port).catch(() => null);
  if (socket === null) return refuse("502 Bad Gateway");
  if (from.destroyed) return void socket.destroy();
  const lines = [
    `${request.method} ${path} HTTP/1.1`,
    `host: localhost:${port}`,
    `connection: Upgrade`,
    `upgrade: ${request.headers.upgrade ?? "websocket"}`,
    ...keptHeaders(request.rawHeaders).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  if (head.length > 0) socket.write(head);
  const end = () => {
    socket.destroy();
    from.destroy();
  };
  socket.once("close", end).on("error", end);
  from.once("close", end);
  socket.pipe(from);
  from.pipe(socket);
}

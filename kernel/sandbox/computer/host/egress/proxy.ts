import { lookup } from "node:dns/promises";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { limits } from "../../../../limits.ts";
import { isPublicAddress } from "./address.ts";
import { mayReach } from "../../allowed-hosts.ts";
import { carry } from "./carry.ts";
import { commandHost } from "../../bindings/names.ts";
import { isStatus } from "../forward.ts";
import { answerInternal, type WorkerHook } from "./internal.ts";

/** The network, passed in so that tests need none. */
export interface EgressIo {
  resolve(host: string): Promise<string[]>;
  connect(address: string, port: number): Socket;
}

const realIo: EgressIo = {
  resolve: async (host) => (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address),
  connect: (address, port) => connect({ host: address, port }),
};

export interface EgressOptions {
  box: string;
  allowed: () => readonly string[];
  /** Where calls of the box's own command line go; null until the Worker has said so. */
  worker: () => WorkerHook | null;
  /** Hears why a host was refused. */
  refused?: (reason: string) => void;
  io?: EgressIo;
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const { maxConnections, maxMs, connectMs } = limits.jail.egress;

/**
 * The one way out of a box: an HTTP proxy on a socket of its own. A name is judged by the list, then looked up once;
 * each address is judged, and the connection goes to an address that was judged, not to the name.
 */
export function egressProxy({ box, allowed, worker, refused, io = realIo }: EgressOptions): Server {
  const dial = async (host: string, port: number): Promise<Socket> => {
    const verdict = mayReach(host, port, allowed());
    if (!verdict.allowed) {
      refused?.(verdict.reason);
      throw new Refused(403, verdict.reason);
    }
    const addresses = await Promise.race([
      io.resolve(verdict.host),
      new Promise<string[]>((done) => setTimeout(done, connectMs, []).unref()),
    ]).catch(() => []);
    const [first] = addresses;
    if (first === undefined)
      throw new Refused(502, `${verdict.host} could not be found. The name may be wrong, or this machine is offline.`);
    // One private address among public ones is a trap: none of them is used.
    if (!addresses.every(isPublicAddress))
      throw new Refused(403, `${verdict.host} leads to an address that is not public, which no computer may reach.`);
    const socket = io.connect(first, port);
    await new Promise<void>((done, fail) => {
      const late = setTimeout(() => socket.destroy(new Error("late")), connectMs);
      socket.once("connect", () => (clearTimeout(late), done()));
      socket.once("error", () => {
        clearTimeout(late);
        fail(new Refused(502, `${verdict.host} does not answer.`));
      });
    });
    return socket;
  };

  const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: maxMs, headersTimeout: 30_000 });
  server.maxConnections = maxConnections;

  const whole = (error: unknown): Refused =>
    error instanceof Refused ? error : new Refused(502, "The connection could not be made.");

  const plain = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? "");
    if (url?.protocol !== "http:" || url.username !== "" || url.password !== "")
      throw new Refused(400, "This is a proxy: ask it for a whole address such as http://example.com/.");
    if (url.hostname === commandHost) return answerInternal(request, response, { box, path: url.pathname, worker });
    const socket = await dial(url.hostname, url.port === "" ? 80 : Number(url.port));
    const headers = request.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 && !/^(?:proxy-.*|connection|keep-alive|host|transfer-encoding|upgrade|te)$/i.test(name)
        ? [name, all[at + 1] ?? ""]
        : [],
    );
    if (request.headers["transfer-encoding"] !== undefined) headers.push("transfer-encoding", "chunked");
    const onward = httpRequest({
      createConnection: () => socket,
      method: request.method,
      path: url.pathname + url.search,
      headers: ["host", url.host, ...headers],
      setHost: false,
    });
    carry(request.socket, socket);
    const broken = () => refuse(response, new Refused(502, `${url.hostname} broke the connection off.`));
    onward.once("response", (answer) => {
      // A server says anything as its status; what is none would be thrown at the host.
      if (!isStatus(answer.statusCode)) {
        onward.destroy();
        return broken();
      }
      const kept = answer.rawHeaders.flatMap((name, at, all) =>
        at % 2 === 0 && !/^(?:connection|keep-alive|transfer-encoding|proxy-.*)$/i.test(name)
          ? [name, all[at + 1] ?? ""]
          : [],
      );
      response.writeHead(answer.statusCode, kept);
      answer.pipe(response);
    });
    onward.once("error", broken);
    onward.once("close", () => response.writableEnded || response.headersSent || broken());
    response.once("close", () => onward.destroy());
    request.pipe(onward);
  };

  server.on("request", (request, response) => {
    plain(request, response).catch((thrown: unknown) => refuse(response, whole(thrown)));
  });

  server.on("connect", (request: IncomingMessage, from: Duplex, head: Buffer) => {
    from.on("error", () => undefined);
    const [, host = "", port = ""] = /^([^:]*):(\d{1,5})$/.exec(request.url ?? "") ?? [];
    dial(host, Number(port)).then(
      (to) => {
        if (from.destroyed) return void to.destroy();
        from.write("HTTP/1.1 200 Connection established\r\n\r\n");
        if (head.length > 0) to.write(head);
        carry(from as Socket, to);
        from.pipe(to);
        to.pipe(from);
      },
      (thrown: unknown) => {
        const { status, message } = whole(thrown);
        // curl and pip show the line, not the body.
        from.end(
          `HTTP/1.1 ${status} ${message}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(message) + 1}\r\nconnection: close\r\n\r\n${message}\n`,
        );
      },
    );
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

function refuse(response: ServerResponse, { status, message }: Refused): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${message}\n`);
}

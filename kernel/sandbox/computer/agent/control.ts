import { newWebSocketRpcSession } from "capnweb";
import { createServer, type Server } from "node:http";
import { type WebSocket as Socket, WebSocketServer } from "ws";
import { agentLimits } from "./limits.ts";

export interface ControlRoutes {
  /** The interface one connection is given; `gone` is aborted when it has ended. */
  box(gone: AbortSignal): object;
  /** An interactive shell; the query says for which session. */
  terminal(socket: Socket, asked: URLSearchParams): void;
}

/** The control socket: `GET /api/ping`, and by WebSocket the SDK's RPC at `/rpc` and its terminal at `/ws/pty`. */
export function controlServer(routes: ControlRoutes): Server {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: agentLimits.maxFrameBytes,
    perMessageDeflate: false,
  });
  const server = createServer((request, response) => {
    const found = request.method === "GET" && request.url === "/api/ping";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? { success: true, message: "pong" } : { success: false }));
  });
  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://box");
    const known = pathname === "/rpc" || pathname === "/ws/pty";
    if (!known || sockets.clients.size >= agentLimits.maxConnections) {
      socket.end(`HTTP/1.1 ${known ? "503 Service Unavailable" : "404 Not Found"}\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (pathname === "/rpc") serveRpc(client, routes);
      else routes.terminal(client, searchParams);
    });
  });
  server.on("close", () => sockets.close());
  return server;
}

function serveRpc(client: Socket, routes: ControlRoutes): void {
  const gone = new AbortController();
  client.on("close", () => gone.abort());
  client.on("error", () => client.terminate());
  // capnweb wants the browser's WebSocket; that of `ws` has the same events and methods.
  newWebSocketRpcSession(client as unknown as WebSocket, routes.box(gone.signal));
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Boxes } from "./boxes.ts";
import { control } from "./control.ts";
import { forwardRequest, forwardUpgrade, type Target } from "./forward.ts";
import { tokenCheck } from "./token.ts";
import { tokenHeader } from "./wire.ts";

/** Read off the request line as it came: nothing is decoded or resolved, so an id is an id or the request is nothing. */
const data = /^\/boxes\/([a-z0-9-]{1,64})\/ports\/([1-9]\d{0,4})(\/.*)$/;
const controls = /^\/boxes\/([a-z0-9-]{1,64})(?:\/([a-z]{1,16}))?$/;
const ofHost = /^\/host\/([a-z]{1,16})$/;

function targetOf(boxes: Boxes, url: string): Target | null {
  const [, id = "", digits = "", path = "/"] = data.exec(url) ?? [];
  const port = Number(digits);
  return id === "" || port > 65_535 ? null : { jail: boxes.jail(id), port, path };
}

/**
 * The host's server, for 127.0.0.1. Whoever has not its token learns nothing, not even that there is something: every
 * such request is a 404.
 */
export function hostServer(boxes: Boxes, token: string): Server {
  const known = tokenCheck(token);
  const server = createServer({ maxHeaderSize: 64 * 1024, headersTimeout: 15_000, requestTimeout: 0 });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? "";
    const nothing = () => void response.writeHead(404, { connection: "close" }).end();
    if (!known(request.headers[tokenHeader])) return nothing();
    const target = targetOf(boxes, url);
    if (target) return forwardRequest(request, response, target);
    const [, id = null, action = ""] = controls.exec(url) ?? [];
    const [, hostAction = ""] = ofHost.exec(url) ?? [];
    if (id === null && hostAction === "") return nothing();
    const done = await control(boxes, { method: request.method ?? "", id, action: action || hostAction, request });
    if (done === null) return nothing();
    response.writeHead(done.status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(done.body));
  };

  server.on("request", (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const target = known(request.headers[tokenHeader]) ? targetOf(boxes, request.url ?? "") : null;
    if (target === null) {
      socket.on("error", () => socket.destroy());
      return void socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }
    forwardUpgrade(request, socket, head, target).catch(() => socket.destroy());
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

import { connect, createServer, type Server } from "node:net";
import { bridge } from "./bridge.ts";

const closed =
  "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nThis computer has no way out.\n";

/** Programs in the box see a proxy on 127.0.0.1; it is the host's, behind a socket. Nothing is judged in here. */
export function egressServer(socketPath: string): Server {
  return createServer({ allowHalfOpen: true }, (inside) => {
    const outside = connect({ path: socketPath, allowHalfOpen: true });
    inside.on("error", () => outside.destroy());
    outside.once("error", () => {
      if (inside.destroyed) return;
      inside.end(closed);
    });
    outside.once("connect", () => {
      outside.removeAllListeners("error");
      bridge(inside, outside);
    });
  });
}

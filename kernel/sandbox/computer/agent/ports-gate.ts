import { connect, createServer, type Server, type Socket } from "node:net";
import { bridge } from "./bridge.ts";
import { agentLimits } from "./limits.ts";

/** The port of a first line, `<port>\n`; null when there is none in it, undefined while it is not whole. */
export function portOf(first: Buffer): { port: number | null; rest: Buffer } | undefined {
  const end = first.indexOf(0x0a);
  if (end < 0) return first.length > 5 ? { port: null, rest: first } : undefined;
  const line = first.subarray(0, end).toString("latin1");
  const port = /^[1-9]\d{0,4}$/.test(line) ? Number(line) : 0;
  return { port: port >= 1 && port <= 65_535 ? port : null, rest: first.subarray(end + 1) };
}

/** Connects to a server of the box; many of today's listen on `localhost`, which is `::1` to them. Gives null when none answers. */
export function dial(port: number, done: (socket: Socket | null) => void): void {
  const hosts = ["127.0.0.1", "::1"];
  const next = () => {
    const host = hosts.shift();
    if (host === undefined) return done(null);
    const socket = connect({ port, host, allowHalfOpen: true, noDelay: true });
    socket.once("error", next);
    socket.once("connect", () => {
      socket.off("error", next);
      done(socket);
    });
  };
  next();
}

/**
 * The way from outside to the ports of the box: `<port>\n`, answered `ok\n` or `no\n`, then the bytes. The port of the
 * egress bridge is none of the box's own.
 */
export function portsServer(egressPort: () => number): Server {
  return createServer({ allowHalfOpen: true }, (outside) => {
    let first = Buffer.alloc(0);
    const refuse = () => outside.end("no\n", () => outside.destroy());
    const timer = setTimeout(refuse, agentLimits.portLineMs);
    outside.on("error", () => outside.destroy());
    outside.on("close", () => clearTimeout(timer));
    const onData = (chunk: Buffer) => {
      first = Buffer.concat([first, chunk]);
      const asked = portOf(first);
      if (asked === undefined) return;
      clearTimeout(timer);
      outside.off("data", onData);
      outside.pause();
      // At once: a moment later the end of what was sent may have been told, and nothing can be put back after it.
      if (asked.rest.length > 0) outside.unshift(asked.rest);
      if (asked.port === null || asked.port === egressPort()) return refuse();
      dial(asked.port, (inside) => {
        if (inside === null) return refuse();
        if (outside.destroyed) return inside.destroy();
        outside.write("ok\n");
        bridge(outside, inside);
      });
    };
    outside.on("data", onData);
  });
}

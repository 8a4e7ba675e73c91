import type { Server, Socket } from "node:net";
import { agentLimits } from "./limits.ts";

/** Joins two sockets: bytes both ways with backpressure, a half that is closed closes that half, an error both. */
export function bridge(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on("error", () => peer.destroy());
    socket.on("close", () => {
      // What it said last may still be on its way through the other one.
      if (socket.readableEnded && !peer.writableFinished) peer.once("finish", () => peer.destroy());
      else peer.destroy();
    });
  }
}

/** Resolves when the server listens. @throws the system's error when it cannot */
export function listening(server: Server, where: { path: string } | { port: number; host: string }): Promise<void> {
  server.maxConnections = agentLimits.maxBridged;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      // A connection that fails while it is taken must not end the program.
      server.on("error", () => undefined);
      resolve();
    });
  });
}

import type { Socket } from "node:net";
import { limits } from "../../../../limits.ts";

/** Binds two ends of a connection: one that ends takes the other with it, and both are bounded in bytes and time. */
export function carry(from: Socket, to: Socket): void {
  const { maxBytes, maxMs, idleMs } = limits.jail.egress;
  const end = () => {
    clearTimeout(late);
    from.destroy();
    to.destroy();
  };
  const late = setTimeout(end, maxMs).unref();
  for (const socket of [from, to]) {
    socket.setTimeout(idleMs, end);
    socket.once("close", end).on("error", end);
  }
  to.on("data", () => {
    if (to.bytesRead + to.bytesWritten > maxBytes) end();
  });
}

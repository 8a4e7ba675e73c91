import { createServer } from "node:net";

/** Whether a port of 127.0.0.1 can be had now. */
function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}

function anyFree(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}

/**
 * The wanted port; when it is taken (or 0) the one of the last start on the same state folder, so that an open page finds
 * it again; else any free one.
 */
export async function freePort(wanted: number, last: number | null = null): Promise<number> {
  for (const port of [wanted, last ?? 0]) if (port !== 0 && (await isFree(port))) return port;
  return anyFree();
}

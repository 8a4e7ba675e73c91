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

/** The wanted port, or any free one when it is taken (or 0). */
export async function freePort(wanted: number): Promise<number> {
  return wanted !== 0 && (await isFree(wanted)) ? wanted : anyFree();
}

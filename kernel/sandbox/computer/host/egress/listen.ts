import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Server } from "node:net";

const O_PATH = 0o10000000;

/** Listens on a unix socket in a folder whose path may be longer than such an address can be (108 bytes). */
export async function listenAt(server: Server, folder: string, name: string): Promise<void> {
  const held = await open(folder, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  // Node removes the socket by this address when the server closes: the handle must mean the same folder till then.
  server.once("close", () => void held.close());
  try {
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(`/proc/self/fd/${held.fd}/${name}`, () => {
        server.off("error", fail);
        done();
      });
    });
  } catch (thrown) {
    await held.close();
    throw thrown;
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./box.contract.ts";
import { remoteBox, remoteFiles } from "./remote-box.ts";

/** A real workerd with the suite's Worker, whose boxes are simulated. */
export async function startSimulated(): Promise<Bench> {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["CI"] = "1";
  const { unstable_startWorker } = await import("wrangler");
  const state = await mkdtemp(join(tmpdir(), "deckhand-computer-"));
  const start = () =>
    unstable_startWorker({
      config: join(import.meta.dirname, "wrangler.jsonc"),
      dev: {
        server: { hostname: "127.0.0.1", port: 0 },
        persist: state,
        inspector: false,
        watch: false,
        logLevel: (process.env["SUITE_LOG"] ?? "error") as "error",
      },
    });
  let worker = await start();
  let origin = (await worker.url).origin;
  const where = () => ({ origin, kind: "simulated" as const });
  return {
    box: (user, name) => remoteBox(where, user, name),
    files: (user) => remoteFiles(where, user),
    async restart() {
      await worker.dispose();
      worker = await start();
      ({ origin } = await worker.url);
    },
    async stop() {
      await worker.dispose();
      await rm(state, { recursive: true, force: true });
    },
  };
}

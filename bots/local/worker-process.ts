import { join } from "node:path";
import { unstable_startWorker } from "wrangler";

export interface WorkerOptions {
  root: string;
  stateDir: string;
  port: number;
  vars: Record<string, string>;
}

export interface RunningWorker {
  url: string;
  /** Ends workerd, whatever it is doing, and starts it again on the same port with the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The Worker in workerd, inside this process' care. One wrangler.jsonc serves here and on Cloudflare. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const start = () =>
    unstable_startWorker({
      config: join(options.root, "wrangler.jsonc"),
      bindings: Object.fromEntries(
        Object.entries(options.vars).map(([name, value]) => [name, { type: "plain_text", value }]),
      ),
      dev: {
        server: { hostname: "127.0.0.1", port: options.port },
        persist: join(options.stateDir, "worker"),
        logLevel: "warn",
        inspector: false,
        watch: false,
        liveReload: false,
        enableContainers: false,
      },
    });
  let worker = await start();
  await worker.ready;
  const url = (await worker.url).origin;
  return {
    url,
    async restart() {
      await worker.dispose();
      worker = await start();
      await worker.ready;
    },
    close: () => worker.dispose(),
  };
}

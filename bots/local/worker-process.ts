import { join } from "node:path";
import { unstable_startWorker } from "wrangler";

export interface WorkerOptions {
  root: string;
  stateDir: string;
  port: number;
  vars: Record<string, string>;
  /** Whether a Docker engine is there to run the computer's image. */
  containers: boolean;
}

export interface RunningWorker {
  url: string;
  /** Ends workerd, whatever it is doing, and starts it again on the same port with the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A bundle that cannot be built never answers; what is wrong with it has been printed by then. */
const firstAnswerMs = 60_000;

/**
 * Wrangler is "ready" seconds before the bundle is built, and lets requests wait meanwhile: an event that comes then
 * would be given up. The first look at the Worker's health also loads what its first turn needs.
 */
async function answers(url: URL): Promise<void> {
  const signal = AbortSignal.timeout(firstAnswerMs);
  await fetch(new URL("/health", url), { signal }).then(
    (response) => response.arrayBuffer(),
    () => undefined,
  );
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
        enableContainers: options.containers,
      },
    });
  let worker = await start();
  await worker.ready;
  await answers(await worker.url);
  const url = (await worker.url).origin;
  return {
    url,
    async restart() {
      await worker.dispose();
      worker = await start();
      await worker.ready;
      await answers(await worker.url);
    },
    close: () => worker.dispose(),
  };
}

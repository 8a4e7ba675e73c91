import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Wrangler from "wrangler";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { followChildren } from "./children.ts";
import type { Running } from "./running.ts";
import { stateFiles } from "./state-folder.ts";

export interface WorkerOptions {
  root: string;
  stateDir: string;
  port: number;
  vars: Record<string, string>;
  /** Whether a Docker engine is there to run the computer's image. */
  containers: boolean;
  /** Its processes have changed. */
  onProcesses?(workerds: Running["workerds"]): void;
  /** One of them has ended, and it was not we who ended it. */
  onEnded?(): void;
}

export interface RunningWorker {
  url: string;
  /**
   * After a process of it has ended by itself: true once it answers again, false when it will not. The runtime starts it
   * again from the bundle that there is, which is faster than `restart`.
   */
  recover(): Promise<boolean>;
  /** Ends workerd, whatever it is doing, and starts it again on the same port with the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A bundle that cannot be built never answers; what is wrong with it has been printed by then. */
const firstAnswerMs = 60_000;
const recoverMs = 20_000;
const oneLookMs = 5_000;
const betweenLooksMs = 50;
const maxBegins = 3;

/**
 * Every variable as a secret: wrangler writes the others out, in clear, with each start. One kind for all, so that a new
 * key cannot be forgotten.
 */
export const secretBindings = (vars: Record<string, string>) =>
  Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { type: "secret_text" as const, value }]));

/**
 * Wrangler is "ready" seconds before the bundle is built, and lets requests wait meanwhile: an event that comes then
 * would be given up. The first look at the Worker's health also loads what its first turn needs.
 */
async function answers(url: string, withinMs: number): Promise<boolean> {
  return fetch(`${url}/health`, { signal: AbortSignal.timeout(withinMs) }).then(
    async (response) => (await response.arrayBuffer(), response.status < 500),
    () => false,
  );
}

/** The Worker in workerd, inside this process' care. One wrangler.jsonc serves here and on Cloudflare. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  // Loaded when its environment is set, and not for a start that is refused. Not by `import`, which first reads all of
  // its ten megabytes to find out what kind of module they are: half a second.
  const { unstable_startWorker } = createRequire(import.meta.url)("wrangler") as typeof Wrangler;
  const start = () =>
    unstable_startWorker({
      config: join(options.root, "wrangler.jsonc"),
      bindings: secretBindings(options.vars),
      dev: {
        server: { hostname: "127.0.0.1", port: options.port },
        persist: stateFiles(options.stateDir).worker,
        logLevel: "warn",
        inspector: false,
        watch: false,
        liveReload: false,
        enableContainers: options.containers,
      },
    });
  const url = `http://127.0.0.1:${options.port}`;
  /** Its processes end because we end them. */
  let ending = false;
  let workerds: Running["workerds"] = [];
  const proxyAddress = `=127.0.0.1:${options.port}`;
  const changed = (next: Running["workerds"]) => {
    workerds = next;
    options.onProcesses?.(next);
  };
  const children = followChildren(stateFiles(options.stateDir).workerd, {
    started({ pid, args }) {
      const role = args.some((arg) => arg.endsWith(proxyAddress)) ? "proxy" : "worker";
      changed([...workerds, { pid, role }]);
    },
    ended({ pid }) {
      changed(workerds.filter((one) => one.pid !== pid));
      if (ending) return;
      lost.resolve("lost");
      options.onEnded?.();
    },
  });

  type Begun = Awaited<ReturnType<typeof start>>;
  type Reloaded = Parameters<Begun["raw"]["proxy"]["onReloadComplete"]>[0];
  let reloaded: Reloaded | null = null;
  let lost = Promise.withResolvers<"lost">();

  /** One that was killed while it came up is never ready, and is not waited for. */
  const end = async (begun: Begun): Promise<void> => {
    ending = true;
    await Promise.race([begun.ready.catch(() => undefined), lost.promise, sleep(oneLookMs)]);
    await begun.raw.teardown();
    ending = false;
  };

  /** A process that ends while it comes up leaves wrangler waiting for ever: then it is begun again. */
  const bringUp = async (): Promise<{ worker: Begun; answered: boolean }> => {
    for (let left = maxBegins; ; left -= 1) {
      lost = Promise.withResolvers();
      const begun = await start();
      begun.raw.on("reloadComplete", (event: Reloaded) => (reloaded = event));
      const up = begun.ready.then(() => answers(url, firstAnswerMs));
      const said = await Promise.race([up, lost.promise]);
      if (said !== "lost" || left === 1) return { worker: begun, answered: said === true };
      up.catch(() => undefined);
      await end(begun);
    }
  };
  let { worker } = await bringUp();

  return {
    url,
    async recover() {
      const until = Date.now() + recoverMs;
      for (;;) {
        if (ending || Date.now() >= until) return false;
        // The runtime hears of the end as we do, and begins to start the process again in the same turn.
        await turn();
        const { proxy, runtimes } = worker.raw;
        const up = await Promise.all([proxy.proxyWorker?.ready, ...runtimes.map(({ mf }) => mf?.ready)]).then(
          () => true,
          () => false,
        );
        if (!up) return false;
        // A proxy that is new knows of no Worker, and would let every request wait.
        if (reloaded !== null) proxy.onReloadComplete(reloaded);
        if (await answers(url, oneLookMs)) return true;
        await sleep(betweenLooksMs);
      }
    },
    async restart() {
      await end(worker);
      const begun = await bringUp();
      worker = begun.worker;
      if (!begun.answered) throw new Error("it was started and does not answer");
    },
    async close() {
      await end(worker);
      children.stop();
    },
  };
}

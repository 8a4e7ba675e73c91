import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UserId } from "../../kernel/ids.ts";
import { boxLabel } from "../../kernel/sandbox/computer/decide.ts";
import { startHostProcess } from "../../kernel/sandbox/computer/host/process.ts";
import { tokenHeader } from "../../kernel/sandbox/computer/host/wire.ts";
import type { BoxName, ComputerKind } from "../../kernel/sandbox/computer/types.ts";
import type { Bench } from "./bench.ts";
import { remoteBox, remoteFiles } from "./remote-box.ts";
import { decoded } from "./wire.ts";

const temporary = () => mkdtemp(join(tmpdir(), "deckhand-computer-"));
const removed = (folder: string) => rm(folder, { recursive: true, force: true });

/** A real workerd with the suite's Worker. */
async function startWorker(kind: ComputerKind, variables: Record<string, string>): Promise<Bench> {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["CI"] = "1";
  const { unstable_startWorker } = await import("wrangler");
  const state = await temporary();
  const given = Object.entries({ COMPUTER: kind, LOCAL: "1", ...variables });
  const start = () =>
    unstable_startWorker({
      config: join(import.meta.dirname, kind === "docker" ? "wrangler.docker.jsonc" : "wrangler.jsonc"),
      bindings: Object.fromEntries(given.map(([name, value]) => [name, { type: "plain_text" as const, value }])),
      dev: {
        server: { hostname: "127.0.0.1", port: 0 },
        persist: state,
        inspector: false,
        watch: false,
        logLevel: (process.env["SUITE_LOG"] ?? "error") as "error",
        enableContainers: kind === "docker",
      },
    });
  let worker = await start();
  let origin = (await worker.url).origin;
  const where = () => ({ origin, kind });
  return {
    box: (user, name) => remoteBox(where, user, name),
    files: (user) => remoteFiles(where, user),
    async hostile(user, code) {
      const url = `${origin}/hostile?user=${encodeURIComponent(user)}`;
      const response = await fetch(url, { method: "POST", body: code });
      return decoded(await response.text());
    },
    async restart() {
      await worker.dispose();
      worker = await start();
      ({ origin } = await worker.url);
    },
    async stop() {
      await worker.dispose();
      await removed(state);
    },
  };
}

export const startSimulated = (): Promise<Bench> => startWorker("simulated", {});

export interface JailBench extends Bench {
  /** What the SDK's clock does to a box that nobody uses. */
  sleep(user: UserId, name: BoxName): Promise<void>;
  /** `running`, `asleep` or `none`, as the host sees it. */
  state(user: UserId, name: BoxName): Promise<string>;
  /** With SIGKILL; as `npm start` has it, the next host takes the same place. */
  killHost(): Promise<void>;
}

/** The same Worker before a host of jails in a process of its own, as `npm start` has it. */
export async function startJail(disableUserns: boolean, variables: Record<string, string> = {}): Promise<JailBench> {
  const folder = await temporary();
  const token = randomBytes(24).toString("hex");
  const log = (text: string) => void process.stderr.write(`${text}\n`);
  const begin = (port: number) => startHostProcess({ folder, token, port, disableUserns, log });
  let host = await begin(0);
  const endHost = async () => {
    await host.close();
    await removed(folder);
  };
  try {
    const hostVariables = { COMPUTER_HOST_URL: host.url, COMPUTER_HOST_TOKEN: token };
    const worker = await startWorker("jail", { ...variables, ...hostVariables });
    const ask = async (user: UserId, name: BoxName, method: string, action: string): Promise<{ state: string }> => {
      const url = `${host.url}/boxes/${await boxLabel(user, name)}${action}`;
      const answer = await fetch(url, { method, headers: { [tokenHeader]: token } });
      if (!answer.ok) throw new Error(`the host answered ${answer.status}`);
      return (await answer.json()) as { state: string };
    };
    return {
      ...worker,
      sleep: async (user, name) => void (await ask(user, name, "POST", "/sleep")),
      state: async (user, name) => (await ask(user, name, "GET", "")).state,
      async killHost() {
        process.kill(host.pid, "SIGKILL");
        await host.ended;
        host = await begin(Number(new URL(host.url).port));
      },
      async stop() {
        await worker.stop();
        await endHost();
      },
    };
  } catch (thrown) {
    await endHost();
    throw thrown;
  }
}

/** The Worker with containers of the local Docker engine. */
export const startDocker = (): Promise<Bench> => startWorker("docker", {});

import { randomBytes } from "node:crypto";
import { chooseComputer, type Probes } from "../../kernel/sandbox/computer/host/choose.ts";
import { probeDocker } from "../../kernel/sandbox/computer/host/docker.ts";
import { probeJail } from "../../kernel/sandbox/computer/host/probe.ts";
import { startHostProcess, type HostProcess } from "../../kernel/sandbox/computer/host/process.ts";
import { tokenHeader } from "../../kernel/sandbox/computer/host/wire.ts";
import { freePort } from "./ports.ts";
import { SettingsError } from "./settings.ts";

export interface LocalComputer {
  /** What the Worker is told: the kind, why, and where the host of jails is. */
  vars: Record<string, string>;
  /** Whether wrangler has to bring up containers. */
  containers: boolean;
  /** Tells where the Worker is, which serves the `deckhand` command of boxes. */
  setWorker(url: string): Promise<void>;
  close(): Promise<void>;
}

/** A host that does not stay up is not helped by more starts. */
const maxRestarts = 5;
const windowMs = 10 * 60_000;

const unprobed: Probes = {
  jail: {
    ok: false,
    reason: "It was not looked for.",
    holds: { version: null, memory: false, tasks: false, cpu: false },
    programs: {
      inotifywait: false,
      Xvfb: false,
      xdotool: false,
      scrot: false,
      chromium: false,
      python3: false,
      git: false,
    },
  },
  docker: { ok: false, reason: "It was not looked for." },
};

/** Looks at what the machine can do, chooses, and starts what the choice needs. @throws SettingsError */
export async function startComputer(options: {
  /** COMPUTER, as it was set. */
  wanted: string | null;
  dockerHost: string | undefined;
  /** Where computers are kept. */
  folder: string;
  /** The host of jails has another process, or none. */
  onHost: (pid: number | null) => void;
  log: (text: string) => void;
}): Promise<LocalComputer> {
  const { wanted, dockerHost, folder, onHost, log } = options;
  const [jail, docker] = await Promise.all([
    wanted === null || wanted === "jail" ? probeJail() : null,
    wanted === null || wanted === "docker" ? probeDocker(dockerHost) : unprobed.docker,
  ]);
  const choice = chooseComputer(wanted ?? undefined, { jail: jail ?? unprobed.jail, docker });
  if (choice.kind === null) throw new SettingsError(choice.error);
  const vars = { COMPUTER: choice.kind, COMPUTER_REASON: choice.reason };
  const containers = choice.kind === "docker";
  if (choice.kind !== "jail") {
    const nothing = () => Promise.resolve();
    return { vars, containers, setWorker: nothing, close: nothing };
  }
  const host = await keepHost({
    folder,
    token: randomBytes(32).toString("hex"),
    // The Worker keeps the address: a host that is started again takes the same.
    port: await freePort(0),
    disableUserns: jail?.disableUserns ?? false,
    log,
    onHost,
  });
  return {
    vars: { ...vars, COMPUTER_HOST_URL: host.url, COMPUTER_HOST_TOKEN: host.token },
    containers,
    setWorker: (url) => host.setWorker(url),
    close: () => host.close(),
  };
}

/** The host in a process of its own, started again when it dies; boxes sleep then and wake at their next use. */
async function keepHost({
  onHost,
  ...options
}: Omit<Parameters<typeof startHostProcess>[0], "agent" | "env"> & { onHost: (pid: number | null) => void }) {
  let host: HostProcess = await startHostProcess(options);
  onHost(host.pid);
  let closing = false;
  let restarts: number[] = [];
  let worker: string | null = null;
  const tell = async (): Promise<void> => {
    if (worker === null) return;
    const response = await fetch(`${host.url}/host/worker`, {
      method: "PUT",
      headers: { [tokenHeader]: options.token },
      body: JSON.stringify({ url: worker, token: options.token }),
    });
    if (!response.ok) options.log(`The host of computers did not take the Worker's address (${response.status}).`);
  };

  const keep = async (): Promise<void> => {
    for (;;) {
      await host.ended;
      onHost(null);
      const now = Date.now();
      restarts = restarts.filter((at) => now - at < windowMs);
      if (closing) return;
      if (restarts.length >= maxRestarts)
        return options.log(`The host of computers ended ${maxRestarts} times in ten minutes: there are none for now.`);
      restarts.push(now);
      options.log("The host of computers ended: starting it again.");
      try {
        host = await startHostProcess(options);
        onHost(host.pid);
        if (closing) await host.close();
        else await tell();
      } catch (thrown) {
        options.log(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  };
  const kept = keep();
  return {
    url: host.url,
    token: options.token,
    setWorker(url: string) {
      worker = url;
      return tell();
    },
    async close() {
      closing = true;
      await host.close();
      await kept;
    },
  };
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

export interface HostProcessOptions {
  folder: string;
  token: string;
  port: number;
  disableUserns: boolean;
  agent?: string;
  /** For tests: what the process finds in its environment, and what it is started through. */
  env?: Record<string, string>;
  through?: string[];
  log: (text: string) => void;
}

export interface HostProcess {
  pid: number;
  url: string;
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
  /** Ends it and all its boxes. */
  close(): Promise<void>;
}

const Said = z.union([z.object({ url: z.url() }), z.object({ error: z.string() })]);
const closeMs = 10_000;

/** Starts the host of jails as a process with an environment of its own. @throws Error that says why it did not start */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { folder, token, port, disableUserns, agent = null, log } = options;
  const path = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" };
  // The folder is for who looks at the list of processes: it says whose host this is.
  const program = [join(import.meta.dirname, "main.ts"), folder];
  const main = [process.execPath, "--disable-warning=ExperimentalWarning", ...program];
  const [file = "", ...args] = [...(options.through ?? []), ...main];
  const child = spawn(file, args, { env: { ...path, ...options.env }, stdio: ["pipe", "pipe", "pipe"] });
  child.stderr.setEncoding("utf8").on("data", (text: string) => log(text.trimEnd()));
  child.stdin.on("error", () => undefined);
  const ended = new Promise<void>((done) => {
    child.once("error", () => done());
    child.once("exit", () => done());
  });
  child.stdin.write(`${JSON.stringify({ folder, token, port, disableUserns, agent })}\n`);
  const first = new Promise<string>((done) => createInterface({ input: child.stdout }).once("line", done));
  const silent = ended.then(() => JSON.stringify({ error: "it ended at once" }));
  const said = Said.parse(JSON.parse(await Promise.race([first, silent])));
  if ("error" in said) throw new Error(`the host of computers did not start: ${said.error}`);
  return {
    pid: child.pid ?? 0,
    url: said.url,
    ended,
    async close() {
      child.stdin.end();
      const late = setTimeout(() => child.kill("SIGKILL"), closeMs);
      await ended;
      clearTimeout(late);
    },
  };
}

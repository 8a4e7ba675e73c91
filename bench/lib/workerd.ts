import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { z } from "zod";
import type { Bundle } from "./bundle.ts";

/** The program itself, not the script that starts it: that one would outlive a kill. It has no types. */
const workerd = z.object({ default: z.string() }).parse(createRequire(import.meta.url)("workerd")).default;
const startWithinMs = 30_000;
const Listening = z.object({ event: z.literal("listen"), port: z.number() });
const quoted = (text: string): string => JSON.stringify(text);

/** A workerd configuration (Cap'n Proto text) that serves one bundle on a free port of this machine, with its address alone. */
export function workerdConfig(modules: string[], compatibilityDate: string): string {
  const listed = modules.map((name) => {
    const kind = name.endsWith(".js") ? "esModule" : name.endsWith(".bin") ? "data" : "text";
    return `(name = ${quoted(name)}, ${kind} = embed ${quoted(name)})`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  # What Cloudflare has and bare workerd lacks: the class that the agents package imports, which nothing here makes.
  extensions = [(modules = [(
    name = "cloudflare-internal:email", internal = true, esModule = "export default { EmailMessage: class {} }",
  )])],
);
const main :Workerd.Worker = (
  modules = [${listed.join(", ")}],
  compatibilityDate = ${quoted(compatibilityDate)},
  bindings = [(name = "PUBLIC_URL", text = "https://deckhand.example.com")],
);
`;
}

/** The port that workerd tells on its control pipe. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    let told = "";
    const control = child.stdio[3] as Readable;
    control.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      for (const line of told.split("\n").slice(0, -1)) {
        const read = Listening.safeParse(JSON.parse(line));
        if (read.success) done(read.data.port);
      }
    });
    child.once("exit", (code) => fail(new Error(`workerd ended with ${code} before it answered`)));
    child.once("error", fail);
  });
}

/** From the start of a workerd process to the end of its first answer, in milliseconds; the process is ended. */
export async function startMs(bundle: Bundle, compatibilityDate: string): Promise<number> {
  const config = join(bundle.folder, "workerd.capnp");
  writeFileSync(config, workerdConfig(bundle.modules, compatibilityDate));
  const began = performance.now();
  const child = spawn(workerd, ["serve", config, "--control-fd=3"], { stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  try {
    const port = await listening(child);
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(startWithinMs) });
    await response.text();
    if (response.status !== 200) throw new Error(`the Worker answered ${response.status}`);
    return performance.now() - began;
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

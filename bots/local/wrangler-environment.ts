import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { stateFiles } from "./state-folder.ts";
import { v8Flags } from "./v8-flags.ts";

/** Where the runtime is that wrangler would take. */
function runtime(): string {
  const set = process.env["MINIFLARE_WORKERD_PATH"];
  if (set) return set;
  const ofWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
  return (ofWrangler("workerd") as { default: string }).default;
}

/**
 * What wrangler reads from the environment, some of it when it is loaded. It asks nothing, reports nothing, keeps what it
 * writes in the state folder, and starts the runtime by a name there.
 */
export function setWranglerEnvironment(folder: string): void {
  const files = stateFiles(folder);
  // What an earlier start left there when it was killed.
  rmSync(files.temporary, { recursive: true, force: true });
  mkdirSync(files.temporary, { mode: 0o700 });
  mkdirSync(files.logs, { recursive: true, mode: 0o700 });
  chmodSync(files.logs, 0o700);
  const command = runtime();
  rmSync(files.workerd, { force: true });
  symlinkSync(command, files.workerd);
  Object.assign(process.env, {
    CI: "1",
    WRANGLER_SEND_METRICS: "false",
    // A trace of every request and query, to a database of its own, in the Worker's thread: half of what a turn costs
    // here. Ours are in the thread's trace page.
    X_LOCAL_OBSERVABILITY: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    // The Worker gets what it is given here; an .env of the folder has been read by then.
    CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false",
    // It logs more than it shows: whole configurations when a request fails. Errors are on the terminal anyway.
    WRANGLER_WRITE_LOGS: process.env["WRANGLER_WRITE_LOGS"] ?? "false",
    WRANGLER_LOG_PATH: files.logs,
    WRANGLER_LOG_SANITIZE: "true",
    WRANGLER_REGISTRY_PATH: `${files.temporary}/registry`,
    XDG_CONFIG_HOME: `${files.temporary}/config`,
    TMPDIR: files.temporary,
    MINIFLARE_WORKERD_PATH: files.workerd,
    MINIFLARE_WORKERD_V8_FLAGS: process.env["MINIFLARE_WORKERD_V8_FLAGS"] ?? v8Flags,
  });
}

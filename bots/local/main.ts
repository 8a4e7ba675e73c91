import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { features } from "../health.ts";
import { listeners } from "../slack/listeners/index.ts";
import { usesOf } from "../slack/uses.ts";
import { claim } from "./claim.ts";
import { startComputer } from "./computer.ts";
import { pageHandler } from "./page/serve.ts";
import { freePort } from "./ports.ts";
import { localKeys, readEnvironment, readSettings, SettingsError, type LocalSettings } from "./settings.ts";
import { startTable } from "./table.ts";
import { watch } from "./watchdog.ts";
import { startWorker } from "./worker-process.ts";
import { v8Flags } from "./v8-flags.ts";
import { startWorkspace } from "./workspace/workspace.ts";

/*
 * `npm start`: the Worker in workerd, the local workspace and its page, in one process. Ctrl-C ends all of it; what has
 * to last is under the state folder.
 */
const root = join(import.meta.dirname, "../..");
const say = (text: string) => process.stdout.write(`${text}\n`);

// Wrangler asks nothing and reports nothing.
process.env["CI"] = "1";
process.env["WRANGLER_SEND_METRICS"] = "false";
// Wrangler would write a trace of every request and query to a database of its own, in the Worker's thread: half of what
// a turn costs here. Ours are in the thread's trace page.
process.env["X_LOCAL_OBSERVABILITY"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
process.env["MINIFLARE_WORKERD_V8_FLAGS"] ??= v8Flags;

async function start(settings: LocalSettings): Promise<() => Promise<void>> {
  const stateDir = resolve(root, settings.stateDir);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const release = claim(join(stateDir, "running"));
  const workerPort = await freePort(settings.workerPort);
  const workerUrl = `http://127.0.0.1:${workerPort}`;
  const real = settings.slack;
  const local = localKeys(stateDir);
  const page = await pageHandler();
  const { commands, shortcuts, events } = usesOf(listeners);
  const workspace = real
    ? null
    : await startWorkspace({
        port: await freePort(settings.port),
        stateFile: join(stateDir, "workspace.sqlite"),
        ...local,
        eventsUrl: null,
        // The app is registered here as its manifest would register it: what has no listener is not sent.
        setup: { commands, shortcuts, events, unfurlDomains: [new URL(settings.publicUrl ?? workerUrl).host] },
        staticHandler: (request) => page(request) ?? new Response("There is nothing here.\n", { status: 404 }),
      });
  const computer = await startComputer({
    wanted: settings.computer,
    dockerHost: process.env["DOCKER_HOST"],
    stateDir,
    log: (text) => process.stderr.write(`${text}\n`),
  });
  const vars = {
    ...settings.workerVars,
    ...computer.vars,
    LOCAL: "1",
    PUBLIC_URL: settings.publicUrl ?? workerUrl,
    SLACK_BOT_TOKEN: real ? (real.botToken ?? "") : local.botToken,
    SLACK_SIGNING_SECRET: (real ?? local).signingSecret,
    ...(workspace ? { SLACK_API_URL: workspace.apiUrl } : {}),
  };
  const worker = await startWorker({ root, stateDir, port: workerPort, vars, containers: computer.containers });
  await computer.setWorker(workerUrl);
  const found = features(vars);
  workspace?.setFeatures(found);
  workspace?.setWorker({
    eventsUrl: `${workerUrl}/slack/events`,
    actionsUrl: `${workerUrl}/slack/actions`,
    commandsUrl: `${workerUrl}/slack/commands`,
    traceUrl: `${workerUrl}/threads/{thread}/trace`,
    // A simulated shell has no programs to have a terminal with.
    terminalUrl: computer.vars["COMPUTER"] === "simulated" ? null : `${workerUrl}/local/terminal`,
  });
  const watchdog = watch({
    healthUrl: `${workerUrl}/health`,
    intervalMs: 2_000,
    timeoutMs: 5_000,
    failures: 3,
    restart: () => worker.restart(),
    log: (text) => process.stderr.write(`${text}\n`),
  });
  say(
    startTable({
      url: workspace?.url ?? null,
      eventsUrl: `${vars.PUBLIC_URL}/slack/events`,
      features: found,
      stateDir: settings.stateDir,
    }),
  );
  return async () => {
    watchdog.stop();
    await Promise.allSettled([worker.close(), workspace?.close(), computer.close()]);
    release();
  };
}

try {
  const stop = await start(readSettings(readEnvironment(root)));
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void stop().finally(() => process.exit(0));
      // What has not ended by then is not going to.
      setTimeout(() => process.exit(0), 5_000).unref();
    });
  }
} catch (thrown) {
  if (!(thrown instanceof SettingsError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exit(1);
}

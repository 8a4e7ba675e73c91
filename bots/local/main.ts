import { join, resolve } from "node:path";

import { features } from "../health.ts";
import { listeners } from "../slack/listeners/index.ts";
import { usesOf } from "../slack/uses.ts";
import { startComputer } from "./computer.ts";
import { pageHandler } from "./page/serve.ts";
import { endLeftBehind } from "./left-behind.ts";
import { takeLock } from "./lock.ts";
import { freePort } from "./ports.ts";
import { alreadyRunning, portOf, readRunning, RunningFile } from "./running.ts";
import {
  forgetVariables,
  localKeys,
  readEnvironment,
  readSettings,
  SettingsError,
  type LocalSettings,
} from "./settings.ts";
import { openStateFolder, stateFiles } from "./state-folder.ts";
import { startTable } from "./table.ts";
import { watch, type Watchdog } from "./watchdog.ts";
import { startWorker } from "./worker-process.ts";
import { setWranglerEnvironment } from "./wrangler-environment.ts";
import { startWorkspace } from "./workspace/workspace.ts";

/*
 * `npm start`: the Worker in workerd, the local workspace and its page, in one process. Ctrl-C ends all of it; what has
 * to last is under the state folder.
 */
const root = join(import.meta.dirname, "../..");
const say = (text: string) => process.stdout.write(`${text}\n`);

async function start(settings: LocalSettings): Promise<() => Promise<void>> {
  const stateDir = openStateFolder(resolve(root, settings.stateDir));
  const files = stateFiles(stateDir);
  const release = takeLock(files.lock);
  const last = readRunning(files.running);
  if (release === null) throw new SettingsError(alreadyRunning(last));
  await endLeftBehind(stateDir);
  forgetVariables(process.env);
  setWranglerEnvironment(stateDir);
  const workerPort = await freePort(settings.workerPort, portOf(last?.worker));
  const workerUrl = `http://127.0.0.1:${workerPort}`;
  const running = new RunningFile(files.running, {
    main: process.pid,
    workerds: [],
    jailHost: null,
    page: last?.page ?? null,
    worker: workerUrl,
    ready: false,
  });
  const real = settings.slack;
  const local = localKeys(stateDir);
  const page = await pageHandler();
  const { commands, shortcuts, events } = usesOf(listeners);
  const workspace = real
    ? null
    : await startWorkspace({
        port: await freePort(settings.port, portOf(last?.page)),
        stateFile: files.workspace,
        ...local,
        eventsUrl: null,
        // The app is registered here as its manifest would register it: what has no listener is not sent.
        setup: { commands, shortcuts, events, unfurlDomains: [new URL(settings.publicUrl ?? workerUrl).host] },
        staticHandler: (request) => page(request) ?? new Response("There is nothing here.\n", { status: 404 }),
      });
  workspace?.setAway(true);
  running.change({ page: workspace?.url ?? null });
  const computer = await startComputer({
    wanted: settings.computer,
    dockerHost: process.env["DOCKER_HOST"],
    folder: files.computers,
    onHost: (pid) => running.change({ jailHost: pid }),
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
  let watchdog: Watchdog | null = null;
  const worker = await startWorker({
    root,
    stateDir,
    port: workerPort,
    vars,
    containers: computer.containers,
    onProcesses: (workerds) => running.change({ workerds }),
    onEnded: () => watchdog?.ended(),
  });
  await computer.setWorker(workerUrl);
  const found = features(vars);
  workspace?.setFeatures(found);
  workspace?.setAway(false);
  workspace?.setWorker({
    eventsUrl: `${workerUrl}/slack/events`,
    actionsUrl: `${workerUrl}/slack/actions`,
    commandsUrl: `${workerUrl}/slack/commands`,
    traceUrl: `${workerUrl}/threads/{thread}/trace`,
    // A simulated shell has no programs to have a terminal with.
    terminalUrl: computer.vars["COMPUTER"] === "simulated" ? null : `${workerUrl}/local/terminal`,
  });
  watchdog = watch({
    healthUrl: `${workerUrl}/health`,
    intervalMs: 2_000,
    timeoutMs: 5_000,
    failures: 3,
    restart: () => worker.restart().finally(takeSignals),
    recover: () => worker.recover(),
    onAway: (away) => workspace?.setAway(away),
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
  running.change({ ready: true });
  return async () => {
    watchdog.stop();
    await Promise.allSettled([worker.close(), workspace?.close(), computer.close()]);
    running.change({ main: null, workerds: [], jailHost: null, ready: false });
    release();
  };
}

/** What a signal does: all is put away, and what takes too long is left. */
let stop: (() => Promise<void>) | null = null;
let stopping = false;
function onSignal(): void {
  if (stopping || stop === null) process.exit(1);
  stopping = true;
  void stop().finally(() => process.exit(0));
  setTimeout(() => process.exit(0), 5_000).unref();
}

/** Wrangler adds its own with every start, and they end the process before all of it is put away. */
function takeSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal);
    process.on(signal, onSignal);
  }
}

try {
  stop = await start(readSettings(readEnvironment(root)));
  takeSignals();
} catch (thrown) {
  if (!(thrown instanceof SettingsError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exit(1);
}

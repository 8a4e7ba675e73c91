import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { KernelError } from "../../kernel/errors.ts";
import { readEnvironment } from "../local/settings.ts";
import { isHopeless, slackCode, socketClient } from "./socket-client.ts";
import { readSocketEnv, type SocketEnv } from "./socket-env.ts";
import { stayConnected } from "./socket-loop.ts";

/*
 * A Node process: Socket Mode, for a Worker that Slack cannot reach. `npm run slack:socket` beside `npm start`.
 */
const endMs = 5_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const fail = (text: string): void => {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
};

async function run(env: SocketEnv): Promise<void> {
  const ending = new AbortController();
  const client = socketClient(env, say);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      ending.abort();
      void client.close().finally(() => process.exit(0));
      // What has not ended by then is not going to.
      setTimeout(() => process.exit(0), endMs).unref();
    });
  await stayConnected({
    open: () => client.open(),
    isFatal: isHopeless,
    wait: (ms) => pause(ms, undefined, { signal: ending.signal }).catch(() => undefined),
    now: Date.now,
    failed: (thrown, waitMs) =>
      say(`No connection to Slack (${slackCode(thrown) ?? "unreachable"}). Trying again in ${waitMs / 1000} s.`),
    signal: ending.signal,
  });
}

try {
  await run(readSocketEnv(readEnvironment(join(import.meta.dirname, "../.."))));
} catch (thrown) {
  if (thrown instanceof KernelError) fail(thrown.userMessage);
  else if (isHopeless(thrown))
    fail(
      `Slack does not take SLACK_APP_TOKEN (${slackCode(thrown)}). It must be an app-level token with the scope connections:write: api.slack.com/apps → Basic Information → App-Level Tokens. Socket Mode must be on in the app: npm run slack:manifest -- --socket.`,
    );
  else throw thrown;
}

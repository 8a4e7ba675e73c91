import { KernelError } from "../kernel/errors.ts";
import { chooseModel } from "../kernel/models/choose.ts";
import { describeModel } from "../kernel/models/describe.ts";
import { chooseComputer } from "../kernel/sandbox/computer/decide.ts";
import { readWorkerVars } from "./env.ts";
import { readSlackEnv } from "./slack/env.ts";

export interface Feature {
  name: string;
  on: boolean;
  /** Why it is on or off, and what to set. Holds no secret. */
  detail: string;
}

function check(name: string, read: () => Omit<Feature, "name">): Feature {
  try {
    return { name, ...read() };
  } catch (thrown) {
    return { name, on: false, detail: KernelError.wrap(thrown, "internal", "could not be checked").userMessage };
  }
}

/** What is on, what is off and why: the start table of `npm start`, and `GET /health`. */
export function features(env: object): Feature[] {
  return [
    check("Worker", () => ({ on: true, detail: readWorkerVars(env).PUBLIC_URL })),
    check("Slack", () => {
      const { apiUrl, botToken } = readSlackEnv(env);
      const real = apiUrl.startsWith("https://slack.com/") ? "a real workspace" : "the local workspace";
      return { on: true, detail: botToken === null ? "workspaces that have installed it" : real };
    }),
    check("Slack installs", () => {
      if (readSlackEnv(env).install !== null)
        return { on: true, detail: new URL("/slack/install", readWorkerVars(env).PUBLIC_URL).href };
      const set = "SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_TOKEN_KEY";
      return { on: false, detail: `one workspace, by SLACK_BOT_TOKEN; set ${set} to let others install it` };
    }),
    check("Model", () => {
      const { on, why, set } = describeModel(chooseModel(env));
      return { on, detail: set ? `${why}; set ${set}` : why };
    }),
    { name: "exec_code", on: true, detail: "Worker Loader isolates, no network" },
    check("Linux computer", () => {
      readWorkerVars(env);
      const { kind, reason } = chooseComputer(env);
      return { on: kind !== "simulated", detail: `${kind}: ${reason}` };
    }),
  ];
}

/** Without these nothing is answered; the rehearsal model and a simulated computer are no fault. */
const needed = new Set(["Worker", "Slack"]);

export function health(env: object): Response {
  const found = features(env);
  const ok = found.every((feature) => feature.on || !needed.has(feature.name));
  return Response.json({ ok, features: found }, { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}

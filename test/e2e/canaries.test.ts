import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { readRunning } from "../../bots/local/running.ts";
import { sign } from "../../bots/slack/signature.ts";
import { canary, type Canary, filesOf, findCanaries } from "../harness/canaries.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { startOpenAI } from "../stand-ins/openai.ts";

/*
 * A value that is nowhere else stands in every variable that is read, by its name in .env.example (which a test holds
 * against the schemas), so that a new one is looked for without being named here. Then Deckhand is used, and nothing that
 * is written, logged, shown or handed to a child may hold one of them.
 */
const root = join(import.meta.dirname, "../..");
const general = "C0GENERAL";
const variables = [...readFileSync(join(root, ".env.example"), "utf8").matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(
  ([, name = ""]) => name,
);

/** Variables whose few possible values are no secret, or that say how the test runs. */
const plain = new Set(
  ["PORT", "WORKER_PORT", "DECKHAND_STATE", "COMPUTER", "PACE", "REHEARSAL_DELAY_MS"].concat([
    "PUBLIC_URL",
    "MODEL",
    "MODEL_EYES",
    "COMPAT_BASE_URL",
  ]),
);

function plant(name: string): Canary {
  const core = `c${randomBytes(10).toString("hex")}`;
  const shape = (): string => {
    if (name.endsWith("_URL")) return `http://127.0.0.1:9/${core}`;
    if (name.endsWith("_ID")) return core;
    if (name === "SLACK_ALLOWED_BOTS") return `B${core}`;
    if (name === "SLACK_TOKEN_KEY") return Buffer.from(core.padEnd(32, "k")).toString("base64");
    const start = { SLACK_BOT_TOKEN: "xoxb-", SLACK_APP_TOKEN: "xapp-" }[name] ?? "";
    // Signs that logs and pages escape.
    return `${start}${core}"\\'<&>%2F`;
  };
  return canary(name, core, shape());
}
const planted = () => variables.filter((name) => !plain.has(name)).map(plant);
const environment = (canaries: readonly Canary[]) =>
  Object.fromEntries(canaries.map(({ name, value }) => [name, value]));

/** What anybody can see of a process: its command line, and of a child also what it was started with. */
function* processes(leader: number): Generator<readonly [string, Buffer]> {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "");
      if (stat.split(" ")[2] !== String(leader)) continue;
      yield [`command line of ${pid}`, readFileSync(`/proc/${pid}/cmdline`)];
      if (Number(pid) !== leader) yield [`environment of ${pid}`, readFileSync(`/proc/${pid}/environ`)];
    } catch {
      // It has ended meanwhile.
    }
  }
}

let stateDir: string;
let home: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "deckhand-canaries-"));
  home = mkdtempSync(join(tmpdir(), "deckhand-home-"));
});
afterEach(() => {
  for (const folder of [stateDir, home]) rmSync(folder, { recursive: true, force: true });
});

test("the canaries are found in every form that they are looked for in", () => {
  const one = plant("SOME_KEY");
  const forms = [
    one.value,
    JSON.stringify({ a: JSON.stringify(one.value) }),
    encodeURIComponent(one.value),
    Buffer.from(`x${one.value}`).toString("base64"),
    Buffer.from(`Bearer ${one.value}`).toString("base64url"),
    Buffer.from(one.value).toString("hex"),
    one.value.slice(0, 30),
  ];
  const places = forms.map((form, at) => [String(at), Buffer.from(`before ${form} after`)] as const);
  expect(findCanaries([one], places)).toHaveLength(forms.length);
  expect(findCanaries([one], [["wide", Buffer.from(one.value, "utf16le")]])).toHaveLength(1);
  expect(findCanaries([one], [["other", Buffer.from(plant("SOME_KEY").value)]])).toEqual([]);
  expect(variables.length).toBeGreaterThan(20);
});

describe("no secret is written down anywhere", () => {
  test("with the local workspace: a message, a wrong key, a refused installation, a Worker that is killed", async () => {
    // The two between Worker and workspace are made by the first start and kept in a file of their own.
    const own = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"].map(plant);
    const canaries = planted().filter(({ name }) => !own.some((one) => one.name === name));
    const [botToken = "", signingSecret = ""] = own.map(({ value }) => value);
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(join(stateDir, "keys.json"), JSON.stringify({ botToken, signingSecret }));
    const key = canaries.find(({ name }) => name === "COMPAT_API_KEY")?.value ?? "";
    // A provider that repeats the key, as some do, before and after it is a wrong one.
    const model = await startOpenAI(({ text }) =>
      text.includes("wrong")
        ? {
            fail: {
              kind: "status",
              status: 401,
              type: "invalid_api_key",
              message: `Incorrect API key provided: ${key}`,
            },
          }
        : { text: "all is well" },
    );
    const deckhand = await Deckhand.start({
      stateDir,
      // Wrangler's log is off; were it on, it would hold none of them either.
      env: {
        ...environment(canaries),
        HOME: home,
        MODEL: "compat:scripted",
        COMPAT_BASE_URL: model.url,
        // Refused beside a gateway.
        ANTHROPIC_BASE_URL: "",
        WRANGLER_WRITE_LOGS: "true",
      },
    });
    try {
      const { slack } = deckhand;
      const ts = await slack.say("U0ADA", general, "@Deckhand hello");
      await slack.waitForReply(general, ts, (one) => shownText(one).includes("all is well"));
      expect(JSON.stringify(model.requests[0]?.headers)).toContain(JSON.stringify(key).slice(1, -1));
      const wrong = await slack.say("U0ADA", general, "@Deckhand wrong");
      await slack.waitForReply(general, wrong, (one) => shownText(one).includes("COMPAT_API_KEY"));
      const byValue = (name: string) => canaries.find((one) => one.name === name)?.value ?? "";
      await slack.setup({ clientId: byValue("SLACK_CLIENT_ID"), clientSecret: byValue("SLACK_CLIENT_SECRET") });
      const refused = await fetch(`${deckhand.workerUrl}/slack/events`, {
        method: "POST",
        headers: { "x-slack-signature": "v0=wrong", "x-slack-request-timestamp": "1" },
        body: "{}",
      });
      expect(refused.status).toBe(401);
      const cancelled = await fetch(`${deckhand.workerUrl}/slack/oauth/callback?code=x&state=y`);
      const { pid = 0 } = deckhand.running.workerds.find(({ role }) => role === "worker") ?? {};
      process.kill(pid, "SIGKILL");
      await slack.say("U0ADA", general, "hello again", { threadTs: ts });
      await expect.poll(() => model.requests.length, { timeout: 60_000 }).toBeGreaterThan(2);
      await slack.waitForStatus(general, ts, (status) => status.session === "active");

      const health = await fetch(`${deckhand.workerUrl}/health`);
      const shown = {
        "the terminal": deckhand.output,
        "a trace": await deckhand.trace(general, ts),
        "a trace of a failure": await deckhand.trace(general, wrong),
        "what the workspace holds": JSON.stringify(await (await fetch(`${deckhand.url}/control/state`)).json()),
        "/health": await health.text(),
        "a refused installation": await cancelled.text(),
      };
      const texts = Object.entries(shown).map(([place, text]) => [place, Buffer.from(text)] as const);
      const places = [...texts, ...processes(deckhand.pid), ...filesOf(home)];
      expect(findCanaries([...canaries, ...own], places)).toEqual([]);
      expect(readdirSync(home)).toEqual([]);
      const files = [...filesOf(stateDir)];
      expect(files.some(([path]) => path.startsWith(join(stateDir, "logs")))).toBe(true);
      expect(findCanaries(canaries, files)).toEqual([]);
      // The local Slack knows the token that it gave.
      const known = /\/(keys\.json|workspace\.sqlite(-wal)?)$/;
      expect(
        findCanaries(
          own,
          files.filter(([path]) => !known.test(path)),
        ),
      ).toEqual([]);
    } finally {
      await deckhand.close();
      await model.close();
    }
  });

  test("with a real workspace: a check of the address, a wrong signature, and nothing that goes out", async () => {
    const canaries = planted();
    const child = spawn(process.execPath, [join(root, "bots/local/main.ts")], {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        ...environment(canaries),
        HOME: home,
        PORT: "0",
        WORKER_PORT: "0",
        DECKHAND_STATE: stateDir,
        COMPUTER: "simulated",
        WRANGLER_WRITE_LOGS: "true",
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    try {
      await expect.poll(() => output, { timeout: 150_000 }).toContain("Ctrl-C ends everything");
      const url = readRunning(join(stateDir, "running.json"))?.worker ?? "";
      const body = JSON.stringify({ type: "url_verification", challenge: "is-it-you" });
      const secret = canaries.find(({ name }) => name === "SLACK_SIGNING_SECRET")?.value ?? "";
      const post = async (signedWith: string) => {
        const headers = { ...(await sign(signedWith, body, Date.now())), "content-type": "application/json" };
        const response = await fetch(`${url}/slack/events`, { method: "POST", headers, body });
        return { status: response.status, text: await response.text() };
      };
      const verified = await post(secret);
      expect(verified).toMatchObject({ status: 200, text: expect.stringContaining("is-it-you") as string });
      const refused = await post("another secret");
      expect(refused.status).toBe(401);
      const shown = [output, refused.text, await (await fetch(`${url}/health`)).text()].join("\n");
      const places = [["what is shown", Buffer.from(shown)] as const, ...processes(child.pid ?? 0)];
      expect(findCanaries(canaries, [...places, ...filesOf(home), ...filesOf(stateDir)])).toEqual([]);
      expect(readdirSync(home)).toEqual([]);
    } finally {
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, "SIGKILL");
        await once(child, "exit");
      }
    }
  });
});

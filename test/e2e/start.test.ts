import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";
import { startOpenAI } from "../stand-ins/openai.ts";

const root = join(import.meta.dirname, "../..");
const noJail = (await jailForTests()) === null;
const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);

/** Processes of one start: it leads a group, and all that it starts are in it. Linux tells by /proc, others by ps. */
function groupOf(leader: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return fields[2] === String(leader) && fields[0] !== "Z";
      } catch {
        return false;
      }
    })
    .map(Number);
}

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "deckhand-start-"));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

/** `npm start` that is not expected to come up. */
function refusedStart(env: Record<string, string>): Promise<{ code: number | null; errors: string; output: string }> {
  const child: ChildProcess = spawn(process.execPath, [join(root, "bots/local/main.ts")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: stateDir, PORT: "0", WORKER_PORT: "0", DECKHAND_STATE: stateDir, ...env },
  });
  let errors = "";
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, errors, output }));
  });
}

describe("a wrong variable is named at start with the fix, and nothing is started", () => {
  test.each([
    [{ PORT: "many" }, /^PORT must be a number$/m],
    [{ SLACK_BOT_TOKEN: "xoxb-1-2" }, /SLACK_SIGNING_SECRET is missing.*Set both, or neither/],
    [{ SLACK_SIGNING_SECRET: "0123456789abcdef" }, /SLACK_BOT_TOKEN is missing.*Set both, or neither/],
    [{ PUBLIC_URL: "deckhand" }, /PUBLIC_URL must be a full address, for example/],
    [{ COMPUTER: "vm" }, /^COMPUTER must be docker, jail or simulated; without it the best that this machine has/m],
    [
      { COMPUTER: "container" },
      /^COMPUTER=container is .*there when deployed\. Here choose docker, jail or simulated/m,
    ],
    [
      { COMPUTER: "docker", DOCKER_HOST: "unix:///nowhere/docker.sock" },
      /^COMPUTER=docker cannot be had: No Docker engine answers at \/nowhere\/docker\.sock\. Start Docker, or leave/m,
    ],
  ])("%o", async (env: Record<string, string>, sentence) => {
    const { code, errors, output } = await refusedStart(env);
    expect(errors).toMatch(sentence);
    expect(errors).not.toMatch(/\bat .*:\d+:\d+/);
    expect(output).not.toContain("Deckhand is at");
    expect(code).toBe(1);
  });
});

test("a model that is named wrongly is named in the start table and in the thread, with the fix", async () => {
  const fix = 'MODEL starts with "nonsense", which is no provider. Write one of anthropic:';
  const deckhand = await Deckhand.start({ stateDir, env: { MODEL: "nonsense:x" } });
  try {
    expect(deckhand.output).toContain(`off  Model`);
    expect(deckhand.output).toContain(fix);
    const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand hello");
    await deckhand.slack.waitForReply(general, ts, has(fix));
    expect(await deckhand.trace(general, ts)).toContain("config.invalid");
  } finally {
    await deckhand.close();
  }
});

describe("C9 which kind of computer there is, and why, is said by the start table and by /health", () => {
  const noDocker = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
  async function said(
    env: Record<string, string>,
  ): Promise<{ table: string; health: { on: boolean; detail: string } }> {
    const deckhand = await Deckhand.start({ stateDir, env: { ...noDocker, ...env } });
    try {
      const table = deckhand.output.split("\n").find((line) => line.includes("Linux computer")) ?? "";
      const answer = await fetch(`${deckhand.workerUrl}/health`);
      expect(answer.status).toBe(200);
      const { features } = (await answer.json()) as { features: { name: string; on: boolean; detail: string }[] };
      const { on, detail } = features.find(({ name }) => name === "Linux computer") ?? { on: false, detail: "" };
      return { table: table.trim(), health: { on, detail } };
    } finally {
      await deckhand.close();
    }
  }

  test("simulated, because it was asked for", async () => {
    const { table, health } = await said({ COMPUTER: "simulated" });
    expect(health).toEqual({ on: false, detail: "simulated: COMPUTER=simulated" });
    expect(table).toBe("off  Linux computer  simulated: COMPUTER=simulated");
  });

  test.skipIf(noJail)("a jail, by itself and when it was asked for, with its limits", async () => {
    for (const [asked, why] of [
      ["", "no Docker engine answers"],
      ["jail", "COMPUTER=jail"],
    ] as const) {
      const { table, health } = await said({ COMPUTER: asked });
      expect(health.on).toBe(true);
      expect(health.detail).toContain(`jail: ${why}: bubblewrap on this machine; memory `);
      expect(health.detail).toMatch(/256 processes .*disk 2048 MiB/);
      expect(table).toBe(`on   Linux computer  ${health.detail}`);
    }
  });
});

test("Ctrl-C ends every process, and the second start goes on with yesterday's thread", async () => {
  // A model that tells what it is told: the second turn must hold the first.
  const model = await startOpenAI((asked) => ({ text: `I was asked: ${asked.text.replaceAll(/\s+/g, " ").trim()}` }));
  const env = { MODEL: "compat:scripted", COMPAT_BASE_URL: model.url };
  const first = await Deckhand.start({ stateDir, env });
  const ts = await first.slack.say("U0ADA", general, "@Deckhand the word of the day is marzipan");
  await first.slack.waitForReply(general, ts, has("marzipan"));
  await first.slack.waitForStatus(general, ts, (status) => status.session === "active");
  const running = groupOf(first.pid);
  expect(running.length).toBeGreaterThan(1);
  await first.stop();
  await expect.poll(() => groupOf(first.pid), { timeout: 10_000 }).toEqual([]);

  const second = await Deckhand.start({ stateDir, env });
  try {
    const before = await second.slack.thread(general, ts);
    expect(before.map(shownText).join("\n")).toMatch(/I was asked: .*the word of the day is marzipan/);
    await second.slack.say("U0ADA", general, "and which word was it?", { threadTs: ts });
    await second.slack.waitForReply(general, ts, has("which word was it"));
    const told = JSON.stringify(model.requests.at(-1)?.body);
    expect(told).toContain("the word of the day is marzipan");
    expect(told).toContain("and which word was it?");
    const trace = await second.trace(general, ts);
    expect(trace.split('<span class="t">turn.started</span>')).toHaveLength(3);

    // The folder is taken while this one runs.
    const { code, errors } = await refusedStart({});
    expect(errors).toBe(
      `Deckhand is already running here (process ${second.pid}, ${second.url}): end it with Ctrl-C or \`kill ${second.pid}\`, or set DECKHAND_STATE to another folder for a second one.\n`,
    );
    expect(code).toBe(1);
    await second.slack.say("U0ADA", general, "still there?", { threadTs: ts });
    await second.slack.waitForReply(general, ts, has("still there?"));
  } finally {
    await second.close();
    await model.close();
  }
});

describe("while it runs", () => {
  let deckhand: Deckhand;
  beforeAll(async () => {
    deckhand = await Deckhand.start();
  });
  afterAll(() => deckhand.close());

  test("it answers on 127.0.0.1 only", async () => {
    const answers = (host: string, port: number): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host, port, timeout: 2_000 });
        const end = (value: boolean) => {
          socket.destroy();
          resolve(value);
        };
        socket.once("connect", () => end(true));
        socket.once("error", () => end(false));
        socket.once("timeout", () => end(false));
      });
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter((each) => !each.internal && each.family === "IPv4")
      .map((each) => each.address);
    for (const url of [deckhand.url, deckhand.workerUrl]) {
      const port = Number(new URL(url).port);
      expect(await answers("127.0.0.1", port)).toBe(true);
      for (const host of ["127.0.0.2", ...others]) expect([host, await answers(host, port)]).toEqual([host, false]);
    }
  });

  test("another site's page cannot drive it by a name that it points to 127.0.0.1", async () => {
    const { port } = new URL(deckhand.url);
    const status = await new Promise<number>((resolve, reject) => {
      const asked = request({
        host: "127.0.0.1",
        port,
        path: "/local/state?as=U0ADA",
        headers: { host: "evil.example" },
      });
      asked.once("response", (answer) => resolve(answer.resume().statusCode ?? 0)).once("error", reject);
      asked.end();
    });
    expect(status).toBe(403);
  });

  test("C7 a program that hangs the whole Worker is ended by the watchdog: its thread gets a typed notice, others go on", async () => {
    const { slack } = deckhand;
    const warm = await slack.say("U0GRACE", general, "@Deckhand echo warm");
    await slack.waitForReply(general, warm, has("warm"));
    // One call of a built-in that takes for ever: no check between statements comes to its turn. Without its flag it would
    // be run in a time that is linear.
    const hung = await slack.say("U0ADA", general, "@Deckhand run: return /^(a+)+$/i.test('a'.repeat(40) + 'b')");
    await expect.poll(() => deckhand.output, { timeout: 60_000, interval: 200 }).toContain("The Worker is back.");
    await slack.say("U0GRACE", general, "echo all-well", { threadTs: warm });
    await slack.waitForReply(general, warm, has("all-well"), 30_000);
    await slack.waitForReply(general, hung, has("interrupted"), 80_000);
    await slack.waitForStatus(general, hung, (status) => status.session === "active", 60_000);
    const trace = await deckhand.trace(general, hung);
    expect(trace).toContain("tool.interrupted");
    await slack.say("U0ADA", general, "echo and-here-too", { threadTs: hung });
    await slack.waitForReply(general, hung, has("and-here-too"), 30_000);
  });
});

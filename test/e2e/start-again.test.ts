import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";

/* What is left when a part of `npm start` is killed, and what the next start does with it. */
const noJail = (await jailForTests()) === null;
const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);

function isAlive(pid: number): boolean {
  try {
    // One that has ended and that nobody has asked after is not alive.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Every file and folder below. */
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => !one.isSymbolicLink())
    .map((one) => join(one.parentPath, one.name));

let stateDir: string;
let deckhand: Deckhand | null = null;
const others: ChildProcess[] = [];
beforeEach(() => (stateDir = mkdtempSync(join(tmpdir(), "deckhand-again-"))));
afterEach(async () => {
  await deckhand?.close();
  deckhand = null;
  for (const other of others.splice(0)) other.kill("SIGKILL");
  rmSync(stateDir, { recursive: true, force: true });
});
const start = async (computer?: "jail"): Promise<Deckhand> =>
  (deckhand = await Deckhand.start({ stateDir, ...(computer ? { computer } : {}) }));

/** A message that is answered, in a thread of its own or in the one that is given. */
async function asks(to: Deckhand, word: string, threadTs?: string): Promise<string> {
  const said = await to.slack.say("U0ADA", general, `@Deckhand echo ${word}`, threadTs ? { threadTs } : {});
  await to.slack.waitForReply(general, threadTs ?? said, has(word));
  return threadTs ?? said;
}

test("SIGKILL of the main process alone: the next start ends both workerds, takes the same ports and goes on", async () => {
  const first = await start();
  const ts = await asks(first, "before");
  const { main, workerds, page, worker } = first.running;
  expect(main).toBe(first.pid);
  expect(workerds.map(({ role }) => role).sort()).toEqual(["proxy", "worker"]);
  expect([page, worker]).toEqual([first.url, first.workerUrl]);
  await first.killMain();
  for (const { pid } of workerds) expect([pid, isAlive(pid)]).toEqual([pid, true]);

  const second = await start();
  for (const { pid } of workerds) expect([pid, isAlive(pid)]).toEqual([pid, false]);
  expect([second.url, second.workerUrl]).toEqual([first.url, first.workerUrl]);
  expect(second.running).toMatchObject({ main: second.pid, ready: true });
  await asks(second, "after", ts);
});

test("SIGKILL of everything: the same ports again", async () => {
  const first = await start();
  await first.kill();
  const second = await start();
  expect([second.url, second.workerUrl]).toEqual([first.url, first.workerUrl]);
});

describe("SIGKILL of workerd alone", () => {
  test.each(["worker", "proxy"] as const)(
    "the %s: it is noticed at once and waits for no retry of Slack",
    async (role) => {
      const running = await start();
      const ts = await asks(running, "before");
      const { pid = 0 } = running.running.workerds.find((one) => one.role === role) ?? {};
      await running.slack.clearDeliveries();
      process.kill(pid, "SIGKILL");
      await asks(running, "after", ts);
      // Slack's second retry would come a minute later; no try of that kind was needed.
      const { deliveries } = await running.slack.deliveries();
      expect(deliveries.filter(({ attempt }) => attempt > 1)).toEqual([]);
      await expect.poll(async () => (await running.slack.deliveries()).undelivered).toBe(0);
      await expect.poll(() => running.output).toContain("The Worker is back.");
      expect(running.output).not.toContain("has not answered");
      expect(running.running.workerds.map((one) => one.pid)).not.toContain(pid);
      expect(running.running.workerds.map((one) => one.role).sort()).toEqual(["proxy", "worker"]);
      expect((await running.slack.state("U0ADA")).away).toBe(false);
    },
  );
});

test("a process id that is somebody else's by now is left alone", async () => {
  const first = await start();
  await first.kill();
  const sleeper = spawn("sleep", ["600"], { stdio: "ignore" });
  others.push(sleeper);
  await once(sleeper, "spawn");
  const foreign = sleeper.pid ?? 0;
  const claimed = { ...first.running, main: foreign, jailHost: foreign, workerds: [{ pid: foreign, role: "worker" }] };
  writeFileSync(join(stateDir, "running.json"), JSON.stringify(claimed));
  const second = await start();
  expect(isAlive(foreign)).toBe(true);
  await asks(second, "fine");
});

test.skipIf(noJail)(
  "SIGKILL of the main process alone ends the host of jails too, and the next start has one",
  async () => {
    const first = await start("jail");
    const { jailHost } = first.running;
    expect(jailHost).not.toBeNull();
    await first.killMain();
    const second = await start("jail");
    expect(isAlive(jailHost ?? 0)).toBe(false);
    expect(second.running.jailHost).not.toBe(jailHost);
  },
);

test("nobody else can read the state folder, nor anything in it, and wrangler writes nowhere else", async () => {
  const home = join(stateDir, "home");
  mkdirSync(home);
  deckhand = await Deckhand.start({ stateDir, env: { HOME: home, WRANGLER_WRITE_LOGS: "true" } });
  await asks(deckhand, "hello");
  expect(readdirSync(home)).toEqual([]);
  const logs = readdirSync(join(stateDir, "logs"));
  expect(logs.length).toBeGreaterThan(0);
  expect(below(stateDir).filter((path) => path !== home && (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
});

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import type { Deckhand } from "../harness/deckhand.ts";
import { call, Scripted } from "../harness/scripted.ts";
import { jailForTests } from "../jail/jail.ts";
import type { Reply } from "../stand-ins/reply.ts";

/* C7 C8 what a command in the jail may take, what it sees, and how it is ended: as a person and the model hear of it. */

const general = "C0GENERAL";
const waitMs = 90_000;

/** Processes of this machine that have a word in their command line. */
function running(word: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
      } catch {
        return false;
      }
    })
    .map(Number);
}
const parentOf = (pid: number): number =>
  Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? 0);

interface Ran {
  exit_code?: number;
  stdout?: string;
  stderr?: string;
  limits?: string[];
}

describe.skipIf((await jailForTests()) === null)("the bounds of a computer in the jail", () => {
  const secret = `sk-canary-${"7c0ffee".repeat(4)}`;
  let model: Scripted;
  let deckhand: Deckhand;
  beforeAll(async () => {
    model = await Scripted.start({ computer: "jail", env: { ANTHROPIC_API_KEY: secret } });
    deckhand = model.deckhand;
  }, 90_000);
  afterAll(() => model?.close());

  const has = (text: string | RegExp) => (message: PageMessage) => new RegExp(text).test(shownText(message));
  const reply = (ts: string, fits: (message: PageMessage) => boolean) =>
    deckhand.slack.waitForReply(general, ts, fits, waitMs);
  const bash = (command: string, more: object = {}): Reply =>
    call("computer_bash", { command, why: "to see what it may take", ...more });
  const ask = (as = "U0ADA") => deckhand.slack.say(as, general, "@Deckhand run that");
  const over = (ts: string) =>
    deckhand.slack.waitForStatus(general, ts, (status) => status.session === "active", waitMs);
  let turns = 0;
  /** A turn in which the model runs these; what it was told of each. */
  async function turn(as: string, ...each: [Reply, ...Reply[]]): Promise<{ ts: string; told: string[] }> {
    turns += 1;
    model.replies(...each, { text: `Turn ${turns} is over.` });
    const ts = await ask(as);
    await reply(ts, has(`Turn ${turns} is over\\.`));
    return { ts, told: model.asked.toolResults.map(({ output }) => output) };
  }
  /** Its output has come to the thread: the shell put the word together, the command's own title has it not. */
  const wrote = (ts: string, word: string) =>
    deckhand.slack.waitForMessage((one) => one.threadTs === ts && has(word)(one) && one.streaming, waitMs);
  const ran = (told: string | undefined): Ran => JSON.parse(told ?? "{}") as Ran;

  test("C7 what takes all memory, all processes or all time is ended, and the result names the limit", async () => {
    const { ts, told } = await turn(
      "U0ADA",
      bash("tail /dev/zero"),
      bash("while true; do :; done", { timeout_seconds: 2 }),
      bash("bomb() { bomb | bomb & }; bomb; wait; bomb() { bomb | bomb; }; bomb", { timeout_seconds: 3 }),
      bash("echo well"),
    );
    const [memory, time, forks, after] = told.map(ran);
    expect(memory?.limits?.join()).toMatch(/memory ran out: the computer has 1,024 MB/);
    expect(time).toMatchObject({ exit_code: 124, limits: ["ended after 2 s, its time limit"] });
    expect(forks?.limits?.join() || told[2]).toMatch(/too many processes: the computer may have 256|ended after 3 s/);
    expect(after).toMatchObject({ exit_code: 0, stdout: "well\n" });
    const card = shownText(await reply(ts, has("is over")));
    expect(card).toMatch(/computer main \(jail\): exit 137, memory ran out/);
  }, 180_000);

  test("C7 a full disk ends the box with a sentence that says what to do; the next command can do it", async () => {
    const { ts, told } = await turn(
      "U0ADA",
      bash("for i in 1 2 3 4; do fallocate -l 1G /workspace/fill$i || exit 1; sleep 0.5; done; sleep 60"),
      bash("rm -f /workspace/fill*; echo tidied"),
    );
    expect(told[0]).toMatch(/disk is full: .* of 2\.0 GiB.*Delete some of them/);
    expect(ran(told[1])).toMatchObject({ exit_code: 0, stdout: "tidied\n" });
    expect(shownText(await reply(ts, has("is over")))).toMatch(/disk is full/);
  }, 180_000);

  test("A8 Stop ends a command in the box and all that it started; the box goes on", async () => {
    model.replies(bash("sleep 98771 | sleep 98771 & echo be''gun; (sleep 98771; echo); sleep 98771"), {
      text: "never",
    });
    const ts = await ask();
    await wrote(ts, "begun");
    await expect.poll(() => running("98771").length).toBeGreaterThan(0);
    await deckhand.slack.stop("U0ADA", general, ts);
    await reply(ts, has("Stopped by Ada"));
    await over(ts);
    await expect.poll(() => running("98771"), { timeout: waitMs }).toEqual([]);
    const { told } = await turn("U0ADA", bash("echo here"));
    expect(ran(told[0]).stdout).toBe("here\n");
  }, 180_000);

  test("A8 Stop while a command of the box waits for a person: its card is closed, it ends, and a late yes does nothing", async () => {
    model.replies(
      bash(`mkdir -p /r2/sites/late && echo late > /r2/sites/late/index.html
        until deckhand list_files --folder sites/late | grep -q index.html; do sleep 0.1; done
        sleep 98772 & deckhand publish_site --slug late --title Late`),
      { text: "never" },
    );
    const ts = await ask();
    const card = await reply(ts, (message) =>
      shownButtons(message).some(({ actionId }) => actionId === "deckhand:approve"),
    );
    await deckhand.slack.stop("U0ADA", general, ts);
    await reply(ts, has("Stopped by Ada"));
    const closed = await deckhand.slack.waitForMessage(
      (one) => one.ts === card.ts && shownButtons(one).length === 0,
      waitMs,
    );
    expect(shownText(closed)).toContain("Expired");
    await expect.poll(() => running("98772"), { timeout: waitMs }).toEqual([]);
    await over(ts);
    expect((await fetch(`${deckhand.workerUrl}/sites/late/`)).status).toBe(404);
  }, 180_000);

  test("C2 two threads use one computer at the same time", async () => {
    model.replies(bash("echo left-be''gun; until [ -e /workspace/right ]; do sleep 0.1; done; echo left-ended"), {
      text: "Both are over.",
    });
    const left = await ask();
    await wrote(left, "left-begun");
    model.replies(bash("touch /workspace/right; echo right-ended"), { text: "Both are over." });
    const right = await ask();
    await Promise.all([left, right].map((ts) => reply(ts, has("Both are over"))));
  }, 180_000);

  test("C8 the network is closed but for hosts that the person has allowed in their settings", async () => {
    const look = bash(
      "for host in allowed.invalid closed.invalid; do curl -sS -m 20 http://$host/; curl -sS -m 20 https://$host/; done; env | grep -i _proxy | sort -u | head -2",
    );
    const before = ran((await turn("U0GRACE", look)).told[0]);
    const refused = (host: string) =>
      `${host} is not on this computer's list of allowed hosts, so it cannot be reached. Its owner can allow ${host} in`;
    expect(before.stdout).toContain(refused("allowed.invalid"));
    expect(before.stderr).toMatch(/403/);
    // A program that only says “403” leaves the reason to us.
    const silent = ran((await turn("U0GRACE", bash("curl -sS https://closed.invalid/"))).told[0]);
    expect(silent.limits?.join()).toContain(refused("closed.invalid"));

    await deckhand.slack.openHome("U0GRACE");
    await deckhand.slack.waitForHome("U0GRACE", (blocks) => JSON.stringify(blocks).includes("reach no host"));
    await deckhand.slack.pressInHome("U0GRACE", "deckhand:settings");
    await deckhand.slack.waitForModal("U0GRACE", (one) => one.title === "Settings");
    expect(await deckhand.slack.submitView("U0GRACE", { hosts: "http://x" })).toMatchObject({
      errors: { hosts: expect.stringContaining("is no host name such as pypi.org") },
    });
    expect(await deckhand.slack.submitView("U0GRACE", { hosts: "Allowed.invalid" })).toMatchObject({ errors: {} });
    const after = ran((await turn("U0GRACE", look)).told[0]);
    // The name is one that nobody has: it was looked for, and that is as far as this test can see.
    expect(after.stdout).toContain("allowed.invalid could not be found");
    expect(after.stdout).toContain(refused("closed.invalid"));
    expect(after.stdout).not.toContain(refused("allowed.invalid"));
    const other = ran((await turn("U0ADA", look)).told[0]);
    expect(other.stdout).toContain(refused("allowed.invalid"));
  }, 240_000);

  test("C8 no secret of the Worker is in the box or in a program of exec_code", async () => {
    const keys = JSON.parse(readFileSync(`${deckhand.stateDir}/keys.json`, "utf8")) as Record<string, string>;
    const secrets = [secret, ...Object.values(keys)];
    const [backwards] = [secrets.map((one) => `'${one.split("").toReversed().join("")}'`).join(" ")];
    // Said backwards, so that the search does not find itself.
    const search = `touch /tmp/needles; for one in ${backwards}; do printf '%s' "$one" | rev >> /tmp/needles; echo >> /tmp/needles; done
      (env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n') | grep -cFf /tmp/needles
      grep -rlsaFf /tmp/needles --devices=skip /etc /home /run /tmp /workspace /r2 /opt/deckhand/agent.mjs /var /dev/shm 2>/dev/null; echo searched`;
    const code = `const needles = ${JSON.stringify(secrets.map((one) => one.split("").toReversed().join("")))}.map((one) => [...one].reverse().join(""));
const seen = new Set(), found = [];
const look = (value, path, depth) => {
  if (typeof value === "string" && needles.some((one) => value.includes(one))) found.push(path);
  if (depth > 6 || value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value) || value === needles) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) { try { look(value[key], path + "." + String(key), depth + 1); } catch {} }
  try { look(Object.getPrototypeOf(value), path + ".__proto__", depth + 1); } catch {}
};
for (const [name, value] of Object.entries({ globalThis, FILES, TOOLS, PROXY })) look(value, name, 0);
return { found, searched: seen.size > 100 };`;
    const { told } = await turn("U0LINUS", bash(search), call("exec_code", { code }));
    // The needles themselves are found, and nothing else is.
    expect(ran(told[0]).stdout).toBe("0\n/tmp/needles\nsearched\n");
    expect(JSON.parse(told[1] ?? "{}")).toMatchObject({ value: { found: [], searched: true }, error: null });
  }, 180_000);

  test("C2 when the host of computers is killed under a command it is told so, and the next call works", async () => {
    await turn("U0ADA", bash("echo kept > /workspace/kept"));
    turns += 1;
    model.replies(bash("echo be''gun; sleep 98773"), bash("cat /workspace/kept"), { text: `Turn ${turns} is over.` });
    const ts = await ask();
    await wrote(ts, "begun");
    const [host = 0] = running("computer/host/main.ts").filter((pid) => parentOf(pid) === deckhand.pid);
    process.kill(host, "SIGKILL");
    await reply(ts, has(`Turn ${turns} is over\\.`));
    const [first, second] = model.asked.toolResults.map(({ output }) => output);
    expect(first).toMatch(/computer\.interrupted/);
    expect(first).toMatch(/look before you try again/);
    expect(ran(second)).toMatchObject({ exit_code: 0, stdout: "kept\n" });
    await expect.poll(() => running("98773"), { timeout: waitMs }).toEqual([]);
  }, 180_000);
});

import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";

/*
 * The real jail, from a mention to the answer. A wait is for something to appear, never for a time; the bounds are
 * generous because the machine may be busy.
 */
const waitMs = 60_000;
const general = "C0GENERAL";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start({ computer: "jail" });
}, 90_000);
afterAll(() => deckhand.close());

const has = (text: string | RegExp) => (message: PageMessage) => {
  const shown = shownText(message);
  return typeof text === "string" ? shown.includes(text) : text.test(shown);
};
const ended = has(/exit code \*\*\d+/);
const exit = (code: number) => has(`exit code **${code}**`);
const reply = (ts: string, test: (message: PageMessage) => boolean) =>
  deckhand.slack.waitForReply(general, ts, test, waitMs);
const ask = (words: string, as = "U0ADA") => deckhand.slack.say(as, general, `@Deckhand ${words}`);

test("C2 a command runs in a real Linux, keeps its folder and variables, and says what it is", async () => {
  const ts = await ask("run `echo hi > a; cat a; uname -s`");
  const first = shownText(await reply(ts, ended));
  expect(first).toContain("hi");
  expect(first).toContain("Linux");
  expect(first).toContain("main: Linux jail on this machine");
  await deckhand.slack.say("U0ADA", general, "run `mkdir -p deep && cd deep && export COLOUR=teal`", { threadTs: ts });
  await reply(ts, (message) => exit(0)(message) && has("deep")(message));
  await deckhand.slack.say("U0ADA", general, "run `echo ${PWD##*/}-$COLOUR`", { threadTs: ts });
  await reply(ts, has("deep-teal"));
}, 180_000);

test("C2 output streams into the task card while the command runs; the card names tier, box and time", async () => {
  const ts = await ask("run `echo first; sleep 4; echo last`");
  const during = await deckhand.slack.waitForMessage(
    (message) => message.threadTs === ts && message.streaming && has("first")(message) && !ended(message),
    waitMs,
  );
  expect(during.segments.some((one) => one.kind === "task" && one.task.status === "in_progress")).toBe(true);
  const answer = await reply(ts, ended);
  expect(shownText(answer)).toMatch(/computer main \(jail\): exit 0 · \d+\.\d s/);
  const trace = await deckhand.trace(general, ts);
  expect(trace).toContain("you asked for it by name");
  expect(trace).toMatch(/s in a computer/);
}, 180_000);

test("C2 a command that fails says how, and its limits are named", async () => {
  const ts = await ask("run `echo oops >&2; exit 7`");
  const failed = shownText(await reply(ts, ended));
  expect(failed).toContain("oops");
  expect(failed).toContain("exit code **7**");
  const long = await ask("run `head -c 200000 /dev/zero | tr '\\\\0' x; echo; echo the-end`");
  const cut = shownText(await reply(long, ended));
  expect(cut).toMatch(/stdout was cut to 30,000/);
}, 180_000);

test("C3 a background process goes on from call to call, is listed, and can be ended", async () => {
  const ts = await ask("run `echo begun; while :; do date +%s%N > beat; sleep 0.1; done` in the background");
  const started = shownText(await reply(ts, has(/`?p-[0-9a-f]{6}/)));
  const id = /p-[0-9a-f]{6}/.exec(started)?.[0] ?? "none";
  await deckhand.slack.say("U0ADA", general, "list processes", { threadTs: ts });
  await reply(ts, (message) => has(id)(message) && has("running:")(message));
  await deckhand.slack.say(
    "U0ADA",
    general,
    'run `until [ -s beat ]; do sleep 0.1; done; a=$(cat beat); until [ "$(cat beat)" != "$a" ]; do sleep 0.1; done; echo it-beats`',
    { threadTs: ts },
  );
  await reply(ts, (message) => has("it-beats\n")(message) || has("\nit-beats")(message));
  await deckhand.slack.say("U0ADA", general, `logs of ${id}`, { threadTs: ts });
  await reply(ts, has(/has written:[^]*begun/));
  await deckhand.slack.say("U0ADA", general, `kill ${id}`, { threadTs: ts });
  await reply(ts, has("has been ended"));
}, 240_000);

/** A browser finds any name below localhost on this machine; this says the name by hand. */
const open = (url: string): Promise<{ status: number; text: string }> =>
  new Promise((done, fail) => {
    const { host, port, pathname } = new URL(url);
    request({ host: "127.0.0.1", port, path: pathname, headers: { host } }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () => done({ status: answer.statusCode ?? 0, text }));
    })
      .on("error", fail)
      .end();
  });

test("C6 a server's port is opened after an approval, by its link and no other, until it is closed", async () => {
  const ts = await ask("run `mkdir -p /workspace/www && echo served-from-the-box > /workspace/www/index.html`");
  await reply(ts, exit(0));
  await deckhand.slack.say("U0ADA", general, "serve /workspace/www on port 8123", { threadTs: ts });
  const card = await reply(ts, (message) =>
    shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );
  expect(shownText(card)).toContain("Open port 8123 of the computer main?");
  await deckhand.slack.press("U0ADA", card, "deckhand:approve");
  const opened = shownText(await reply(ts, has("Port 8123 is open:")));
  const url = /http:\/\/8123-main-[a-z2-7]{36}\.localhost:\d+\//.exec(opened)?.[0] ?? "none";
  expect(await open(url)).toMatchObject({ status: 200, text: "served-from-the-box\n" });
  // One letter of the secret, and another port of the same box.
  const wrong = url.replace(/(.)(?=\.localhost)/, (letter) => (letter === "a" ? "b" : "a"));
  expect((await open(wrong)).status).toBe(404);
  expect((await open(url.replace("8123-", "8124-"))).status).toBe(404);
  await deckhand.slack.say("U0ADA", general, "close port 8123", { threadTs: ts });
  await reply(ts, has("Port 8123 is closed"));
  expect((await open(url)).status).toBe(404);
}, 240_000);

test("B1 another person's computer of the same name is another computer", async () => {
  const mine = await ask("run `echo ada-only > secret; echo written`");
  await reply(mine, exit(0));
  const theirs = await ask("run `cat secret 2>/dev/null || echo nothing-there; ls /home/box /workspace`", "U0GRACE");
  const answer = shownText(await reply(theirs, ended));
  expect(answer).toContain("nothing-there");
  expect(answer).not.toContain("ada-only");
}, 180_000);

test("C5 a plot by Python comes into the thread as a picture", async () => {
  const ts = await ask("plot sin(x)");
  await reply(ts, has("drawn by Python"));
  const thread = await deckhand.slack.thread(general, ts);
  expect(thread.some((message) => message.files.some((file) => file.name === "plot.png"))).toBe(true);
}, 180_000);

test("C4 destroy asks first, takes the disk, and the first call after it works", async () => {
  const ts = await ask("run `echo kept > /workspace/mark; cat /workspace/mark`", "U0LINUS");
  await reply(ts, has("kept"));
  await deckhand.slack.say("U0LINUS", general, "destroy the computer", { threadTs: ts });
  const card = await reply(ts, (message) =>
    shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );
  expect(shownText(card)).toContain("Destroy the computer main?");
  await deckhand.slack.press("U0LINUS", card, "deckhand:approve");
  await reply(ts, has("The computer is gone."));
  await deckhand.slack.say("U0LINUS", general, "run `cat /workspace/mark 2>/dev/null || echo all-new`", {
    threadTs: ts,
  });
  await reply(ts, (message) => has("\nall-new")(message) || has("all-new\n")(message));
}, 240_000);

test("C4 a snapshot is restored after the files were lost", async () => {
  const ts = await ask("run `mkdir -p /workspace/work && echo precious > /workspace/work/file; echo done-writing`");
  await reply(ts, exit(0));
  await deckhand.slack.say("U0ADA", general, "snapshot the computer as half way", { threadTs: ts });
  const saved = shownText(await reply(ts, has("Saved as")));
  const id = /Saved as `?([0-9a-f-]{36})/.exec(saved)?.[1] ?? "none";
  await deckhand.slack.say("U0ADA", general, "run `rm -rf /workspace/work; echo lost-it`", { threadTs: ts });
  await reply(ts, (message) => has("\nlost-it")(message) || has("lost-it\n")(message));
  await deckhand.slack.say("U0ADA", general, `restore snapshot ${id}`, { threadTs: ts });
  const card = await reply(ts, (message) =>
    shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );
  await deckhand.slack.press("U0ADA", card, "deckhand:approve");
  await reply(ts, has("as it was in that snapshot"));
  await deckhand.slack.say("U0ADA", general, "run `cat /workspace/work/file`", { threadTs: ts });
  await reply(ts, has("precious"));
}, 240_000);

/** The runtime that serves this Deckhand: a child of its supervisor, or of one that it started. */
function workerdOf(supervisor: number): number[] {
  const parents = new Map<number, { parent: number; name: string }>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [, name = "", parent = "0"] = /\((.*)\) \S (\d+)/s.exec(stat) ?? [];
      parents.set(Number(pid), { parent: Number(parent), name });
    } catch {
      // It has ended since the folder was read.
    }
  }
  const below = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent ?? 0;
    return parent === supervisor || (parent > 1 && below(parent));
  };
  return [...parents].filter(([pid, { name }]) => name === "workerd" && below(pid)).map(([pid]) => pid);
}

test("C4 the Worker is killed and started again: the box goes on, and is found as it was", async () => {
  const ts = await ask("run `echo begun; while :; do date +%s%N > beat; sleep 0.1; done` in the background");
  const id = /p-[0-9a-f]{6}/.exec(shownText(await reply(ts, has(/`p-[0-9a-f]{6}`/))))?.[0] ?? "none";
  await deckhand.slack.say("U0ADA", general, "run `cd /tmp && export KEPT=over-the-restart`", { threadTs: ts });
  await reply(ts, exit(0));
  for (const pid of workerdOf(deckhand.pid)) process.kill(pid, "SIGKILL");
  await expect
    .poll(
      () =>
        fetch(`${deckhand.workerUrl}/health`).then(
          (answer) => answer.ok,
          () => false,
        ),
      {
        timeout: waitMs,
        interval: 200,
      },
    )
    .toBe(true);
  await deckhand.slack.say("U0ADA", general, "list processes", { threadTs: ts });
  await reply(ts, (message) => has(id)(message) && has("running:")(message));
  await deckhand.slack.say("U0ADA", general, "run `pwd; echo $KEPT`", { threadTs: ts });
  await reply(ts, (message) => has("/tmp\nover-the-restart")(message));
  await deckhand.slack.say("U0ADA", general, `kill ${id}`, { threadTs: ts });
  await reply(ts, has("has been ended"));
}, 240_000);

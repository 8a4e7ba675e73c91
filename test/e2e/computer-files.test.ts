import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";

/*
 * A person's files in the real jail, from a mention to the answer. What is waited for is that it appears; how soon it
 * does is measured by `npm run bench`.
 */
const jail = await jailForTests();
const waitMs = 60_000;
const general = "C0GENERAL";

describe.skipIf(jail === null)("a person's files in their computer", () => {
  let deckhand: Deckhand;
  let said = 0;
  const stateDirs: string[] = [];
  beforeAll(async () => {
    deckhand = await Deckhand.start({ computer: "jail" });
  }, 90_000);
  afterAll(async () => {
    await deckhand?.close();
    for (const folder of stateDirs) rmSync(folder, { recursive: true, force: true });
  });

  const reply = (ts: string, wanted: (message: PageMessage) => boolean) =>
    deckhand.slack.waitForReply(general, ts, wanted, waitMs);
  const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
  const begin = (words: string, as = "U0ADA") => deckhand.slack.say(as, general, `@Deckhand ${words}`);
  const more = (ts: string, words: string, as = "U0ADA") => deckhand.slack.say(as, general, words, { threadTs: ts });
  /** A command in the thread, and what it wrote. */
  async function run(ts: string, command: string, as = "U0ADA"): Promise<string> {
    said += 1;
    // The mark is put together by the shell: the command's own text does not have it.
    await more(ts, `run \`${command}; echo; echo ma"rk"-${said}\``, as);
    return shownText(await reply(ts, has(`mark-${said}\n`)));
  }

  test("C4 what a tool wrote is read in bash, what bash wrote is read by the very next call", async () => {
    const ts = await begin('write "from the tool" to home/tool.txt');
    await reply(ts, has("home/tool.txt"));
    expect(await run(ts, "cat /r2/home/tool.txt")).toContain("from the tool");
    await run(ts, "mkdir -p /r2/home/deep && echo from-bash > /r2/home/deep/bash.txt");
    await more(ts, "read home/deep/bash.txt");
    await reply(ts, (message) => has("from-bash")(message) && has("Read home/deep/bash.txt")(message));
  }, 180_000);

  test("C4 removals and renames go both ways", async () => {
    const ts = await begin('write "first" to home/first.txt');
    await reply(ts, has("home/first.txt"));
    await run(ts, "mv /r2/home/first.txt /r2/home/second.txt && echo gone > /r2/home/gone.txt && rm /r2/home/gone.txt");
    await more(ts, "list files in home");
    const listed = shownText(await reply(ts, (message) => has("second.txt")(message) && has("files")(message)));
    expect(listed).not.toContain("home/first.txt");
    expect(listed).not.toContain("home/gone.txt");
    await more(ts, "move home/second.txt to home/third.txt");
    await reply(ts, (message) => has("home/third.txt")(message) && !has("did not")(message));
    expect(await run(ts, "cat /r2/home/third.txt; ls /r2/home")).not.toContain("second.txt");
    await more(ts, "delete home/third.txt");
    const card = await reply(ts, (message) =>
      shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
    );
    await deckhand.slack.press("U0ADA", card, "deckhand:approve");
    await reply(ts, has("Deleted"));
    expect(await run(ts, "test -e /r2/home/third.txt || echo not-there")).toContain("not-there");
  }, 240_000);

  test("C4 while a background process waits for it, a file that a tool writes appears; what it writes then is read", async () => {
    const ts = await begin(
      "run `until [ -s /r2/home/order.txt ]; do sleep 0.05; done; tr a-z A-Z < /r2/home/order.txt > /r2/home/answer.txt` in the background",
    );
    await reply(ts, has("p-"));
    await more(ts, 'write "two teas" to home/order.txt');
    await reply(ts, has("home/order.txt"));
    // Looked for from the Kernel's side: no command is run in the computer any more.
    await more(
      ts,
      "run: for (;;) { if (await FILES.stat('home/answer.txt')) return FILES.readText('home/answer.txt'); await new Promise((done) => setTimeout(done, 100)); }",
    );
    await reply(ts, has("TWO TEAS"));
  }, 240_000);

  test("C4 a thread's files are the thread's, whose computer it may be; another thread of the same person has its own", async () => {
    const ts = await begin(
      "run `echo ours > $DECKHAND_THREAD_FILES/plan.txt; cat /r2/thread/plan.txt; echo wri''tten`",
    );
    await reply(ts, has("written\n"));
    await more(ts, "@Deckhand read thread/plan.txt", "U0GRACE");
    await reply(ts, (message) => has("ours")(message) && has("Read thread/plan.txt")(message));
    expect(await run(ts, "cat /r2/thread/plan.txt", "U0GRACE")).toContain("ours");
    const other = await begin("run `ls /r2/thread; echo no''thing`");
    expect(shownText(await reply(other, has("nothing\n")))).not.toContain("plan.txt");
  }, 240_000);

  test("C4 what changed on both sides while nobody looked is compared at the next start", async () => {
    const stateDir = deckhand.stateDir;
    const ts = await begin("run `echo before > /r2/home/stays.txt; echo old > /r2/home/both.txt; echo wri''tten`");
    await reply(ts, has("written\n"));
    await deckhand.stop();
    const home = globSync(`${stateDir}/computers/**/r2/home`).find((folder) => existsSync(join(folder, "stays.txt")));
    writeFileSync(join(home ?? "nowhere", "stays.txt"), "meanwhile\n");
    deckhand = await Deckhand.start({ computer: "jail", stateDir });
    stateDirs.push(stateDir);
    await more(ts, 'write "newer" to home/both.txt');
    await reply(ts, has("home/both.txt"));
    expect(await run(ts, "cat /r2/home/both.txt")).toContain("newer");
    await more(ts, "read home/stays.txt");
    await reply(ts, (message) => has("meanwhile")(message) && has("Read home/stays.txt")(message));
    await more(ts, "list files in home");
    expect(shownText(await reply(ts, (message) => has("stays.txt")(message) && has("files")(message)))).not.toContain(
      "from box",
    );
  }, 240_000);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import type { Deckhand } from "../harness/deckhand.ts";
import { call, Scripted } from "../harness/scripted.ts";
import { jailForTests } from "../jail/jail.ts";

/* B13 the tools as commands inside the computer, approvals as usual. */

const general = "C0GENERAL";
const waitMs = 90_000;

describe.skipIf((await jailForTests()) === null)("B13 deckhand in the jail", () => {
  let model: Scripted;
  let deckhand: Deckhand;
  beforeAll(async () => {
    model = await Scripted.start({ computer: "jail" });
    deckhand = model.deckhand;
  }, 90_000);
  afterAll(() => model.close());

  const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
  const card = (title: string) => (message: PageMessage) =>
    has(title)(message) && shownButtons(message).some((button) => button.actionId === "deckhand:approve");
  const reply = (ts: string, fits: (message: PageMessage) => boolean) =>
    deckhand.slack.waitForReply(general, ts, fits, waitMs);

  /** Has the model run a command; its result is what the model is shown of it. */
  async function begin(command: string, more: object = {}): Promise<{ ts: string; result: () => Promise<string> }> {
    const input = { command, why: "commands of the box", ...more };
    model.replies(call("computer_bash", input), { text: "That was it." });
    const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand run that");
    const result = async () => {
      await reply(ts, has("That was it."));
      const output: unknown = JSON.parse(model.asked.toolResults.at(-1)?.output ?? "{}");
      return (output as { stdout: string }).stdout;
    };
    return { ts, result };
  }

  test("B13 a tool is a command: flags, stdin, JSON out; bad arguments end with 2 and a message", async () => {
    const { result } = await begin(`
      echo "from the box" | deckhand write_file --path home/boxed.txt --content - | grep -o '"path": "[^"]*"'
      deckhand read-file --path home/boxed.txt | grep -c 'from the box'
      deckhand write_file --nope 1; echo "rc=$?"
      deckhand read_file --path ../etc/passwd; echo "rc=$?"
      deckhand computer_bash --command id; echo "rc=$?"
      deckhand --help | head -1; deckhand write_file --help | grep -c -- --content`);
    const stdout = await result();
    expect(stdout).toContain('"path": "home/boxed.txt"\n1\n');
    expect(stdout.match(/rc=\d/g)).toEqual(["rc=2", "rc=1", "rc=2"]);
    expect(stdout).toContain("Usage: deckhand <tool>");
  }, 180_000);

  test("B13 a tool that asks shows its card, and the command waits for the yes without losing its time", async () => {
    const { ts, result } = await begin(
      `mkdir -p /r2/sites/boxed && echo '<h1>Made in a box</h1>' > /r2/sites/boxed/index.html
       until deckhand list_files --folder sites/boxed | grep -q index.html; do sleep 0.1; done
       deckhand publish_site --slug boxed --title Boxed | grep -o '"url": "[^"]*"'; echo "rc=$?"`,
      { timeout_seconds: 5 },
    );
    const asked = await reply(ts, card("Publish “Boxed”"));
    // Longer than the command has.
    await new Promise((done) => setTimeout(done, 6_000));
    await deckhand.slack.press("U0ADA", asked, "deckhand:approve");
    const stdout = await result();
    const url = /"url": "([^"]*)"/.exec(stdout)?.[1] ?? "";
    expect(await (await fetch(url)).text()).toContain("Made in a box");
  }, 180_000);

  test("B13 a no ends the command with 3, and nothing was done", async () => {
    const { ts, result } = await begin(
      'echo x > /r2/home/keep.txt; sleep 1; deckhand delete_file --path home/keep.txt; echo "rc=$?"; cat /r2/home/keep.txt',
    );
    const asked = await reply(ts, card("Delete home/keep.txt?"));
    await deckhand.slack.press("U0ADA", asked, "deckhand:deny");
    expect(await result()).toContain("rc=3\nx");
  }, 180_000);

  test("B13 what a command left running calls nothing when the command has ended", async () => {
    const first = await begin(
      "(sleep 1; deckhand write_file --path home/late.txt --content late > /workspace/late 2>&1; echo ended >> /workspace/late) & echo begun",
    );
    expect(await first.result()).toContain("begun");
    const { result } = await begin(
      "until grep -q ended /workspace/late; do sleep 0.1; done; cat /workspace/late; ls /r2/home",
    );
    const stdout = await result();
    expect(stdout).toContain("deckhand: Tools can be called while a command of a turn runs, and none does.");
    expect(stdout).not.toContain("late.txt");
  }, 180_000);

  test("B13 a program does not reach another program by way of the computer, however it asks", async () => {
    const inner = 'deckhand exec_code --code "return 7" 2>&1; echo "rc=$?"';
    const code = `const input = { command: ${JSON.stringify(inner)}, why: "a test" };\nreturn (await TOOLS.computer_bash(input)).stdout`;
    model.replies(call("exec_code", { code }), { text: "That was it." });
    const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand run a program");
    await reply(ts, has("That was it."));
    const output = model.asked.toolResults.at(-1)?.output ?? "";
    expect(output).toContain(
      "exec_code cannot be called from within exec_code: exec_code → computer_bash → exec_code.",
    );
    expect(output).not.toContain("rc=0");
    // A command of the model's own may.
    const { result } = await begin(inner);
    expect(await result()).toContain("rc=0");
  }, 180_000);
});

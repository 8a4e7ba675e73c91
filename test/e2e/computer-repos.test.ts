import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import type { Deckhand } from "../harness/deckhand.ts";
import { call, Scripted } from "../harness/scripted.ts";
import { jailForTests } from "../jail/jail.ts";
import type { Reply } from "../stand-ins/reply.ts";

/* C11 a repo in the jail, from a clone to a push, with a person's yes to exactly what was shown. */

const general = "C0GENERAL";
const waitMs = 90_000;

describe.skipIf((await jailForTests()) === null)("C11 repos in the jail", () => {
  let model: Scripted;
  let deckhand: Deckhand;
  beforeAll(async () => {
    model = await Scripted.start({ computer: "jail" });
    deckhand = model.deckhand;
  }, 90_000);
  afterAll(() => model.close());

  const bash = (command: string): Reply => call("computer_bash", { command, why: "git needs a real computer" });
  const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
  const waits = (title: string) => (message: PageMessage) =>
    has(title)(message) && shownButtons(message).some((button) => button.actionId === "deckhand:approve");

  let ts = "";
  /** Goes on in the one thread with these replies of the model. */
  async function say(words: string, ...replies: [Reply, ...Reply[]]): Promise<void> {
    model.replies(...replies, { text: `${words} is done.` });
    const said = await deckhand.slack.say("U0ADA", general, `@Deckhand ${words}`, ts === "" ? {} : { threadTs: ts });
    ts ||= said;
  }
  const reply = (fits: (message: PageMessage) => boolean) => deckhand.slack.waitForReply(general, ts, fits, waitMs);

  const origin = `git init -q --bare -b main /workspace/origin.git && git clone -q /workspace/origin.git /tmp/seed && cd /tmp/seed &&
git config user.name Ann && git config user.email a@example.com && echo one > a.txt && git add -A && git commit -qm first && git push -q origin HEAD:main && echo seeded`;

  test("C11 a clone gives the thread a worktree; what is changed there is shown as a card", async () => {
    await say(
      "look at the repo",
      bash(origin),
      call("repo_open", { name: "app", url: "/workspace/origin.git" }),
      bash('cd /workspace/repos/.trees/app-* && echo two >> a.txt && printf "x\\n" > "new file.txt" && echo changed'),
      call("repo_diff", { repo: "app" }),
    );
    const card = shownText(await reply((message) => has("Changes in app")(message) && has("not committed")(message)));
    expect(card).toContain("2 files · +2 −0");
    expect(card).toContain("+two");
    await reply(has("look at the repo is done."));
    expect(model.results).toContain("new file.txt");
  }, 180_000);

  test("C11 what has changed since the card is not committed; what it shows is, after a yes", async () => {
    await say("commit it", call("repo_commit", { repo: "app", message: "Count to two" }));
    const stale = await reply(waits("Commit to app?"));
    expect(shownText(stale)).toContain("+two");
    expect(shownText(stale)).toContain("Count to two");
    // Meanwhile something in the box goes on working.
    const other = await deckhand.slack.say("U0ADA", "C0RANDOM", "@Deckhand meanwhile");
    model.replies(bash("echo three >> /workspace/repos/.trees/app-*/a.txt"), { text: "Slipped in." });
    await deckhand.slack.waitForReply("C0RANDOM", other, has("Slipped in."), waitMs);
    model.replies({ text: "commit it is done." });
    await deckhand.slack.press("U0ADA", stale, "deckhand:approve");
    await reply(has("has changed since this was approved"));
    await reply(has("commit it is done."));

    await say("commit it again", call("repo_commit", { repo: "app", message: "Count to three" }));
    const card = await reply((message) => waits("Commit to app?")(message) && has("Count to three")(message));
    expect(shownText(card)).toContain("+three");
    await deckhand.slack.press("U0ADA", card, "deckhand:approve");
    await reply((message) => /[0-9a-f]{10}`? Count to three/.test(shownText(message)));
    await reply(has("commit it again is done."));
  }, 240_000);

  test("C11 a push waits for a yes to its commits and goes to the branch; merged, the worktree is gone", async () => {
    await say("push it", call("repo_push", { repo: "app", branch: "counting" }));
    const card = await reply(waits("Push app to counting?"));
    expect(shownText(card)).toContain("Count to three");
    expect(shownText(card)).toContain("/workspace/origin.git");
    await deckhand.slack.press("U0ADA", card, "deckhand:approve");
    await reply(has("push it is done."));
    await say(
      "merge it",
      call("repo_merge", { repo: "app" }),
      bash(
        "git -C /workspace/origin.git show counting:a.txt; ls /workspace/repos/.trees | wc -l; cat /workspace/repos/app/a.txt",
      ),
    );
    await reply(has("merge it is done."));
    expect(model.results).toContain("one\\\\ntwo\\\\nthree\\\\n0\\\\none\\\\ntwo\\\\nthree");
  }, 240_000);
});

import { describe, expect, test } from "vitest";
import { slackIds } from "../../adapters/slack/ids.ts";
import { slackPort } from "../../adapters/slack/index.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { sha256 } from "../../kernel/sha256.ts";
import { done, finished, presenter, stamp, started } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { fakeSlack } from "./fake-slack.ts";

function world(files: Record<string, string> = { "home/report.csv": "a,b\n1,2\n" }) {
  const slack = fakeSlack(() => 1721000100000);
  const port = slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch });
  const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
  const { show, view } = presenter({ port, thread, now: () => 1721000100000, files } as Harness);
  return { slack, say: stamp(slackIds.user("T2", "U1")), show, view };
}

const posted: ThreadEvent = {
  type: "file.posted",
  path: "home/report.csv",
  name: "report.csv",
  mediaType: "text/csv",
  sizeBytes: 8,
  comment: "The numbers, <!here>.",
  alt: "Two columns of numbers",
};

describe("a file of the person's own goes into the thread", () => {
  test("A9 it is uploaded, then shared with comment and alt text, in its place among the messages", async () => {
    const { slack, say, show, view } = world();
    await show(say(started()), say(done("Here it comes.")), say(posted), say(done("There.", "p2")), say(finished));
    expect(slack.shared()).toMatchObject([{ name: "report.csv", alt: "Two columns of numbers", text: "a,b\n1,2\n" }]);
    expect(slack.shown()).toEqual(["Here it comes.", "The numbers, &lt;!here&gt;.\n[file report.csv]", "There."]);
    const share = slack.calls.find((call) => call.method === "files.completeUploadExternal");
    expect(share?.args).toMatchObject({ channel_id: "C1", thread_ts: slack.root });
    expect(slack.refusals).toEqual([]);
    expect(JSON.stringify(view()).length).toBeLessThan(1000);
  });

  test("D2 one that stands behind a card is shown as it was then, or not at all", async () => {
    const { slack, say, show } = world();
    const then = await sha256("a,b\n1,2\n");
    await show(
      say(started()),
      say({ ...posted, sha256: then }),
      say({ ...posted, sha256: "0".repeat(64) }),
      say(finished),
    );
    expect(slack.shared()).toHaveLength(1);
    expect(slack.shown().at(-1)).toContain("home/report.csv is another one now.");
  });

  test.each([
    ["files.getUploadURLExternal", "lost-before"],
    ["files.getUploadURLExternal", "lost-after"],
    ["upload", "lost-before"],
    ["files.completeUploadExternal", "lost-before"],
    ["files.completeUploadExternal", "lost-after"],
  ] as const)("B4 a crash at %s (%s) shares it once", async (method, fault) => {
    const { slack, say, show } = world();
    await show(say(started()));
    slack.fail(method, fault);
    const events = [say(posted), say(done("There.")), say(finished)];
    await expect(show(...events)).rejects.toMatchObject({ code: "platform.unreachable" });
    await show(...events);
    expect(slack.shared()).toHaveLength(1);
    expect(slack.shown()).toEqual(["The numbers, &lt;!here&gt;.\n[file report.csv]", "There."]);
  });

  test("a share that was made and cannot be found yet is not made twice", async () => {
    const { slack, say, show } = world();
    slack.fail("files.completeUploadExternal", "lost-after");
    const events = [say(posted)];
    await expect(show(...events)).rejects.toMatchObject({ code: "platform.unreachable" });
    // Slack shows a shared file a moment later at times: the look-up finds nothing.
    const hidden = slack.messages.pop();
    await show(...events);
    if (hidden) slack.messages.push(hidden);
    expect(slack.count("files.completeUploadExternal")).toBe(2);
    expect(slack.shown()).toEqual(["The numbers, &lt;!here&gt;.\n[file report.csv]"]);
  });

  test.each(["missing_scope", "file_upload_size_restricted", "file_uploads_disabled"])(
    "where Slack takes no files (%s) it is said where it is saved",
    async (error) => {
      const { slack, say, show } = world();
      slack.fail("files.getUploadURLExternal", { error }, 9);
      await show(say(started()), say(posted), say(done("There.")), say(finished));
      expect(slack.shown()[0]).toContain("report.csv");
      expect(slack.shown()[0]).toContain("`home/report.csv`");
      expect(slack.shown()[0]).toContain("The numbers, &lt;!here&gt;.");
      expect(slack.shown()[1]).toBe("There.");
    },
  );

  test("a file that is gone or empty is said so, by name", async () => {
    for (const [files, words] of [
      [{}, "There is no home/report.csv."],
      [{ "home/report.csv": "" }, "report.csv is empty (0 bytes)."],
    ] as const) {
      const { slack, say, show } = world(files);
      await show(say(started()), say(posted), say(finished));
      expect(slack.shown().join("\n")).toContain(words);
      expect(slack.shared()).toEqual([]);
    }
  });

  test("an upload that keeps failing is given up after three tries, and what follows is shown", async () => {
    const { slack, say, show } = world();
    slack.fail("upload", { status: 429, retryAfter: 1 }, 99);
    const events = [say(started()), say(posted), say(done("There.")), say(finished)];
    for (let n = 0; n < 2; n++) await expect(show(...events)).rejects.toMatchObject({ retryable: true });
    await show(...events);
    expect(slack.shown()).toHaveLength(2);
    expect(slack.shown()[0]).toContain("could not be put into the chat");
  });

  test("a 429 waits as long as Slack says", async () => {
    const { slack, say, show } = world();
    slack.fail("files.completeUploadExternal", { status: 429, retryAfter: 4 });
    const events = [say(posted)];
    await expect(show(...events)).rejects.toMatchObject({ code: "platform.rate_limited", retryAfterMs: 4000 });
    await show(...events);
    expect(slack.shared()).toHaveLength(1);
  });

  test("the bytes go to Slack's own hosts and to nobody else", async () => {
    const { slack, say, show } = world();
    const seen: string[] = [];
    const port = slackPort({
      token: slack.token,
      apiUrl: slack.apiUrl,
      fetch: (async (input: string, init?: RequestInit) => {
        seen.push(input);
        if (input.includes("getUploadURL"))
          return Response.json({ ok: true, upload_url: "https://evil.example/upload", file_id: "F1" });
        return slack.fetch(input, init);
      }) as typeof fetch,
    });
    const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
    const other = presenter({
      port,
      thread,
      now: () => 0,
      files: { "home/report.csv": "secret" },
    } as unknown as Harness);
    await other.show(say(posted));
    await show();
    expect(seen.some((url) => url.includes("evil.example"))).toBe(false);
    expect(slack.shown()[0]).toContain("could not be put into the chat");
  });
});

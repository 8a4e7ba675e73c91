import { expect, test } from "vitest";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { ApprovalId } from "../../kernel/ids.ts";
import { card, delta, done, started } from "./chat-port.contract.ts";
import { slackHarness } from "./slack-harness.ts";

const odd = (words: string): string => `${words} \u202etxt.exe`;
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/u;

test("A10 nothing that Slack is told has a sign that turns text round", async () => {
  const { harness, slack, say, show } = slackHarness();
  harness.files = { "home/a.csv": "a" };
  const { user } = harness;
  const question = ApprovalId.parse(`ap_${"2".repeat(32)}`);
  const events: ThreadEvent[] = [
    { type: "turn.started", trigger: "message", principalName: odd("Ada"), title: odd("Session") },
    { type: "plan.updated", title: odd("Plan"), steps: [{ id: "s", title: odd("Step"), state: "in_progress" }] },
    { type: "task.started", task: "t1", tool: "read_file", title: odd("Task"), detail: odd("begun") },
    { type: "task.progress", task: "t1", detail: odd("line") },
    { type: "task.finished", task: "t1", outcome: "ok", detail: odd("ended"), code: null },
    delta(odd("Answer")),
    done(
      `${odd("Answer")}. \`${odd("code")}\`\n\n\`\`\`\n${odd("fence")}\n\`\`\`\n\n| ${odd("cell")} | b |\n|---|---|\n| 1 | 2 |`,
    ),
    {
      type: "file.posted",
      path: "home/a.csv",
      name: odd("name"),
      mediaType: "text/csv",
      sizeBytes: 1,
      comment: odd("comment"),
      alt: odd("alt"),
    },
    { type: "site.published", slug: "s", title: odd("site"), url: "https://h.example/s", version: 1, files: 1 },
    {
      type: "diff.shown",
      repo: odd("repo"),
      branch: odd("branch"),
      files: [{ path: odd("path"), added: 1, removed: 0 }],
      more: 0,
      text: `+${odd("diff")}\n`,
      path: null,
    },
    card(user, { title: odd("card"), body: odd("body"), requesterName: odd("Ada") }),
    card(user, {
      approval: question,
      kind: "question",
      title: odd("question"),
      choices: [{ id: "a", label: odd("choice") }],
    }),
    { type: "notice", level: "warning", code: "file.empty", text: odd("notice") },
    { type: "turn.failed", code: "model.timeout", text: odd("failure") },
  ];
  for (const event of events) await show(say(event));
  await show(say(started()), say(done(odd("later"), "p2")));
  await harness.port.whisper(harness.thread, user, odd("whisper"));

  const told = JSON.stringify(slack.calls.map(({ args }) => args));
  const words =
    "Session Plan Task begun line ended Answer code fence cell name comment alt site repo branch path diff card body question choice notice failure later whisper";
  for (const word of words.split(" ")) expect(told).toContain(`${word} ⟨U+202E⟩txt.exe`);
  expect(told).not.toMatch(turning);
});

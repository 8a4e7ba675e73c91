import { afterAll, describe, expect, test } from "vitest";
import { slackIds } from "../../../adapters/slack/ids.ts";
import { slackPort } from "../../../adapters/slack/index.ts";
import {
  chatPortContract,
  delta,
  done,
  finished,
  presenter,
  stamp,
  started,
  type Harness,
} from "../../../test/contract/chat-port.contract.ts";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { app, team } from "./seed.ts";
import { botToken, signingSecret } from "./test-kit.ts";
import { startWorkspace } from "./workspace.ts";

/*
 * The Slack adapter, unchanged, against the local workspace: what one sends the other must take, and what one shows the
 * other must mean.
 */
let now = 1_721_000_100_000;
const login = () => new Response("<!DOCTYPE html><html>Sign in</html>", { headers: { "content-type": "text/html" } });
const workspace = await startWorkspace({
  stateFile: ":memory:",
  signingSecret,
  botToken,
  now: () => now,
  staticHandler: login,
});
const client = await WorkspaceClient.connect(workspace.url);
const channel = "C0GENERAL";
/** Each case has a thread of its own; it is made before, because a harness is made at once. */
const roots = await Promise.all(Array.from({ length: 40 }, () => client.say("U0ADA", channel, "@Deckhand hi")));
const files = {
  fine: { name: "notes.pdf", bytes: "%PDF-1.7" },
  empty: { name: "empty.pdf", bytes: "" },
  "too-large": { name: "large.pdf", bytes: "x".repeat(2_000) },
};
const uploads = new Map<string, string>();
for (const [kind, file] of Object.entries(files)) {
  await client.say("U0ADA", channel, "a file", { files: [file] });
  const shared = workspace.control.state().messages.at(-1)?.files[0];
  uploads.set(kind, `${workspace.url}/files-pri/${team.id}-${shared?.id}/download/${file.name}`);
}
uploads.set("gone", `${workspace.url}/files-pri/${team.id}-F0NONE/download/gone.pdf`);
uploads.set("login-page", `${workspace.url}/signin`);

afterAll(async () => {
  await client.close();
  await workspace.close();
});

function harness(): Harness & { root: string } {
  workspace.control.clearFaults();
  workspace.control.clearCalls();
  // The contract posts as fast as it can; how fast a person is answered is the last test's matter.
  workspace.control.setRates("off");
  const root = roots.shift() ?? "";
  const mine = () => workspace.control.state().messages.filter((one) => one.threadTs === root && one.user === app.user);
  return {
    root,
    port: slackPort({ token: botToken, apiUrl: workspace.apiUrl }),
    thread: slackIds.thread({ team: team.id, channel, threadTs: root }),
    user: slackIds.user(team.id, "U0ADA"),
    stranger: slackIds.user(team.id, "U0GRACE"),
    later: slackIds.message(team.id, channel, "1999999999.000100"),
    shown: () => mine().map(shownText),
    whispers: () =>
      workspace.control
        .state()
        .whispers.filter((one) => one.message.threadTs === root)
        .map(({ to, message }) => ({ to: slackIds.user(team.id, to), text: message.text })),
    loseNextPost: (when) => {
      for (const method of ["chat.postMessage", "chat.startStream"]) workspace.control.fault({ method, drop: when });
    },
    limitNextCall: (ms) => {
      for (const method of ["chat.postMessage", "chat.startStream"])
        workspace.control.fault({ method, retryAfter: ms / 1000 });
    },
    file: (kind) => ({
      id: "F0FILE",
      name: "notes.pdf",
      mediaType: "application/pdf",
      sizeBytes: 8,
      source: { id: "F0FILE", url: uploads.get(kind) ?? null, access: "visible" },
    }),
    now: () => now,
  };
}

chatPortContract("Slack over the local workspace", harness);

describe("the Slack adapter in the local workspace", () => {
  const refusedCalls = () =>
    workspace.control
      .calls()
      .filter((call) => !call.ok)
      .map((call) => `${call.method}: ${JSON.stringify(call.response)}`);

  test("A5 a long answer with tasks, a table and code is taken without one refusal", async () => {
    const place = harness();
    workspace.control.setRates("on");
    const { show } = presenter(place);
    const say = stamp(place.user);
    await show(say(started()));
    const table = `| a | b |\n|---|---|\n${"| one | two |\n".repeat(20)}`;
    const body = Array.from(
      { length: 60 },
      (_, n) => `Paragraph ${n} with **bold**, \`code\` and a [link](https://example.com/${n}).\n\n`,
    );
    const text = `${body.join("")}${table}\n\`\`\`js\n${"const a = 1;\n".repeat(300)}\`\`\`\n\n${body.join("")}The end.`;
    await show(say({ type: "task.started", task: "t1", tool: "exec_code", title: "Run code", detail: "" }));
    await show(say({ type: "task.progress", task: "t1", detail: "line one" }));
    await show(say({ type: "task.progress", task: "t1", detail: "line two" }));
    await show(say({ type: "task.finished", task: "t1", outcome: "ok", detail: "Done in 3 ms", code: null }));
    for (let length = 400; length < text.length; length += 400) {
      now += 1_500;
      await show(say(delta(text.slice(0, length))));
    }
    await show(say(done(text)), say(finished));
    expect(refusedCalls()).toEqual([]);
    const shown = place.shown().join("\n");
    for (const piece of ["Run code", "Done in 3 ms", "Paragraph 0 ", "Paragraph 59 ", "The end."])
      expect(shown).toContain(piece);
    const thread = workspace.control.state().messages.filter((one) => one.threadTs === place.root);
    expect(thread.every((one) => !one.streaming)).toBe(true);
  });
});

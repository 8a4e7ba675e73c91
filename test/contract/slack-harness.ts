import { slackIds } from "../../adapters/slack/ids.ts";
import { slackPort } from "../../adapters/slack/index.ts";
import { presenter, stamp } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { fakeSlack } from "./fake-slack.ts";

/** The Slack adapter over the fake, for a person of another team than the one that installed it. */
export function slackHarness() {
  let now = 1721000100000;
  const slack = fakeSlack(() => now);
  const user = slackIds.user("T2", "U1");
  const harness: Harness = {
    port: slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch }),
    thread: slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root }),
    user,
    stranger: slackIds.user("T1", "U2"),
    later: slackIds.message("T1", "C1", "1999999999.000100"),
    shown: slack.shown,
    whispers: () => slack.ephemerals.map(({ user, text }) => ({ to: slackIds.user("T1", user), text })),
    loseNextPost: (when) => {
      for (const method of ["chat.postMessage", "chat.startStream"]) slack.fail(method, `lost-${when}`);
    },
    limitNextCall: (ms) => {
      for (const method of ["chat.postMessage", "chat.startStream"])
        slack.fail(method, { status: 429, retryAfter: ms / 1000 });
    },
    file: (kind) => {
      const answers = {
        fine: () => new Response("%PDF-1.7"),
        "login-page": () => new Response("<!DOCTYPE html>", { headers: { "content-type": "text/html" } }),
        empty: () => new Response(""),
        "too-large": () => new Response(new Uint8Array(2000)),
        gone: () => new Response("", { status: 404 }),
      };
      slack.files.set(`/files/${kind}`, answers[kind]);
      const url = `http://slack.test/files/${kind}`;
      return {
        id: "F1",
        name: "notes.pdf",
        mediaType: "application/pdf",
        sizeBytes: 8,
        source: { id: "F1", url, access: "visible" },
      };
    },
    now: () => now,
  };
  const begin = { ...presenter(harness), say: stamp(user) };
  return { slack, harness, ...begin, later: (ms: number) => (now += ms) };
}

import { describe, expect, test } from "vitest";
import { blockProblems } from "../../bots/local/workspace/blocks.ts";
import { ApprovalCard } from "../../kernel/events/types.ts";
import { ThreadId, UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import type { Overview } from "../../kernel/user/overview.ts";
import { homeView } from "./home.ts";
import { ours } from "./limits.ts";
import { threadUrl } from "./lists.ts";
import { fc } from "../../test/fast-check.ts";

const thread = ThreadId.parse("slack:T1:C1:1721000000.000100");
const ada = UserId.parse("slack:T1:U1");
const workspaceUrl = "https://acme.slack.com/";
const nothing: Overview = {
  threads: [],
  approvals: [],
  sites: [],
  files: [],
  usage: { day: "2026-11-21", turns: 0, inputTokens: 0, outputTokens: 0, isolateMs: 0, computerMs: 0 },
  settings: { model: null, hosts: [] },
};
const waiting = (n: number, over: Partial<ApprovalCard> = {}): Overview["approvals"][number] => ({
  thread,
  card: ApprovalCard.parse({
    approval: `ap_${n.toString(16).padStart(32, "0")}`,
    kind: "approval",
    tool: "publish_site",
    title: "Publish tea?",
    body: "Put `index.html` on the web.",
    risk: "high",
    choices: [],
    requester: ada,
    requesterName: "Ada",
    deciders: [ada],
    expiresAt: 1721600000000,
    ...over,
  }),
});
const shown = (overview: Partial<Overview>, more = {}) =>
  JSON.stringify(homeView({ ...nothing, ...overview }, { workspaceUrl, ...more }).blocks);

describe("A11 Home", () => {
  test("each empty part says what to do about it", () => {
    const text = shown({});
    for (const part of ["Nothing waits for you", "Mention Deckhand", "No site yet", "No file yet", "arrive with"])
      expect(text).toContain(part);
  });

  test("a card is shown whole with buttons that carry its id alone; one that is decided already is not", () => {
    const text = shown({ approvals: [waiting(1)] });
    expect(text).toContain('"action_id":"deckhand:home:approve"');
    expect(text).toContain('"action_id":"deckhand:home:deny"');
    expect(text).toContain('"text":"index.html"');
    expect(shown({ approvals: [waiting(1)] }, { decided: waiting(1).card.approval })).not.toContain("index.html");
  });

  test("what is too long to be shown there is decided in its thread: no button stands below half a card", () => {
    const text = shown({ approvals: [waiting(1, { body: "x".repeat(ours.homeBodyChars + 1) })] });
    expect(text).not.toContain("deckhand:home:approve");
    expect(text).toContain("https://acme.slack.com/archives/C1/p1721000000000100");
  });

  test("titles and names mean nothing to Slack", () => {
    const title = "<!channel> *bold* <https://evil.example|bank>";
    const text = shown({
      threads: [{ thread, title, state: "failed", at: 0 }],
      approvals: [waiting(1, { title, body: title })],
      sites: [{ slug: "tea", title, url: "https://deck.example/sites/tea/", version: 1, at: 0 }],
      settings: { model: title, hosts: ["pypi.org"] },
    });
    expect(text).not.toMatch(/<!channel>|<https:\/\/evil/);
    expect(text).toContain("Your computers may reach `pypi.org`.");
  });

  test("a thread's link is made of the workspace's own address, and none where that is not known", () => {
    expect(threadUrl(thread, workspaceUrl)).toBe("https://acme.slack.com/archives/C1/p1721000000000100");
    expect(threadUrl(thread, null)).toBeNull();
    expect(threadUrl(ThreadId.parse("plain:T1:C1:1"), workspaceUrl)).toBeNull();
  });

  test("whatever a person has, it is a Home that Slack takes", () => {
    const words = fc.string({ unit: "grapheme", maxLength: 400 });
    const many = <T>(one: fc.Arbitrary<T>, max: number) => fc.array(one, { minLength: 0, maxLength: max });
    const overview = fc.record({
      threads: many(
        fc.record({
          thread: fc.constant(thread),
          title: words,
          state: fc.constantFrom("running", "suspended", "finished", "failed"),
          at: fc.integer({ min: 0, max: 2_000_000_000_000 }),
        }),
        limits.home.maxThreads,
      ),
      approvals: many(
        fc
          .record({ n: fc.nat(), title: words, body: fc.oneof(words, fc.constant("```\n<!here>\n``` ".repeat(150))) })
          .map(({ n, ...over }) => waiting(n, over)),
        limits.home.maxApprovals,
      ),
      sites: many(
        fc.record({
          slug: fc.constant("tea"),
          title: words,
          url: fc.constant("https://deck.example/sites/tea/"),
          version: fc.nat(),
          at: fc.nat(),
        }),
        limits.home.maxSites,
      ),
    });
    fc.assert(
      fc.property(overview, (some) => {
        expect(blockProblems(homeView({ ...nothing, ...some }, { workspaceUrl }).blocks, "home")).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

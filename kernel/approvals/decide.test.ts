import { describe, expect, test } from "vitest";
import type { ChatAction } from "../chat/types.ts";
import { ApprovalId, channelId, threadId, TurnId, userId } from "../ids.ts";
import { decideApproval } from "./decide.ts";
import type { Approval, ApprovalState } from "./types.ts";

const user = (name: string) => userId.make({ platform: "slack", workspace: "T1", user: name });
const ada = user("ADA");
const place = { platform: "slack", workspace: "T1", channel: "C1" };
const id = ApprovalId.parse(`ap_${"0".repeat(32)}`);

const row = (over: { state?: ApprovalState; kind?: "approval" | "question" } = {}): Approval => ({
  id,
  turn: TurnId.parse("t"),
  call: "call",
  tool: "publish_site",
  subject: { tool: "publish_site", input: {}, pinned: null },
  hash: "h",
  card: {
    approval: id,
    kind: over.kind ?? "approval",
    tool: "publish_site",
    title: "Publish?",
    body: "",
    risk: "medium",
    choices: over.kind === "question" ? [{ id: "1", label: "thin" }] : [],
    editable: [],
    requester: ada,
    requesterName: "Ada",
    deciders: [ada],
    expiresAt: 1000,
  },
  state: over.state ?? "pending",
  decidedBy: null,
  decidedAt: null,
  answer: null,
  press: null,
});

const press = (action: ChatAction["action"], over: Partial<ChatAction> = {}): ChatAction => ({
  kind: "action",
  id: "p",
  thread: threadId.make({ ...place, root: "1.1" }),
  channel: channelId.make(place),
  by: { id: ada, name: "Ada" },
  action,
  subject: id,
  value: "",
  at: 0,
  ...over,
});
const rule = (of: Approval | null, by: ChatAction, now = 0) => decideApproval(of, by, "Ada", now);
const code = (of: Approval | null, by: ChatAction, now = 0) => {
  const ruling = rule(of, by, now);
  return ruling.ok ? "ok" : ruling.error.code;
};

describe("who may decide, and when", () => {
  test("F1 the requester approves, denies, answers", () => {
    expect(rule(row(), press("approve"))).toEqual({ ok: true, verdict: { decision: "approved" } });
    expect(rule(row(), press("deny"))).toEqual({ ok: true, verdict: { decision: "denied" } });
    expect(rule(row({ kind: "question" }), press("answer", { value: "1" }))).toEqual({
      ok: true,
      verdict: { decision: "answered", choice: "1" },
    });
  });

  test("F2 another person's click is refused, and the sentence names who may", () => {
    const ruling = rule(row(), press("approve", { by: { id: user("GRACE"), name: "Grace" } }));
    expect(ruling.ok ? "" : ruling.error.userMessage).toContain("Ada");
    expect(code(row(), press("deny", { by: { id: user("GRACE"), name: "Grace" } }))).toBe("approval.not_yours");
  });

  test("F2 a person of the same id in another workspace is another person", () => {
    const namesake = userId.make({ platform: "slack", workspace: "T2", user: "ADA" });
    expect(code(row(), press("approve", { by: { id: namesake, name: "Ada" } }))).toBe("approval.not_yours");
  });

  test.each([
    ["approved", "approval.decided"],
    ["used", "approval.decided"],
    ["denied", "approval.decided"],
    ["expired", "approval.expired"],
  ] as const)("F4 what is %s cannot be decided again", (state, expected) => {
    expect(code(row({ state }), press("approve"))).toBe(expected);
  });

  test("F4 at its expiry it is expired, and the caller is told to write that down", () => {
    expect(code(row(), press("approve"), 999)).toBe("ok");
    const ruling = rule(row(), press("approve"), 1000);
    expect(ruling).toMatchObject({ ok: false, expired: true });
  });

  test("F3 an edit is a verdict of its own and decides nothing yet", () => {
    expect(rule(row(), press("revise", { value: '{"slug":"b"}' }))).toEqual({
      ok: true,
      verdict: { decision: "revised", input: '{"slug":"b"}' },
    });
  });

  test("a button that does not belong to the request decides nothing", () => {
    expect(code(row(), press("answer", { value: "1" }))).toBe("input.invalid");
    expect(code(row({ kind: "question" }), press("approve"))).toBe("input.invalid");
    expect(code(row({ kind: "question" }), press("answer", { value: "9" }))).toBe("input.invalid");
    expect(code(row({ kind: "question" }), press("revise"))).toBe("input.invalid");
    expect(code(null, press("approve"))).toBe("approval.not_found");
  });
});

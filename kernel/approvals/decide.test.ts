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
const refusal = (of: Approval | null, by: ChatAction, now = 0) => {
  const ruling = rule(of, by, now);
  return ruling.ok ? "ok" : [ruling.error.code, ruling.error.userMessage, ruling.expired];
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
    const by = { id: user("GRACE"), name: "Grace" };
    const refused = ["approval.not_yours", expect.stringContaining("Only Ada can decide"), false];
    for (const action of ["approve", "deny", "revise"] as const) {
      expect(refusal(row(), press(action, { by }))).toEqual(refused);
      expect(refusal(row({ state: "approved" }), press(action, { by }), 1000)).toEqual(refused);
    }
  });

  test("F2 a person of the same id in another workspace is another person", () => {
    const namesake = userId.make({ platform: "slack", workspace: "T2", user: "ADA" });
    expect(code(row(), press("approve", { by: { id: namesake, name: "Ada" } }))).toBe("approval.not_yours");
  });

  test.each([
    ["approved", "approval.decided", "accepted"],
    ["used", "approval.decided", "accepted"],
    ["denied", "approval.decided", "denied"],
    ["expired", "approval.expired", "Ask again"],
  ] as const)("F4 what is %s cannot be decided again, and the sentence says what became of it", (state, code, said) => {
    for (const now of [0, 1000]) {
      for (const action of ["approve", "deny", "revise"] as const) {
        // Only what is found expired while it waits is written down as such.
        expect(refusal(row({ state }), press(action), now)).toEqual([code, expect.stringContaining(said), false]);
      }
    }
  });

  test("F4 at its expiry it is expired, and the caller is told to write that down", () => {
    expect(code(row(), press("approve"), 999)).toBe("ok");
    expect(refusal(row(), press("approve"), 1000)).toEqual([
      "approval.expired",
      expect.stringContaining("Ask again"),
      true,
    ]);
  });

  test("F3 an edit is a verdict of its own and decides nothing yet", () => {
    expect(rule(row(), press("revise", { value: '{"slug":"b"}' }))).toEqual({
      ok: true,
      verdict: { decision: "revised", input: '{"slug":"b"}' },
    });
  });

  const actions = ["approve", "deny", "answer", "revise", "stop", "deleted", "feedback"] as const;
  const others = (...fitting: ChatAction["action"][]) => actions.filter((action) => !fitting.includes(action));

  test.each(others("approve", "deny", "revise"))("a press on %s does not decide an approval", (action) => {
    const invalid = ["input.invalid", expect.stringContaining("does not belong"), false];
    for (const value of ["", "1", "approve"]) expect(refusal(row(), press(action, { value }))).toEqual(invalid);
  });

  // A choice's id in the value is no answer by itself: the press must be one on an answer.
  test.each(others("answer", "deny"))("a press on %s does not answer a question", (action) => {
    const invalid = ["input.invalid", expect.stringContaining("does not belong"), false];
    const question = row({ kind: "question" });
    for (const value of ["", "1"]) expect(refusal(question, press(action, { value }))).toEqual(invalid);
  });

  test("an answer that is none of the question's choices decides nothing", () => {
    for (const value of ["", "9", "thin"]) {
      expect(code(row({ kind: "question" }), press("answer", { value }))).toBe("input.invalid");
    }
  });

  test("a request that is not known here is refused", () => {
    expect(refusal(null, press("approve"))).toEqual([
      "approval.not_found",
      expect.stringContaining("not known"),
      false,
    ]);
  });
});

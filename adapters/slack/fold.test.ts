import { describe, expect, test } from "vitest";
import type { ApprovalCard, StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { ApprovalId, TurnId, UserId } from "../../kernel/ids.ts";
import { fold } from "./fold.ts";
import { emptyView } from "./view.ts";

const ada = UserId.parse("slack:T1:ADA");
const grace = UserId.parse("slack:T1:GRACE");
const context = { now: 1, traceUrl: null };

const card = (n: number, who: UserId, over: Partial<ApprovalCard> = {}): ApprovalCard => ({
  approval: ApprovalId.parse(`ap_${String(n).repeat(32)}`),
  kind: "approval",
  tool: "delete_file",
  title: "Delete it?",
  body: "it",
  risk: "medium",
  choices: [],
  editable: [],
  requester: who,
  requesterName: "Somebody",
  deciders: [who],
  expiresAt: 9,
  ...over,
});
const started = (trigger: "message" | "decision" = "message"): ThreadEvent => ({
  type: "turn.started",
  trigger,
  principalName: "Somebody",
  title: "a question",
});
const finished: ThreadEvent = { type: "turn.finished", model: "m", inputTokens: null, outputTokens: null };
const decided = (of: ApprovalCard): ThreadEvent => ({
  type: "approval.decided",
  approval: of.approval,
  decision: "approved",
  by: of.requester,
  byName: "Somebody",
  choice: null,
  reason: null,
});

/** The session that is wanted after each event. */
function sessions(...told: [turn: string, who: UserId, event: ThreadEvent][]): (string | null)[] {
  let view = emptyView();
  return told.map(([turn, principal, event], n) => {
    const stamped: StampedEvent = { seq: n + 1, at: 1, turn: TurnId.parse(turn), principal, event };
    view = fold(view, [stamped], context);
    return view.status.wanted;
  });
}

describe("A13 the session that Slack shows", () => {
  test("is processing again when a program's card is decided, also while another person's card waits", () => {
    const other = card(2, grace);
    const program = card(3, ada, { program: "c1-0-0" });
    expect(
      sessions(
        ["g", grace, started()],
        ["g", grace, { type: "approval.requested", card: other }],
        ["g", grace, { type: "turn.suspended", approvals: [other.approval] }],
        ["a", ada, started()],
        ["a", ada, { type: "approval.requested", card: program }],
        ["a", ada, decided(program)],
        ["a", ada, finished],
      ),
    ).toEqual(["processing", "processing", "suspended", "processing", "suspended", "processing", "suspended"]);
  });

  test("is suspended as long as anybody's card waits in the thread, whoever's turn has ended", () => {
    const [hers, other] = [card(1, ada), card(2, grace)];
    const asks = (of: ApprovalCard): ThreadEvent => ({ type: "approval.requested", card: of });
    const suspended = (of: ApprovalCard): ThreadEvent => ({ type: "turn.suspended", approvals: [of.approval] });
    expect(
      sessions(
        ["a", ada, started()],
        ["a", ada, asks(hers)],
        ["a", ada, suspended(hers)],
        ["b", grace, started()],
        ["b", grace, asks(other)],
        ["b", grace, suspended(other)],
        ["a", ada, decided(hers)],
        ["d", ada, started("decision")],
        ["d", ada, finished],
        ["b", grace, decided(other)],
        ["e", grace, started("decision")],
        ["e", grace, finished],
      ),
    ).toEqual(
      "processing processing suspended processing processing suspended suspended processing suspended processing processing active".split(
        " ",
      ),
    );
  });

  test("C1 is suspended while a program waits for its card, and goes on with it", () => {
    const asks = card(1, ada, { program: "c1-0-0" });
    expect(
      sessions(
        ["a", ada, started()],
        ["a", ada, { type: "approval.requested", card: asks }],
        ["a", ada, decided(asks)],
        ["a", ada, finished],
      ),
    ).toEqual(["processing", "suspended", "processing", "active"]);
  });
});

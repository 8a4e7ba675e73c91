import { expect, test } from "vitest";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { ApprovalId, TurnId, UserId } from "../../kernel/ids.ts";
import { paceMs } from "./pace.ts";
import { plan } from "./plan.ts";
import { emptyView } from "./view.ts";

const user = UserId.parse("slack:T2:U1");
const context = { now: 1721000100000, traceUrl: "http://127.0.0.1/trace", dm: false };
const started: ThreadEvent = { type: "turn.started", trigger: "message", principalName: "Ada", title: "hi" };
const finished: ThreadEvent = { type: "turn.finished", model: "m", inputTokens: null, outputTokens: null };
const done = (text: string, part = "p1"): ThreadEvent => ({ type: "text.done", part, text });
const task: ThreadEvent = { type: "task.started", task: "t1", tool: "x", title: "Look", detail: "" };

const stamped = (...events: ThreadEvent[]): StampedEvent[] =>
  events.map((event, n) => ({ seq: n + 1, at: 1721000100000, turn: TurnId.parse("turn-1"), principal: user, event }));
const steps = (events: StampedEvent[], over: object = {}) => plan(events, emptyView(), { ...context, ...over }).steps;

test("a turn that is over in one go is one post and one status", () => {
  expect(steps(stamped(started, done("Hi."), finished))).toMatchObject([
    {
      do: "post",
      message: { text: "Hi.", blocks: [{ type: "markdown", text: "Hi." }, { type: "context_actions" }] },
    },
    { do: "status", session: "active" },
  ]);
});

test("a turn that goes on is a stream for the person who asked, of their own team; in a DM it needs none", () => {
  const events = stamped(started, done("Hi."));
  expect(steps(events)).toMatchObject([
    { do: "status", session: "processing", title: "hi" },
    { do: "start", recipient: { user: "U1", team: "T2" }, chunks: [{ type: "markdown_text", text: "Hi." }] },
  ]);
  expect(steps(events, { dm: true })).toMatchObject([{ do: "status" }, { do: "start", recipient: null }]);
});

test("what belongs to nobody cannot be streamed outside a DM", () => {
  const events = stamped(started, done("Hi.")).map((event) => ({ ...event, principal: null }));
  expect(steps(events).map((step) => step.do)).toEqual(["status", "post"]);
});

test("a task is shown as a card in a stream even when all came at once", () => {
  const end: ThreadEvent = {
    type: "task.finished",
    task: "t1",
    outcome: "error",
    detail: "no <b>",
    code: "tool.failed",
  };
  expect(steps(stamped(started, task, end, done("Sorry."), finished))).toMatchObject([
    {
      do: "start",
      chunks: [
        { type: "task_update", id: "t1", title: "Look", status: "error", output: "no &lt;b&gt;" },
        { type: "markdown_text", text: "Sorry." },
      ],
    },
    { do: "stop", chunks: [] },
    { do: "status", session: "active" },
  ]);
});

test("A4 a plan is one line that changes, its steps are tasks", () => {
  const planned = (title: string, state: "in_progress" | "complete"): ThreadEvent => ({
    type: "plan.updated",
    title,
    steps: [{ id: "s1", title: "Look around", state }],
  });
  const first = plan(stamped(started, planned("Three things", "in_progress")), emptyView(), context);
  expect(first.steps[1]).toMatchObject({
    do: "start",
    chunks: [
      { type: "plan_update", title: "Three things" },
      { type: "task_update", id: "step:s1", title: "Look around", status: "in_progress" },
    ],
  });
  const next = stamped(started, planned("Three things", "in_progress"), planned("Two things", "complete"));
  expect(plan(next, first.view, context).steps).toMatchObject([
    {
      do: "append",
      chunks: [
        { type: "plan_update", title: "Two things" },
        { type: "task_update", id: "step:s1", status: "complete" },
      ],
    },
  ]);
});

test("a failure is a sentence with a link to the trace; a running task has failed with it", () => {
  const failed: ThreadEvent = { type: "turn.failed", code: "model.timeout", text: "No answer." };
  const [first] = steps(stamped(started, task, failed));
  expect(first).toMatchObject({
    do: "start",
    chunks: [
      { status: "error" },
      { text: expect.stringContaining("No answer. ([what happened](http://127.0.0.1/trace))") },
    ],
  });
});

test("a body too long for a card stands in messages before it, whole", () => {
  const body = Array.from({ length: 3000 }, (_, n) => `line${n}`).join("\n");
  const asked: ThreadEvent = {
    type: "approval.requested",
    card: {
      approval: ApprovalId.parse(`ap_${"b".repeat(32)}`),
      kind: "approval",
      tool: "x",
      title: "Run",
      body,
      risk: "low",
      choices: [],
      editable: [],
      requester: user,
      requesterName: "Ada",
      deciders: [user],
      expiresAt: 1721600000000,
    },
  };
  const posts = steps(stamped(started, asked)).filter((step) => step.do === "post");
  expect(posts.length).toBeGreaterThan(2);
  expect(JSON.stringify(posts.slice(0, -1)).match(/line\d+/g)?.length).toBeGreaterThanOrEqual(3000);
  expect(JSON.stringify(posts.at(-1))).toContain("in the messages right above");
});

test("details of a task keep to Slack's length when they are escaped", () => {
  const progress = (detail: string): ThreadEvent => ({ type: "task.progress", task: "t1", detail });
  const [, first] = steps(
    stamped(started, task, progress("<".repeat(300)), progress("&".repeat(300)), progress("end")),
  );
  const chunks = first?.do === "start" ? (first.chunks as { details: string }[]) : [];
  expect(chunks.map((chunk) => chunk.details).join("")).toMatch(/^(?:&lt;)+…\n(?:&amp;)+…\nend$/);
  for (const { details } of chunks) expect(details.length).toBeLessThanOrEqual(256);
});

test("planning is pure, and planning again from its view does nothing", () => {
  const view = emptyView();
  const before = JSON.stringify(view);
  const first = plan(stamped(started, done("Hi."), task), view, context);
  expect(JSON.stringify(view)).toBe(before);
  expect(plan(stamped(started, done("Hi."), task), first.view, context).steps).toEqual([]);
});

test("pacing grows with the answer, and doubles after a 429", () => {
  const view = plan(stamped(started, done("Hi.")), emptyView(), context).view;
  expect(paceMs(view, 0)).toBe(500);
  expect(paceMs({ ...view, calls: 10 }, 0)).toBe(1100);
  expect(paceMs({ ...view, calls: 100 }, 0)).toBe(2000);
  expect(paceMs({ ...view, calls: 100, slowUntil: 10 }, 0)).toBe(4000);
  expect(paceMs("not a view", 0)).toBe(500);
});

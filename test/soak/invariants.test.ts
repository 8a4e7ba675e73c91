import { expect, test } from "vitest";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { wrongIn } from "./check.ts";
import { broken, turnsOf } from "./invariants.ts";

let seq = 0;
const stamped = (turn: string, principal: string, event: unknown): StampedEvent =>
  ({ seq: (seq += 1), at: 0, turn, principal, event: event as ThreadEvent }) as StampedEvent;
const started = (turn: string, who = "ada", title = "t") =>
  stamped(turn, who, { type: "turn.started", trigger: "message", principalName: who, title });
const finished = (turn: string, who = "ada") => stamped(turn, who, { type: "turn.finished", model: "m" });
const asked = (turn: string, approval: string) =>
  stamped(turn, "ada", { type: "approval.requested", card: { approval } });
const decided = (turn: string, approval: string) => stamped(turn, "ada", { type: "approval.decided", approval });
const published = (version: number) => stamped("a", "ada", { type: "site.published", slug: "s", version });
const trace = (make: () => StampedEvent[]): StampedEvent[] => {
  seq = 0;
  return make();
};

test("a trace in order is not broken, with a recovery, a card and its decision", () => {
  const events = trace(() => [
    started("a"),
    started("a"),
    asked("a", "1"),
    stamped("a", "ada", { type: "turn.suspended", approvals: ["1"] }),
    decided("a", "1"),
    started("a"),
    published(1),
    finished("a"),
  ]);
  expect(broken(events)).toEqual([]);
  expect(turnsOf(events, "t")).toEqual(["a"]);
});

test.each([
  ["a number is missing", () => [started("a"), (seq += 1) && finished("a")] as StampedEvent[], /has the number 3/],
  ["a turn has no end", () => [started("a")], /has no end/],
  ["a turn ends twice", () => [started("a"), finished("a"), finished("a")], /without having begun/],
  ["a turn has two people", () => [started("a"), finished("a", "grace")], /events of ada and grace/],
  [
    "a task is left",
    () => [started("a"), stamped("a", "ada", { type: "task.started", task: "x" }), finished("a")],
    /task x is left started/,
  ],
  [
    "a card is decided twice",
    () => [started("a"), asked("a", "1"), decided("a", "1"), decided("a", "1"), finished("a")],
    /has 2 outcomes/,
  ],
  [
    "a publication is told twice",
    () => [started("a"), published(1), published(1), finished("a")],
    /in the trace 2 times/,
  ],
])("it is noticed when %s", (_what, make, said) => {
  expect(broken(trace(make)).join("\n")).toMatch(said);
});

test("words of an answer may be missing when its decision's turn took another request in, and only then", () => {
  const job = (word: string) => ({ word, kind: "delete" as const, who: "U0ADA" as const, unique: [`${word}-1`], closing: `${word} is done` }); // oxfmt-ignore
  const of = (word: string) => ({ job: job(word), root: "1", acknowledged: true, disturbed: false, presses: [] });
  const notice = (turn: string) =>
    stamped(turn, "ada", { type: "notice", level: "info", code: null, text: "Taken into account: “job2z write”" });
  const seen = (takenBy: string) => ({
    root: "1",
    messages: [],
    asked: [of("job1z"), of("job2z")],
    events: trace(() => [
      started("a", "ada", "job1z delete"),
      asked("a", "1"),
      stamped("a", "ada", { type: "turn.suspended", approvals: ["1"] }),
      decided("a", "1"),
      started("decision:1"),
      notice(takenBy),
      finished("decision:1"),
    ]),
  });
  expect(wrongIn(seen("decision:1"))).toEqual([]);
  expect(wrongIn(seen("decision:2")).join("\n")).toContain("job1z: “job1z-1” is shown 0 times");
});

import { fc } from "../../../test/fast-check.ts";
import { describe, expect, test } from "vitest";
import { ApprovalId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { next, type TurnView } from "./next.ts";

const approval = ApprovalId.parse(`ap_${"0".repeat(32)}`);
const view = (over: Partial<TurnView> = {}): TurnView => ({
  state: "running",
  stop: false,
  starts: 1,
  step: null,
  calls: [],
  waiting: 0,
  asks: (tool) => tool === "publish_site",
  ...over,
});
const done = (n = 0) => ({ n, state: "done", attempts: 1 }) as const;
const calling = (attempts: number) => ({ n: 2, state: "calling", attempts }) as const;
const call = (id: string, over: Partial<TurnView["calls"][number]> = {}) =>
  ({ id, state: "pending", approval: null, tool: "read_file", ...over }) as const;

describe("what a turn does next", () => {
  test("one that waits its turn begins, one that has ended does nothing", () => {
    expect(next(view({ state: "queued", starts: 0 }))).toEqual({ do: "begin" });
    for (const state of ["finished", "suspended", "failed"] as const)
      expect(next(view({ state }))).toEqual({ do: "nothing" });
  });

  test("A8 Stop ends it wherever it is, also before it has begun", () => {
    for (const over of [{ state: "queued" }, {}, { step: calling(1) }, { step: done(), calls: [call("c")] }] as const)
      expect(next(view({ ...over, stop: true }))).toEqual({ do: "end", reason: "stopped" });
    expect(next(view({ state: "finished", stop: true }))).toEqual({ do: "nothing" });
  });

  test("the model is asked first, and again after its calls have ended", () => {
    expect(next(view())).toEqual({ do: "callModel", step: 0 });
    const ended = [call("a", { state: "ended" }), call("b", { state: "asked", tool: "publish_site", approval })];
    expect(next(view({ step: done(3), calls: ended }))).toEqual({ do: "callModel", step: 4 });
  });

  test("B4 a call of the model that was cut off is made again, a bounded number of times", () => {
    expect(next(view({ step: calling(1) }))).toEqual({ do: "callModel", step: 2 });
    const { maxAttempts, maxStarts } = limits.turn;
    expect(next(view({ step: calling(maxAttempts - 1) }))).toEqual({ do: "callModel", step: 2 });
    expect(next(view({ step: calling(maxAttempts) }))).toEqual({ do: "end", reason: "interrupted" });
    expect(next(view({ starts: maxStarts }))).toEqual({ do: "callModel", step: 0 });
    expect(next(view({ starts: maxStarts + 1 }))).toEqual({ do: "end", reason: "interrupted" });
  });

  test("F9 what asks is asked first, so that no card waits for a neighbour's work", () => {
    const calls = [call("slow"), call("card", { tool: "publish_site" }), call("other", { tool: "publish_site" })];
    expect(next(view({ step: done(), calls }))).toEqual({ do: "ask", call: "card" });
  });

  test("what can run runs at once; one that was running is asked for again", () => {
    const calls = [call("a", { state: "running" }), call("b"), call("c", { state: "ended" })];
    expect(next(view({ step: done(), calls }))).toEqual({ do: "runCalls", calls: ["a", "b"] });
  });

  test("F1 what a person has allowed runs and is not asked for again", () => {
    const calls = [call("c", { tool: "publish_site", approval })];
    expect(next(view({ step: done(), calls }))).toEqual({ do: "runCalls", calls: ["c"] });
  });

  test("an answer without calls ends it: suspended while cards of its own wait, finished otherwise", () => {
    expect(next(view({ step: done() }))).toEqual({ do: "end", reason: "finished" });
    expect(next(view({ step: done(), waiting: 2 }))).toEqual({ do: "end", reason: "suspended" });
  });

  test("a model that goes on and on is ended after its last step, with its last calls run", () => {
    const last = limits.turn.maxSteps - 1;
    const ended = [call("c", { state: "ended" })];
    expect(next(view({ step: done(last), calls: [call("c")] }))).toEqual({ do: "runCalls", calls: ["c"] });
    expect(next(view({ step: done(last), calls: ended }))).toEqual({ do: "end", reason: "steps" });
    expect(next(view({ step: done(last - 1), calls: ended }))).toEqual({ do: "callModel", step: last });
  });

  test("from any rows, doing what it says comes to an end", () => {
    const anyCall = fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      state: fc.constantFrom("pending", "asked", "running", "ended"),
      approval: fc.constantFrom(null, approval),
      tool: fc.constantFrom("read_file", "publish_site"),
    });
    const rows = fc.record({
      state: fc.constantFrom("queued", "running", "suspended", "finished", "failed"),
      stop: fc.boolean(),
      starts: fc.integer({ min: 0, max: 9 }),
      step: fc.option(
        fc.record({
          n: fc.integer({ min: 0, max: limits.turn.maxSteps - 1 }),
          state: fc.constantFrom("calling", "done"),
          attempts: fc.integer({ min: 0, max: 6 }),
        }),
      ),
      calls: fc.array(anyCall, { maxLength: 5 }),
      waiting: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        rows as fc.Arbitrary<Omit<TurnView, "asks">>,
        fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
        (from, coins) => {
          let at = view({ ...from, calls: from.calls.map((one, n) => ({ ...one, id: `c${n}` })) });
          for (const goesOn of coins) {
            const move = next(at);
            if (move.do === "nothing" || move.do === "end") return;
            at = after(at, move, goesOn);
          }
          throw new Error("it goes round in circles");
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** What doing a move writes down. `goesOn`: the model asks for a further call. */
function after(at: TurnView, move: ReturnType<typeof next>, goesOn: boolean): TurnView {
  const set = (ids: readonly string[], state: "asked" | "ended") =>
    at.calls.map((one) => (ids.includes(one.id) ? { ...one, state } : one));
  switch (move.do) {
    case "begin":
      return { ...at, state: "running", starts: at.starts + 1 };
    case "callModel":
      return { ...at, step: { n: move.step, state: "done", attempts: 1 }, calls: goesOn ? [call("x")] : [] };
    case "runCalls":
      return { ...at, calls: set(move.calls, "ended") };
    case "ask":
      return { ...at, calls: set([move.call], "asked") };
    default:
      return at;
  }
}

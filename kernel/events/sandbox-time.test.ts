import { expect, test } from "vitest";
import { sandboxTime } from "./sandbox-time.ts";
import type { ThreadEvent } from "./types.ts";

const finished = (sandbox?: { tier: "isolate" | "computer"; ms: number; why: string }): ThreadEvent => ({
  type: "task.finished",
  task: "t",
  outcome: "ok",
  detail: "",
  code: null,
  ...(sandbox === undefined ? {} : { sandbox }),
});

test("C1 a thread's time in isolates and in computers is the sum of what its tools took there", () => {
  const events: ThreadEvent[] = [
    finished(),
    finished({ tier: "isolate", ms: 4, why: "" }),
    finished({ tier: "computer", ms: 1200, why: "python" }),
    finished({ tier: "computer", ms: 300, why: "git" }),
    { type: "thread.closed" },
  ];
  expect(sandboxTime(events)).toEqual({ isolate: 4, computer: 1500 });
  expect(sandboxTime([])).toEqual({ isolate: 0, computer: 0 });
});

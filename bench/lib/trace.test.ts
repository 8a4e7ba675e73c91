import { expect, it } from "vitest";
import { StampedEvent, type ThreadEvent } from "../../kernel/events/types.ts";
import { taskMs } from "./trace.ts";

const at = (ms: number, event: ThreadEvent) =>
  StampedEvent.parse({ seq: 1, at: ms, turn: "message:slack:T1:C1:1.1", principal: "slack:T1:U1", event });
const started = (task: string, tool: string): ThreadEvent => ({
  type: "task.started",
  task,
  tool,
  title: "Run",
  detail: "",
});
const finished = (task: string, outcome: "ok" | "error"): ThreadEvent => ({
  type: "task.finished",
  task,
  outcome,
  detail: "",
  code: null,
});

it("a task's time is from its start to its end, of the tool that is asked for and only when it went well", () => {
  const events = [
    at(100, started("a", "exec_code")),
    at(104, started("b", "read_file")),
    at(109, finished("b", "ok")),
    at(121, finished("a", "ok")),
    at(200, started("c", "exec_code")),
    at(299, finished("c", "error")),
  ];
  expect(taskMs(events, "exec_code")).toEqual([21]);
});

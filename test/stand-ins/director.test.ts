import { expect, test } from "vitest";
import { lastIn, resultsIn, standing } from "../harness/director.ts";

const said = (text: string) => ({ role: "user", content: [{ type: "text", text }] });
const called = (id: string, path: string) => ({
  role: "assistant",
  content: [{ type: "tool_use", id, name: "write_file", input: { path } }],
});
const came = (id: string, content: unknown) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content }],
});

test("a job stands where its results say, whoever else spoke meanwhile", () => {
  const messages = [
    said("[Ada writes]\njob1a please"),
    called("1", "home/job1a.txt"),
    came("1", "written"),
    said("[Grace writes]\njob1b please"),
    called("2", "home/job1b.txt"),
    came("2", '{"status":"paused"}'),
  ];
  expect(standing({ messages })).toEqual([{ job: "job1a", step: 1 }]);
  expect(lastIn({ messages })).toBe("job1b");
  expect(resultsIn({ messages }, "job1a")).toContain("written");
  expect(resultsIn({ messages }, "job1a")).not.toContain("paused");
});

test("asked for again, a job begins again", () => {
  const messages = [said("job1a"), called("1", "home/job1a.txt"), came("1", "written"), said("job1a once more")];
  expect(standing({ messages })).toEqual([{ job: "job1a", step: 0 }]);
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPhrase } from "./decide.ts";
import { plotProgram } from "./plans/plot.ts";

/** The first call of a request, as it would be made. */
function firstCall(request: string): unknown {
  const found = findPhrase(request);
  const step = found?.phrase.plan(found.caught, { request } as never).next();
  return step && !step.done ? step.value.calls[0] : null;
}
const why = "you asked for it by name";

test("C2 a command in backticks goes to the computer, with its box and whether it stays in the background", () => {
  expect(firstCall("<@U1> run `echo hi > a; cat a`")).toEqual({
    tool: "computer_bash",
    input: { command: "echo hi > a; cat a", why },
  });
  expect(firstCall("please run ``echo `date` `` on lab")).toMatchObject({
    input: { command: "echo `date`", box: "lab" },
  });
  expect(firstCall("run `sleep 60` in the background")).toMatchObject({
    input: { command: "sleep 60", background: true },
  });
  expect(firstCall("```bash\ncd /tmp\nls\n```")).toMatchObject({
    tool: "computer_bash",
    input: { command: "cd /tmp\nls" },
  });
  expect(firstCall("```python\nprint(1)\n```")).toMatchObject({ input: { command: "python3 -", stdin: "print(1)\n" } });
});

test("C2 JavaScript still goes to the isolate", () => {
  expect(firstCall("run: return 6 * 7")).toMatchObject({ tool: "exec_code" });
  expect(firstCall("```js\nreturn 1\n```")).toMatchObject({ tool: "exec_code" });
});

test("C6 ports, processes, snapshots and the end of a computer have their phrases", () => {
  expect(firstCall("expose port 8080 of lab")).toEqual({
    tool: "computer_expose_port",
    input: { port: 8080, box: "lab" },
  });
  expect(firstCall("serve /workspace on port 8081")).toMatchObject({
    tool: "computer_bash",
    input: { background: true },
  });
  expect(firstCall("close port 8080")).toEqual({ tool: "computer_close_port", input: { port: 8080 } });
  expect(firstCall("logs of p-3f9a1c")).toEqual({
    tool: "computer_process",
    input: { action: "logs", process: "p-3f9a1c" },
  });
  expect(firstCall("list processes")).toEqual({ tool: "computer_process", input: { action: "list" } });
  expect(firstCall("snapshot the computer lab as half done")).toEqual({
    tool: "computer_snapshot",
    input: { label: "half done", box: "lab" },
  });
  expect(firstCall("destroy the computer lab")).toEqual({ tool: "computer_destroy", input: { box: "lab" } });
  expect(firstCall("what computers do I have?")).toEqual({ tool: "computer_list", input: {} });
});

test("C2 a plot by Python, and one that can be watched", () => {
  const program = (request: string) => (firstCall(request) as { input: { stdin: string } }).input.stdin;
  expect(program("plot x^2 by Python")).toContain('expression = "x^2"');
  expect(program("plot x^2 by Python")).toContain("time.sleep(0)");
  expect(program("plot sin(x), slowly")).toContain('expression = "sin(x)"');
  expect(program("plot sin(x) by Python, slowly.")).toContain("time.sleep(1)");
});

test("C2 the plot is a picture, made by Python alone; what is no function of x is refused by name", () => {
  const folder = mkdtempSync(join(tmpdir(), "plot-"));
  try {
    const path = join(folder, "deep/plot.png");
    const drawn = spawnSync("python3", ["-"], { input: plotProgram("sin(x) / x", path), encoding: "utf8" });
    expect(drawn.stderr).toBe("");
    const bytes = readFileSync(path);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(bytes.readUInt32BE(16)).toBe(640);
    const wrong = spawnSync("python3", ["-"], {
      input: plotProgram("__import__('os').system('id')", path),
      encoding: "utf8",
    });
    expect(wrong.status).not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

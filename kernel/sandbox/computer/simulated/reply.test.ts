import { expect, it } from "vitest";
import { limits } from "../../../limits.ts";
import { boundedEnv, brokenOff, ShellAnswer } from "./reply.ts";

const done = { end: "done", exitCode: 0, stdout: "", stderr: "", cwd: "/", env: {}, tree: null, limits: [] };

it("an answer of the shell is one only in its shape", () => {
  expect(ShellAnswer.safeParse(done).success).toBe(true);
  for (const wrong of [
    null,
    {},
    { ...done, exitCode: 256 },
    { ...done, tree: "x" },
    { ...done, env: { A: 1 } },
    { ...done, stdout: "x".repeat(40_000) },
    { end: "limit", limit: "none" },
  ])
    // oxfmt-ignore
    expect(ShellAnswer.safeParse(wrong).success).toBe(false);
});

it("a command that was broken off names its limit, and that nothing was kept", () => {
  expect(brokenOff("cpu", 1000, 2000).limit).toMatch(/^ended after 2 s of computing .* was not kept$/);
  expect(brokenOff("wall", 1500, 2000)).toEqual({ exitCode: 124, limit: "ended after 1.5 s; what it changed was not kept" }); // oxfmt-ignore
  expect(brokenOff("memory", 1, 1).limit).toContain("out of memory");
});

it("a session keeps as many variables as it has room for", () => {
  const large = "x".repeat(limits.computer.simulated.maxSessionChars);
  expect(boundedEnv({ A: "1", LARGE: large, B: "2" })).toEqual({ env: { A: "1", B: "2" }, dropped: 1 });
});

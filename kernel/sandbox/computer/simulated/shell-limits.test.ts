import { expect, it } from "vitest";
import { limits } from "../../../limits.ts";
import { limitOf } from "./shell-limits.ts";

const of = (stderr: string, exitCode = 126) => limitOf({ exitCode, stderr }, limits.computer.simulated);

it.each([
  [
    "bash: too many commands executed (>100000), increase executionLimits.maxCommandCount",
    "ended: it ran more commands than one call may (100000)",
  ],
  [
    "bash: f: maximum recursion depth (100) exceeded, increase executionLimits.maxCallDepth",
    "ended: it called itself too deeply (100 calls)",
  ],
  ["bash: word expansion: string length limit exceeded (8388608 bytes)", "ended: out of memory (48 MB)"],
  ["awk: awk: while loop exceeded maximum iterations (100000)", "ended: a loop went on for too long (100000 turns)"],
  [
    "bash: pipeline: total output size exceeded (>8388608 bytes), increase executionLimits.maxOutputSize",
    "ended: it wrote more than one command may (8 MB)",
  ],
  [
    "bash: brace expansion: brace_operations work limit exceeded (100000)",
    "ended: it did more than one call may (limits.computer.simulated)",
  ],
])("%s", (stderr, said) => {
  expect(of(stderr)).toBe(said);
});

it("a full disk is named whatever the exit code", () => {
  expect(of("ENOSPC: in-memory filesystem byte limit exceeded", 1)).toBe(
    "ended: its disk is full (5 MB outside of /r2)",
  );
});

it("what came to its own end hit no limit", () => {
  expect(of("maximum recursion depth (100) exceeded", 1)).toBeNull();
  expect(of("bash: ./x: Permission denied")).toBeNull();
});

import { expect, test } from "vitest";
import { mayCallWithin } from "./lineage.ts";

const code = (chain: string[], tool: string) => mayCallWithin(chain, tool)?.code ?? "ok";

test("B13 a tool is refused from within itself, however many others are between", () => {
  expect(code(["exec_code"], "exec_code")).toBe("code.refused");
  expect(code(["exec_code", "computer_bash"], "exec_code")).toBe("code.refused");
  expect(code(["computer_bash", "exec_code"], "computer_bash")).toBe("code.refused");
  expect(code(["exec_code", "repo_commit"], "exec_code")).toBe("code.refused");
  expect(mayCallWithin(["repo_diff", "exec_code", "computer_bash"], "exec_code")?.userMessage).toContain(
    "exec_code → computer_bash → exec_code",
  );
});

test("B13 a program calls the computer, a command there calls a tool, and that is the end", () => {
  expect(code(["exec_code"], "computer_bash")).toBe("ok");
  expect(code(["exec_code", "computer_bash"], "write_file")).toBe("ok");
  expect(code(["exec_code", "computer_bash", "repo_diff"], "write_file")).toBe("code.refused");
});

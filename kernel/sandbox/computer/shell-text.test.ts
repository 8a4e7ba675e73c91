import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keepingState, quoted, readingFrom } from "./shell-text.ts";

const folder = mkdtempSync(join(tmpdir(), "shell-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** What it prints; a word on stderr is a failure. */
const bash = (script: string): string => {
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: folder });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
};

test("C2 folder and variables are kept from one command of a session to the next, whatever the command says", () => {
  const file = join(folder, "state");
  const run = (command: string, more = {}) => bash(keepingState(command, { file, ...more }));
  run(`mkdir -p "it's here" && cd "it's here" && export NAME='a "b" c'`);
  expect(run(`printf '%s|%s' "\${PWD##*/}" "$NAME"`)).toBe(`it's here|a "b" c`);
  // For one call only.
  expect(run(`pwd; echo $NAME`, { cwd: "/", env: { NAME: "once" } })).toBe("/\nonce\n");
  expect(run(`printf '%s' "\${PWD##*/}"`)).toBe("it's here");
});

test("C2 variables of one call are gone with it; what is no name of a variable is left out", () => {
  const file = join(folder, "once");
  const run = (command: string, more = {}) => bash(keepingState(command, { file, ...more }));
  const env = { ONE: "it's 1", TWO_2: "$HOME", "A;touch odd": "x", "1A": "x", "A-B": "x", "B C": "x", "": "x" };
  expect(run(`printf '%s|%s' "$ONE" "$TWO_2"; ls odd 2>/dev/null || true`, { env })).toBe("it's 1|$HOME");
  expect(run(`printf '%s|%s' "$ONE" "$TWO_2"`)).toBe("|");
});

test("C2 a command in the background finds the session's folder and leaves nothing", () => {
  const file = join(folder, "behind");
  const run = (command: string, more = {}) => bash(keepingState(command, { file, ...more }));
  run("cd / && export KEPT=yes");
  expect(run(`pwd; echo $KEPT; cd /tmp; export KEPT=no`, { leaves: false })).toBe("/\nyes\n");
  expect(run(`pwd; echo $KEPT`)).toBe("/\nyes\n");
});

test("C2 a command whose folder is not there does not run", () => {
  const script = keepingState("echo ran", { file: join(folder, "no"), cwd: "/not/there" });
  expect(spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8" })).toMatchObject({ stdout: "", status: 1 });
});

test("C2 a command that ends by exit gives its code and still leaves what it set", () => {
  const file = join(folder, "exit");
  const ended = spawnSync("bash", ["--norc", "-c", keepingState("export LEFT=yes; exit 7", { file })]);
  expect(ended.status).toBe(7);
  expect(bash(keepingState("echo $LEFT", { file }))).toBe("yes\n");
});

test("C2 a command reads what it is given, to the end, in the same shell", () => {
  const file = join(folder, "in put");
  writeFileSync(file, "one\ntwo\n");
  expect(bash(`${readingFrom("wc -l; X=kept", file)}; echo $X`).replaceAll(" ", "")).toBe("2\nkept\n");
});

test("C2 any text is one word", () => {
  for (const text of ["", "a b", "it's", "$HOME `id` $(id)", "-n", "\n", "'\\''"])
    expect(bash(`printf %s ${quoted(text)}`)).toBe(text);
});

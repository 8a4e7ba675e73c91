import { z } from "zod";
import { limits } from "../limits.ts";
import { computerIs, boxInput, ranLine } from "./computer.ts";
import { defineTool } from "./define.ts";
import { LastLines } from "./last-lines.ts";
import type { ToolResult } from "./types.ts";

const { computer } = limits;
const defaultSeconds = computer.defaultCommandMs / 1000;
const maxSeconds = computer.maxCommandMs / 1000;

const description = `Runs a bash command in a Linux computer of the person's own: Python, Node, git, compilers, servers, anything that needs real programs. Lightest first: exec_code starts in milliseconds and does computing and work on files; a computer takes a second or more to wake and ${computer.memoryBytes / 1024 / 1024} MB of memory, so use it only for what exec_code cannot do, and say why.

- Folder and variables are kept from call to call of this thread. It starts in /workspace; home is /home/box. Both are kept while the computer sleeps, until computer_destroy.
- The person's files are at /r2/home, /r2/uploads and /r2/sites, this thread's in $DECKHAND_THREAD_FILES, both ways within seconds. What is meant to last, or to be posted, belongs there.
- There is no network except hosts that the person has allowed. Nothing asks: pass answers by stdin or flags.
- A command ends after ${defaultSeconds} s (timeout_seconds, at most ${maxSeconds}). For what goes on longer, or a server, set background: it starts and you get a process id for computer_process. At most ${computer.maxProcesses} run at a time. After ${computer.sleepAfterSeconds / 60} minutes in which nobody uses the computer or a link to it, it sleeps, and they end.
- At most ${computer.maxOutputChars.toLocaleString("en")} characters of stdout and of stderr come back, the first and the last; write more to a file.
- Where no Linux can be had it is a simulated shell and each result begins with that: take it at its word about what it lacks.

Gives {computer, exit_code, stdout, stderr, limits}; limits names what was cut, ended or refused.`;

/** The command's first line, as a title; of `python3 -` and its like only the reason tells what it is. */
export function titleOf(command: string, stdin?: { why: string }): string {
  const line = command.trim().split("\n")[0]?.trim() ?? "";
  const title = stdin === undefined ? line : `${line} (${stdin.why})`;
  return title.length > 80 ? `${title.slice(0, 79)}…` : title || "Run a command";
}

/** A command that fails is no failure of the tool: the model reads its exit code. */
export const computerBash = defineTool({
  name: "computer_bash",
  description,
  input: z.object({
    command: z.string().min(1).max(computer.maxCommandChars).describe("For bash; several lines are fine."),
    why: z
      .string()
      .min(1)
      .max(120)
      .describe("Why this needs the computer, in a few words: “needs Python with pandas”."),
    box: boxInput,
    cwd: z.string().startsWith("/").max(1000).optional().describe("Folder for this command alone."),
    stdin: z.string().max(computer.maxStdinChars).optional().describe("What the command reads."),
    timeout_seconds: z.number().int().min(1).max(maxSeconds).default(defaultSeconds),
    background: z.boolean().default(false).describe("Start it and come back at once."),
  }),
  capability: "process.run",
  risk: "medium",
  title: ({ command, stdin, why }) => titleOf(command, stdin === undefined ? undefined : { why }),
  async run({ command, why, box: name, cwd, stdin, timeout_seconds: seconds, background }, ctx): Promise<ToolResult> {
    const from = performance.now();
    const box = await ctx.computers.box(name);
    const where = { session: ctx.thread, ...(cwd === undefined ? {} : { cwd }) };
    const is = computerIs(ctx.computers, name);
    if (background) {
      const { id } = await box.start({ command, ...where });
      const ms = performance.now() - from;
      return {
        output: { computer: is, process: id, note: "It runs. computer_process shows what it writes and ends it." },
        detail: `computer ${name} (${box.kind}): process ${id} started`,
        sandbox: { tier: "computer", ms, why },
      };
    }
    const lines = new LastLines((text) => ctx.progress(text));
    const result = await box
      .exec({
        command,
        ...where,
        ...(stdin === undefined ? {} : { stdin }),
        timeoutMs: seconds * 1000,
        signal: ctx.signal,
        onOutput: (_stream, text) => lines.add(text),
      })
      .finally(() => lines.end());
    const { exitCode, stdout, stderr, limits: hit } = result;
    return {
      output: { computer: is, exit_code: exitCode, stdout, stderr, limits: hit },
      detail: ranLine(box.kind, name, result),
      // With the waking: that is what the person waited for.
      sandbox: { tier: "computer", ms: performance.now() - from, why },
    };
  },
});

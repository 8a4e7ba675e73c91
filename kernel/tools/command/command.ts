import { z } from "zod";
import type { ErrorShape, Outcome } from "../../errors.ts";
import { limits } from "../../limits.ts";
import type { Json, ToolDefinition } from "../types.ts";
import { readArguments } from "./arguments.ts";
import { listHelp, toolHelp } from "./help.ts";

/** What the `deckhand` command in a box sends: its words, and what came in on stdin when a word asks for it. */
export const CommandOrder = z.object({
  words: z.array(z.string().max(limits.computer.maxStdinChars)).max(200),
  stdin: z.string().max(limits.computer.maxStdinChars).nullable(),
  /** Which command of a turn it runs under: $DECKHAND_CALL. */
  call: z.string().max(200),
});
export type CommandOrder = z.infer<typeof CommandOrder>;

/** What the command prints and ends with. */
export interface CommandResult {
  exitCode: 0 | 1 | 2 | 3;
  stdout: string;
  stderr: string;
}

const said = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: "" });
const failed = (exitCode: 1 | 2 | 3, text: string): CommandResult => ({
  exitCode,
  stdout: "",
  stderr: `deckhand: ${text}\n`,
});

const refusals = new Set<ErrorShape["code"]>(["approval.denied", "approval.expired", "approval.not_yours"]);

/** Runs one command line. `call` runs the tool by the rules that hold for the model, approvals included. */
export async function runCommand(
  order: CommandOrder,
  tools: readonly ToolDefinition[],
  call: (tool: string, input: Json) => Promise<Outcome<{ output: Json }>>,
): Promise<CommandResult> {
  const [name, ...words] = order.words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return said(listHelp(tools));
  const tool = tools.find((one) => one.name === name.replaceAll("-", "_"));
  if (!tool) return failed(2, `there is no tool named ${name.slice(0, 60)}. See deckhand --help`);
  if (words.some((word) => word === "--help" || word === "-h")) return said(toolHelp(tool));
  const read = readArguments(tool, words, order.stdin);
  if (!read.ok) return failed(2, `${read.why}. See deckhand ${tool.name} --help`);
  const checked = tool.input.safeParse(read.input);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.length ? `--${issue.path.join(".").replaceAll("_", "-")}: ` : "";
    return failed(2, `${where}${issue?.message ?? "that is not valid"}. See deckhand ${tool.name} --help`);
  }
  const reply = await call(tool.name, read.input);
  if (reply.ok) return said(`${JSON.stringify(reply.value.output, null, 2)}\n`);
  return failed(refusals.has(reply.error.code) ? 3 : 1, `${reply.error.userMessage} (${reply.error.code})`);
}

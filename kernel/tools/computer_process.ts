import { z } from "zod";
import { KernelError } from "../errors.ts";
import { boxInput, computerIs } from "./computer.ts";
import { defineTool } from "./define.ts";
import type { ToolResult } from "./types.ts";

export const computerProcess = defineTool({
  name: "computer_process",
  description:
    "Looks after what computer_bash started in the background: list names the processes, logs gives what one has written so far, kill ends one. To wait for a server, look at its logs or ask it by computer_bash with curl.",
  input: z.object({
    action: z.enum(["list", "logs", "kill"]),
    process: z.string().max(60).optional().describe("Its id, as computer_bash gave it; for logs and kill."),
    box: boxInput,
  }),
  capability: "process.run",
  risk: "low",
  title: ({ action, process = "" }) =>
    action === "list" ? "Background processes" : `${action === "logs" ? "Output of" : "End"} ${process}`,
  async run({ action, process, box: name }, ctx): Promise<ToolResult> {
    const box = await ctx.computers.box(name);
    const is = computerIs(ctx.computers, name);
    const all = await box.processes();
    if (action === "list") {
      const running = all.filter((one) => one.state === "running").length;
      return {
        output: { computer: is, processes: all.map((one) => ({ ...one })) },
        detail: `computer ${name}: ${running} running`,
      };
    }
    const found = all.find((one) => one.id === process);
    if (process === undefined || !found) {
      const ids = all.map((one) => one.id).join(", ");
      throw new KernelError(
        "computer.not_found",
        `There is no such process in ${name}. ${ids === "" ? "There is none." : `There are: ${ids}.`}`,
      );
    }
    if (action === "kill") {
      await box.kill(process);
      return { output: { computer: is, ended: process }, detail: `computer ${name}: ${process} ended` };
    }
    const logs = await box.logs(process);
    return {
      output: { computer: is, state: found.state, exit_code: found.exitCode, ...logs },
      detail: `computer ${name}: ${process} ${found.state}`,
    };
  },
});

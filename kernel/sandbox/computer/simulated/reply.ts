import { z } from "zod";
import { limits } from "../../../limits.ts";

const { maxOutputChars, simulated } = limits.computer;
// Beside the text there is one line that says what was left out.
const text = z.string().max(maxOutputChars + 1000);

/** What the isolate answers. Its shape is checked because it ran what somebody wrote. */
export const ShellAnswer = z.discriminatedUnion("end", [
  z.object({
    end: z.literal("done"),
    exitCode: z.number().int().min(0).max(255),
    stdout: text,
    stderr: text,
    cwd: z.string().max(4096),
    env: z.record(z.string().max(200), z.string()),
    tree: z.instanceof(Uint8Array).nullable(),
    limits: z.array(z.string().max(300)).max(10),
  }),
  z.object({ end: z.literal("limit"), limit: z.enum(["cpu", "wall"]) }),
  z.object({ end: z.literal("failed"), message: z.string().max(10_000) }),
]);
export type ShellAnswer = z.infer<typeof ShellAnswer>;

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
const notKept = "what it changed was not kept";

/** How a command ended that did not come back, in the words of `ExecResult.limits`, and its exit code. */
export function brokenOff(
  how: "cpu" | "wall" | "memory" | "lost",
  timeoutMs: number,
  cpuMs: number,
): { exitCode: number; limit: string } {
  const ends = {
    cpu: {
      exitCode: 137,
      limit: `ended after ${seconds(cpuMs)} of computing (limits.computer.simulated.cpuMs); ${notKept}`,
    },
    wall: { exitCode: 124, limit: `ended after ${seconds(timeoutMs)}; ${notKept}` },
    memory: { exitCode: 137, limit: `out of memory: an isolate has 128 MB; ${notKept}` },
    lost: { exitCode: 137, limit: `ended: its isolate was lost; ${notKept}` },
  };
  return ends[how];
}

/** A session's folder and variables, as they are kept; too many variables are those that are dropped, with a word. */
export function boundedEnv(env: Record<string, string>): { env: Record<string, string>; dropped: number } {
  const kept: Record<string, string> = {};
  let room: number = simulated.maxSessionChars;
  let dropped = 0;
  for (const [name, value] of Object.entries(env)) {
    const size = name.length + value.length;
    if (size > room) dropped += 1;
    else {
      room -= size;
      kept[name] = value;
    }
  }
  return { env: kept, dropped };
}

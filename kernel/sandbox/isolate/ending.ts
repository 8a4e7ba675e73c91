import { z } from "zod";
import { ErrorCode, type KernelError } from "../../errors.ts";
import type { IsolateLimits } from "./runs.ts";
import type { IsolateResult } from "./types.ts";

/** What the isolate answers. Its shape is checked because the program shares that isolate. */
export const GuestReply = z.discriminatedUnion("end", [
  z.object({ end: z.literal("value"), json: z.string(), cut: z.boolean(), whole: z.string().nullable() }),
  z.object({
    end: z.literal("bytes"),
    bytes: z.instanceof(Uint8Array),
    name: z.string().max(1000).nullable(),
    mediaType: z.string().max(1000).nullable(),
  }),
  z.object({
    end: z.literal("threw"),
    code: z.string().max(100).nullable(),
    message: z.string().max(10_000),
    line: z.number().int().positive().nullable(),
  }),
  z.object({ end: z.literal("limit"), limit: z.enum(["cpu", "wall", "memory"]) }),
]);

/** How a run ended, whoever noticed it. */
export type Ending =
  | z.infer<typeof GuestReply>
  | { end: "limit"; limit: "cpu" | "wall" | "hung" }
  | { end: "refused"; error: KernelError; line: number | null }
  | { end: "stopped" }
  | { end: "lost"; why: string };

type Failure = IsolateResult["error"];

const seconds = (ms: number) => (ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`);
const failure = (code: ErrorCode, userMessage: string, line: number | null = null): Failure => ({
  code,
  retryable: false,
  userMessage,
  line,
});

/** The error of a result, or null when the program came to its end. */
export function errorOf(ending: Ending, limits: IsolateLimits, workMs: number): Failure {
  switch (ending.end) {
    case "value":
    case "bytes":
      return null;
    case "threw": {
      const code = ErrorCode.safeParse(ending.code);
      const place = ending.line === null ? "" : ` (line ${ending.line})`;
      return failure(code.success ? code.data : "code.failed", `${ending.message}${place}`, ending.line);
    }
    case "limit":
      return limitError(ending.limit, limits, workMs);
    case "refused":
      return { ...ending.error.toShape(), line: ending.line };
    case "stopped":
      return failure("tool.interrupted", "Stopped before it was done.");
    default:
      return failure("internal", `The isolate was lost before the program was done (${ending.why}).`);
  }
}

function limitError(limit: "cpu" | "wall" | "memory" | "hung", limits: IsolateLimits, workMs: number): Failure {
  // Said only where it may be the reason.
  const calls = workMs > limits.cpuMs / 10 ? `, ${seconds(Math.round(workMs))} of it by what its calls had done` : "";
  const errors = {
    cpu: failure("limit.cpu", `Stopped after ${seconds(limits.cpuMs)} of computing${calls} (limits.isolate.cpuMs).`),
    wall: failure("limit.wall", `Stopped after ${seconds(limits.wallMs)} in all (limits.isolate.wallMs).`),
    memory: failure(
      "limit.memory",
      `Stopped because it used more than an isolate's memory (128 MB), or asked for more than ${Math.round(limits.maxAllocationBytes / 1_048_576)} MB at once (limits.isolate.maxAllocationBytes), or held more than ${Math.round(limits.maxHeldBytes / 1_048_576)} MB in buffers (limits.isolate.maxHeldBytes).`,
    ),
    hung: failure(
      "limit.wall",
      "Stopped before its time because it waited for a promise that nothing was going to settle.",
    ),
  };
  return errors[limit];
}

/**
 * How the runtime ended the isolate. It gives no codes, so this reads its words; anything else is "lost".
 * @see https://developers.cloudflare.com/workers/observability/errors/
 */
export function endingOfRuntime(thrown: unknown): Ending {
  const words = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "";
  if (/SyntaxError/.test(words)) return { end: "threw", code: null, message: words.slice(0, 1000), line: null };
  if (/code had hung|never generate a response/i.test(words)) return { end: "limit", limit: "hung" };
  if (/exceeded.{0,20}CPU/i.test(words)) return { end: "limit", limit: "cpu" };
  if (/exceeded.{0,20}memory|memory limit/i.test(words)) return { end: "limit", limit: "memory" };
  return { end: "lost", why: words.slice(0, 500) };
}

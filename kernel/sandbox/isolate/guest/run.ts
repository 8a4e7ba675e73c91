import { caller } from "./calls.ts";
import { closeWorld } from "./close.ts";
import { filesApi } from "./files.ts";
import { logger } from "./logger.ts";
import { guardMemory } from "./memory.ts";
import { grown } from "./grown.ts";
import { type Limit, meter as startMeter } from "./meter.ts";
import { print } from "./print.ts";
import { type ProxyCall, proxyApi } from "./proxy.ts";
import { type Returned, returned } from "./result.ts";
import { toJson } from "./to-json.ts";
import { type ToolsCall, toolsApi } from "./tools.ts";

export interface GuestCaps {
  cpuMs: number;
  wallMs: number;
  maxLogLines: number;
  maxLogChars: number;
  maxResultChars: number;
  maxResultBytes: number;
  maxSubCalls: number;
  maxCallsAtOnce: number;
  maxInputChars: number;
  maxInputValues: number;
  maxWriteBytes: number;
  maxRequestBytes: number;
  maxAllocationBytes: number;
  maxHeldBytes: number;
  /** Names of the tools that `TOOLS` has. */
  tools: readonly string[];
}

/** The stubs the isolate is handed, each with its one method. */
export interface GuestEnv {
  FILES: { call: Parameters<typeof filesApi>[0] };
  TOOLS: { call: ToolsCall };
  PROXY: { call: ProxyCall };
  LOGS: { write(lines: string[]): Promise<unknown> };
}

/** How the program ended, as the isolate tells it. The other side checks the shape and believes no size. */
export type GuestReply =
  | Returned
  | { end: "threw"; code: string | null; message: string; line: number | null }
  | { end: "limit"; limit: Limit };

/** Runs the program once. This is what the isolate gets beside the program, as text: see `text.ts`. */
export async function runGuest(
  env: GuestEnv,
  program: (check: () => void) => () => Promise<unknown>,
  caps: GuestCaps,
): Promise<GuestReply> {
  const { promise: ended, resolve: end } = Promise.withResolvers<GuestReply>();
  const codes = new WeakMap<object, string>();
  const fail = (code: string, message: string): Error => {
    const error = Object.assign(new Error(message), { code, name: code === "code.refused" ? "Refused" : "CallError" });
    codes.set(error, code);
    return error;
  };
  const threw = (thrown: unknown): GuestReply => {
    if (!(thrown instanceof Error))
      return { end: "threw", code: null, message: `threw ${toJson(thrown, 2000).json}`, line: null };
    const at = /program\.js:(\d+)/.exec(String(thrown.stack));
    // `new Function` and its like are refused by the runtime itself, with an EvalError.
    const ours = codes.get(thrown);
    const message = (ours ? thrown.message : `${thrown.name}: ${thrown.message}`).slice(0, 4000);
    const code = ours ?? (thrown instanceof EvalError ? "code.refused" : null);
    return { end: "threw", code, message, line: at ? Number(at[1]) : null };
  };

  const meter = startMeter(caps, (limit) => end({ end: "limit", limit }));
  const log = logger((lines) => env.LOGS.write(lines), caps);
  const ask = caller(meter, fail, caps);
  const world = globalThis as unknown as Record<string, unknown>;
  world["console"] = print(log.write);
  world["FILES"] = filesApi((op, ...args) => env.FILES.call(op, ...args), ask(), fail, caps.maxWriteBytes);
  world["TOOLS"] = toolsApi(caps.tools, (name, input) => env.TOOLS.call(name, input), ask(), fail, meter.leave, caps.maxInputChars, caps.maxInputValues); // oxfmt-ignore
  world["PROXY"] = proxyApi((request, body) => env.PROXY.call(request, body), ask(), fail, caps.maxRequestBytes);
  closeWorld(world, meter, fail, (thrown) => end(threw(thrown)));
  const bound = guardMemory(world, caps, () => meter.stop("memory"), meter.check);
  const check = Object.assign(meter.check, grown(bound));
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const reply = threw(event.reason);
    if (reply.end === "threw") log.write(`Unhandled rejection: ${reply.message}`);
  });

  const body = program(check);
  meter.resume();
  const tooLarge = (bytes: number) =>
    fail("limit.output", `the result has ${bytes} bytes; at most ${caps.maxResultBytes} are taken (limits.isolate.maxResultBytes)`); // oxfmt-ignore
  const finish = async () => {
    try {
      end(await returned(await body(), caps, tooLarge));
    } catch (thrown) {
      end(threw(thrown));
    }
  };
  // Not awaited: a limit or a crashed timer ends the run even when the program has caught it and waits. And no
  // `.then`, which the program may have put its own in place of.
  void finish();
  const reply = await ended;
  await log.drained();
  const limit = meter.stoppedBy();
  return limit ? { end: "limit", limit } : reply;
}

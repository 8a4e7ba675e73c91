import { closeWorld } from "./close.ts";
import { filesApi } from "./files.ts";
import { logger } from "./logger.ts";
import { meter as startMeter } from "./meter.ts";
import { print } from "./print.ts";
import { toJson } from "./to-json.ts";

export interface GuestCaps {
  cpuMs: number;
  wallMs: number;
  maxLogLines: number;
  maxLogChars: number;
  maxResultChars: number;
  maxSubCalls: number;
}

/** The stubs the isolate is handed, each with its one method. */
export interface GuestEnv {
  FILES: { call: Parameters<typeof filesApi>[0] };
  LOGS: { write(lines: string[]): Promise<unknown> };
}

/** How the program ended, as the isolate tells it. The other side checks the shape and believes no size. */
export type GuestReply =
  | { end: "value"; json: string; cut: boolean }
  | { end: "threw"; code: string | null; message: string; line: number | null }
  | { end: "limit"; limit: "cpu" | "wall" };

/** Runs the program once. This is what the isolate gets beside the program, as text: see `text.ts`. */
export async function runGuest(
  env: GuestEnv,
  program: (check: () => void) => () => Promise<unknown>,
  caps: GuestCaps,
): Promise<GuestReply> {
  const { promise: ended, resolve: end } = Promise.withResolvers<GuestReply>();
  const codes = new WeakMap<object, string>();
  const fail = (code: string, message: string): Error => {
    const error = Object.assign(new Error(message), { code, name: code === "code.refused" ? "Refused" : "FileError" });
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
  const world = globalThis as unknown as Record<string, unknown>;
  world["console"] = print(log.write);
  world["FILES"] = filesApi((op, ...args) => env.FILES.call(op, ...args), meter, fail, caps.maxSubCalls);
  closeWorld(world, meter, fail, (thrown) => end(threw(thrown)));
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const reply = threw(event.reason);
    if (reply.end === "threw") log.write(`Unhandled rejection: ${reply.message}`);
  });

  const body = program(meter.check);
  meter.resume();
  const work = async (): Promise<GuestReply> => {
    const value = await body();
    const whole = toJson(value, caps.maxResultChars);
    // Escapes make a character up to six: such a value gets a seventh of the room.
    const fits = whole.json.length <= caps.maxResultChars;
    const { json, cut } = fits ? whole : toJson(value, caps.maxResultChars / 7);
    return { end: "value", json, cut: cut || !fits };
  };
  const finish = async () => {
    try {
      end(await work());
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

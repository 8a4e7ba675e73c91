import type { GuestCaps } from "./run.ts";
import { guestText } from "./text.ts";

export const mainModule = "main.js";

/**
 * The modules of one isolate: ours (`guest.js`, this folder as text), the program's, and the entry that joins them.
 */
export function guestModules(program: string, caps: GuestCaps): Record<string, string> {
  const { cpuMs, wallMs, maxLogLines, maxLogChars, maxResultChars, maxSubCalls } = caps;
  const own: GuestCaps = { cpuMs, wallMs, maxLogLines, maxLogChars, maxResultChars, maxSubCalls };
  const entry = `import { WorkerEntrypoint } from "cloudflare:workers";
import { runGuest } from "./guest.js";
import program from "./program.js";
export default class extends WorkerEntrypoint {
  run() { return runGuest(this.env, program, ${JSON.stringify(own)}); }
}`;
  return { [mainModule]: entry, "guest.js": guestText, "program.js": program };
}

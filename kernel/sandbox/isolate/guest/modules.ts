import { checkModule } from "../modules/load.ts";
import type { GuestCaps } from "./run.ts";
import { guestText } from "./text.ts";

export const mainModule = "main.js";

/** What a module may be for Worker Loader: text of a `.js`, or under another name what it is. */
export type ModuleTexts = Record<string, string | { js: string }>;

/**
 * The modules of one isolate: ours (`guest.js`, this folder as text), the program's, what it imports, and the entry that
 * joins them.
 */
export function guestModules(program: string, caps: GuestCaps, imported: ModuleTexts): ModuleTexts {
  const { cpuMs, wallMs, maxLogLines, maxLogChars, maxResultChars, maxResultBytes, maxSubCalls, maxCallsAtOnce, maxInputChars, maxInputValues, maxWriteBytes, maxRequestBytes, maxAllocationBytes, maxHeldBytes, tools } = caps; // oxfmt-ignore
  const own: GuestCaps = { cpuMs, wallMs, maxLogLines, maxLogChars, maxResultChars, maxResultBytes, maxSubCalls, maxCallsAtOnce, maxInputChars, maxInputValues, maxWriteBytes, maxRequestBytes, maxAllocationBytes, maxHeldBytes, tools }; // oxfmt-ignore
  const checked = checkModule in imported;
  const entry = `import { WorkerEntrypoint } from "cloudflare:workers";
import { runGuest } from "./guest.js";
import program from "./program.js";
${checked ? `import { set } from "./${checkModule}";\n` : ""}export default class extends WorkerEntrypoint {
  run() { return runGuest(this.env, ${checked ? "(check) => { set(check); return program(check); }" : "program"}, ${JSON.stringify(own)}); }
}`;
  return { ...imported, [mainModule]: entry, "guest.js": guestText, "program.js": program };
}

import { closeWorld } from "./close.ts";
import { filesApi } from "./files.ts";
import { logger } from "./logger.ts";
import { meter } from "./meter.ts";
import { print } from "./print.ts";
import { type GuestCaps, type GuestParts, runGuest } from "./run.ts";
import { toJson } from "./to-json.ts";

/*
 * The isolate gets our part of its code as text: the functions of this folder, each by its own source. That is why
 * they use nothing from outside themselves. `__name` is what the bundler puts around functions to keep their names.
 */
const parts: GuestParts = { meter, toJson, logger, print, filesApi, closeWorld };
const partsText = Object.entries(parts)
  .map(([name, part]) => `${name}: ${String(part)}`)
  .join(",\n");

const prelude = `
import { WorkerEntrypoint } from "cloudflare:workers";
import program from "./program.js";
const __name = (fn) => fn;
const parts = {${partsText}};
const runGuest = ${String(runGuest)};
`;

export const mainModule = "main.js";

/** The modules of one isolate: ours, and the program's. */
export function guestModules(program: string, caps: GuestCaps): Record<string, string> {
  const entry = `export default class extends WorkerEntrypoint {
  run() { return runGuest(parts, this.env, program, ${JSON.stringify(caps)}); }
}`;
  return { [mainModule]: prelude + entry, "program.js": program };
}

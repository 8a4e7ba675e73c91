import { brotliDecompressSync } from "node:zlib";
import { z } from "zod";

const Modules = z.record(z.string(), z.string());
let modules: Promise<Record<string, string>> | null = null;

export const entryModule = "entry.js";

/**
 * The modules of a shell's isolate: just-bash and the code in `guest/`, with a check at every loop and function. They are
 * unpacked with the first command, once for a Worker. Made by `node test/computer/shell-bin.ts`.
 */
export function shellModules(): Promise<Record<string, string>> {
  modules ??= import("./guest/shell.bin").then(({ default: packed }) =>
    Modules.parse(JSON.parse(brotliDecompressSync(new Uint8Array(packed)).toString())),
  );
  return modules;
}

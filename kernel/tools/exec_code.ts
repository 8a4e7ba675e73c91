import { z } from "zod";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import type { IsolateResult } from "../sandbox/isolate/types.ts";

const { isolate } = limits;

const description = `Runs JavaScript in a fresh, empty isolate and gives back what it returns. Use it for computing, parsing, converting and for working on files; it starts in milliseconds.

- The code is the body of an async function, in strict mode: use \`await\` at the top level and \`return\` for the result. The last expression is not returned by itself. Plain JavaScript: no TypeScript types, no import, no require, no npm.
- The standard JavaScript globals and web ones (TextDecoder, URL, crypto, Blob, CompressionStream, ...) are there. There is no network: fetch and sockets are refused. No DOM, no Node (no Buffer: use TextEncoder and Uint8Array.fromBase64 / toBase64), no state from earlier calls. setTimeout and \`await scheduler.wait(ms)\` work.
- Files of the person, all async, with paths like home/data.csv, uploads/report.pdf, sites/<slug>/index.html, thread/notes.md:
  FILES.readText(path), FILES.readJson(path), FILES.read(path, {offset, length}?) → Uint8Array,
  FILES.write(path, text or bytes, {mediaType?, basedOn?}?) → {path, sizeBytes, version, etag, ...}, FILES.list(folder, cursor?) → {files: [{path, sizeBytes, ...}], cursor},
  FILES.find({glob?, text?}) → [{path, line?, excerpt?}], FILES.stat(path) → info or null, FILES.move(from, to).
  A failed call throws an Error with a \`code\` such as file.not_found. Files cannot be deleted from here: use delete_file.
- console.log lines are shown to the person while it runs and come back in \`logs\`.
- Await everything: what still runs when the body ends is dropped.
- Limits: ${isolate.cpuMs / 1000} s of computing, ${isolate.wallMs / 1000} s in all, ${isolate.maxSubCalls} FILES calls, ${isolate.maxLogLines} log lines, a result of ${isolate.maxResultChars} characters as JSON (write larger ones to a file). A limit that was hit is named in \`error\`.

Gives {value, logs, error, truncated}; error is null or {code, message, line} with the line of your code.`;

/** The first comment, or else the first line that says something. */
export function titleOf(code: string): string {
  const lines = code.split("\n").map((line) => line.trim());
  const comment = lines
    .map((line) => /^(?:\/\/+|\/\*+|\*)\s*(.*?)\s*(?:\*\/)?$/.exec(line)?.[1] ?? "")
    .find((text) => /\w/.test(text));
  const leads = lines.find((line) => line !== "") ?? "";
  const title = /^\/[/*]/.test(leads) && comment ? comment : leads;
  return title.length > 80 ? `${title.slice(0, 79)}…` : title || "Run code";
}

/** One line for the card: how long it took, or why it ended. */
export function detailOf(result: IsolateResult): string {
  const { error, wallMs } = result;
  if (!error) return wallMs < 1000 ? `done in ${Math.round(wallMs)} ms` : `done in ${(wallMs / 1000).toFixed(1)} s`;
  const line = error.userMessage.split("\n")[0] ?? "";
  const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
  return error.code === "code.failed" ? `failed: ${short}` : short;
}

/**
 * Runs a program in an isolate. A program that throws or hits a limit is no failure of the tool: the model gets the
 * error as an output that it can read and act on.
 */
export const execCode = defineTool({
  name: "exec_code",
  description,
  input: z.object({
    code: z.string().min(1).max(isolate.maxCodeChars).describe("JavaScript: the body of an async function"),
  }),
  capability: "process.run",
  risk: "low",
  title: ({ code }) => titleOf(code),
  async run({ code }, ctx) {
    const result = await ctx.isolates.run({
      code,
      signal: ctx.signal,
      onLog: (lines) => ctx.progress(lines.join("\n")),
      onQueued: (position) => ctx.progress(`waiting for a free isolate, place ${position} in the line`),
    });
    const { value, logs, error, truncated } = result;
    const told = error && { code: error.code, message: error.userMessage, line: error.line };
    return { output: { value, logs, error: told, truncated }, detail: detailOf(result) };
  },
});

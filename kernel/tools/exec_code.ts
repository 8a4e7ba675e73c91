import { z } from "zod";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { code, sizeInWords } from "./words.ts";
import type { IsolateResult } from "../sandbox/isolate/types.ts";

const { isolate } = limits;

const description = `Runs JavaScript or TypeScript in a fresh, empty isolate and gives back what it returns. Use it for computing, parsing, converting, for working on files and for many tool calls in one go; it starts in milliseconds and is the lightest way to run code.

- The code is the body of an async function, in strict mode: use \`await\` at the top level and \`return\` for the result. The last expression is not returned by itself.
- The standard JavaScript globals and web ones (TextDecoder, URL, crypto, Blob, CompressionStream, ...) are there. There is no network: fetch and sockets are refused. No DOM, no Node (no Buffer: use TextEncoder and Uint8Array.fromBase64 / toBase64), no npm, no state from earlier calls. setTimeout and \`await scheduler.wait(ms)\` work.
- Modules, by import at the head or \`await import("csv")\`, and no others:
  csv: parse(text, {header = true, typed?, delimiter?}) → rows, stringify(rows, {columns?, delimiter?}) → text;
  markdown: toHtml(text); zip: zip({name: text or bytes}) → Uint8Array, unzip(bytes) → {name: Uint8Array};
  xlsx: read(bytes, {sheet?: name or number}) → [{name, rows: [[cell, ...], ...]}], dates as Date.
- Files of the person, all async, with paths like home/data.csv, uploads/report.pdf, sites/<slug>/index.html, thread/notes.md:
  FILES.readText(path), FILES.readJson(path), FILES.read(path, {offset, length}?) → Uint8Array,
  FILES.write(path, text or bytes, {mediaType?, basedOn?}?) → {path, sizeBytes, version, etag, ...}, FILES.list(folder, cursor?) → {files: [{path, sizeBytes, ...}], cursor},
  FILES.find({glob?, text?}) → [{path, line?, excerpt?}], FILES.stat(path) → info or null, FILES.move(from, to).
- Your other tools: \`await TOOLS.publish_site({slug: "x"})\` takes the tool's input and gives its output; TOOLS.list() tells all. One that asks a person shows its card and the program waits, at most ${isolate.maxApprovalWaitMs / 60_000} minutes, which are not counted as its time; a denial throws approval.denied.
- PROXY.fetch(url, init) is fetch through the person's connected accounts; none can be connected yet (account.none).
- A failed call throws an Error with a \`code\` such as file.not_found. Await everything: what still runs when the body ends is dropped.
- console.log lines are shown to the person while it runs and come back in \`logs\`.
- A result that is bytes, a Blob or a File, or is longer than ${isolate.maxResultChars} characters as JSON, is saved under home/results/ (at most ${isolate.maxResultBytes / 1_048_576} MB); \`file\` has its path. \`return new File([bytes], "chart.png")\` names it.
- Limits: ${isolate.cpuMs / 1000} s of computing, ${isolate.wallMs / 1000} s in all, 128 MB, ${isolate.maxSubCalls} calls of FILES, TOOLS and PROXY, ${isolate.maxLogLines} log lines. A limit that was hit is named in \`error\`.

Gives {value, file, logs, error, truncated}; error is null or {code, message, line} with the line of your code.`;

/** A title stands at the head of a program. */
const titleChars = 4000;

/** What a line says as a comment; nothing when it is none. */
function commentOf(line: string): string {
  const mark = /^(?:\/\/+|\/\*+|\*)/.exec(line)?.[0];
  if (mark === undefined) return "";
  const said = line.slice(mark.length);
  return (said.endsWith("*/") ? said.slice(0, -2) : said).trim();
}

/** The first comment, or else the first line that says something. */
export function titleOf(program: string): string {
  const lines = program
    .slice(0, titleChars)
    .split("\n")
    .map((line) => line.trim());
  const comment = lines.map(commentOf).find((text) => /\w/.test(text));
  const leads = lines.find((line) => line !== "") ?? "";
  const title = /^\/[/*]/.test(leads) && comment ? comment : leads;
  return title.length > 80 ? `${title.slice(0, 79)}…` : title || "Run code";
}

/** One line for the card: how long it took, or why it ended. */
export function detailOf(result: IsolateResult): string {
  const { error, file, wallMs } = result;
  const time = wallMs < 1000 ? `${Math.round(wallMs)} ms` : `${(wallMs / 1000).toFixed(1)} s`;
  if (!error) return file ? `done in ${time}: ${code(file.path)}, ${sizeInWords(file.sizeBytes)}` : `done in ${time}`;
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
    code: z
      .string()
      .min(1)
      .max(isolate.maxCodeChars)
      .describe("JavaScript or TypeScript: the body of an async function"),
  }),
  capability: "process.run",
  risk: "low",
  command: true,
  title: (input) => titleOf(input.code),
  async run(input, ctx) {
    const result = await ctx.isolates.run({
      code: input.code,
      signal: ctx.signal,
      onLog: (lines) => ctx.progress(lines.join("\n")),
      onQueued: (position) => ctx.progress(`waiting for a free isolate, place ${position} in the line`),
    });
    const { value, file, logs, error, truncated, wallMs } = result;
    const told = error && { code: error.code, message: error.userMessage, line: error.line };
    return {
      output: { value, file: file && { ...file }, logs, error: told, truncated },
      detail: detailOf(result),
      sandbox: { tier: "isolate", ms: wallMs, why: "" },
    };
  },
});

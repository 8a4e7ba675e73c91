import { KernelError } from "../../errors.ts";
import type { FileTree } from "../../files/types.ts";
import type { Json } from "../../tools/types.ts";
import type { Ending } from "./ending.ts";
import { type LargeResult, type ResultFile, saveResult } from "./result-file.ts";
import type { IsolateLimits } from "./runs.ts";

export interface Result {
  value: Json;
  file: ResultFile | null;
  truncated: string[];
}

/** What a run gives the model: a value, and a file for what is too long or is no text. */
export async function resultOf(ending: Ending, limits: IsolateLimits, files: FileTree, run: string): Promise<Result> {
  if (ending.end === "bytes")
    return saved(
      files,
      run,
      limits,
      ending,
      { value: null, file: null, truncated: [] },
      `${ending.bytes.length} bytes`,
    );
  if (ending.end !== "value") return { value: null, file: null, truncated: [] };
  const value = parsed(ending.json, limits);
  if (ending.whole === null && !ending.cut) return { value, file: null, truncated: [] };
  const caps = `more than ${limits.maxResultChars} characters (limits.isolate.maxResultChars)`;
  if (ending.whole === null) return { value, file: null, truncated: [`result: ${caps}`] };
  const large = { bytes: new TextEncoder().encode(ending.whole), name: null, mediaType: "application/json" };
  const cut = ending.cut ? `, and cut at ${limits.maxResultBytes} bytes (limits.isolate.maxResultBytes)` : "";
  return saved(files, run, limits, large, { value, file: null, truncated: [] }, `${caps}${cut}`);
}

async function saved(
  files: FileTree,
  run: string,
  limits: IsolateLimits,
  large: LargeResult,
  result: Result,
  why: string,
): Promise<Result> {
  try {
    // The isolate keeps to the cap by itself.
    if (large.bytes.byteLength > limits.maxResultBytes)
      throw new KernelError(
        "limit.output",
        `${large.bytes.byteLength} bytes are more than ${limits.maxResultBytes} (limits.isolate.maxResultBytes).`,
      );
    const file = await saveResult(files, large, run);
    const whole = `result: ${why}; it is in ${file.path}`;
    return { ...result, file, truncated: large.name === null && large.mediaType === "application/json" ? [whole] : [] };
  } catch (thrown) {
    const { code, userMessage } = KernelError.wrap(thrown, "internal", "It could not be saved as a file.");
    return { ...result, truncated: [`result: ${why}; it could not be saved: ${code}: ${userMessage}`] };
  }
}

function parsed(json: string, limits: IsolateLimits): Json {
  // The isolate keeps to the cap by itself; one that does not is cut without being understood.
  if (json.length > limits.maxResultChars) return json.slice(0, limits.maxResultChars);
  try {
    return JSON.parse(json) as Json;
  } catch {
    return null;
  }
}

import type { ErrorShape } from "../../errors.ts";
import type { Json } from "../../tools/types.ts";
import type { ResultFile } from "./result-file.ts";

export interface IsolateRequest {
  /** JavaScript or TypeScript, an async function's body: top-level await, `return` and imports of our modules work. */
  code: string;
  /** Lines as they are written, a few at a time. Never throws. */
  onLog(lines: string[]): void;
  /** Place in the queue, 1 is next, when the call has to wait. */
  onQueued?(position: number): void;
  signal: AbortSignal;
}

export interface IsolateResult {
  /** What the program returned, as JSON; null when it returned nothing; the beginning of what has become a file. */
  value: Json;
  /** Where the result is when it was bytes, or too long to be given whole. */
  file: ResultFile | null;
  logs: string[];
  /** Set when it threw, or ended at a limit: then the code is `limit.*` and the message names the limit and its size. */
  error: (ErrorShape & { line: number | null }) | null;
  wallMs: number;
  /** What was cut off: "logs" or "result", each with its cap in words. */
  truncated: string[];
}

/** Fresh isolates for one person: at most `limits.isolate.maxInFlight` at once, further ones queue. */
export interface Isolates {
  run(request: IsolateRequest): Promise<IsolateResult>;
}

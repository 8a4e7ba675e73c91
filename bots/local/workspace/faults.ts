import { z } from "zod";
import type { Fields } from "./json.ts";

/** Something that goes wrong with the next calls of a method, once or `times` times. */
export const Fault = z.object({
  /** A Web API method, or `*` for any; `files.download` stands for the fetching of a file (`missing_scope`: the login page). */
  method: z.string(),
  times: z.number().int().positive().default(1),
  /** Slack's error, as `{ok: false, error}`. */
  error: z.string().optional(),
  /** An HTTP status with a body that is not JSON. */
  status: z.number().int().min(400).max(599).optional(),
  /** HTTP 429 with this many seconds in `Retry-After`. */
  retryAfter: z.number().int().nonnegative().optional(),
  /** Wait before answering; may stand beside the others. */
  delayMs: z.number().int().nonnegative().max(60_000).optional(),
  /** Close the connection without an answer, before the call is applied or after. */
  drop: z.enum(["before", "after"]).optional(),
  /** Let it wait, before it is applied or after, until the faults are cleared: what happens meanwhile happens in that call. */
  hold: z.enum(["before", "after"]).optional(),
  /** Only a call whose arguments, as JSON, have this in them. */
  match: z.string().optional(),
});
export type Fault = z.infer<typeof Fault>;
/** As a test writes it: `times` is 1 when it is not said. */
export type FaultInput = z.input<typeof Fault>;

/** Faults that wait for their call; the first that fits is taken. */
export class Faults {
  #waiting: Fault[] = [];
  #held: (() => void)[] = [];

  add(fault: Fault): void {
    this.#waiting = [...this.#waiting, fault].slice(-1000);
  }

  take(method: string, args: Fields): Fault | null {
    const text = JSON.stringify(args);
    const fits = (one: Fault) => one.method === method || one.method === "*";
    const fault = this.#waiting.find((one) => fits(one) && (one.match === undefined || text.includes(one.match)));
    if (fault === undefined) return null;
    fault.times -= 1;
    if (fault.times <= 0) this.#waiting = this.#waiting.filter((one) => one !== fault);
    return fault;
  }

  /** Waits until the faults are cleared. */
  held(): Promise<void> {
    return new Promise((go) => void this.#held.push(go));
  }

  clear(): void {
    this.#waiting = [];
    for (const go of this.#held.splice(0)) go();
  }
}

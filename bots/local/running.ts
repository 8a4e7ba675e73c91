import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const Pid = z.number().int().positive();

/**
 * Who runs on a state folder, and where: `running.json` in it, for people, tests and the next start, which takes the
 * same ports. After a crash it says what was; a process id in it is never believed when something is to be ended.
 */
export const Running = z.object({
  /** The process of `npm start`; null when it has ended by itself. */
  main: Pid.nullable(),
  /** workerd: the Worker, and wrangler's proxy before it. */
  workerds: z.array(z.object({ pid: Pid, role: z.enum(["worker", "proxy"]) })),
  /** The host of jails. */
  jailHost: Pid.nullable(),
  /** The local workspace; null with a real one. */
  page: z.url().nullable(),
  worker: z.url().nullable(),
  /** All of it is up. */
  ready: z.boolean(),
});
export type Running = z.infer<typeof Running>;

/** What stands there, or null when there is nothing that can be read. */
export function readRunning(file: string): Running | null {
  try {
    return Running.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Told to who starts a second one; with what is known, for the first may not have written it down yet. */
export function alreadyRunning(running: Running | null): string {
  const { main = null, page = null } = running ?? {};
  const which = [main === null ? [] : `process ${main}`, page ?? []].flat().join(", ");
  const end = main === null ? "end it" : `end it with Ctrl-C or \`kill ${main}\``;
  return `Deckhand is already running here${which === "" ? "" : ` (${which})`}: ${end}, or set DECKHAND_STATE to another folder for a second one.`;
}

export const portOf = (url: string | null | undefined): number | null => (url ? Number(new URL(url).port) : null);

/** Keeps the file as things are; a reader finds the old or the new, never half of one. */
export class RunningFile {
  readonly #file: string;
  #now: Running;

  constructor(file: string, first: Running) {
    this.#file = file;
    this.#now = first;
    this.change({});
  }

  change(change: Partial<Running>): void {
    this.#now = { ...this.#now, ...change };
    const next = `${this.#file}.next`;
    writeFileSync(next, `${JSON.stringify(this.#now)}\n`, { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

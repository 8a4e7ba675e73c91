import { limits } from "../../../limits.ts";

const maxRemembered = 2_000;

/** What a person should know of their files in the box, each said once. */
export class Notes {
  readonly #said = new Set<string>();
  #next: string[] = [];

  /** `again`: also when it was told before. */
  add(note: string, again = false): void {
    if (this.#next.includes(note) || (!again && this.#said.has(note))) return;
    if (this.#said.size >= maxRemembered) this.#said.clear();
    this.#said.add(note);
    this.#next.push(note);
  }

  /** What was not told yet. */
  take(): string[] {
    const all = this.#next;
    this.#next = [];
    const most = limits.computer.sync.maxNotes;
    return all.length > most ? [...all.slice(0, most), `and ${all.length - most} more such lines about /r2`] : all;
  }
}

/** What changed in one file; null lines for what git counts as binary. */
export interface FileStat {
  path: string;
  added: number | null;
  removed: number | null;
}

export interface Diff {
  files: FileStat[];
  text: string;
}

/** Values by key, in the order of their lines. */
export class Answer {
  readonly #values = new Map<string, string[]>();

  /** Reads the lines of a script. The box is not trusted: what does not fit is left out, and the reader checks the rest. */
  constructor(stdout: string) {
    for (const line of stdout.split("\n")) {
      const at = line.indexOf("=");
      if (at <= 0) continue;
      const key = line.slice(0, at);
      this.#values.set(key, [...(this.#values.get(key) ?? []), line.slice(at + 1)]);
    }
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  all(key: string): string[] {
    return this.#values.get(key) ?? [];
  }

  /** The one value of a key; of two, one was slipped in. */
  text(key: string): string {
    const [value = "", ...more] = this.all(key);
    return more.length === 0 ? value : "";
  }

  /** An id of git's, or null. */
  id(key: string): string | null {
    return /^[0-9a-f]{40,64}$/.test(this.text(key)) ? this.text(key) : null;
  }
}

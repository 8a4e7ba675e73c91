import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { Box } from "../types.ts";
import type { Content } from "./decide.ts";
import { arriveScript, handsScript, hashScript, markScript } from "./scripts.ts";
import { within } from "./within.ts";

export interface Stat {
  sizeBytes: number;
  changedAt: number;
}

/** Of `put` and `remove`: what must be there for it to happen, a content or `whatever`. */
export type Expected = Content;
/** In place of a hash: whatever file it is. */
export const whatever = "*";
export type Act =
  | { op: "put"; rel: string; token: string; expected: Expected }
  | { op: "remove"; rel: string; expected: Expected };
/** `moved`: something else is there than was expected. `blocked`: a folder, a link or a pipe is, or the way leads out. */
export type Acted = "done" | "moved" | "blocked";
/** In place of a hash: what is there is no regular file, or is not truly below /r2. */
export const other = "other";

/** What the sync does in a box. Names are below /r2. */
export interface Hands {
  /** Makes the folders; says whether the disk is the one with that mark. */
  arrive(mark: string, label: string): Promise<"known" | "fresh">;
  setMark(mark: string): Promise<void>;
  /** Regular files only: what a link leads to is not listed. */
  list(): Promise<Map<string, Stat>>;
  read(rel: string): Promise<Uint8Array | null>;
  /** Puts bytes aside in the box, for a `put`. */
  stage(bytes: Uint8Array): Promise<string>;
  look(rels: readonly string[]): Promise<Content[]>;
  /** Hashes of regular files; one that is gone is not in it. */
  hashes(rels: readonly string[]): Promise<Map<string, string>>;
  act(acts: readonly Act[]): Promise<Acted[]>;
}

const session = "deckhand-sync";
/** No line is this: each has a space or a slash in it, or is hex. */
const endOfLines = "DECKHAND-END-OF-LINES";
/** Of one call: what it answers must fit into what `exec` gives back uncut. */
const maxLines = 200;
const maxChars = 24_000;

/** Cuts a list so that each piece is one call. */
export function pieces<T>(all: readonly T[], chars: (one: T) => number): T[][] {
  const found: T[][] = [];
  let room = 0;
  for (const one of all) {
    const size = chars(one);
    let last = found.at(-1);
    if (!last || last.length >= maxLines || room < size) {
      last = [];
      found.push(last);
      room = maxChars;
    }
    last.push(one);
    room -= size;
  }
  return found;
}

export function boxHands(box: Box, root = "/r2"): Hands {
  let tokens = 0;
  const at = (rel: string): string => `${root}/${rel}`;

  async function run(script: string, lines: readonly string[]): Promise<string[]> {
    const signal = AbortSignal.timeout(limits.computer.sync.callMs);
    // A subshell: the session's own shell stays as it is, whatever way the script ends.
    const here = `(${script}) <<'${endOfLines}'\n${[root, ...lines].join("\n")}\n${endOfLines}\n`;
    const call = box.exec({
      command: here,
      session,
      cwd: "/",
      timeoutMs: limits.computer.sync.callMs,
      onOutput: () => {},
      signal,
    });
    const { exitCode, stdout, stderr } = await within(call, "a look at /r2");
    if (exitCode !== 0)
      throw new KernelError("computer.unavailable", "The folder /r2 of the computer cannot be used.", {
        retryable: true,
        cause: new Error(`exit ${exitCode}: ${stderr.slice(0, 500)}`),
      });
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** The word that each line was answered with. */
  async function words(lines: readonly string[]): Promise<string[]> {
    const answers: string[] = [];
    for (const piece of pieces(lines, (line) => line.length + 8)) {
      const said = new Map((await run(handsScript, piece)).map((line) => line.split(" ") as [string, string]));
      answers.push(...piece.map((_line, index) => said.get(String(index + 1)) ?? "blocked"));
    }
    return answers;
  }

  return {
    async arrive(mark, label) {
      return (await run(arriveScript, [mark, label]))[0] === "known" ? "known" : "fresh";
    },
    async setMark(mark) {
      await run(markScript, [mark]);
    },
    async list() {
      const files = await within(box.list(root), "a listing of /r2");
      return new Map(
        files.flatMap(({ path, sizeBytes, changedAt }): [string, Stat][] =>
          path.startsWith(`${root}/`)
            ? [[path.slice(root.length + 1), { sizeBytes, changedAt: Math.trunc(changedAt) }]]
            : [],
        ),
      );
    },
    read: (rel) => within(box.read(at(rel)), at(rel)),
    async stage(bytes) {
      const token = `${Date.now().toString(36)}-${(tokens += 1)}`;
      await within(box.write(at(`.deckhand/in/${token}`), bytes), "a write to /r2");
      return token;
    },
    async look(rels) {
      const said = await words(rels.map((rel) => `look - - ${rel}`));
      return said.map((word) => (word === "-" ? null : /^[0-9a-f]{64}$/.test(word) ? word : other));
    },
    async hashes(rels) {
      const found = new Map<string, string>();
      for (const piece of pieces(rels, (rel) => rel.length + 70)) {
        for (const line of await run(hashScript, piece)) {
          const [hash, rel] = [line.slice(0, 64), line.slice(66)];
          if (/^[0-9a-f]{64}$/.test(hash)) found.set(rel, hash);
        }
      }
      return found;
    },
    async act(acts) {
      const said = await words(
        acts.map((act) => `${act.op} ${act.expected ?? "-"} ${act.op === "put" ? act.token : "-"} ${act.rel}`),
      );
      return said.map((word) => (word === "done" || word === "moved" ? word : "blocked"));
    },
  };
}

import { KernelError } from "../../../errors.ts";
import type { FileInfo } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import { sha256 } from "../../../sha256.ts";
import { decide } from "./decide.ts";
import { other, type Expected, type Stat } from "./hands.ts";
import { copyName } from "./names.ts";
import type { State } from "./state.ts";

/** What is still to be done in the box: for each name, what must be there for it to happen. */
export interface Errands {
  pushes: Map<string, Expected>;
  removals: Map<string, Expected>;
}

const maxTries = 4;
const maxCopies = 100;

const moved = (thrown: unknown): boolean => thrown instanceof KernelError && thrown.code === "file.changed";

/** Takes one file that the box has changed; gives the bytes it took. */
export async function pull(state: State, rel: string, stat: Stat, seenAt: number, errands: Errands): Promise<number> {
  const { kernel, known, notes } = state;
  const bytes = await readable(state, rel);
  // Gone or grown since it was listed: the next look sees it.
  if (!bytes || bytes.byteLength > limits.files.maxBytes) return 0;
  const box = await sha256(bytes);
  const base = known.get(rel);
  for (let tries = 0; tries < maxTries; tries++) {
    const here = await kernel.stat(rel);
    const verdict = decide({ base: base?.sha256 ?? null, kernel: here?.sha256 ?? null, box });
    try {
      if (verdict === "none" || verdict === "settle") {
        if (here) state.agree(rel, here, stat, seenAt);
      } else if (verdict === "pull") {
        const info = await kernel.write(rel, bytes, here?.etag ?? null);
        state.agree(rel, info, stat, seenAt);
        state.versioned(rel, bytes.byteLength);
      } else if (verdict === "conflict") {
        const copy = await keepCopy(state, rel, bytes, box);
        notes.add(
          `/r2/${rel} was changed on both sides: what the computer had is now at /r2/${copy}, and /r2/${rel} is the other one`,
        );
        errands.pushes.set(copy, null).set(rel, box);
      } else if (verdict === "push") {
        errands.pushes.set(rel, box);
      } else {
        errands.removals.set(rel, box);
      }
      return bytes.byteLength;
    } catch (thrown) {
      // Somebody wrote it between our look and our write: look again.
      if (!moved(thrown)) throw thrown;
    }
  }
  state.boxChanged.add(rel);
  return bytes.byteLength;
}

/** Null for one that is gone, or that even the box may not read: one such file holds up no other. */
async function readable({ hands, notes }: State, rel: string): Promise<Uint8Array | null> {
  try {
    return await hands.read(rel);
  } catch (thrown) {
    if (!(thrown instanceof KernelError) || thrown.code.startsWith("computer.")) throw thrown;
    notes.add(`/r2/${rel} cannot be read: it stays in the computer only`);
    return null;
  }
}

/** Writes the box's version of a file under a second name, and gives that. */
async function keepCopy(state: State, rel: string, bytes: Uint8Array, hash: string): Promise<string> {
  for (let n = 1; n <= maxCopies; n++) {
    const copy = copyName(rel, state.name, n);
    const there: FileInfo | null = await state.kernel.stat(copy);
    // A copy that was written just before a crash.
    if (there?.sha256 === hash) return copy;
    if (there) continue;
    try {
      await state.kernel.write(copy, bytes, null);
      return copy;
    } catch (thrown) {
      if (!moved(thrown)) throw thrown;
    }
  }
  throw new KernelError(
    "file.changed",
    `${rel} has more than ${maxCopies} copies from the computer; remove some of them.`,
  );
}

/** Takes removals: of what is truly gone, and is with the Kernel as it was. */
export async function pullRemovals(state: State, gone: readonly string[]): Promise<void> {
  if (gone.length === 0 || !state.mark) return;
  const [mark, ...looked] = await state.hands.look([`.deckhand/disk-${state.mark.mark}`, ...gone]);
  if (!mark || mark === other) throw new OtherDisk();
  for (const [index, rel] of gone.entries()) {
    const now = looked[index];
    if (now === other) {
      state.notes.add(
        `/r2/${rel} is no plain file any more: it stays as it was with read_file, and what is there now stays in the computer only`,
      );
      continue;
    }
    if (now !== null) {
      state.boxChanged.add(rel);
      continue;
    }
    const base = state.known.get(rel);
    if (!base) continue;
    try {
      await state.kernel.remove(rel, base.etag);
      state.drop(rel);
    } catch (thrown) {
      if (!moved(thrown)) throw thrown;
      state.kernelChanged.set(rel, undefined);
    }
  }
}

/** The box has lost its disk since it was last looked at: what it lacks was not removed by anybody. */
export class OtherDisk extends Error {}

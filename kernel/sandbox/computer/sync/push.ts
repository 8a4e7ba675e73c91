import type { FileInfo } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import type { Act, Expected } from "./hands.ts";
import type { Errands } from "./pull.ts";
import type { State } from "./state.ts";

const { maxParallel, smallBytes } = limits.computer.sync;
const maxRound = { files: 100, bytes: 8 * 1024 * 1024 };

interface Staged {
  info: FileInfo;
  act: Act;
}

async function stage(state: State, [rel, expected]: [string, Expected]): Promise<Staged | null> {
  const file = await state.kernel.read(rel);
  if (!file) {
    // Gone since: looked at again.
    state.kernelChanged.set(rel, undefined);
    return null;
  }
  const token = await state.hands.stage(file.bytes);
  return { info: file.info, act: { op: "put", rel, token, expected } };
}

/**
 * Brings files to the box, a round at a time. True when something in the box was not what it was taken for, so that the
 * box has to be looked at; what time did not suffice for is remembered.
 */
export async function push(
  state: State,
  errands: Errands,
  deadline: number,
): Promise<{ again: boolean; more: boolean }> {
  let again = false;
  const queue = [...errands.pushes];
  while (queue.length > 0 && state.now() < deadline) {
    const round: Staged[] = [];
    let bytes = 0;
    while (queue.length > 0 && round.length < maxRound.files && bytes < maxRound.bytes) {
      const staged = await Promise.all(queue.splice(0, maxParallel).map((one) => stage(state, one)));
      for (const one of staged) if (one) round.push(one);
      bytes += staged.reduce((sum, one) => sum + (one?.info.sizeBytes ?? 0), 0);
      if (bytes > smallBytes * maxParallel && state.now() >= deadline) break;
    }
    const acted = await state.hands.act(round.map(({ act }) => act));
    for (const [index, { info, act }] of round.entries()) {
      if (acted[index] === "done") state.agree(act.rel, info, null, 0);
      else if (acted[index] === "moved") again = mismatch(state, act.rel);
      else {
        state.deferred.add(act.rel);
        state.notes.add(`/r2/${act.rel} cannot be written: a folder or a link is in its way. read_file has the file`);
      }
    }
  }
  for (const [rel] of queue) state.kernelChanged.set(rel, undefined);
  const removed = await pushRemovals(state, errands.removals);
  return { again: again || removed, more: queue.length > 0 };
}

async function pushRemovals(state: State, removals: Errands["removals"]): Promise<boolean> {
  let again = false;
  const gone: Act[] = [];
  for (const [rel, expected] of removals) {
    // A listing may have been cut short: only what is not there when asked for by name is gone.
    if (await state.kernel.stat(rel)) state.kernelChanged.set(rel, undefined);
    else gone.push({ op: "remove", rel, expected });
  }
  const acted = gone.length > 0 ? await state.hands.act(gone) : [];
  for (const [index, { rel }] of gone.entries()) {
    if (acted[index] === "moved") again = mismatch(state, rel);
    else state.drop(rel);
  }
  return again;
}

/** The box's side is not what it was taken for: both sides are looked at next time. */
function mismatch(state: State, rel: string): true {
  state.boxChanged.add(rel);
  state.kernelChanged.set(rel, undefined);
  return true;
}

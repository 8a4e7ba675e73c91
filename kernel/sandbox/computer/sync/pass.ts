import type { FileInfo } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import { choose } from "./budget.ts";
import { decide } from "./decide.ts";
import { type BoxView, lookAtBox } from "./look.ts";
import { type Errands, pull, pullRemovals } from "./pull.ts";
import { push } from "./push.ts";
import type { State } from "./state.ts";

const { maxParallel, maxPassFiles, maxPassBytes, smallBytes } = limits.computer.sync;

export interface PassOptions {
  /** Lists the box. Without it the box is taken to be as it was, and what turns out otherwise makes for another pass. */
  look: boolean;
  /** Files that are written all the time are taken at once, not when their next version is due. */
  prompt: boolean;
  /** By the state's clock; what is not done by then is done by a later pass. */
  deadline: number;
  /** A command that is about to run: files it names are given to the box whatever their age. */
  command?: string;
}
export interface PassEnd {
  /** Something is left for another pass, which has to look at the box when `look` says so. */
  more: boolean;
  look: boolean;
  /** Files wait for their next version for this long. */
  waitMs: number;
}

/** One time both ways. Changes are taken before removals, so that a rename is at no moment neither file. */
export async function pass(state: State, options: PassOptions): Promise<PassEnd> {
  const end: PassEnd = { more: false, look: false, waitMs: 0 };
  const view = options.look ? await lookAtBox(state) : null;
  if (view) for (const rel of state.deferred) state.kernelChanged.set(rel, undefined);
  if (view) state.deferred.clear();
  const errands: Errands = { pushes: new Map(), removals: new Map() };
  const untaken = new Set(view ? await takeChanges(state, view, options, errands, end) : []);
  for (const rel of untaken) state.deferred.add(rel);
  const here = await kernelChanges(state);
  const changed = new Set(view?.changed);
  const kept = new Set<string>();
  const wanted: (FileInfo & { rel: string })[] = [];
  for (const [rel, info] of here) {
    const base = state.known.get(rel);
    if (changed.has(rel) || view?.held.has(rel)) {
      // Decided together with the box's change. Where that is still to come, so is this; and it may be younger than that.
      if (untaken.has(rel) || view?.held.has(rel)) state.deferred.add(rel);
      else if (base?.etag !== info?.etag && !errands.pushes.has(rel) && !errands.removals.has(rel))
        state.kernelChanged.set(rel, undefined);
      continue;
    }
    const box = view && !view.listed.has(rel) ? null : (base?.sha256 ?? null);
    const verdict = decide({ base: base?.sha256 ?? null, kernel: info?.sha256 ?? null, box });
    if (info && base?.sha256 === info.sha256 && base.etag !== info.etag)
      state.agree(rel, info, base.changedAt === null ? null : { ...base, changedAt: base.changedAt }, base.seenAt);
    if (errands.pushes.has(rel)) continue;
    if (verdict === "push" && info && !base) wanted.push({ ...info, rel });
    else if (verdict === "push") errands.pushes.set(rel, box);
    else if (verdict === "removeThere") errands.removals.set(rel, box);
    else if (verdict === "settle" && !info) state.drop(rel);
    if (verdict === "push") kept.add(rel);
    if (!info) state.left.delete(rel);
  }
  give(state, wanted, options, errands);
  // Removals wait until all that is new was taken.
  if (view && !end.more)
    await pullRemovals(
      state,
      view.gone.filter((rel) => !kept.has(rel) && state.known.has(rel)),
    );
  else if (view && view.gone.length > 0) end.look = true;
  const pushed = await push(state, errands, options.deadline);
  end.look ||= pushed.again;
  end.more ||= pushed.more || pushed.again || state.kernelChanged.size > 0 || state.boxChanged.size > 0;
  end.look ||= state.boxChanged.size > 0;
  return end;
}

/** Takes what the box has changed; gives what it left for later. */
async function takeChanges(
  state: State,
  view: BoxView,
  options: PassOptions,
  errands: Errands,
  end: PassEnd,
): Promise<string[]> {
  let files = 0;
  let bytes = 0;
  const queue: string[] = [];
  const waiting: string[] = [];
  for (const rel of view.changed) {
    const waits = options.prompt ? 0 : state.waits(rel);
    if (waits > 0) end.waitMs = end.waitMs === 0 ? waits : Math.min(end.waitMs, waits);
    (waits > 0 ? waiting : queue).push(rel);
  }
  const sizeOf = (rel: string): number => view.listed.get(rel)?.sizeBytes ?? 0;
  while (queue.length > 0) {
    if (files >= maxPassFiles || bytes >= maxPassBytes || state.now() >= options.deadline) {
      end.more = end.look = true;
      return [...waiting, ...queue];
    }
    const small = queue.slice(0, maxParallel).every((rel) => sizeOf(rel) <= smallBytes);
    const group = queue.splice(0, small ? maxParallel : 1);
    const taken = await Promise.all(
      group.map((rel) => {
        const stat = view.listed.get(rel);
        return stat ? pull(state, rel, stat, view.seenAt, errands) : Promise.resolve(0);
      }),
    );
    files += group.length;
    bytes += taken.reduce((sum, one) => sum + one, 0);
  }
  return waiting;
}

/** What may have changed with the Kernel, as it is now; null for what is gone. */
async function kernelChanges(state: State): Promise<Map<string, FileInfo | null>> {
  const { kernel, known } = state;
  const told = new Map(state.kernelChanged);
  state.kernelChanged.clear();
  const found = new Map<string, FileInfo | null>();
  if (state.kernelUnseen) {
    const all = await kernel.list();
    state.kernelUnseen = false;
    state.left.clear();
    for (const [rel, info] of all) if (known.get(rel)?.etag !== info.etag) found.set(rel, info);
    for (const rel of known.keys()) if (!all.has(rel) && kernel.place(rel)) found.set(rel, null);
  }
  for (const [rel, etag] of told) {
    if (found.has(rel) || !kernel.place(rel)) continue;
    const base = known.get(rel);
    // What this sync wrote itself comes back to it as a change.
    if (etag !== undefined && (base?.etag ?? null) === etag) continue;
    found.set(rel, await kernel.stat(rel));
  }
  return found;
}

/** Decides which files that the box never had it gets. */
function give(state: State, wanted: (FileInfo & { rel: string })[], { command }: PassOptions, errands: Errands): void {
  const since = state.mark?.since ?? 0;
  const asked = ({ rel, updatedAt }: { rel: string; updatedAt: number }): boolean =>
    updatedAt >= since || command?.includes(`/r2/${rel}`) === true;
  const { take, leave } = choose(wanted, { files: state.known.size, bytes: state.bytes }, asked);
  for (const { rel } of take) errands.pushes.set(rel, null);
  for (const one of leave) state.left.set(one.rel, one);
}

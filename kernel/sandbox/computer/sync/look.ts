import { limits } from "../../../limits.ts";
import type { Stat } from "./hands.ts";
import { nameFault } from "./names.ts";
import type { State } from "./state.ts";

/** How the box's side differs from what was agreed on. */
export interface BoxView {
  listed: ReadonlyMap<string, Stat>;
  seenAt: number;
  /** To be read: new or not as it was. The newest first. */
  changed: string[];
  /** Not listed any more; whether they are truly gone is asked before anything comes of it. */
  gone: string[];
  /** In the box only, or as they last were: too large, too many, a name no tree takes. Left as they are. */
  held: Set<string>;
}

const megabytes = limits.files.maxBytes / 1024 / 1024;

/** Lists the box; hashes in the box what has the size it had but perhaps not the content. */
export async function lookAtBox(state: State): Promise<BoxView> {
  const { hands, known, kernel, notes } = state;
  const seenAt = state.now();
  // What is told from here on is for the next look.
  const told = new Set([...state.boxChanged, ...state.deferred]);
  state.boxChanged.clear();
  const listed = await hands.list();
  const view: BoxView = { listed, seenAt, changed: [], gone: [], held: new Set() };
  const suspects: string[] = [];
  let more = 0;
  for (const [rel, stat] of listed) {
    const place = kernel.place(rel);
    if (!place) continue;
    const base = known.get(rel);
    if (base?.sizeBytes === stat.sizeBytes) {
      const trusted = base.changedAt !== null && base.seenAt - base.changedAt > limits.computer.sync.racyMs;
      if (!trusted || base.changedAt !== stat.changedAt || told.has(rel) || state.distrust) suspects.push(rel);
      continue;
    }
    const fault = base ? null : nameFault(place);
    const tooMany = !base && known.size + more >= limits.computer.sync.maxFiles;
    if (stat.sizeBytes > limits.files.maxBytes)
      notes.add(`/r2/${rel} is larger than ${megabytes} MB: it stays in the computer only`);
    else if (fault) notes.add(`/r2/${rel} ${fault}: it stays in the computer only`);
    else if (tooMany)
      notes.add(`/r2 holds more than ${limits.computer.sync.maxFiles} files: further ones stay in the computer only`);
    else {
      if (!base) more += 1;
      view.changed.push(rel);
      continue;
    }
    view.held.add(rel);
  }
  const hashes = await hands.hashes(suspects);
  for (const rel of suspects) {
    const [base, stat, hash] = [known.get(rel), listed.get(rel), hashes.get(rel)];
    if (!base || !stat) continue;
    if (hash === base.sha256) state.listed(rel, base, stat, seenAt);
    else if (hash !== undefined) view.changed.push(rel);
    else view.held.add(rel);
  }
  state.distrust = false;
  for (const rel of known.keys()) if (!listed.has(rel) && kernel.place(rel)) view.gone.push(rel);
  const changedAt = (rel: string): number => listed.get(rel)?.changedAt ?? 0;
  view.changed.sort((a, b) => changedAt(b) - changedAt(a));
  return view;
}

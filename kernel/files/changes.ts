import type { ThreadId } from "../ids.ts";

/** A file that this object wrote or removed. */
export interface FileChange {
  /** In the tree. */
  path: string;
  /** Under thread/, whose thread. */
  thread: ThreadId | null;
  /** Null when it was removed. */
  etag: string | null;
}
type Listener = (change: FileChange) => void;

const listeners = new WeakMap<DurableObjectStorage, Set<Listener>>();

/**
 * Hears of every write and removal that this object makes, whichever tree of the person it went through. What another
 * person's object writes under thread/ is not heard here. A listener is called after the index has it; it must not throw.
 */
export function onFileChange(storage: DurableObjectStorage, listener: Listener): () => void {
  const all = listeners.get(storage) ?? new Set<Listener>();
  listeners.set(storage, all.add(listener));
  return () => all.delete(listener);
}

export function tellChange(storage: DurableObjectStorage, change: FileChange): void {
  for (const listener of listeners.get(storage) ?? []) listener(change);
}

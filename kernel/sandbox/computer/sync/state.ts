import type { Clock } from "../../../clock.ts";
import type { FileInfo } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import type { Base, Bases, Mark } from "./bases.ts";
import type { Hands, Stat } from "./hands.ts";
import type { KernelSide } from "./kernel-side.ts";
import { Notes } from "./notes.ts";

const maxReady = 1_000;

/** What is known of one box: what was agreed on, and what may have changed since. */
export class State {
  readonly name: string;
  readonly hands: Hands;
  readonly kernel: KernelSide;
  readonly now: Clock;
  readonly notes = new Notes();
  /** What both sides agreed on last. */
  readonly known: Map<string, Base>;
  /** Names that the box told of: their times of change are not to be trusted. */
  readonly boxChanged = new Set<string>();
  /** Names that the Kernel told of, with the etag it gave them (null: removed; absent: unknown). */
  readonly kernelChanged = new Map<string, string | null | undefined>();
  /** Names that are taken up again with the next look at the box: not due yet, too large for now, in each other's way. */
  readonly deferred = new Set<string>();
  /** A pass broke off: times of change are trusted again when every content was compared. */
  distrust = false;
  /** Files that the box is not given. */
  readonly left = new Map<string, FileInfo>();
  /** When a file that is written all the time gets its next version. */
  readonly #readyAt = new Map<string, number>();
  /** The Kernel's side has to be looked through as a whole. */
  kernelUnseen = true;
  mark: Mark | null;
  #bases: Bases;
  #bytes = 0;

  constructor(parts: { name: string; hands: Hands; kernel: KernelSide; bases: Bases; now: Clock }) {
    this.name = parts.name;
    this.hands = parts.hands;
    this.kernel = parts.kernel;
    this.now = parts.now;
    this.#bases = parts.bases;
    this.mark = parts.bases.mark();
    this.known = this.mark ? parts.bases.all() : new Map<string, Base>();
    for (const base of this.known.values()) this.#bytes += base.sizeBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Another disk than the one that was known, or none at all. */
  startOver(mark: Mark | null): void {
    if (mark) this.#bases.begin(mark);
    else this.#bases.forget();
    this.mark = mark;
    this.known.clear();
    this.#bytes = 0;
    this.boxChanged.clear();
    this.kernelChanged.clear();
    this.deferred.clear();
    this.left.clear();
    this.kernelUnseen = true;
  }

  /** After an error nothing that was in flight is relied on. */
  brokeOff(): void {
    this.kernelUnseen = true;
    this.distrust = true;
  }

  /** Both sides have this now; `stat` is how the box listed it, where it did. */
  agree(rel: string, { etag, sha256, sizeBytes }: FileInfo, stat: Stat | null, seenAt: number): void {
    const changedAt = stat?.sizeBytes === sizeBytes ? stat.changedAt : null;
    this.#bytes += sizeBytes - (this.known.get(rel)?.sizeBytes ?? 0);
    const base = { etag, sha256, sizeBytes, changedAt, seenAt };
    this.known.set(rel, base);
    this.#bases.put(rel, base);
    this.left.delete(rel);
  }
  /** The box has it as it was; it is listed like this now. */
  listed(rel: string, base: Base, stat: Stat, seenAt: number): void {
    const next = { ...base, changedAt: stat.changedAt, seenAt };
    this.known.set(rel, next);
    this.#bases.put(rel, next);
  }
  /** Neither side has it. */
  drop(rel: string): void {
    this.#bytes -= this.known.get(rel)?.sizeBytes ?? 0;
    if (this.known.delete(rel)) this.#bases.drop(rel);
    this.left.delete(rel);
  }

  /** Milliseconds until a file may get its next version; 0 when it may. */
  waits(rel: string): number {
    return Math.max(0, (this.#readyAt.get(rel) ?? 0) - this.now());
  }
  versioned(rel: string, sizeBytes: number): void {
    if (this.#readyAt.size >= maxReady) this.#readyAt.clear();
    const times = Math.max(1, sizeBytes / (1024 * 1024));
    this.#readyAt.set(rel, this.now() + limits.computer.sync.versionEveryMs * times);
  }
}

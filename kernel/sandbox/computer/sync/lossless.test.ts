import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MemoryBases, MemoryFiles } from "../../../../test/stand-ins/memory-files.ts";
import { KernelError } from "../../../errors.ts";
import { ThreadId, TurnId } from "../../../ids.ts";
import { type Hands, whatever } from "./hands.ts";
import { KernelSide } from "./kernel-side.ts";
import { pass } from "./pass.ts";
import { State } from "./state.ts";
import { fc } from "../../../../test/fast-check.ts";

const thread = ThreadId.parse("slack:T1:C1:1721000000.000100");
const turn = TurnId.parse("turn-1");
const label = "aaaaaaaaaaaa";
const rels = ["home/a", "home/b.md", "home/d/c", `threads/${label}/x`];
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

type Op =
  | { side: "kernel" | "box"; what: "write" | "remove"; at: number }
  | { side: "kernel" | "box"; what: "rename"; at: number; to: number };
/** What happens, and after how many more calls of the sync. */
type Due = { op: Op; after: number; told: boolean };
type Step = { due: Due[]; look: boolean; prompt: boolean; restart: boolean; pauseMs: number };

const at = fc.nat({ max: rels.length - 1 });
const side = fc.constantFrom("kernel" as const, "box" as const);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ side, what: fc.constantFrom("write" as const, "remove" as const), at }) },
  { weight: 1, arbitrary: fc.record({ side, what: fc.constant("rename" as const), at, to: at }) },
);
const step: fc.Arbitrary<Step> = fc.record({
  due: fc.array(fc.record({ op, after: fc.nat({ max: 6 }), told: fc.boolean() }), { maxLength: 6 }),
  look: fc.boolean(),
  prompt: fc.boolean(),
  restart: fc.boolean(),
  pauseMs: fc.constantFrom(0, 5, 5_000),
});

/** Both sides in memory; whatever is due happens between any two calls that the sync makes. */
class World {
  readonly files = new MemoryFiles();
  readonly bases = new MemoryBases();
  readonly box = new Map<string, { text: string; changedAt: number }>();
  readonly #staged = new Map<string, string>();
  readonly #tree = this.files.tree({ thread, turn, author: "person" });
  #due: Due[] = [];
  #now = 1_800_000_000_000;
  #count = 0;
  state: State;

  constructor() {
    this.bases.begin({ mark: "m", since: 0 });
    this.files.meanwhile = () => this.#tick();
    this.files.now = () => this.#now;
    this.state = this.wake();
    this.files.onChange((change) => {
      const rel = this.state.kernel.rel(change);
      if (rel !== null) this.state.kernelChanged.set(rel, change.etag);
    });
  }

  wake(): State {
    const kernel = new KernelSide((scope) => this.files.tree({ ...scope, author: "box" }));
    kernel.enter({ thread, turn }, label);
    const { bases } = this;
    return new State({ name: "main", hands: this.#hands(), kernel, bases, now: () => this.#now });
  }

  async step({ due, look, prompt, restart, pauseMs }: Step): Promise<void> {
    this.#now += pauseMs;
    if (restart) this.state = this.wake();
    this.#due.push(...due);
    try {
      await pass(this.state, { look, prompt, deadline: this.#now + 60_000 });
    } catch (thrown) {
      this.state.brokeOff();
      throw thrown;
    }
  }

  /** What is left of the script happens, then nothing more does. */
  async settle(): Promise<void> {
    while (this.#due.length > 0) await this.#tick();
    for (let round = 0; round < 12; round++) {
      this.#now += 60_000;
      const end = await pass(this.state, { look: true, prompt: true, deadline: this.#now + 60_000 });
      if (!end.more && round > 2) return;
    }
    throw new Error("it does not come to rest");
  }

  /** Every text that the Kernel has or had. */
  kept(): Set<string> {
    return new Set(this.files.versions.map(({ text }) => text));
  }
  here(): Record<string, string | null> {
    return Object.fromEntries(
      this.files.paths().map((key): [string, string | null] => {
        const path = key.split("|").at(-1) ?? key;
        const rel = path.startsWith("thread/") ? `threads/${label}/${path.slice(7)}` : path;
        return [rel, this.files.text(path, thread)];
      }),
    );
  }
  there(): Record<string, string> {
    return Object.fromEntries([...this.box].map(([rel, { text }]) => [rel, text]));
  }

  async #tick(): Promise<void> {
    this.#now += 1;
    const [first] = this.#due;
    if (!first) return;
    if (first.after > 0) {
      first.after -= 1;
      return;
    }
    this.#due.shift();
    await this.#happen(first);
  }

  async #happen({ op: { side: where, ...what }, told }: Due): Promise<void> {
    this.#count += 1;
    const rel = rels[what.at] ?? "";
    const to = what.what === "rename" ? (rels[what.to] ?? "") : rel;
    // Of one length: a size gives nothing away.
    const text = `${where}${String(this.#count).padStart(8, "0")}`.slice(-12);
    if (where === "kernel") return this.#kernel(what.what, rel, to, text);
    const before = this.box.get(rel);
    if (what.what === "write") this.#put(rel, text);
    else if (what.what === "remove") this.box.delete(rel);
    else if (before && rel !== to) {
      this.box.delete(rel);
      // A rename keeps the time of change.
      this.box.set(to, before);
    }
    if (told) this.state.boxChanged.add(rel).add(to);
    // As a watched box does: a name that gets another file without a new time is told of.
    if (what.what === "rename") this.state.boxChanged.add(to);
  }

  async #kernel(what: Op["what"], rel: string, to: string, text: string): Promise<void> {
    const path = (one: string): string => one.replace(`threads/${label}/`, "thread/");
    const meanwhile = this.files.meanwhile;
    this.files.meanwhile = async () => undefined;
    try {
      if (what === "write") await this.#tree.write(path(rel), text);
      else if (this.files.text(path(rel), thread) === null) return;
      else if (what === "remove") await this.#tree.remove(path(rel));
      else if (this.files.text(path(to), thread) === null) await this.#tree.move(path(rel), path(to));
    } catch (thrown) {
      // A person's own call may lose its race, as it may in life.
      if (!(thrown instanceof KernelError) || !thrown.code.startsWith("file.")) throw thrown;
    } finally {
      this.files.meanwhile = meanwhile;
    }
  }

  #put(rel: string, text: string): void {
    // Times of change are coarse: two writes may have the same.
    this.box.set(rel, { text, changedAt: Math.floor(this.#now / 10) * 10 });
  }

  #hands(): Hands {
    const at = <T>(work: () => T) => this.#tick().then(work);
    return {
      arrive: async () => "known",
      setMark: async () => undefined,
      list: () =>
        at(
          () =>
            new Map(
              [...this.box].map(([rel, { text, changedAt }]) => [rel, { sizeBytes: bytesOf(text).length, changedAt }]),
            ),
        ),
      read: (rel) =>
        at(() => {
          const file = this.box.get(rel);
          return file ? bytesOf(file.text) : null;
        }),
      stage: (bytes) =>
        at(() => {
          const token = String(this.#staged.size);
          this.#staged.set(token, new TextDecoder().decode(bytes));
          return token;
        }),
      look: (names) =>
        at(() =>
          names.map((rel) => {
            if (rel.startsWith(".deckhand/")) return hashOf("");
            const file = this.box.get(rel);
            return file ? hashOf(file.text) : null;
          }),
        ),
      hashes: (names) =>
        at(() => {
          const found = names.flatMap((rel): [string, string][] => {
            const file = this.box.get(rel);
            return file ? [[rel, hashOf(file.text)]] : [];
          });
          return new Map(found);
        }),
      act: async (acts) => {
        const words: ("done" | "moved")[] = [];
        for (const act of acts) {
          await this.#tick();
          const file = this.box.get(act.rel);
          const now = file ? hashOf(file.text) : null;
          if (act.expected !== whatever && now !== act.expected) {
            words.push("moved");
            continue;
          }
          // The one thing that must never happen: something goes that the Kernel never had.
          if (file && !this.kept().has(file.text)) throw new Error(`${act.rel} was lost: ${file.text}`);
          if (act.op === "put") this.#put(act.rel, this.#staged.get(act.token) ?? "");
          else this.box.delete(act.rel);
          words.push("done");
        }
        return words;
      },
    };
  }
}

test("whatever both sides do and when, nothing that was written is lost, and both come to have the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const world = new World();
      for (const one of steps) await world.step(one);
      await world.settle();
      expect(world.there()).toEqual(world.here());
    }),
    { numRuns: 1_500 },
  );
}, 120_000);

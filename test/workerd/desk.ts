import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { type TreeParts, fileTree } from "../../kernel/files/tree.ts";
import { ThreadId, TurnId, UserId } from "../../kernel/ids.ts";
import type { Env } from "./worker.ts";

export const bindings = env as unknown as Env;
export const ann = UserId.parse("slack:T1:U-ann");
export const bob = UserId.parse("slack:T1:U-bob");
export const thread = ThreadId.parse("slack:T1:C1:1721000000.000100");
export const otherThread = ThreadId.parse("slack:T1:C1:1721000000.000900");
export const turn = TurnId.parse("turn-1");

/** A clock that goes one second with each look. */
export function clock(start = 1_790_000_000_000): () => number {
  let now = start;
  return () => (now += 1000);
}

export type Desked = ReturnType<typeof fileTree>;

/** Runs `work` inside a person's object, with that person's tree as seen from a thread. */
export function atDesk<T>(
  user: UserId,
  work: (tree: Desked, storage: DurableObjectStorage) => Promise<T>,
  parts: Partial<TreeParts> = {},
): Promise<T> {
  const stub = bindings.DESK.getByName(user);
  return runInDurableObject(stub, (_desk, state) =>
    work(
      fileTree({ bucket: bindings.FILES, storage: state.storage, user, thread, turn, now: clock(), ...parts }),
      state.storage,
    ),
  );
}

/** A bucket that counts what is asked of it, and can let something happen first. */
export function spied(bucket: R2Bucket, before?: (method: string, key: unknown) => Promise<void> | void) {
  const calls: string[] = [];
  const proxy = new Proxy(bucket, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        calls.push(`${String(name)} ${typeof args[0] === "string" ? args[0] : JSON.stringify(args[0])}`);
        await before?.(String(name), args[0]);
        return (member as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { bucket: proxy, calls };
}

/** The code of the KernelError that `work` throws. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    return typeof thrown === "object" && thrown !== null && "code" in thrown
      ? String(thrown.code)
      : `not ours: ${String(thrown)}`;
  }
  return "no error";
}

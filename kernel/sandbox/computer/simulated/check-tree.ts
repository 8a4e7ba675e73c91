import { z } from "zod";
import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import { entriesOf, isKept, type KeptEntry, packTree, tableOf } from "./tree.ts";

const path = z
  .string()
  .max(4096)
  .refine((given) => isKept(given) && isPlain(given));
const count = z.number().int().nonnegative();
const Rows = z
  .array(
    z.union([
      z.tuple([path, z.literal("f"), count, z.number(), count]),
      z.tuple([path, z.literal("d"), count, z.number(), z.literal(0)]),
      z.tuple([path, z.literal("l"), z.literal(0), z.literal(0), z.string().max(4096)]),
    ]),
  )
  .max(limits.computer.simulated.maxFiles);

/** Absolute, with no empty, "." or ".." part and no NUL. */
export const isPlain = (given: string): boolean =>
  given.startsWith("/") &&
  !given.includes("\0") &&
  given.isWellFormed() &&
  (given === "/" ||
    given
      .slice(1)
      .split("/")
      .every((part) => part !== "" && part !== "." && part !== ".."));

/**
 * The tree that an isolate says it has left. The shell in it ran what somebody wrote, so its word is checked.
 * @throws KernelError limit.disk when it is larger than a box may be, `internal` when it is no tree.
 */
export function checkedTree(packed: Uint8Array): KeptEntry[] {
  const { diskBytes, maxFiles } = limits.computer.simulated;
  let read: ReturnType<typeof tableOf>;
  try {
    read = tableOf(packed);
  } catch (cause) {
    throw new KernelError("internal", "The simulated shell left no tree that can be read.", { cause });
  }
  if (packed.byteLength - read.bodiesAt > diskBytes || (Array.isArray(read.rows) && read.rows.length > maxFiles))
    throw diskFull();
  const rows = Rows.safeParse(read.rows);
  if (!rows.success) throw new KernelError("internal", "The simulated shell left no tree that can be read.");
  try {
    return entriesOf(packed, rows.data, read.bodiesAt);
  } catch (cause) {
    throw new KernelError("internal", "The simulated shell left no tree that can be read.", { cause });
  }
}

/** A tree within its bounds, as bytes. @throws KernelError limit.disk */
export function boundedTree(entries: readonly KeptEntry[]): Uint8Array {
  const { diskBytes, maxFiles } = limits.computer.simulated;
  const bytes = entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.bytes.byteLength : 0), 0);
  if (bytes > diskBytes || entries.length > maxFiles) throw diskFull();
  return packTree(entries);
}

export const diskFull = (): KernelError =>
  new KernelError(
    "limit.disk",
    `A simulated shell keeps at most ${limits.computer.simulated.diskBytes / (1024 * 1024)} MB in ${limits.computer.simulated.maxFiles} files outside of /r2 (limits.computer.simulated). Larger files belong under /r2/home.`,
  );

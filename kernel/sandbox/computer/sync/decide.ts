/** A content: equal hash is equal bytes. Null where there is no file. */
export type Content = string | null;

/** What one path is on the three sides: when both last agreed, with the Kernel now, in the box now. */
export interface Sides {
  base: Content;
  kernel: Content;
  box: Content;
}

/**
 * What brings a path together again.
 * - `none`: nothing to do, nothing to remember.
 * - `settle`: both have the same; remember it (or, when both have nothing, forget it).
 * - `push`, `removeThere`: the Kernel's side goes to the box.
 * - `pull`, `removeHere`: the box's side goes to the Kernel.
 * - `conflict`: both have something new. The box's goes to the Kernel under a second name, the Kernel's to the box.
 */
export type Verdict = "none" | "settle" | "push" | "pull" | "removeThere" | "removeHere" | "conflict";

/** A change wins over a deletion: what was deleted can be deleted again, what was written cannot be written again. */
export function decide({ base, kernel, box }: Sides): Verdict {
  if (kernel === box) return kernel === base ? "none" : "settle";
  if (box === base) return kernel === null ? "removeThere" : "push";
  if (kernel === base) return box === null ? "removeHere" : "pull";
  if (kernel === null) return "pull";
  if (box === null) return "push";
  return "conflict";
}

import { diffArrays } from "diff";

/** A run of lines that stay, go or come. */
export interface Run {
  kind: " " | "-" | "+";
  lines: string[];
}

/** Past so many edits the shortest way between two texts takes too long to find; all of one goes, all of the other comes. */
const maxEdits = 1_500;

/** From one list of lines to another. What is told is always true; that it is the shortest is not promised. */
export function runsBetween(before: readonly string[], after: readonly string[]): Run[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const found = diffArrays(old, now, { maxEditLength: maxEdits });
  const middle: Run[] = found
    ? found.map(({ added, removed, value }) => ({ kind: added ? "+" : removed ? "-" : " ", lines: value }))
    : [
        { kind: "-", lines: old },
        { kind: "+", lines: now },
      ];
  const ends = (lines: string[]): Run => ({ kind: " ", lines });
  return [ends(before.slice(0, head)), ...middle, ends(before.slice(before.length - tail))].filter(
    ({ lines }) => lines.length > 0,
  );
}

const context = 3;

/** Runs as the hunks of a unified diff. A line without a break at its end is said to have none. */
export function hunks(runs: readonly Run[], shown: (line: string) => string): string {
  const lines = runs.flatMap(({ kind, lines: all }) => all.map((line) => ({ kind, line })));
  const out: string[] = [];
  let [old, now] = [1, 1];
  let counted = 0;
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.kind === " ") {
      at += 1;
      continue;
    }
    const from = Math.max(counted, at - context);
    let last = at;
    for (let look = at; look < lines.length && look <= last + 2 * context + 1; look += 1)
      if (lines[look]?.kind !== " ") last = look;
    const to = Math.min(lines.length, last + context + 1);
    for (; counted < from; counted += 1) [old, now] = [old + 1, now + 1];
    const hunk = lines.slice(from, to);
    const size = (gone: "-" | "+") => hunk.filter(({ kind }) => kind !== gone).length;
    const [oldSize, nowSize] = [size("+"), size("-")];
    // Git counts from the line before where there are none.
    const start = (line: number, count: number) => `${count === 0 ? line - 1 : line},${count}`;
    out.push(`@@ -${start(old, oldSize)} +${start(now, nowSize)} @@\n`);
    for (const { kind, line } of hunk)
      out.push(`${kind}${shown(line)}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`);
    [old, now, counted, at] = [old + oldSize, now + nowSize, to, to];
  }
  return out.join("");
}

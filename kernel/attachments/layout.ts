/** A run of text as a PDF places it; lengths in points, y grows upwards. */
export interface Run {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Font size. */
  size: number;
  endsLine: boolean;
}

export interface Line {
  text: string;
  y: number;
  size: number;
  /** From its first to its last character. */
  width: number;
}

/** Runs as lines, in the order the page draws them. A wide gap inside a line is a column's edge. */
export function linesOf(runs: readonly Run[]): Line[] {
  const lines: Line[] = [];
  let line: { text: string; y: number; size: number; left: number; right: number } | null = null;
  const flush = (): void => {
    const text = line?.text.replace(/\s+/g, " ").trim();
    if (line && text) lines.push({ text, y: line.y, size: line.size, width: line.right - line.left });
    line = null;
  };
  for (const run of runs) {
    if (line && Math.abs(run.y - line.y) > Math.max(line.size, run.size) * 0.5) flush();
    if (run.text.trim() !== "") {
      if (line) {
        const gap = run.x - line.right;
        const size = Math.max(line.size, run.size);
        const joint: string = gap > size * 1.8 ? " | " : gap > size * 0.15 ? " " : "";
        line.text += joint + run.text;
        line.size = size;
        line.right = run.x + run.width;
      } else line = { text: run.text, y: run.y, size: run.size, left: run.x, right: run.x + run.width };
    } else if (line && run.text !== "") line.text += " ";
    if (run.endsLine) flush();
  }
  flush();
  return lines;
}

/** The size most of the text has: what headings are measured against. */
export function bodySize(pages: readonly (readonly Line[])[]): number {
  const chars = new Map<number, number>();
  for (const line of pages.flat()) {
    const size = Math.round(line.size * 2) / 2;
    chars.set(size, (chars.get(size) ?? 0) + line.text.length);
  }
  return [...chars].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0] as [number, number])[0];
}

type Block = { kind: "heading"; level: 3 | 4 } | { kind: "item"; mark: string } | { kind: "row" } | { kind: "text" };

const bullet = /^[•●▪◦‣∙·*–—-]\s+/u;
const number = /^(\d{1,3})[.)]\s+/;

function blockOf(line: Line, body: number): Block {
  if (line.size >= body * 1.15 && line.text.length <= 200)
    return { kind: "heading", level: line.size >= body * 1.45 ? 3 : 4 };
  if (bullet.test(line.text)) return { kind: "item", mark: "-" };
  const numbered = number.exec(line.text)?.[1];
  if (numbered) return { kind: "item", mark: `${numbered}.` };
  return line.text.includes(" | ") ? { kind: "row" } : { kind: "text" };
}

// A line of the document must not look like one of our own page headings.
const plain = (text: string): string => text.replace(/^(#{1,6})(?=\s)/, "\\$1");

/** A page's lines as Markdown: headings by size, lists by their marks, paragraphs by the distance of lines. */
export function markdownOf(lines: readonly Line[], body: number): string {
  const blocks: string[] = [];
  const fullWidth = lines.reduce((most, line) => (line.size < body * 1.15 ? Math.max(most, line.width) : most), 0);
  let before = null as { line: Line; block: Block } | null;
  for (const line of lines) {
    const block = blockOf(line, body);
    const near: boolean =
      before !== null && line.y < before.line.y && before.line.y - line.y < Math.max(line.size, before.line.size) * 1.7;
    const last = blocks.length - 1;
    const previous = blocks[last] ?? "";
    const kind = before?.block.kind;
    const sameHeading =
      block.kind === "heading" && before?.block.kind === "heading" && before.block.level === block.level;
    if (near && (sameHeading || (block.kind === "text" && (kind === "text" || kind === "item")))) {
      // What goes on stays what it was: the second line of an item is still in the list.
      // A line that ends early was meant to end: a list without marks, an address.
      const short = !sameHeading && before !== null && before.line.width < fullWidth * 0.7;
      blocks[last] = short ? `${previous}\n${plain(line.text)}` : join(previous, line.text);
      before = { line, block: before?.block ?? block };
      continue;
    }
    if (block.kind === "heading") blocks.push(`${"#".repeat(block.level)} ${line.text}`);
    else if (block.kind === "item") {
      const item = `${block.mark} ${line.text.replace(block.mark === "-" ? bullet : number, "")}`;
      if (kind === "item") blocks[last] = `${previous}\n${item}`;
      else blocks.push(item);
    } else if (near && block.kind === "row" && kind === "row") blocks[last] = `${previous}\n${line.text}`;
    else blocks.push(plain(line.text));
    before = { line, block };
  }
  return blocks.join("\n\n");
}

/** Two lines of a paragraph as one; a word that was divided at the line's end is made whole. */
function join(first: string, second: string): string {
  if (/\p{L}-$/u.test(first) && /^\p{Ll}/u.test(second)) return first.slice(0, -1) + second;
  return `${first} ${second}`;
}

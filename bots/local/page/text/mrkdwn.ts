import { parseInline, unescape } from "./mrkdwn-inline.ts";
import type { Flow } from "./rich.ts";

const bullet = /^(\s*)(?:[•◦▪]\s*|[-*]\s+)(.*)$/;
const numbered = /^(\s*)(\d{1,6})[.)]\s+(.*)$/;
const quoted = /^(?:&gt;|>) ?(.*)$/;

/** Slack's mrkdwn, read into the tree. Never fails: what is not a mark is text. */
export function parseMrkdwn(source: string): Flow[] {
  const out: Flow[] = [];
  let rest = source.replaceAll("\r\n", "\n");
  for (;;) {
    const open = rest.indexOf("```");
    const close = open < 0 ? -1 : rest.indexOf("```", open + 3);
    if (close < 0) return [...out, ...blocks(rest)];
    out.push(...blocks(rest.slice(0, open).replace(/\n$/, "")));
    const inner = rest.slice(open + 3, close).replace(/^\n|\n$/g, "");
    out.push({ t: "pre", text: unescape(inner), language: "" });
    rest = rest.slice(close + 3).replace(/^\n/, "");
  }
}

function blocks(source: string): Flow[] {
  const out: Flow[] = [];
  const rows = source.split("\n");
  let i = 0;
  while (i < rows.length) {
    const row = rows[i] ?? "";
    const [taken, flow] = quoted.test(row)
      ? quote(rows, i)
      : bullet.test(row) || numbered.test(row)
        ? list(rows, i)
        : paragraph(rows, i);
    if (flow !== null) out.push(flow);
    i += taken;
  }
  return out;
}

const span = (rows: readonly string[], from: number, belongs: (row: string) => boolean): string[] => {
  let end = from;
  while (end < rows.length && belongs(rows[end] ?? "")) end += 1;
  return rows.slice(from, end);
};

function quote(rows: readonly string[], from: number): [number, Flow] {
  const taken = span(rows, from, (row) => quoted.test(row));
  const inner = taken.map((row) => quoted.exec(row)?.[1] ?? "").join("\n");
  return [taken.length, { t: "quote", children: [{ t: "paragraph", children: parseInline(inner) }] }];
}

function list(rows: readonly string[], from: number): [number, Flow] {
  const first = rows[from] ?? "";
  const ordered = !bullet.test(first);
  const shape = ordered ? numbered : bullet;
  const depth = (row: string) => Math.min(4, Math.floor((shape.exec(row)?.[1]?.length ?? 0) / 2));
  const indent = depth(first);
  const taken = span(rows, from, (row) => shape.test(row) && (ordered || !numbered.test(row)) && depth(row) === indent);
  const items = taken.map((row): Flow[] => {
    const match = shape.exec(row);
    return [{ t: "paragraph", children: parseInline((ordered ? match?.[3] : match?.[2]) ?? "") }];
  });
  const start = ordered ? Number(numbered.exec(first)?.[2] ?? 1) : 1;
  return [taken.length, { t: "list", ordered, start, indent, items }];
}

function paragraph(rows: readonly string[], from: number): [number, Flow | null] {
  const blank = span(rows, from, (row) => row.trim() === "");
  if (blank.length > 0) return [blank.length, null];
  const taken = span(
    rows,
    from,
    (row) => row.trim() !== "" && !quoted.test(row) && !bullet.test(row) && !numbered.test(row),
  );
  return [taken.length, { t: "paragraph", children: parseInline(taken.join("\n")) }];
}

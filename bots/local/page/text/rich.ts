/**
 * Text with its marks, as data. Slack's mrkdwn, Markdown and rich_text blocks are all read into this one tree, and one
 * view draws it; nothing on the way is HTML, so nothing has to be escaped.
 */
export type Inline =
  | { t: "text"; text: string }
  | { t: "bold" | "italic" | "strike"; children: Inline[] }
  | { t: "code"; text: string }
  | { t: "link"; url: string; children: Inline[] }
  | { t: "user"; id: string; label: string }
  | { t: "channel"; id: string; label: string }
  | { t: "broadcast"; range: string }
  | { t: "emoji"; name: string; char: string }
  | { t: "date"; seconds: number; format: string; url: string | null; fallback: string }
  | { t: "break" };

export type Align = "left" | "center" | "right";

export type Flow =
  | { t: "paragraph"; children: Inline[] }
  | { t: "heading"; level: number; children: Inline[] }
  | { t: "pre"; text: string; language: string }
  | { t: "quote"; children: Flow[] }
  | { t: "list"; ordered: boolean; start: number; indent: number; items: Flow[][] }
  | { t: "table"; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { t: "rule" };

export const text = (value: string): Inline => ({ t: "text", text: value });

/** Text in which each newline is a line break. */
export function lines(value: string): Inline[] {
  return value.split("\n").flatMap((line, i) => {
    const node: Inline[] = line === "" ? [] : [text(line)];
    return i === 0 ? node : [{ t: "break" } as const, ...node];
  });
}

/** What is left when the marks are taken away: for announcements and short previews. */
export function plain(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.t) {
        case "text":
        case "code":
          return node.text;
        case "bold":
        case "italic":
        case "strike":
        case "link":
          return plain(node.children);
        case "user":
          return `@${node.label === "" ? node.id : node.label}`;
        case "channel":
          return `#${node.label === "" ? node.id : node.label}`;
        case "broadcast":
          return `@${node.range}`;
        case "emoji":
          return node.char;
        case "date":
          return node.fallback;
        case "break":
          return " ";
      }
    })
    .join("");
}

import { describe, expect, it } from "vitest";
import { parseMarkdown } from "./markdown.ts";

describe("Markdown", () => {
  it("reads headings, emphasis, code and lists within lists", () => {
    expect(parseMarkdown("## Title\n\n**a** *b* ~~c~~ `d`\n\n1. one\n   - deep\n2. two")).toEqual([
      { t: "heading", level: 2, children: [{ t: "text", text: "Title" }] },
      {
        t: "paragraph",
        children: [
          { t: "bold", children: [{ t: "text", text: "a" }] },
          { t: "text", text: " " },
          { t: "italic", children: [{ t: "text", text: "b" }] },
          { t: "text", text: " " },
          { t: "strike", children: [{ t: "text", text: "c" }] },
          { t: "text", text: " " },
          { t: "code", text: "d" },
        ],
      },
      {
        t: "list",
        ordered: true,
        start: 1,
        indent: 0,
        items: [
          [
            { t: "paragraph", children: [{ t: "text", text: "one" }] },
            {
              t: "list",
              ordered: false,
              start: 1,
              indent: 0,
              items: [[{ t: "paragraph", children: [{ t: "text", text: "deep" }] }]],
            },
          ],
          [{ t: "paragraph", children: [{ t: "text", text: "two" }] }],
        ],
      },
    ]);
  });

  it("reads a table with its alignment", () => {
    const [table] = parseMarkdown("| a | b |\n|---|---:|\n| 1 | 2 |\n| 3 | 4 |");
    expect(table).toMatchObject({ t: "table", align: ["left", "right"] });
    expect(table?.t === "table" ? [table.head.length, table.rows.length] : []).toEqual([2, 2]);
  });

  it("keeps HTML as text and refuses links of other schemes", () => {
    const flow = JSON.stringify(
      parseMarkdown("<img src=x onerror=alert(1)> [a](javascript:alert(1)) [b](data:text/html,x) <script>x</script>"),
    );
    expect(flow).not.toContain('"link"');
    expect(flow).toContain("<img src=x onerror=alert(1)>");
    expect(flow).toContain("<script>");
  });

  it("fetches no image: it becomes a named link", () => {
    expect(parseMarkdown("![a chart](https://a.example/c.png)")).toEqual([
      {
        t: "paragraph",
        children: [{ t: "link", url: "https://a.example/c.png", children: [{ t: "text", text: "Image: a chart" }] }],
      },
    ]);
  });

  it("makes links only of addresses with their scheme, never of file names", () => {
    const flow = JSON.stringify(parseMarkdown("see notes.md and https://a.example/x"));
    expect(flow.match(/"link"/g)).toHaveLength(1);
  });

  it("shows a fence that is still being written", () => {
    expect(parseMarkdown("```js\nconst a = 1;\ncon")).toEqual([
      { t: "pre", text: "const a = 1;\ncon", language: "js" },
    ]);
  });
});

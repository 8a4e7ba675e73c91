import { expect, it } from "vitest";
import { parseRichText } from "./rich-text.ts";
import { hidesHost, ownUrl, safeUrl } from "./links.ts";

it("a rich_text block becomes the same tree as mrkdwn", () => {
  const flow = parseRichText({
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: "hi\nyou", style: { bold: true } },
          { type: "user", user_id: "U1" },
          { type: "emoji", name: "odd", unicode: "2693" },
          { type: "link", url: "javascript:alert(1)", text: "no" },
        ],
      },
      {
        type: "rich_text_list",
        style: "ordered",
        indent: 1,
        elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
      },
      { type: "rich_text_preformatted", elements: [{ type: "text", text: "ls" }] },
    ],
  });
  expect(flow).toEqual([
    {
      t: "paragraph",
      children: [
        { t: "bold", children: [{ t: "text", text: "hi" }, { t: "break" }, { t: "text", text: "you" }] },
        { t: "user", id: "U1", label: "" },
        { t: "emoji", name: "odd", char: "⚓" },
        { t: "text", text: "no" },
      ],
    },
    {
      t: "list",
      ordered: true,
      start: 1,
      indent: 1,
      items: [[{ t: "paragraph", children: [{ t: "text", text: "a" }] }]],
    },
    { t: "pre", text: "ls", language: "" },
  ]);
});

it("a rich_text block of nonsense does not throw", () => {
  for (const elements of [null, 7, [null, 3, "x", { elements: [null, { type: "emoji", unicode: "zz" }] }]]) {
    expect(Array.isArray(parseRichText({ elements }))).toBe(true);
  }
});

it("only web and mail addresses lead anywhere", () => {
  expect(safeUrl("https://a.example")).toBe("https://a.example/");
  expect(safeUrl("mailto:a@b.example")).toBe("mailto:a@b.example");
  for (const url of ["javascript:1", " JaVaScript:1", "data:text/html,x", "file:///etc/passwd", "/local", "x"]) {
    expect(safeUrl(url)).toBeNull();
  }
});

it("only images of this workspace are loaded", () => {
  const here = "http://127.0.0.1:3000";
  expect(ownUrl("/local/files/F1/a.png", here)).toBe("/local/files/F1/a.png");
  expect(ownUrl("http://127.0.0.1:3000/x?y=1", here)).toBe("/x?y=1");
  for (const url of [
    "https://evil.example/a.png",
    "//evil.example/a.png",
    "http://127.0.0.1:3001/x",
    "data:image/png,x",
  ]) {
    expect(ownUrl(url, here)).toBeNull();
  }
});

it("a link whose words name another host is found out", () => {
  expect(hidesHost("https://bank.example/login", "https://evil.example/")).toBe(true);
  expect(hidesHost("bank.example", "https://www.bank.example/a")).toBe(false);
  expect(hidesHost("the report", "https://evil.example/")).toBe(false);
});

import { describe, expect, it } from "vitest";
import { blockProblems, checkBlocks, withIds } from "./blocks.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (action: string, more: object = {}) => ({
  type: "button",
  action_id: action,
  text: plain("Go"),
  ...more,
});
const cell = (text: string) => ({ type: "raw_text", text });

describe("blocks", () => {
  it.each([
    ["section", [section("hi")]],
    ["section with fields", [{ type: "section", fields: [{ type: "mrkdwn", text: "a" }], accessory: button("a") }]],
    [
      "header, divider, context",
      [
        { type: "header", text: plain("h") },
        { type: "divider" },
        { type: "context", elements: [{ type: "mrkdwn", text: "c" }] },
      ],
    ],
    [
      "actions",
      [
        {
          type: "actions",
          elements: [
            button("a"),
            button("b", {
              style: "danger",
              value: "v",
              confirm: { title: plain("t"), text: plain("?"), confirm: plain("y"), deny: plain("n") },
            }),
          ],
        },
      ],
    ],
    ["markdown", [{ type: "markdown", text: "x".repeat(12_000) }]],
    ["image", [{ type: "image", image_url: "http://127.0.0.1/a.png", alt_text: "a" }]],
    [
      "table",
      [
        {
          type: "table",
          rows: [
            [cell("a"), cell("b")],
            [cell("c"), { type: "raw_number", value: 1 }],
          ],
        },
      ],
    ],
    [
      "rich_text",
      [
        {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_list",
              style: "bullet",
              elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
            },
          ],
        },
      ],
    ],
    ["input", [{ type: "input", label: plain("l"), element: { type: "plain_text_input", action_id: "i" } }]],
    ["task_card", [{ type: "task_card", task_id: "t", title: "T", status: "complete" }]],
    [
      "an icon button",
      [
        {
          type: "context_actions",
          elements: [{ type: "icon_button", action_id: "d", icon: "trash", text: plain("Delete") }],
        },
      ],
    ],
    [
      "feedback",
      [
        {
          type: "context_actions",
          elements: [
            {
              type: "feedback_buttons",
              action_id: "f",
              positive_button: { text: plain("+"), value: "up" },
              negative_button: { text: plain("-"), value: "down" },
            },
          ],
        },
      ],
    ],
  ])("takes %s", (_name, blocks) => {
    expect(blockProblems(blocks, "message")).toEqual([]);
  });

  it.each([
    ["a long section", [section("x".repeat(3001))], "/blocks/0/text/text"],
    ["an empty section", [section("")], "/blocks/0/text/text"],
    ["a long header", [{ type: "header", text: plain("x".repeat(151)) }], "/blocks/0/text/text"],
    ["mrkdwn in a header", [{ type: "header", text: { type: "mrkdwn", text: "x" } }], "/blocks/0/text/type"],
    [
      "a long button",
      [{ type: "actions", elements: [button("a", { text: plain("x".repeat(76)) })] }],
      "/blocks/0/elements/0/text/text",
    ],
    [
      "a long value",
      [{ type: "actions", elements: [button("a", { value: "x".repeat(2001) })] }],
      "/blocks/0/elements/0/value",
    ],
    ["a long action_id", [{ type: "actions", elements: [button("x".repeat(256))] }], "/blocks/0/elements/0/action_id"],
    ["one action_id twice", [{ type: "actions", elements: [button("a"), button("a")] }], "/blocks/0/elements"],
    [
      "26 buttons",
      [{ type: "actions", elements: Array.from({ length: 26 }, (_, n) => button(`b${n}`)) }],
      "/blocks/0/elements",
    ],
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" })), "/blocks"],
    [
      "one block_id twice",
      [
        { type: "divider", block_id: "a" },
        { type: "divider", block_id: "a" },
      ],
      "/blocks",
    ],
    ["an unknown block", [{ type: "poem" }], "/blocks/0/type"],
    [
      "an icon that Slack has not",
      [{ type: "context_actions", elements: [{ type: "icon_button", icon: "anchor", text: plain("Sail") }] }],
      "/blocks/0/elements/0/icon",
    ],
    ["an empty cell", [{ type: "table", rows: [[cell("")]] }], "/blocks/0/rows/0/0"],
    ["101 rows", [{ type: "table", rows: Array.from({ length: 101 }, () => [cell("a")]) }], "/blocks/0/rows"],
    ["21 columns", [{ type: "table", rows: [Array.from({ length: 21 }, () => cell("a"))] }], "/blocks/0/rows/0"],
    ["a heavy table", [{ type: "table", rows: [[cell("x".repeat(10_001))]] }], "/blocks/0/rows"],
    [
      "two tables",
      [
        { type: "table", rows: [[cell("a")]] },
        { type: "table", rows: [[cell("b")]] },
      ],
      "/blocks",
    ],
    [
      "two long markdowns",
      [
        { type: "markdown", text: "x".repeat(7_000) },
        { type: "markdown", text: "x".repeat(7_000) },
      ],
      "/blocks",
    ],
    ["an image without its text", [{ type: "image", image_url: "http://127.0.0.1/a.png" }], "/blocks/0/alt_text"],
  ])("refuses %s and names the place", (_name, blocks, place) => {
    const [first] = blockProblems(blocks, "message");
    expect(first).toMatch(/^\[ERROR\] /);
    expect(first).toContain(`[json-pointer:${place}]`);
  });

  it("refuses more than 13,200 characters of text together", () => {
    const blocks = Array.from({ length: 5 }, () => section("x".repeat(3_000)));
    expect(() => checkBlocks(blocks, "message")).toThrow("msg_blocks_too_long");
  });

  it("gives ids to what has none", () => {
    let n = 0;
    const [block] = withIds(
      [{ type: "actions", elements: [button("a"), { type: "button", text: plain("b") }] }],
      () => `id${n++}`,
    );
    expect(block).toMatchObject({ elements: [{ action_id: "a" }, { action_id: "id0" }], block_id: "id1" });
  });
});

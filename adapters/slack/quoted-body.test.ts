import { expect, test } from "vitest";
import { quotedBody } from "./quoted-body.ts";

test("people in a quoted message are shown by their names; channels, groups and code stay words", () => {
  expect(quotedBody("<@U0ADA> and <@W12>: hello <!channel> `<@U0ADA>`")).toEqual([
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "user", user_id: "U0ADA" },
            { type: "text", text: " and " },
            { type: "user", user_id: "W12" },
            { type: "text", text: expect.stringMatching(/^: hello <\u2060!channel> $/) },
            { type: "text", text: expect.stringContaining("@U0ADA>"), style: { code: true } },
          ],
        },
      ],
    },
  ]);
});

test("a text without people is as before, and nothing is nothing", () => {
  expect(quotedBody("plain")).toEqual([
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "plain" }] }] },
  ]);
  expect(quotedBody("  ")).toEqual([]);
});

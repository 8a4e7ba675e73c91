import { expect, it } from "vitest";
import { storeTyped, typedBlocks } from "./text.ts";

it.each([
  ["hi @Deckhand", "hi <@U0DECK>"],
  ["<@U0DECK> hi", "<@U0DECK> hi"],
  ["<@U0NOBODY> and <!channel>", "&lt;@U0NOBODY&gt; and &lt;!channel&gt;"],
  ["a & b < c", "a &amp; b &lt; c"],
  ["see https://example.com/?a=1&b=2 now", "see <https://example.com/?a=1&amp;b=2> now"],
  ["`curl https://a.b/c`", "`curl <https://a.b/c>`"],
  ["(see https://a.b/c.) https://a.b!", "(see <https://a.b/c>.) <https://a.b>!"],
  ["mail ada@grace.org, @Adamant", "mail ada@grace.org, @Adamant"],
])("%s is stored as %s", (typed, stored) => {
  expect(storeTyped(typed)).toBe(stored);
});

it("is sent with the blocks of Slack's composer", () => {
  expect(typedBlocks(storeTyped("@Ada <b> https://a.b/?c&d"))).toMatchObject([
    {
      elements: [
        {
          elements: [
            { type: "user", user_id: "U0ADA" },
            { type: "text", text: " <b> " },
            { type: "link", url: "https://a.b/?c&d" },
          ],
        },
      ],
    },
  ]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { inert } from "./inert.ts";

const all = (text: string) => inert(text, { final: true });

test.each([
  ["<!channel> hi <@U1>", "&lt;!channel&gt; hi &lt;@U1&gt;"],
  ["<http://evil.example|google.com>", "&lt;http://evil.example|google.com&gt;"],
  ["<https://a.example/x>", "https://a.example/x"],
  ["a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"],
  ["> quoted\n> > twice", "> quoted\n> > twice"],
  ["[google.com](https://evil.example/x)", "[google.com](https://evil.example/x) (evil.example)"],
  ["[https://a.example](https://a.example)", "[https://a.example](https://a.example)"],
  ["![a cat](https://i.example/c.png)", "image: [a cat](https://i.example/c.png) (i.example)"],
  ["[x](javascript:alert)", "x (javascript:alert)"],
  ["[`]`](https://evil.example)", "[`]`]\\(https://evil.example)"],
  ["[a][1]\n\n[1]: https://evil.example", "[a][1]\n\n\\[1]: https://evil.example"],
  ["https://good.example@evil.example/", "https://good.example@evil.example/ (evil.example)"],
  ["`a < b` and `<!here>`", "`a < b` and `<\u2060!here>`"],
  [
    "```html\n<!DOCTYPE html>\n<a href=x>\n<@U1>\n```\n<b>",
    "```html\n<!DOCTYPE html>\n<a href=x>\n<\u2060@U1>\n```\n&lt;b&gt;",
  ],
  ["\\<!channel>", "&lt;!channel&gt;"],
  ["**bold** and _it_ and a [broken", "**bold** and _it_ and a [broken"],
])("A10 text from the model is inert: %j", (markdown, expected) => {
  expect(all(markdown)).toBe(expected);
});

const signs = "[ ] ( ) ! < > ` ~ | & @ # h : \\ ``` https://a.example/b <!channel> <@U1> [a](https://x.example) ![ ](";
const runs = [" ", "\n", "\n\n", "\n```js\n", "> ", "word ", "http://q|", "<https://z.example>", "\n[1]: ", "~~~"];
const bits = fc.array(fc.constantFrom(...signs.split(" "), ...runs), { maxLength: 40 });

test("A10 what was streamed of a text is always the start of its final form", () => {
  fc.assert(
    fc.property(bits, fc.nat(), (parts, cut) => {
      const text = parts.join("");
      const head = text.slice(0, cut % (text.length + 1));
      const full = all(text);
      expect(full.startsWith(inert(head, { final: false }))).toBe(true);
      expect(inert(text, { final: false }).startsWith(inert(head, { final: false }))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("A10 no text whatever lets a token of Slack or a hidden link through", () => {
  fc.assert(
    fc.property(bits, (parts) => {
      const out = all(parts.join(""));
      expect(out).not.toMatch(/<[!@#](?!DOCTYPE|--)/i);
      expect(out).not.toMatch(/<https?:/i);
    }),
    { numRuns: 2000 },
  );
});

test("nothing is held back at the end, and text streams while it is written", () => {
  expect(inert("Hello wor", { final: false })).toBe("Hello wor");
  expect(inert("see [the do", { final: false })).toBe("see ");
  expect(all("see [the do")).toBe("see [the do");
});

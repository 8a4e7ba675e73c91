import { fc } from "../../test/fast-check.ts";
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

test.each([
  // Where a link could be defined, whatever stands before the label and however the label is written.
  ["- [1]: https://evil.example", "- \\[1]: https://evil.example"],
  ["1. [1]: https://evil.example", "1. \\[1]: https://evil.example"],
  ["> - > [1]: https://evil.example", "> - > \\[1]: https://evil.example"],
  ["[a\nb]: https://evil.example", "\\[a\nb]: https://evil.example"],
  ["[a\\]b]: https://evil.example", "\\[a\\]b]: https://evil.example"],
  ["[a\n[b]: https://evil.example", "\\[a\n\\[b]: https://evil.example"],
  ["- [ ] [b]: https://evil.example", "- [ ] \\[b]: https://evil.example"],
  ["[^1]: a note", "\\[^1]: a note"],
  // Code ends with its line, and is none over a blank one.
  ["`a\n\n[google.com](https://evil.example)`", "\\`a\n\n[google.com](https://evil.example) (evil.example)\\`"],
  ["`a\nb`", "\\`a\nb\\`"],
  ["``a ` b``", "``a ` b``"],
  ["`a | b` `[x](https://evil.example)`", "`a | b` \\`[x](https://evil.example) (evil.example)\\`"],
  ["https://a.example/`[x](https://b.example)`", "https://a.example/\\`[x](https://b.example) (b.example)\\`"],
  // A fence ends where it ends for everybody.
  ["```\n~~~\n[x](https://evil.example)\n```", "```\n~~~\n[x](https://evil.example)\n```"],
  ["```\n```\u00a0\n[x](https://evil.example)", "```\n```\u00a0\n[x](https://evil.example)"],
  ["```\n\t```\n[x](https://evil.example)", "```\n\t```\n[x](https://evil.example)"],
  ["- ```\n  a\n[x](https://b.example)", "- ```\n  a\n  ```\n[x](https://b.example) (b.example)"],
  ["> ```\n> a\n[x](https://b.example)", "> ```\n> a\n> ```\n[x](https://b.example) (b.example)"],
  ["1. a\n   ```\n   b\n  ```\nc", "1. a\n   ```\n   b\n   ```\n```\nc"],
  ["  ```\n  a\n  ```", "```\na\n```"],
  [
    "- a\n  - b\n\n        ```\n        [x](y)\n        ```",
    "- a\n  - b\n\n        \\`\\`\\`\n        x (y)\n        \\`\\`\\`",
  ],
  ["- a\n\n  - b\n\n    ```\n    a[0](x)\n    ```", "- a\n\n  - b\n\n    ```\n    a[0]\u2060(x)\n    ```"],
  ["- a\n  ```\n  a[0](x)\n  ```", "- a\n  ```\n  a[0](x)\n  ```"],
  ["~~~\na", "~~~\na"],
  ["a\n2. ~~~\nb", "a\n2. \\~~~\nb"],
  // Whose address is it?
  ["[x](https://good.example@evil.example)", "[x](https://good.example@evil.example) (evil.example)"],
  ["[x](https://good.example\\@evil.example)", "[x]\\(https:\u2060//good.example\\@evil.example)"],
  ["https://good.example\\@evil.example", "https:\u2060//good.example\\@evil.example"],
  ["www.good.example:a@evil.example", "www\u2060.good.example:a@evil.example"],
  ["(https://good.example@evil.example/).", "(https://good.example@evil.example/ (evil.example))."],
  [
    "[https://gооd.example](https://gооd.example)",
    "[https://gооd.example](https://xn--gd-fmca.example/) (xn--gd-fmca.example)",
  ],
  ["[x](https:evil.example)", "x (https:evil.example)"],
  ["[~~~](javascript:a)", "[~~~]\\(javascript:a)"],
  ["[![a](https://i.example/a.png)](https://b.example)", "[a](https://b.example) (b.example)"],
  ['[a](https://b.example "title")', "[a](https://b.example) (b.example)"],
  ["[a](https://b.example and more)", "[a]\\(https://b.example and more)"],
  ["[a](https://b.example/(c)_`d)", "[a](https://b.example/%28c%29_%60d) (b.example)"],
])("A10 every reader of Markdown is to read it alike: %j", (markdown, expected) => {
  expect(all(markdown)).toBe(expected);
});

test.each([
  "# Title\n\nSome **bold**, _it_, ~~no~~, `code[0](x)`, a\\*b.\n\n---\n\n| a | `b` |\n|---|---|\n| 1 | 2 |",
  "1. Run:\n   ```sh\n   npm i\n   ```\n2. Then:\n   - `a`\n   - [ ] b\n   - [x] c\n\n> quoted\n> `code`",
  "```ts\nconst [a] = b[0](c); // [x](y) [z]: w\n```\n\nSee https://web.archive.org/web/2020/https://a.example/?q=1#x, ok.",
  "> > ```\n> > a\n> > ```",
  "* * *\n- a\n- - b\n10) c\n\n    indented\n\nTerm:\n~~~~\n```\n~~~~",
  "שלום עולם، مرحبا 👩‍👩‍👧 नमस्ते می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ✍🏽",
])("A9 what is harmless stays as it is, byte for byte: %j", (markdown) => {
  expect(all(markdown)).toBe(markdown);
});

test("A10 signs that turn text round are shown and do nothing", () => {
  expect(all("a\u202eb \u2066c\u200f `d\u061c`\n```\ne\u2069\n```\n\u{e0041}")).toBe(
    "a⟨U+202E⟩b ⟨U+2066⟩c⟨U+200F⟩ `d⟨U+061C⟩`\n```\ne⟨U+2069⟩\n```\n⟨U+E0041⟩",
  );
});

test.each([
  ["open brackets", (n: number) => "[".repeat(n)],
  ["nested brackets", (n: number) => "[".repeat(n) + "]".repeat(n)],
  ["links that do not end", (n: number) => "[a](b".repeat(n)],
  ["links in links", (n: number) => "[".repeat(n) + "](https://a.example)".repeat(n)],
  ["quotes", (n: number) => ">".repeat(n)],
  ["lines of a deep quote", (n: number) => `${">".repeat(99)}\`\`\`\n${"a\n".repeat(n)}`],
  ["emphasis", (n: number) => "*a _b ".repeat(n)],
  ["backticks", (n: number) => "` `` ".repeat(n)],
  ["backticks of all lengths", (n: number) => Array.from({ length: n / 100 }, (_, i) => "`".repeat(i)).join(" ")],
  ["lines that could be definitions", (n: number) => "[\n".repeat(n)],
  ["lists", (n: number) => "- ".repeat(n)],
  ["items", (n: number) => "- ```\n".repeat(n)],
  ["tags", (n: number) => "<https://a ".repeat(n)],
  ["addresses", (n: number) => "https://a.example@".repeat(n)],
  ["flags", (n: number) => "\u{1f3f4}\u{e0061}".repeat(n)],
  ["blanks", (n: number) => `${" ".repeat(n)}a\n`.repeat(10)],
])("a text of nothing but %s is read in one go, however long", (_, make) => {
  const text = make(20_000);
  const from = process.cpuUsage();
  all(text);
  inert(text, { final: false });
  const { user, system } = process.cpuUsage(from);
  // Some hundredths of a second of the processor; what looks back over all that it has read takes minutes.
  expect((user + system) / 1e6).toBeLessThan(5);
});

import { fc } from "../fast-check.ts";
import { describe, expect, test } from "vitest";
import { inert } from "../../adapters/slack/inert.ts";
import { taskField } from "../../adapters/slack/render.ts";
import { closeFence, cutAt, openFence, resumed } from "../../adapters/slack/split.ts";
import { pings, unseen } from "../harness/readings.ts";

const all = (text: string): string => inert(text, { final: true });

const signs = [
  ..."[ ] ( ) ! < > ` ~ | & @ # : \\ \" ' * _ - + = ^".split(" "),
  ..."`` ``` ```` ~~~ ~~~~ ]( ]: [[ ]] \\] \\[ \\` \\( \\) \\\\ ![ [^1] [^1]: [ ] [x] || --- === |-| |-|-|".split(" "),
];
const blanks = [
  " ",
  "  ",
  "   ",
  "    ",
  "\t",
  "\n",
  "\n",
  "\n",
  "\n\n",
  "\n  ",
  "\n   ",
  "\n    ",
  "\n     ",
  "\r\n",
  "\r",
  "\u00a0",
  "\u2028",
];
const marks = [
  "- ",
  "* ",
  "+ ",
  "1. ",
  "2) ",
  "10. ",
  "> ",
  ">",
  "# ",
  "\n- ",
  "\n  - ",
  "\n> ",
  "\n1. ",
  "\n```js\n",
  "\n~~~\n",
  "\n```\n",
];
const hosts = [
  "https://evil.example/x",
  "https://good.example@evil.example/",
  "http://q|",
  "www.evil.example",
  "a@evil.example",
  "https://good.example\\@evil.example",
  "https:\\\\evil.example",
  "mailto:a@evil.example",
  "javascript:alert(1)",
  "//evil.example",
  "https://a.example:8080/(b)",
  "https://münchen.example",
];
const wholes = [
  "[google.com](https://evil.example)",
  "![cat](https://evil.example/c.png)",
  "[google.com][1]",
  "[1]: https://evil.example",
  "[x]: <https://evil.example> 'title'",
  "<https://evil.example>",
  "<a href='https://evil.example'>google.com</a>",
  "<!-- ",
  "-->",
  "<div>",
  "<!channel>",
  "<@U1>",
  "<#C1>",
  "<https://evil.example|google.com>",
  "&lt;",
  "&#91;x&#93;(https://evil.example)",
  "`[google.com](https://evil.example)`",
  "| a | b |\n|---|---|\n",
  "word",
  "a",
];
const bit = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...signs) },
  { weight: 3, arbitrary: fc.constantFrom(...blanks) },
  { weight: 2, arbitrary: fc.constantFrom(...marks) },
  { weight: 1, arbitrary: fc.constantFrom(...hosts) },
  { weight: 2, arbitrary: fc.constantFrom(...wholes) },
);
const markdown = fc.array(bit, { maxLength: 40, size: "max" }).map((bits) => bits.join(""));
const runs = Number(process.env["INERT_RUNS"] ?? 600);
const seed = process.env["INERT_SEED"] === undefined ? {} : { seed: Number(process.env["INERT_SEED"]) };

const bad = (text: string): string[] => [...unseen(text), ...pings(text)];
const settings = { numRuns: runs, ...seed };
/** Milliseconds after which it hangs; more texts may take longer. */
const patience = 30_000 + runs * 100;

describe("A10 three readers of Markdown see no link without its host, no image, no ping", () => {
  test(
    "in any text",
    () => {
      fc.assert(
        fc.property(markdown, (text) => {
          expect(bad(all(text))).toEqual([]);
        }),
        settings,
      );
    },
    patience,
  );

  test(
    "in what has been streamed of it, which never changes later",
    () => {
      fc.assert(
        fc.property(markdown, fc.nat(), (text, cut) => {
          const at = cut % (text.length + 1);
          const early = inert(text.slice(0, at), { final: false });
          expect(all(text).startsWith(early)).toBe(true);
          expect(inert(text, { final: false }).startsWith(early)).toBe(true);
          expect(bad(early)).toEqual([]);
        }),
        settings,
      );
    },
    patience,
  );

  test(
    "in any message of an answer that is cut into several, wherever the cuts are",
    () => {
      fc.assert(
        fc.property(
          markdown,
          fc.array(fc.integer({ min: 20, max: 120 }), { minLength: 1, maxLength: 6 }),
          (text, sizes) => {
            const whole = all(text);
            for (const message of cutInto(whole, sizes)) expect(bad(message)).toEqual([]);
          },
        ),
        settings,
      );
    },
    patience,
  );

  test(
    "in two texts that stand in one message",
    () => {
      fc.assert(
        fc.property(markdown, markdown, (one, two) => {
          const first = all(one);
          const open = openFence(first);
          expect(bad(`${first}${open === null ? "" : closeFence(open)}\n\n${all(two)}`)).toEqual([]);
        }),
        settings,
      );
    },
    patience,
  );

  test(
    "in the details of a step that come bit by bit",
    () => {
      fc.assert(
        fc.property(fc.array(markdown, { minLength: 1, maxLength: 3 }), (bits) => {
          const details = bits.map(taskField).join("\n");
          expect(bad(details).filter((what) => !/@/.test(what))).toEqual([]);
        }),
        settings,
      );
    },
    patience,
  );
});

/** Messages of at most so many bytes, as `overflow.ts` makes them. */
function cutInto(whole: string, sizes: readonly number[]): string[] {
  const messages: string[] = [];
  let [from, pre] = [0, ""];
  for (let n = 0; from < whole.length; n++) {
    const rest = whole.slice(from);
    // What does not fit goes into a message where it does.
    let size = sizes[n % sizes.length] ?? 20;
    while (cutAt(rest, size) === 0) size *= 2;
    const length = cutAt(rest, size);
    const text = pre + rest.slice(0, length);
    const open = openFence(text);
    messages.push(text + (open === null ? "" : closeFence(open)));
    from += length;
    pre = resumed(open, text, whole.slice(from));
  }
  return messages;
}

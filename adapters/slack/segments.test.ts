import { expect, test } from "vitest";
import { segmentsOf } from "./segments.ts";
import { fc } from "../../test/fast-check.ts";

const table = "| a | b |\n|---|---|\n| 1 | 2 |";
const kinds = (markdown: string, final = true) => segmentsOf(markdown, final).map((one) => one.kind);

test("A9 a table is a stretch of its own, held back while it is written", () => {
  expect(kinds(`Before\n${table}\n\nAfter`)).toEqual(["text", "table", "text"]);
  expect(segmentsOf(`Before\n${table}`, false)).toEqual([{ kind: "text", markdown: "Before\n" }]);
  expect(segmentsOf(`Before\n${table}\n`, false)).toEqual([{ kind: "text", markdown: "Before\n" }]);
  expect(kinds(`Before\n${table}\n\n`, false)).toEqual(["text", "table", "text"]);
  expect(kinds(`Before\n${table}\nAfter`)).toEqual(["text", "table", "text"]);
});

test.each([
  ["in code", `\`\`\`\n${table}\n\`\`\``],
  ["indented code", "    | a | b |\n    |---|---|"],
  ["no delimiter", "| a | b |\n| 1 | 2 |"],
  ["another number of cells", "| a | b |\n|---|\n"],
])("what is no table stays text: %s", (_, markdown) => {
  expect(segmentsOf(markdown, true)).toEqual([{ kind: "text", markdown }]);
});

test("A10 only an image that is one of the person's files is one; every other stays text", () => {
  expect(segmentsOf("See:\n![a chart](home/chart.png)\nThere.", true)).toEqual([
    { kind: "text", markdown: "See:\n" },
    { kind: "image", path: "home/chart.png", alt: "a chart" },
    { kind: "text", markdown: "There." },
  ]);
  for (const other of [
    "![x](https://i.example/a.png)",
    "![x](/etc/passwd)",
    "![x](data:image/png;base64,AA)",
    "`![x](home/a.png)`",
    "```\n![x](home/a.png)\n```",
    "text ![x](home/a.png)",
  ])
    expect(kinds(other)).toEqual(["text"]);
});

test("a line that is nearly one of a table's is read in one go, however long", () => {
  const line = `-${" ".repeat(400_000)}x`;
  expect(segmentsOf(`| a |\n${line}\n`, true)).toEqual([{ kind: "text", markdown: `| a |\n${line}\n` }]);
});

test("what is given of a text that is still written never changes later", () => {
  const piece = fc.constantFrom(
    "| a | b |\n",
    "|---|---|\n",
    "| 1 | 2 |\n",
    "\n",
    "words ",
    "```\n",
    "![c](home/c.png)\n",
    "| ",
    "!",
    "- item\n",
    "   ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.nat(200), (pieces, cut) => {
      const whole = pieces.join("");
      const early = segmentsOf(whole.slice(0, cut), false);
      const late = segmentsOf(whole, true);
      for (const [n, segment] of early.entries()) {
        const later = late[n];
        if (n < early.length - 1 || segment.kind !== "text") expect(later).toEqual(segment);
        else expect(later?.kind === "text" && later.markdown.startsWith(segment.markdown)).toBe(true);
      }
      const kept = late.map((one) => (one.kind === "image" ? one.path : one.markdown)).join("");
      expect(kept.match(/words|item|[12ab]/g)).toEqual(whole.replaceAll("c.png", "c.png").match(/words|item|[12ab]/g));
    }),
    { seed: 3, numRuns: 500 },
  );
});

import { expect, it } from "vitest";
import { firstPages } from "./first-pages.ts";

const page = (n: number) => `## Page ${n}\n\n${"word ".repeat(20)}\n`;
const markdown = `# a.pdf\n\n${page(1)}\n${page(2)}\n${page(3)}`;

it("a long document is cut before a page", () => {
  const first = firstPages(markdown, 300);
  expect(first.rest).toBe(true);
  expect(first.text).toContain("## Page 2");
  expect(first.text).not.toContain("## Page 3");
});

it("a short one is whole, and one endless page is cut where it must be", () => {
  expect(firstPages(markdown, 10_000)).toEqual({ text: markdown, rest: false });
  expect(firstPages("x".repeat(50), 20).text).toHaveLength(20);
});

import { expect, it } from "vitest";
import { type Line, type Run, bodySize, linesOf, markdownOf } from "./layout.ts";

const run = (text: string, x: number, y: number, size = 10, endsLine = false): Run => ({
  text,
  x,
  y,
  width: text.length * size * 0.5,
  size,
  endsLine,
});
const line = (text: string, y: number, size = 10): Line => ({ text, y, size, width: text.length * size * 0.5 });

it("runs become lines by their height on the page, with spaces where there are gaps", () => {
  const lines = linesOf([
    run("Hello", 0, 700),
    run("world", 27, 700),
    run("!", 52, 700),
    run("Next", 0, 688),
    run("", 0, 688),
  ]);
  expect(lines.map((one) => one.text)).toEqual(["Hello world!", "Next"]);
});

it("a wide gap is a column's edge", () => {
  expect(linesOf([run("Item", 0, 700), run("Price", 200, 700)])[0]?.text).toBe("Item | Price");
});

it("the body's size is that of most text", () => {
  expect(bodySize([[line("Title", 800, 24)], [line("a long line of body text", 700), line("and more", 690)]])).toBe(10);
  expect(bodySize([])).toBe(0);
});

it("headings, paragraphs, lists and rows are told apart", () => {
  const markdown = markdownOf(
    [
      line("Annual Report", 800, 20),
      line("Summary", 770, 12),
      line("The year was good and the com-", 750),
      line("pany grew.", 738),
      line("A second paragraph.", 710),
      line("• first point that is", 690),
      line("two lines long", 678),
      line("• second point", 660),
      line("1) one", 640),
      line("Item | Price", 600),
      line("Pen | 2.00", 588),
    ],
    10,
  );
  expect(markdown.split("\n\n")).toEqual([
    "### Annual Report",
    "#### Summary",
    "The year was good and the company grew.",
    "A second paragraph.",
    "- first point that is two lines long\n- second point\n1. one",
    "Item | Price\nPen | 2.00",
  ]);
});

it("lines that end early stay lines", () => {
  const full = "A line that goes on to the right margin of the page";
  expect(markdownOf([line(full, 700), line("and ends.", 688), line("Wages 12", 676)], 10)).toBe(
    `${full} and ends.\nWages 12`,
  );
});

it("text of a document cannot pose as one of our page headings", () => {
  expect(markdownOf([line("## Page 9", 700)], 10)).toBe("\\## Page 9");
});

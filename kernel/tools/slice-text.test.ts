import { expect, it } from "vitest";
import { sliceText } from "./slice-text.ts";

const ten = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join("\n");

it("gives the lines asked for and where to go on", () => {
  expect(sliceText(ten, 3, 2, 1000)).toMatchObject({
    text: "line 3\nline 4",
    firstLine: 3,
    lastLine: 4,
    nextLine: 5,
    totalLines: 10,
  });
  expect(sliceText(ten, 9, 50, 1000)).toMatchObject({ text: "line 9\nline 10", nextLine: null });
  expect(sliceText(ten, 9, 2, 1000)).toMatchObject({ lastLine: 10, nextLine: null });
  expect(sliceText(ten, 8, 2, 1000)).toMatchObject({ lastLine: 9, nextLine: 10 });
  expect(sliceText(ten, 0, 1, 1000)).toMatchObject({ text: "line 1", firstLine: 1 });
  expect(sliceText(ten, 99, 50, 1000)).toMatchObject({ text: "line 10", firstLine: 10 });
  expect(sliceText("", 1, 50, 1000)).toMatchObject({ text: "", totalLines: 1, nextLine: null });
});

it("stops at whole lines before the bound, and cuts a line only when it alone is too long", () => {
  expect(sliceText(ten, 1, 10, 15)).toMatchObject({ text: "line 1\nline 2", nextLine: 3, lineCut: false });
  expect(sliceText(`${"x".repeat(50)}\nend`, 1, 10, 20)).toMatchObject({
    text: "x".repeat(20),
    nextLine: 2,
    lineCut: true,
  });
  expect(sliceText("ab😀", 1, 1, 3).text).toBe("ab");
  expect(sliceText("😀ab", 1, 1, 3).text).toBe("😀a");
  // Each line counts with its end.
  expect(sliceText(ten, 1, 10, 14)).toMatchObject({ lastLine: 2, lineCut: false });
  expect(sliceText(ten, 1, 10, 13)).toMatchObject({ lastLine: 1, lineCut: false });
  expect(sliceText(ten, 1, 1, 7)).toMatchObject({ text: "line 1", lineCut: false });
  expect(sliceText(ten, 1, 1, 6)).toMatchObject({ text: "line 1", lineCut: true });
});

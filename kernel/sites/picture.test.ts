import { expect, test } from "vitest";
import { fileUrl, pictureOf } from "./picture.ts";

const file = (path: string, mediaType: string, sizeBytes = 1000) => ({ path, mediaType, sizeBytes });

test("E4 the picture of a site is the one that is named so, else its first, else none", () => {
  const tea = file("img/tea.png", "image/png");
  expect(pictureOf([file("index.html", "text/html"), tea, file("img/Cover-2.jpg", "image/jpeg")])).toBe(
    "img/Cover-2.jpg",
  );
  expect(pictureOf([tea, file("b.png", "image/png")])).toBe("img/tea.png");
  expect(pictureOf([file("a.svg", "image/svg+xml"), file("big.png", "image/png", 6_000_000)])).toBeNull();
  expect(pictureOf([])).toBeNull();
});

test("its address is the site's, with every name as a URL has it", () => {
  expect(fileUrl("https://deck.example/sites/tea/", "img/a b#1.png")).toBe(
    "https://deck.example/sites/tea/img/a%20b%231.png",
  );
});

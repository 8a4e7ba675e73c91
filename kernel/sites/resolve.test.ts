import { expect, it } from "vitest";
import { UserId } from "../ids.ts";
import { findFile, siteAddress } from "./resolve.ts";

it.each([
  ["/sites/shop", { slug: "shop", path: null }],
  ["/sites/shop/", { slug: "shop", path: "" }],
  ["/sites/shop/a/b%20c.html", { slug: "shop", path: "a/b c.html" }],
  ["/sites/shop/a/", { slug: "shop", path: "a/" }],
  ["/sites/shop/caf%C3%A9.html", { slug: "shop", path: "café.html" }],
  ["/sites/shop/..%2f..%2fu", null],
  ["/sites/shop/%2e%2e/x", null],
  ["/sites/shop/a%5cb", null],
  ["/sites/shop/a%00", null],
  ["/sites/shop/%252e%252e/x", null],
  ["/sites/shop//x", null],
  ["/sites/shop/%ff", null],
  ["/sites/Shop/", null],
  ["/sites/", null],
  ["/other/shop/", null],
  ["sites/shop/", null],
  ["x/sites/shop/", null],
  ["/x/sites/shop/", null],
  ["/sites/-shop/", null],
  ["/sites/shop-/", null],
  ["/sites/shop\n/", null],
  ["/sites/ shop/", null],
  ["/sites/a--b/", null],
  ["/sites/a.b/", null],
  ["/sites/a-b-9", { slug: "a-b-9", path: null }],
  [`/sites/${"a".repeat(40)}/`, { slug: "a".repeat(40), path: "" }],
  [`/sites/${"a".repeat(41)}/`, null],
  ["/sites/shop/cafe%CC%81.html", { slug: "shop", path: "caf\u00e9.html" }],
  ["/sites/shop/a//", null],
])("%s", (pathname, expected) => {
  expect(siteAddress(pathname)).toEqual(expected);
});

it("a path finds its file, a folder its index, and nothing the site's own 404 page", () => {
  const file = (path: string) => ({ path, sha256: "aa", sizeBytes: 1, mediaType: "text/html" });
  const site = {
    slug: "shop",
    owner: UserId.parse("slack:T1:U1"),
    title: "Shop",
    version: 1,
    publishedAt: 1,
    files: [file("index.html"), file("blog/index.html"), file("a.html")],
  };
  expect(findFile(site, "")).toMatchObject({ kind: "file", file: { path: "index.html" } });
  expect(findFile(site, "blog/")).toMatchObject({ kind: "file", file: { path: "blog/index.html" } });
  expect(findFile(site, "blog")).toEqual({ kind: "folder" });
  expect(findFile(site, "a.html")).toMatchObject({ kind: "file", file: { path: "a.html" } });
  expect(findFile(site, "nope/")).toEqual({ kind: "none", page: null });
  expect(findFile(site, "nope")).toEqual({ kind: "none", page: null });
  expect(findFile({ ...site, files: [...site.files, file("404.html")] }, "a.html/")).toMatchObject({
    page: { path: "404.html" },
  });
});

import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { isWithin, parseFile, parseFolder, prefixes, safeName, segmentFault } from "./paths.ts";
import { fc } from "../../test/fast-check.ts";

const badPaths = [
  "",
  "notes.md",
  "/home/a",
  "home",
  "home/",
  "home//a",
  "home/a/",
  "home/../uploads/a",
  "home/./a",
  "home/..",
  "..",
  "../home/a",
  "home\\a",
  "home/..\\a",
  "home/a\0b",
  "home/a\nb",
  "home/%2e%2e/a",
  "home/%2E%2e/a",
  "home/a%2fb",
  "home/a%5Cb",
  "home/a%00",
  "home/%252e%252e/a",
  "etc/passwd",
  "Home/a",
  "u/slack:T1:U2/home/a",
  "home/\ud800",
  "home/\u202egpj.exe",
  "home/\u2028",
  "home/ a",
  "home/a ",
  `home/${"a".repeat(600)}`,
  `home/${"é".repeat(130)}`,
];

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof KernelError ? thrown.code : "not ours";
  }
  return "no error";
};

// Every code unit, broken ones too. Its own "binary" makes a table of all of Unicode, which takes seconds.
const sign = fc.oneof(fc.nat(0x7f), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code));
const anything = (maxLength: number) => fc.string({ unit: sign, maxLength });

describe("paths", () => {
  it.each(badPaths)("refuses %j as a file", (path) => {
    expect(code(() => parseFile(path))).toBe("path.invalid");
  });

  it("takes names people use", () => {
    for (const path of ["home/a.txt", "uploads/Q3 report (final).pdf", "sites/my-site/index.html", "thread/日本語.md"])
      expect(parseFile(path).path).toBe(path);
    expect(parseFile("home/100%.txt").rest).toBe("100%.txt");
    expect(parseFile("home/...").rest).toBe("...");
  });

  it("gives one path for a name in either Unicode form", () => {
    expect(parseFile("home/cafe\u0301.md")).toEqual(parseFile("home/caf\u00e9.md"));
  });

  it("knows folders with and without a slash, and the place above the roots", () => {
    expect(parseFolder("sites/shop/")).toEqual(parseFolder("sites/shop"));
    expect(parseFolder("home")?.path).toBe("home");
    expect(parseFolder("")).toBeNull();
    expect(code(() => parseFolder("home//"))).toBe("path.invalid");
    expect(code(() => parseFolder("../"))).toBe("path.invalid");
    expect(isWithin("home/ab", "home/a")).toBe(false);
    expect(isWithin("home/a/b", "home/a")).toBe(true);
  });

  it("whatever is given, what comes out stays under its root", () => {
    const odd = fc.constantFrom("..", ".", "/", "\\", "%2e", "%2F", "\0", "home", "thread", "\ud800", "\u202e", " ");
    const name = fc.string({ unit: "grapheme", maxLength: 6 });
    const pieces = (one: fc.Arbitrary<string>) => fc.array(one, { minLength: 1, maxLength: 8 });
    const wild = fc
      .tuple(
        fc.oneof(pieces(fc.oneof(odd, name, anything(6))), pieces(name)),
        fc.constantFrom("", "/"),
        fc.constantFrom("", "home/", "sites/", "/"),
      )
      .map(([parts, between, before]) => before + parts.join(between));
    let taken = 0;
    fc.assert(
      fc.property(wild, (input) => {
        let parsed;
        try {
          parsed = parseFile(input);
        } catch (thrown) {
          return thrown instanceof KernelError;
        }
        taken += 1;
        const base = "https://x.test/u/owner/";
        // Neither decoding nor a URL parser can lead it elsewhere.
        expect(new URL(encodeURI(parsed.path), base).href.startsWith(`${base}${parsed.prefix}/`)).toBe(true);
        expect(prefixes).toContain(parsed.prefix);
        expect(parsed.rest.split("/").every((segment) => segmentFault(segment) === null)).toBe(true);
        expect(parseFile(parsed.path)).toEqual(parsed);
        return true;
      }),
      { numRuns: 2000 },
    );
    // A property that refuses everything would say nothing.
    expect(taken).toBeGreaterThan(100);
  });

  it("makes a usable name out of any name", () => {
    expect(safeName("../../etc/passwd")).toBe("passwd");
    expect(safeName("C:\\docs\\Report.PDF")).toBe("Report.PDF");
    expect(safeName("..")).toBe("file");
    expect(safeName(`${"x".repeat(300)}.pdf`)).toMatch(/^x+\.pdf$/);
    fc.assert(
      fc.property(anything(200), (name) => {
        expect(code(() => parseFile(`uploads/${safeName(name)}`))).toBe("no error");
      }),
    );
  });
});

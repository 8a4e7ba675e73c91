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

const message = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof KernelError ? thrown.userMessage : "not ours";
  }
  return "";
};

// Every code unit, broken ones too. Its own "binary" makes a table of all of Unicode, which takes seconds.
const sign = fc.oneof(fc.nat(0x7f), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code));
const anything = (maxLength: number) => fc.string({ unit: sign, maxLength });

describe("paths", () => {
  it.each(badPaths)("refuses %j as a file", (path) => {
    expect(code(() => parseFile(path))).toBe("path.invalid");
  });

  it.each([
    ["", "has an empty part"],
    [".", 'has the part "."'],
    ["..", 'has the part ".."'],
    ["a/b", "has a slash or backslash inside a name"],
    ["a\\b", "has a slash or backslash inside a name"],
    ["\ud800", "has a broken character"],
    ["a\u0085", "has a control character"],
    ["a\u061c", "has a control character"],
    ["\u2066a", "has a control character"],
    ["a\ufff9", "has a control character"],
    ["%2e", "has a percent-encoded dot, slash or NUL"],
    ["a%25252Fb", "has a percent-encoded dot, slash or NUL"],
    [" a", "has a name that starts or ends with a space"],
    ["a\u3000", "has a name that starts or ends with a space"],
    ["a".repeat(256), "has a name of more than 255 bytes"],
    ["é".repeat(128), "has a name of more than 255 bytes"],
    ["a".repeat(255), null],
    ["é".repeat(127), null],
    ["a b", null],
    ["...", null],
    ["a%b", null],
    ["a%2", null],
    ["%41", null],
  ])("the name %j: %s", (name, fault) => {
    expect(segmentFault(name)).toBe(fault);
    const said = message(() => parseFile(`home/${name}`));
    if (fault !== null && !name.includes("/")) expect(said).toContain(fault);
    if (fault === null) expect(said).toBe("");
  });

  it.each([
    ["/home/a", "starts with a slash"],
    ["home/\ud800", "has a broken character"],
    ["etc/passwd", "starts with none of the known roots"],
    ["home", "names a root, not a file"],
  ])("says of %j that it %s, and which roots there are", (path, fault) => {
    expect(message(() => parseFile(path))).toContain(`${JSON.stringify(path.toWellFormed())} ${fault}. `);
    expect(message(() => parseFile(path))).toContain("home/ sites/ thread/ uploads/");
  });

  it("takes a path of 512 bytes in all, and not one more, however short its names are", () => {
    // 5 + 250 + 1 + 250 + 1 = 507.
    const most = `home/${"a".repeat(250)}/${"é".repeat(125)}/`;
    expect(parseFile(`${most}12345`).path).toHaveLength(387);
    expect(message(() => parseFile(`${most}123456`))).toContain("is longer than 512 bytes");
    expect(message(() => parseFolder(`${most}123456/`))).toContain("is longer than 512 bytes");
  });

  it("shows the beginning of a path that is too long to show", () => {
    expect(message(() => parseFile(`/${"x".repeat(600)}`))).toContain(`"/${"x".repeat(79)}" starts`);
  });

  it("takes names people use", () => {
    for (const path of ["home/a.txt", "uploads/Q3 report (final).pdf", "sites/my-site/index.html", "thread/日本語.md"])
      expect(parseFile(path).path).toBe(path);
    expect(parseFile("home/100%.txt").rest).toBe("100%.txt");
    expect(parseFile("home/...").rest).toBe("...");
    expect(parseFile("home/a/b/c.md").rest).toBe("a/b/c.md");
  });

  it("gives one path for a name in either Unicode form", () => {
    expect(parseFile("home/cafe\u0301.md")).toEqual(parseFile("home/caf\u00e9.md"));
  });

  it("knows folders with and without a slash, and the place above the roots", () => {
    expect(parseFolder("sites/shop/")).toEqual(parseFolder("sites/shop"));
    expect(parseFolder("home")?.path).toBe("home");
    for (const all of ["", "/", "."]) expect(parseFolder(all), all).toBeNull();
    expect(code(() => parseFolder("home//"))).toBe("path.invalid");
    expect(code(() => parseFolder("../"))).toBe("path.invalid");
    expect(isWithin("home/ab", "home/a")).toBe(false);
    expect(isWithin("home/a/b", "home/a")).toBe(true);
    expect(isWithin("home/a", "home/a")).toBe(true);
    expect(isWithin("home", "home/a")).toBe(false);
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

  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\docs\\Report.PDF", "Report.PDF"],
    ["a/b\\c", "c"],
    ["a\\b/c", "c"],
    ["", "file"],
    [" ", "file"],
    [".", "file"],
    ["..", "file"],
    ["a/", "file"],
    [" a ", "a"],
    [".env", ".env"],
    ["a\0b\nc", "a_b_c"],
    ["50%2e.txt", "50_2e.txt"],
    ["\u202egpj.exe", "_gpj.exe"],
    ["cafe\u0301", "caf\u00e9"],
    // What is too long is cut before its ending, if that is one: a dot and at most eleven characters.
    ["x".repeat(120), "x".repeat(120)],
    ["x".repeat(121), "x".repeat(120)],
    [`${"x".repeat(300)}.pdf`, `${"x".repeat(116)}.pdf`],
    [`${"x".repeat(300)}.tar.gz`, `${"x".repeat(117)}.gz`],
    [`${"x".repeat(300)}.`, `${"x".repeat(119)}.`],
    [`${"x".repeat(300)}.12345678901`, `${"x".repeat(108)}.12345678901`],
    [`${"x".repeat(300)}.123456789012`, "x".repeat(120)],
    [`${"é".repeat(100)}.pdf`, `${"é".repeat(58)}.pdf`],
    ["😀".repeat(31), "😀".repeat(30)],
    [`${"x".repeat(119)} y`, "x".repeat(119)],
  ])("of %j it makes the name %j", (given, name) => expect(safeName(given)).toBe(name));

  it("makes a usable name out of any name", () => {
    fc.assert(
      fc.property(anything(200), (name) => {
        expect(code(() => parseFile(`uploads/${safeName(name)}`))).toBe("no error");
      }),
    );
  });
});

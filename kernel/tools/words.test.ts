import { describe, expect, it } from "vitest";
import { code, visible, counted, sizeInWords } from "./words.ts";

it("sizes read well", () => {
  expect([0, 1, 1023, 1536, 25 * 1024 * 1024].map(sizeInWords)).toEqual([
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1.5 KB",
    "25.0 MB",
  ]);
  expect([counted(1, "file"), counted(2, "file")]).toEqual(["1 file", "2 files"]);
});

it("a name cannot break out of its code span", () => {
  expect(code("a.md")).toBe("`a.md`");
  expect(code("a`b``c")).toBe("``` a`b``c ```");
  expect(code("a\n# b")).toBe("`a�# b`");
});

describe("text that a person decides about", () => {
  it("shows signs that would hide or turn round what stands beside them", () => {
    expect(visible("if (ok\u202e) {\u2066 // \u200b\u00ad\u3164 \u2028x\ufeff")).toBe(
      "if (ok⟨U+202E⟩) {⟨U+2066⟩ // ⟨U+200B⟩⟨U+00AD⟩⟨U+3164⟩ ⟨U+2028⟩x⟨U+FEFF⟩",
    );
    expect(visible("+evil\r+good\u001b[2K\u0085\t.\n")).toBe("+evil␍+good␛[2K⟨U+0085⟩\t.\n");
    expect(visible("\u{e0061}é 漢 👍")).toBe("⟨U+E0061⟩é 漢 👍");
    expect(code("a\u202eb\n`c`")).toBe("`` a⟨U+202E⟩b�`c` ``");
  });
});

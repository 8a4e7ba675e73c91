import { describe, expect, it } from "vitest";
import { asText, cleanType, isTextType, sniff, typeOfName } from "./media-type.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("media types", () => {
  it("go by the last extension, whatever its case", () => {
    expect(typeOfName("sites/a/Index.HTML")).toBe("text/html");
    expect(typeOfName("home/archive.tar.zip")).toBe("application/zip");
    expect(typeOfName("home.d/README")).toBe("application/octet-stream");
    expect(typeOfName("home/constructor.constructor")).toBe("application/octet-stream");
  });

  it("are known from the first bytes", () => {
    expect(sniff(bytes("%PDF-1.7\n"))).toBe("application/pdf");
    expect(sniff(bytes("junk\n%PDF-1.4"))).toBe("application/pdf");
    expect(sniff(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe("image/png");
    expect(sniff(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe("image/jpeg");
    expect(sniff(bytes("GIF89a…"))).toBe("image/gif");
    expect(sniff(bytes("RIFF1234WEBPVP8 "))).toBe("image/webp");
    expect(sniff(Uint8Array.of(0x50, 0x4b, 3, 4))).toBe("application/zip");
    expect(sniff(bytes("\ufeff\n <!DOCTYPE html><title>Sign in</title>"))).toBe("text/html");
    expect(sniff(bytes("<header>"))).toBeNull();
    expect(sniff(bytes(""))).toBeNull();
  });

  it("are taken from others only in a form that may stand in a header", () => {
    expect(cleanType("Text/HTML; charset=utf-8")).toBe("text/html");
    expect(cleanType("image/svg+xml")).toBe("image/svg+xml");
    for (const odd of [
      "",
      "html",
      "text/html\r\nset-cookie: a=b",
      "text/\u00e9",
      "application/octet-stream",
      undefined,
    ])
      expect(cleanType(odd)).toBeNull();
  });

  it("tell text from bytes", () => {
    expect(asText(bytes("\ufeffgrüezi"))).toBe("grüezi");
    expect(asText(Uint8Array.of(0xff, 0xfe))).toBeNull();
    expect(asText(bytes("a\0b"))).toBeNull();
    expect(isTextType("application/json")).toBe(true);
    expect(isTextType("application/zip")).toBe(false);
  });
});

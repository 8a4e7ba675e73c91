import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { attachmentKind } from "./kind.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const failure = (name: string, content: Uint8Array): { code: string; userMessage: string } => {
  try {
    attachmentKind(name, "application/octet-stream", content);
  } catch (thrown) {
    if (thrown instanceof KernelError) return thrown;
  }
  return { code: "no error", userMessage: "" };
};

describe("what an attachment is", () => {
  it("goes by the bytes, then by the name", () => {
    expect(attachmentKind("a.png", "image/png", bytes("%PDF-1.7"))).toEqual({
      kind: "pdf",
      mediaType: "application/pdf",
    });
    expect(attachmentKind("a.txt", "text/plain", Uint8Array.of(0xff, 0xd8, 0xff)).kind).toBe("picture");
    expect(attachmentKind("a.csv", "text/csv", bytes("a,b"))).toEqual({
      kind: "text",
      mediaType: "text/csv",
      text: "a,b",
    });
    expect(attachmentKind("page.html", "text/html", bytes("<!doctype html>")).kind).toBe("text");
    expect(attachmentKind("page.md", "text/markdown", bytes("<html>")).kind).toBe("text");
    expect(attachmentKind("LICENSE", "application/octet-stream", bytes("MIT")).kind).toBe("text");
  });

  it.each([
    ["report.pdf", bytes(""), "file.empty"],
    ["report.pdf", bytes("<!DOCTYPE html><title>Sign in"), "file.not_the_file"],
    ["photo.jpg", bytes("<html><body>log in"), "file.not_the_file"],
    ["report.pdf", bytes("hello"), "pdf.broken"],
    ["letter.docx", Uint8Array.of(0x50, 0x4b, 3, 4, 0), "file.unsupported"],
    ["disk.img", Uint8Array.of(0, 1, 2), "file.unsupported"],
  ])("%s that cannot be read is refused by name", (name, content, code) => {
    const error = failure(name, content);
    expect(error.code).toBe(code);
    expect(error.userMessage).toContain(name);
  });
});

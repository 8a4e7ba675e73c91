import { describe, expect, it } from "vitest";
import { sniff } from "../../kernel/files/media-type.ts";
import { UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import encrypted from "../fixtures/encrypted.pdf?inline";
import endless from "../fixtures/endless-page.pdf?inline";
import pixel from "../fixtures/pixel.jpg?inline";
import report from "../fixtures/report.pdf?inline";
import scan from "../fixtures/scan.pdf?inline";
import streamBomb from "../fixtures/stream-bomb.pdf?inline";
import textBomb from "../fixtures/text-bomb.pdf?inline";
import truncated from "../fixtures/truncated.pdf?inline";
import { atBench } from "./context.ts";

const person = (name: string) => UserId.parse(`slack:T1:U-att-${name}`);
const bytesOf = (url: string): Uint8Array =>
  Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (char) => char.charCodeAt(0));

/** The document's text in a tool's output. */
const textIn = (output: Record<string, unknown>): string => {
  const { text } = output;
  if (typeof text !== "string") throw new Error("no text");
  return text;
};

/** Saves a fixture as an upload and processes it. */
const process = (
  name: string,
  content: Uint8Array | string,
  options: { eyes?: boolean; fromPage?: number; folder?: string } = {},
) =>
  atBench(
    person(name),
    async ({ run, tree }) => {
      const path = `${options.folder ?? "uploads"}/${name}`;
      await tree.write(path, content);
      const result = await run("process_attachment", {
        path,
        ...(options.fromPage ? { fromPage: options.fromPage } : {}),
      });
      const saved = await Promise.all((result.sights ?? []).map(async (sight) => (await tree.read(sight.path)).bytes));
      return { ...result, saved };
    },
    { eyes: options.eyes ?? false },
  );

/** Code and sentence of the failure. */
const failure = async (name: string, content: Uint8Array | string): Promise<{ code: string; userMessage: string }> => {
  try {
    await process(name, content);
  } catch (thrown) {
    return thrown as { code: string; userMessage: string };
  }
  return { code: "no error", userMessage: "" };
};

describe("D6 a PDF", () => {
  it("becomes Markdown with page numbers, headings, paragraphs and lists", async () => {
    const { output, detail, sights } = await process("report.pdf", bytesOf(report), { eyes: true });
    expect(output).toMatchObject({ pages: 3, pagesRead: 3, pagesWithoutText: [], savedAs: null, notes: [] });
    const text = textIn(output);
    expect(text).toMatch(/^# report\.pdf\n\n## Page 1\n\n### Orchard Report 2025\n\n#### Summary\n\nThe harvest/);
    const [, , second = "", third = ""] = text.split(/^## Page \d+$/m);
    expect(second).toContain("#### Costs");
    expect(second).toContain("Machines: 7,150 euros\nWater: 930 euros");
    expect(third).toContain("140 new apple trees");
    expect(third).toContain("1. Prepare the ground\n2. Order the trees\n3. Plant");
    expect(detail).toBe("`report.pdf`: 3 pages");
    expect(sights).toEqual([]);
  });

  it("that is long is saved as Markdown, its first part inline", async () => {
    await atBench(person("long"), async ({ run, tree }) => {
      await tree.write("uploads/long.pdf", longPdf(60, 40));
      const { output } = await run("process_attachment", { path: "uploads/long.pdf" });
      expect(output).toMatchObject({ pages: 60, pagesRead: 60, savedAs: "thread/long.pdf.md" });
      expect(textIn(output).length).toBeLessThanOrEqual(limits.files.maxReadChars);
      const saved = new TextDecoder().decode((await tree.read("thread/long.pdf.md")).bytes);
      expect(saved).toContain("## Page 60");
      // Processed again it is the same file.
      await run("process_attachment", { path: "uploads/long.pdf" });
      expect(await tree.versions("thread/long.pdf.md")).toHaveLength(1);
      expect(await tree.stat("thread/long.pdf-2.md")).toBeNull();
    });
  });

  it("of a person's own place leaves nothing in the thread", async () => {
    await atBench(person("private"), async ({ run, tree }) => {
      await tree.write("home/own.pdf", longPdf(60, 40));
      expect((await run("process_attachment", { path: "home/own.pdf" })).output["savedAs"]).toBe("home/own.pdf.md");
    });
  });

  it("with more than a limit of characters is read as far as that, and says which limit", async () => {
    const { output, detail } = await process("huge.pdf", longPdf(120, 60, 90));
    expect(output["pages"]).toBe(120);
    expect(Number(output["pagesRead"])).toBeLessThan(120);
    expect(output["notes"]).toContainEqual(expect.stringContaining("the limit is 400000 characters"));
    expect(detail).toContain("cut at a limit");
  });

  it("whose pages are scans shows them to a model that has eyes", async () => {
    const { output, sights, saved } = await process("scan.pdf", bytesOf(scan), { eyes: true });
    expect(output).toMatchObject({ pages: 3, pagesWithoutText: [1, 3] });
    expect(sights).toEqual([
      { path: "thread/scan.pdf-page-1.png", mediaType: "image/png" },
      { path: "thread/scan.pdf-page-3.png", mediaType: "image/png" },
    ]);
    expect(saved.map((bytes) => sniff(bytes))).toEqual(["image/png", "image/png"]);
    expect(textIn(output)).toContain("This second page has a text layer.");
    const later = await process("scan.pdf", bytesOf(scan), { eyes: true, fromPage: 2 });
    expect(later.sights?.map((sight) => sight.path)).toEqual(["thread/scan.pdf-page-3.png"]);
  });

  it("whose pages are scans says plainly that a model without eyes cannot see them", async () => {
    const { output, sights } = await process("scan.pdf", bytesOf(scan));
    expect(sights).toEqual([]);
    expect(output["notes"]).toContainEqual(
      expect.stringMatching(/2 pages without a text layer \(1, 3\).*cannot see pictures/),
    );
  });

  it.each([
    ["locked.pdf", encrypted, "pdf.encrypted"],
    ["half.pdf", truncated, "pdf.broken"],
    ["bomb.pdf", textBomb, "pdf.too_large"],
    ["bomb2.pdf", streamBomb, "pdf.too_large"],
    ["endless.pdf", endless, "pdf.too_large"],
  ])("%s is refused with a sentence that names it, in bounded time", async (name, url, code) => {
    const started = Date.now();
    const error = await failure(name, bytesOf(url));
    expect(error.code).toBe(code);
    expect(error.userMessage).toContain(name);
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});

describe("D6 other attachments", () => {
  it("a picture goes to the eyes of a model that has them, and is told plainly to one that has not", async () => {
    const seen = await process("pixel.jpg", bytesOf(pixel), { eyes: true });
    expect(seen.sights).toEqual([{ path: "uploads/pixel.jpg", mediaType: "image/jpeg" }]);
    const blind = await process("pixel.jpg", bytesOf(pixel));
    expect(blind.sights ?? []).toEqual([]);
    expect(blind.output).toMatchObject({ seen: false, notes: [expect.stringContaining("cannot see pictures")] });
  });

  it("text comes as text, a long one in its first part", async () => {
    expect((await process("a.csv", "name,age\nAnn,41")).output).toMatchObject({
      mediaType: "text/csv",
      text: "name,age\nAnn,41",
      lines: 2,
    });
    const long = await process("long.txt", "a line of text\n".repeat(10_000));
    expect(textIn(long.output).length).toBeLessThanOrEqual(limits.files.maxReadChars);
    expect(long.output["notes"]).toEqual([expect.stringContaining("read_file at offset 4001")]);
  });

  it.each([
    ["empty.pdf", "", "file.empty"],
    ["login.pdf", "<!DOCTYPE html><title>Sign in to Slack</title>", "file.not_the_file"],
    ["letter.docx", "PK\u0003\u0004rest", "file.unsupported"],
    ["words.pdf", "just words", "pdf.broken"],
  ])("%s is refused with a sentence that names it", async (name, content, code) => {
    const error = await failure(name, content);
    expect(error.code).toBe(code);
    expect(error.userMessage).toContain(name);
  });
});

/** A PDF of plain text, unpacked, written here by hand: `pages` pages of `lines` lines. */
function longPdf(pages: number, lines: number, chars = 60): Uint8Array {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""];
  const kids: string[] = [];
  objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (let page = 1; page <= pages; page++) {
    const body = Array.from({ length: lines }, (_, line) => {
      const words = `${page}.${line} `.padEnd(chars, "lorem ipsum ");
      return `1 0 0 1 40 ${800 - line * 12} Tm (${words}) Tj`;
    }).join("\n");
    const content = `BT /F1 6 Tf ${body} ET`;
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    kids.push(`${objects.length + 1} 0 R`);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${objects.length} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
    );
  }
  objects[1] = `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${pages} >>`;
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}

import { z } from "zod";
import { firstPages } from "../attachments/first-pages.ts";
import { attachmentKind } from "../attachments/kind.ts";
import { readPdf } from "../attachments/pdf.ts";
import { saveMade } from "../attachments/save.ts";
import type { FileRead } from "../files/types.ts";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { sliceText } from "./slice-text.ts";
import type { Sight, ToolContext, ToolResult } from "./types.ts";
import { code, counted, sizeInWords } from "./words.ts";

const blind =
  "The model in use cannot see pictures. Say so plainly; the person can set a model that can, or send the text in words.";

export const processAttachment = defineTool({
  name: "process_attachment",
  description:
    "Reads an attachment: a PDF becomes Markdown with a heading for each page (## Page 3), so name the pages you quote; a long one is also saved as a Markdown file to go on with by read_file. Pages without a text layer are named, and shown to you as pictures when you can see; so is a picture. Text, CSV, JSON and HTML come as text.",
  input: z.object({
    path: pathInput,
    fromPage: z
      .number()
      .int()
      .min(1)
      .max(limits.pdf.maxPages)
      .optional()
      .describe(
        `For a scan: the page from which on up to ${limits.pdf.maxScanPages} scanned pages are shown. Default 1.`,
      ),
  }),
  capability: "fs.read",
  risk: "low",
  command: true,
  title: ({ path }) => `Read attachment ${path.slice(path.lastIndexOf("/") + 1)}`,
  async run({ path, fromPage = 1 }, ctx) {
    const read = await ctx.files.read(path);
    const name = read.info.path.slice(read.info.path.lastIndexOf("/") + 1);
    const attachment = attachmentKind(name, read.info.mediaType, read.bytes);
    if (attachment.kind === "pdf") return pdfResult(read, name, fromPage, ctx);
    if (attachment.kind === "picture") return pictureResult(read, attachment.mediaType, ctx);
    return textResult(read, attachment.mediaType, attachment.text);
  },
});

async function pdfResult(read: FileRead, name: string, fromPage: number, ctx: ToolContext): Promise<ToolResult> {
  const { path } = read.info;
  const { signal } = ctx;
  const now = () => ctx.now();
  const picturesFrom = ctx.model.eyes ? fromPage : null;
  const progress = (done: number, of: number) => ctx.progress(`page ${done} of ${of}`);
  const pdf = await readPdf({ bytes: read.bytes, name, now, signal, picturesFrom, progress });
  const { text, rest } = firstPages(pdf.markdown, limits.files.maxReadChars);
  const savedAs = rest ? await saveMade(ctx.files, path, ".md", new TextEncoder().encode(pdf.markdown)) : null;
  const pictures: { page: number; path: string }[] = [];
  for (const { page, png } of pdf.pictures)
    pictures.push({ page, path: await saveMade(ctx.files, path, `-page-${page}.png`, png) });
  const shown = new Set(pictures.map((picture) => picture.page));
  const unseen = pdf.scans.filter((page) => !shown.has(page));
  const notes = [
    pdf.cut,
    savedAs && `This is the first part; the whole is in ${savedAs}: go on with read_file.`,
    pictures.length > 0 &&
      `You are shown ${counted(pictures.length, "page")} without a text layer as pictures: ${pageList([...shown])}.`,
    unseen.length > 0 && unseenNote(unseen, ctx.model.eyes),
  ].filter((note) => typeof note === "string");
  const scans = pdf.scans.length > 0 ? `, ${pdf.scans.length} without text` : "";
  return {
    output: {
      path,
      pages: pdf.pages,
      pagesRead: pdf.pagesRead,
      pagesWithoutText: pdf.scans,
      pictures,
      savedAs,
      notes,
      text,
    },
    detail: `${code(name)}: ${counted(pdf.pages, "page")}${scans}${pdf.cut ? ", cut at a limit" : ""}`,
    sights: pictures.map((picture): Sight => ({ path: picture.path, mediaType: "image/png" })),
  };
}

const pageList = (pages: readonly number[]): string =>
  pages.slice(0, 30).join(", ") + (pages.length > 30 ? ` and ${pages.length - 30} more` : "");

function unseenNote(pages: readonly number[], eyes: boolean): string {
  const which = `${counted(pages.length, "page")} without a text layer (${pageList(pages)})`;
  return eyes
    ? `Not shown: ${which}. They are empty, drawn, or beyond this call: call again with fromPage to see further scans.`
    : `${which} may be scans. ${blind}`;
}

function pictureResult({ info }: FileRead, mediaType: string, ctx: ToolContext): ToolResult {
  const about = { path: info.path, mediaType, sizeBytes: info.sizeBytes };
  const detail = `${code(info.path)}: picture, ${sizeInWords(info.sizeBytes)}`;
  if (!ctx.model.eyes)
    return { output: { ...about, seen: false, notes: [blind] }, detail: `${detail}; this model cannot see` };
  return {
    output: { ...about, seen: true, notes: ["You are shown this picture."] },
    detail,
    sights: [{ path: info.path, mediaType }],
  };
}

function textResult({ info }: FileRead, mediaType: string, text: string): ToolResult {
  const slice = sliceText(text, 1, Number.MAX_SAFE_INTEGER, limits.files.maxReadChars);
  const more = slice.nextLine ?? (slice.lineCut ? 1 : null);
  const notes =
    more === null
      ? []
      : [`This is the first part: go on with read_file at offset ${more}, or use exec_code for all of it.`];
  return {
    output: { path: info.path, mediaType, lines: slice.totalLines, notes, text: slice.text },
    detail: `${code(info.path)}: ${counted(slice.totalLines, "line")}`,
  };
}

import type { PDFDocumentProxy } from "unpdf/pdfjs";
import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { breathe } from "../breathe.ts";
import { type Line, bodySize, linesOf, markdownOf } from "./layout.ts";
import { pdfError, tooLong, withPdf, within } from "./open-pdf.ts";
import { pagePicture } from "./page-picture.ts";
import { pageText } from "./page-text.ts";

export interface PdfRequest {
  bytes: Uint8Array;
  /** For headings and errors. */
  name: string;
  now: Clock;
  signal: AbortSignal;
  /** Pictures of scanned pages are taken from this page on; null when nobody could look at them. */
  picturesFrom: number | null;
  progress?(done: number, of: number): void;
}

export interface PdfDocument {
  /** `# name`, then `## Page N` with the text of each page. */
  markdown: string;
  pages: number;
  pagesRead: number;
  /** Pages without a text layer. */
  scans: number[];
  pictures: { page: number; png: Uint8Array }[];
  /** Set when a limit ended the reading: which one, in a sentence. */
  cut: string | null;
}

interface Reading {
  pages: (Line[] | null)[];
  cut: string | null;
}

/**
 * A PDF as Markdown with page numbers.
 * @throws KernelError `pdf.encrypted`, `pdf.broken`; `pdf.too_large` for what is no document but a bomb.
 */
export function readPdf(request: PdfRequest): Promise<PdfDocument> {
  return withPdf(request.bytes, request.name, async (pdf) => {
    const deadline = request.now() + limits.pdf.maxMs;
    const { pages, cut } = await readPages(pdf, request, deadline);
    if (pages.every((page) => page === null)) throw pdfError(request.name, new Error("no page can be read"));
    const scans = pages.flatMap((page, index) => (page?.length === 0 ? [index + 1] : []));
    const pictures = await picturesOf(pdf, request, scans, deadline);
    return {
      markdown: inMarkdown(request.name, pages),
      pages: pdf.numPages,
      pagesRead: pages.length,
      scans,
      pictures,
      cut,
    };
  });
}

async function readPages(pdf: PDFDocumentProxy, request: PdfRequest, deadline: number): Promise<Reading> {
  const { name, now, signal, bytes } = request;
  const { maxPages, maxChars, maxPageChars, maxCharsPerByte } = limits.pdf;
  const last = Math.min(pdf.numPages, maxPages);
  const pages: (Line[] | null)[] = [];
  let total = 0;
  const stop = (chars: number) =>
    chars > maxPageChars || total + chars > maxChars ? "characters" : now() > deadline ? "time" : null;
  for (let n = 1; n <= last; n++) {
    signal.throwIfAborted();
    await breathe();
    if (now() > deadline)
      return {
        pages,
        cut: `Only ${pages.length} of ${pdf.numPages} pages were read: the time of ${limits.pdf.maxMs / 1000} seconds was over.`,
      };
    const text = await textOf(pdf, n, stop, deadline - now(), name);
    if (!text) {
      pages.push(null);
      continue;
    }
    total += text.chars;
    if (text.chars > maxPageChars || (total > maxChars && total > bytes.length * maxCharsPerByte))
      throw new KernelError(
        "pdf.too_large",
        `${name} unpacks to far more text than a document has (page ${n}, over ${Math.min(total, maxChars)} characters), so it was not read.`,
      );
    pages.push(linesOf(text.runs));
    if (text.stopped === "time")
      return {
        pages,
        cut: `Reading stopped on page ${n} of ${pdf.numPages}: the time of ${limits.pdf.maxMs / 1000} seconds was over.`,
      };
    if (text.stopped)
      return { pages, cut: `Reading stopped on page ${n} of ${pdf.numPages}: the limit is ${maxChars} characters.` };
    if (n % 25 === 0) request.progress?.(n, pdf.numPages);
  }
  const cut =
    pdf.numPages > last ? `Only the first ${last} of ${pdf.numPages} pages were read: that is the limit.` : null;
  return { pages, cut };
}

/** The text of one page; null when that page alone is broken. */
async function textOf(
  pdf: PDFDocumentProxy,
  n: number,
  stop: (chars: number) => "characters" | "time" | null,
  ms: number,
  name: string,
) {
  try {
    const page = await within(ms, pdf.getPage(n), () => tooLong(name));
    const text = await within(ms, pageText(page, stop), () => tooLong(name));
    page.cleanup();
    return text;
  } catch (thrown) {
    if (thrown instanceof KernelError) throw thrown;
    return null;
  }
}

async function picturesOf(pdf: PDFDocumentProxy, request: PdfRequest, scans: readonly number[], deadline: number) {
  const from = request.picturesFrom;
  const pictures: PdfDocument["pictures"] = [];
  if (from === null) return pictures;
  for (const n of scans.filter((page) => page >= from).slice(0, limits.pdf.maxScanPages)) {
    request.signal.throwIfAborted();
    if (request.now() > deadline) break;
    await breathe();
    const page = await pdf.getPage(n);
    // A picture in a format that cannot be unpacked here never comes: the page is named without one.
    const png = await within(deadline - request.now(), pagePicture(page), () => tooLong(request.name)).catch(
      () => null,
    );
    page.cleanup();
    if (png) pictures.push({ page: n, png });
  }
  return pictures;
}

function inMarkdown(name: string, pages: readonly (Line[] | null)[]): string {
  const body = bodySize(pages.map((page) => page ?? []));
  const sections = pages.map((lines, index) => {
    const text = lines === null ? "_This page is damaged and could not be read._" : markdownOf(lines, body);
    return `## Page ${index + 1}\n\n${text || "_No text layer: this page is empty, a scan or a picture._"}`;
  });
  return `# ${name}\n\n${sections.join("\n\n")}\n`;
}

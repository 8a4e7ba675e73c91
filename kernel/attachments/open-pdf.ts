import type { PDFDocumentProxy } from "unpdf/pdfjs";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { refuseBomb } from "./bomb.ts";

/** Waits for `work` but not past `ms`; what comes later is nobody's business any more. */
export async function within<T>(ms: number, work: Promise<T>, late: () => KernelError): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(0, ms));
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}

export const tooLong = (name: string): KernelError =>
  new KernelError(
    "pdf.too_large",
    `${name} could not be read within ${limits.pdf.maxMs / 1000} seconds. Please send it in smaller parts.`,
  );

/** What PDF.js throws, as one of ours that names the file. */
export function pdfError(name: string, thrown: unknown): KernelError {
  if (thrown instanceof KernelError) return thrown;
  const kind = thrown instanceof Error ? thrown.name : "";
  if (kind === "PasswordException")
    return new KernelError("pdf.encrypted", `${name} is locked with a password. Please send a copy without one.`, {
      cause: thrown,
    });
  return new KernelError("pdf.broken", `${name} is damaged or not a whole PDF. Please export or upload it again.`, {
    cause: thrown,
  });
}

/**
 * Opens a PDF, for as long as `work` takes. The library is large and few turns need it, so it is loaded on first use.
 * @throws KernelError `pdf.encrypted`, `pdf.broken`, `pdf.too_large`.
 */
export async function withPdf<T>(
  bytes: Uint8Array,
  name: string,
  work: (pdf: PDFDocumentProxy) => Promise<T>,
): Promise<T> {
  await refuseBomb(bytes, name);
  const { getDocumentProxy } = await import("unpdf");
  let pdf: PDFDocumentProxy;
  try {
    // A copy: PDF.js takes the buffer away from whoever gave it.
    const opening = getDocumentProxy(bytes.slice(), {
      verbosity: 0,
      maxImageSize: limits.pdf.maxPixels,
      disableFontFace: true,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
    });
    pdf = await within(limits.pdf.maxMs, opening, () => tooLong(name));
  } catch (thrown) {
    throw pdfError(name, thrown);
  }
  try {
    return await work(pdf);
  } finally {
    await pdf.loadingTask.destroy();
  }
}

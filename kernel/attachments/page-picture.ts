import type { PDFPageProxy } from "unpdf/pdfjs";
import { z } from "zod";
import { limits } from "../limits.ts";
import { type Pixels, shrink } from "./picture.ts";
import { encodePng } from "./png.ts";

const Image = z.object({
  width: z.number().int().positive().max(100_000),
  height: z.number().int().positive().max(100_000),
  /** PDF.js' ImageKind: one bit a pixel, three bytes, four bytes. */
  kind: z.number().optional(),
  data: z.union([z.instanceof(Uint8ClampedArray), z.instanceof(Uint8Array)]),
});

/** PDF.js' image object as pixels, or null when it holds none that we know. */
export function pixelsOf(image: unknown): Pixels | null {
  const read = Image.safeParse(image);
  if (!read.success) return null;
  const { width, height, kind, data } = read.data;
  if (width * height > limits.pdf.maxPixels) return null;
  if (kind === 1 && data.length >= ((width + 7) >> 3) * height) return { width, height, channels: "bits", data };
  const channels = data.length / (width * height);
  return channels === 1 || channels === 3 || channels === 4 ? { width, height, channels, data } : null;
}

/** The largest picture on a page as PNG, or null when there is none that can be unpacked here. */
export async function pagePicture(page: PDFPageProxy): Promise<Uint8Array | null> {
  const { getResolvedPDFJS } = await import("unpdf");
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  let best: Pixels | null = null;
  for (const [index, operation] of fnArray.entries()) {
    const argument: unknown = (argsArray[index] as unknown[] | null)?.[0];
    let image: unknown = null;
    if (operation === OPS.paintInlineImageXObject) image = argument;
    else if (operation === OPS.paintImageXObject && typeof argument === "string")
      image = await objectOf(page, argument);
    const pixels = pixelsOf(image);
    if (pixels && (!best || pixels.width * pixels.height > best.width * best.height)) best = pixels;
  }
  return best ? encodePng(shrink(best, limits.pdf.maxPictureSide)) : null;
}

function objectOf(page: PDFPageProxy, id: string): Promise<unknown> {
  const objects = id.startsWith("g_") ? page.commonObjs : page.objs;
  return new Promise((resolve) => {
    objects.get(id, resolve);
  });
}

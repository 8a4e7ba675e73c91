import type { PDFPageProxy } from "unpdf/pdfjs";
import { z } from "zod";
import type { Run } from "./layout.ts";

const Chunk = z.object({
  items: z.array(
    z.union([
      z.object({
        str: z.string(),
        transform: z.array(z.number()).length(6),
        width: z.number(),
        hasEOL: z.boolean(),
      }),
      // Marks of structure; they carry no text.
      z.object({ type: z.string() }),
    ]),
  ),
});

export type PageText = { runs: Run[]; chars: number; stopped: "characters" | "time" | null };

/**
 * The text of a page, taken as a stream and left as soon as `stop` says so: a small file can hold pages of gigabytes,
 * and asking for the whole text of such a page would build all of it first.
 */
export async function pageText(
  page: PDFPageProxy,
  stop: (chars: number) => "characters" | "time" | null,
): Promise<PageText> {
  const reader = page.streamTextContent({ includeMarkedContent: false }).getReader();
  const runs: Run[] = [];
  let chars = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { runs, chars, stopped: null };
    for (const item of Chunk.parse(value).items) {
      if (!("str" in item)) continue;
      const [, , c = 0, d = 0, x = 0, y = 0] = item.transform;
      chars += item.str.length;
      runs.push({ text: item.str, x, y, width: item.width, size: Math.hypot(c, d), endsLine: item.hasEOL });
    }
    const stopped = stop(chars);
    if (!stopped) continue;
    await reader.cancel(new Error("enough")).catch(() => undefined);
    return { runs, chars, stopped };
  }
}

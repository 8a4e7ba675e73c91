import { z } from "zod";
import { asText, sniff } from "../files/media-type.ts";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { sliceText } from "./slice-text.ts";
import { code, sizeInWords } from "./words.ts";

const defaultLines = 2000;

/** What to do with bytes that are no text. */
function insteadOfText(mediaType: string): string {
  if (mediaType === "application/pdf" || mediaType.startsWith("image/"))
    return "Use process_attachment with this path: it turns a PDF into text and shows you a picture.";
  return "It cannot be read as text. exec_code can read its bytes through FILES.";
}

export const readFile = defineTool({
  name: "read_file",
  description:
    "Reads a text file of the person who asked (home/, uploads/, sites/) or of this thread (thread/). Gives lines from `offset` on, at most 60,000 characters at once, and `next` when there is more. For a PDF or a picture use process_attachment. The result's etag can be given to write_file as basedOn.",
  input: z.object({
    path: pathInput,
    offset: z.number().int().min(1).optional().describe("First line to give, from 1. Default 1."),
    limit: z.number().int().min(1).max(10_000).optional().describe(`How many lines to give. Default ${defaultLines}.`),
  }),
  capability: "fs.read",
  risk: "low",
  command: true,
  title: ({ path }) => `Read ${path}`,
  async run({ path, offset = 1, limit = defaultLines }, ctx) {
    const { info, bytes } = await ctx.files.read(path);
    const about = { path: info.path, version: info.version, etag: info.etag, sizeBytes: info.sizeBytes };
    const text = asText(bytes);
    if (text === null) {
      const mediaType = sniff(bytes) ?? info.mediaType;
      return {
        output: {
          ...about,
          mediaType,
          text: null,
          note: `This is not text (${mediaType}). ${insteadOfText(mediaType)}`,
        },
        detail: `${code(info.path)} is not text (${mediaType}, ${sizeInWords(info.sizeBytes)})`,
      };
    }
    const slice = sliceText(text, offset, limit, limits.files.maxReadChars);
    const range = `lines ${slice.firstLine}–${slice.lastLine} of ${slice.totalLines}`;
    const next = slice.nextLine === null ? null : `There is more: call again with offset ${slice.nextLine}.`;
    const cut = slice.lineCut ? "This line is too long and was cut; exec_code can read the whole of it." : null;
    return {
      output: { ...about, mediaType: info.mediaType, range, text: slice.text, next, note: cut },
      detail: `${code(info.path)}, ${range}`,
    };
  },
});

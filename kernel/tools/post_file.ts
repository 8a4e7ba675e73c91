import { z } from "zod";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { code, sizeInWords } from "./words.ts";

/** No consent: the file goes into the person's own thread, where what it says could be said as well. */
export const postFile = defineTool({
  name: "post_file",
  description:
    "Puts a file of the person who asked (home/, uploads/, sites/) or of this thread (thread/) into the chat thread, where everyone in the thread can open it: a chart, a CSV, a document. Write the file first. Give alt_text for a picture. For a picture in the middle of an answer you can also write ![alt](path) on a line of its own.",
  input: z.object({
    path: pathInput,
    comment: z.string().max(2000).optional().describe("One or two sentences that stand with the file."),
    alt_text: z.string().max(1000).optional().describe("What a picture shows, for who cannot see it."),
  }),
  capability: "fs.read",
  risk: "low",
  command: true,
  title: ({ path }) => `Post ${path}`,
  async run({ path, comment, alt_text: alt }, ctx) {
    const info = await ctx.files.stat(path);
    if (info === null) throw new KernelError("file.not_found", `There is no file at ${path}.`);
    if (info.sizeBytes === 0)
      throw new KernelError("file.empty", `${info.path} is empty (0 bytes). Write something into it first.`);
    if (info.sizeBytes > limits.files.maxBytes)
      throw new KernelError("file.too_large", `${info.path} is larger than ${sizeInWords(limits.files.maxBytes)}.`);
    const name = info.path.slice(info.path.lastIndexOf("/") + 1);
    return {
      output: { posted: info.path, sizeBytes: info.sizeBytes },
      detail: `${code(info.path)}, ${sizeInWords(info.sizeBytes)}`,
      events: [
        {
          type: "file.posted",
          path: info.path,
          name,
          mediaType: info.mediaType,
          sizeBytes: info.sizeBytes,
          ...(comment === undefined ? {} : { comment }),
          ...(alt === undefined ? {} : { alt }),
        },
      ],
    };
  },
});

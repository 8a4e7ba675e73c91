import { z } from "zod";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { code, sizeInWords } from "./words.ts";

export const writeFile = defineTool({
  name: "write_file",
  description:
    "Writes a whole text file, making it or replacing it; older versions are kept. Use home/ for the person's own things, sites/<slug>/ for a site to publish, thread/ for what everyone in this thread may see. Give `basedOn` (the etag from read_file) when you change a file you have read: the write is then refused (file.changed) if somebody else changed it meanwhile.",
  input: z.object({
    path: pathInput,
    content: z.string().max(limits.files.maxBytes).describe("The whole new content of the file."),
    basedOn: z.string().max(200).optional().describe("The etag of the version this change is based on."),
  }),
  capability: "fs.write",
  risk: "low",
  command: true,
  title: ({ path }) => `Write ${path}`,
  async run({ path, content, basedOn }, ctx) {
    const info = await ctx.files.write(path, content, basedOn === undefined ? {} : { basedOn });
    return {
      output: { path: info.path, version: info.version, etag: info.etag, sizeBytes: info.sizeBytes },
      detail: `${code(info.path)}, version ${info.version}, ${sizeInWords(info.sizeBytes)}`,
    };
  },
});

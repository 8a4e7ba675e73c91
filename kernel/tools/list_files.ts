import { z } from "zod";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { code, counted } from "./words.ts";

export const listFiles = defineTool({
  name: "list_files",
  description:
    "Lists files with size, version and type, by path. Without a folder: everything the person has and what this thread shares. At most 500 at once; `cursor` of the answer goes on from there.",
  input: z.object({
    folder: z
      .string()
      .max(limits.files.maxPathBytes)
      .optional()
      .describe("Folder to list with everything below it, for example sites/shop. Default: all roots."),
    cursor: z.string().max(limits.files.maxPathBytes).optional().describe("The cursor of the answer before."),
  }),
  capability: "fs.read",
  risk: "low",
  command: true,
  title: ({ folder }) => `List ${folder ?? "all files"}`,
  async run({ folder = "", cursor }, ctx) {
    const page = await ctx.files.list(folder, cursor);
    const files = page.files.map(({ path, sizeBytes, mediaType, version }) => ({
      path,
      sizeBytes,
      mediaType,
      version,
    }));
    const where = folder === "" ? "" : ` in ${code(folder)}`;
    return {
      output: { files, cursor: page.cursor },
      detail: `${counted(files.length, "file")}${where}${page.cursor ? ", and more" : ""}`,
    };
  },
});

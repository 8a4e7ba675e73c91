import { z } from "zod";
import { defineTool } from "./define.ts";
import { pathInput } from "./inputs.ts";
import { code } from "./words.ts";

export const moveFile = defineTool({
  name: "move_file",
  description:
    "Moves or renames one file. It never replaces a file that is there. Moving to thread/ shows it to everyone in this thread.",
  input: z.object({ from: pathInput, to: pathInput }),
  capability: "fs.write",
  risk: "low",
  command: true,
  title: ({ from, to }) => `Move ${from} to ${to}`,
  async run({ from, to }, ctx) {
    const info = await ctx.files.move(from, to);
    return {
      output: { path: info.path, version: info.version, etag: info.etag, sizeBytes: info.sizeBytes },
      detail: `${code(from)} → ${code(info.path)}`,
    };
  },
});

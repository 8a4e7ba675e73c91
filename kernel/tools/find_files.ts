import { z } from "zod";
import { KernelError } from "../errors.ts";
import { findLimits } from "../files/find.ts";
import { defineTool } from "./define.ts";
import { counted } from "./words.ts";

export const findFiles = defineTool({
  name: "find_files",
  description: `Finds files by a glob on their path, by text they contain, or by both. Text is searched in text files up to 1 MB, case ignored; the answer has line numbers. At most ${findLimits.maxMatches} matches and ${findLimits.maxFilesRead} files searched: narrow the glob when that is not enough.`,
  input: z.object({
    glob: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe(
        "For example *.md, sites/**/*.css or uploads/*report*. ** is any folders, * anything in a name, ? one character.",
      ),
    text: z.string().min(1).max(findLimits.maxTextChars).optional().describe("Text that a line of the file contains."),
  }),
  capability: "fs.read",
  risk: "low",
  command: true,
  title: ({ glob, text }) =>
    `Find ${[glob, text && `“${text.slice(0, 60)}”`].filter(Boolean).join(" with ") || "files"}`,
  async run({ glob, text }, ctx) {
    if (glob === undefined && text === undefined)
      throw new KernelError("input.invalid", "find_files needs a glob, a text, or both.");
    const matches = await ctx.files.find({
      ...(glob === undefined ? {} : { glob }),
      ...(text === undefined ? {} : { text }),
    });
    const files = new Set(matches.map((match) => match.path)).size;
    const note =
      matches.length >= findLimits.maxMatches ? `Only the first ${findLimits.maxMatches} matches are given.` : null;
    return {
      output: { matches: matches.map((match) => ({ ...match })), note },
      detail:
        text === undefined ? counted(files, "file") : `${counted(matches.length, "line")} in ${counted(files, "file")}`,
    };
  },
});

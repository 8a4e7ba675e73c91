import { z } from "zod";
import { limits } from "../limits.ts";
import { nameFrom, RepoName } from "../sandbox/computer/repos/names.ts";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { reposOf, timed } from "./repo.ts";
import { code, counted } from "./words.ts";

export const repoOpen = defineTool({
  name: "repo_open",
  description:
    "Opens a git repo in the computer and gives this thread a worktree and branch of its own, so that threads do not get in each other's way. Give url (https, no password in it) to clone, archive (a path like uploads/project.zip) to unpack, or only the name of a repo that is there already. Work in the returned path with computer_bash; show changes with repo_diff; commit with repo_commit, never with git commit.",
  input: z.object({
    name: RepoName.optional().describe("What the repo is called from now on; from url or archive when it is left out."),
    url: z.string().max(500).optional().describe("https:// address to clone from."),
    archive: z
      .string()
      .max(limits.files.maxPathBytes)
      .optional()
      .describe("Path of a .zip or .tar.gz among the files."),
    box: boxInput,
  }),
  capability: "process.run",
  risk: "low",
  title: ({ name, url, archive }) => `Open ${name ?? url ?? archive ?? "a repo"}`,
  run({ name, url, archive, box }, ctx) {
    return timed(async () => {
      const called = name ?? nameFrom(url ?? archive ?? "");
      const repos = await reposOf(box, ctx);
      const open =
        archive === undefined
          ? await repos.open(called, url ?? null)
          : await repos.import(called, { name: archive, bytes: (await ctx.files.read(archive)).bytes });
      return {
        output: { name: called, box, ...open },
        detail: `${code(called)} at ${code(open.path)}, ${counted(open.files, "file")}`,
      };
    });
  },
});

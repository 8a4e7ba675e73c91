import { z } from "zod";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { repoInput, reposOf, timed } from "./repo.ts";
import { code } from "./words.ts";

/** No consent: each commit was approved as it was made, and nothing leaves the box. */
export const repoMerge = defineTool({
  name: "repo_merge",
  description:
    "Merges the thread's commits into the repo's own branch in the box and removes the thread's worktree. It refuses while there are changes that are not committed, and changes nothing when there are conflicts.",
  input: z.object({ repo: repoInput, box: boxInput }),
  capability: "process.run",
  risk: "low",
  title: ({ repo }) => `Merge into ${repo}`,
  run({ repo, box }, ctx) {
    return timed(async () => {
      const merged = await (await reposOf(box, ctx)).merge(repo);
      return { output: merged, detail: `${code(merged.base)} is at ${code(merged.head.slice(0, 10))}` };
    });
  },
});

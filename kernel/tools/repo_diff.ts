import { z } from "zod";
import { limits } from "../limits.ts";
import { diffSums } from "./diff-words.ts";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { diffCard, repoInput, reposOf, timed } from "./repo.ts";
import type { ToolResult } from "./types.ts";

export const repoDiff = defineTool({
  name: "repo_diff",
  description:
    "Shows in the thread what this thread has changed in a repo and not committed yet, as a card; new files are in it. Look at it yourself before you ask for a commit.",
  input: z.object({ repo: repoInput, box: boxInput }),
  capability: "process.run",
  risk: "low",
  title: ({ repo }) => `Changes in ${repo}`,
  run({ repo, box }, ctx) {
    return timed(async (): Promise<ToolResult> => {
      const changes = await (await reposOf(box, ctx)).changes(repo);
      const summary = diffSums(changes.files);
      if (changes.files.length === 0) return { output: { branch: changes.branch, summary }, detail: summary };
      const { text, path, events } = await diffCard(repo, changes, ctx);
      const files = changes.files.slice(0, limits.repo.maxShownFiles).map((file) => ({ ...file }));
      const more = changes.files.length - files.length;
      return {
        output: { branch: changes.branch, summary, files, diff: text, whole_diff: path },
        detail: summary,
        events: [{ type: "diff.shown", repo, branch: changes.branch, files, more, text, path }, ...events],
      };
    });
  },
});

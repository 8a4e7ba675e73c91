import { z } from "zod";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { diffBody, PinnedTree, repoInput, reposOf, timed } from "./repo.ts";
import { code } from "./words.ts";

export const repoDiscard = defineTool({
  name: "repo_discard",
  description:
    "Throws away this thread's worktree and branch of a repo, with all that was not merged or pushed. A person is asked and sees what would be lost.",
  input: z.object({ repo: repoInput, box: boxInput }),
  capability: "process.run",
  risk: "medium",
  consent: "approve",
  title: ({ repo }) => `Discard the work on ${repo}`,
  async prepare({ repo, box }, ctx) {
    const changes = await (await reposOf(box, ctx)).changes(repo);
    const { head, tree, branch } = changes;
    const lost =
      changes.files.length === 0
        ? { body: "Nothing in it is uncommitted.", events: [] }
        : await diffBody(repo, changes, ctx);
    return {
      title: `Discard the work on ${repo}?`,
      body: `Branch ${code(branch)} at ${code(head.slice(0, 10))} and its worktree will be gone, with what is not committed:\n\n${lost.body}`,
      pinned: { head, tree },
      events: lost.events,
    };
  },
  run({ repo, box }, ctx, pinned) {
    return timed(async () => {
      await (await reposOf(box, ctx)).discard(repo, PinnedTree.parse(pinned));
      return { output: { discarded: repo }, detail: `${code(repo)}: worktree and branch are gone` };
    });
  },
});

import { z } from "zod";
import { KernelError } from "../errors.ts";
import { textBlock } from "./diff-words.ts";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { diffBody, PinnedTree, repoInput, reposOf, timed } from "./repo.ts";
import { code } from "./words.ts";

export const repoCommit = defineTool({
  name: "repo_commit",
  description:
    "Commits all that this thread has changed in a repo to the thread's own branch. A person is asked and sees the whole diff; exactly that is committed. Ignored files stay out.",
  input: z.object({
    repo: repoInput,
    message: z.string().min(1).max(2000).describe("Commit message: a short first line, then why."),
    box: boxInput,
  }),
  capability: "process.run",
  risk: "medium",
  consent: "approve",
  title: ({ repo }) => `Commit to ${repo}`,
  async prepare({ repo, message, box }, ctx) {
    const changes = await (await reposOf(box, ctx)).changes(repo);
    if (changes.files.length === 0) throw new KernelError("repo.failed", "There is nothing to commit.");
    const { head, tree, branch } = changes;
    const { body, events } = await diffBody(repo, changes, ctx);
    return {
      title: `Commit to ${repo}?`,
      body: [`On branch ${code(branch)}, with the message`, textBlock(message), body].join("\n\n"),
      pinned: { head, tree },
      events,
    };
  },
  run({ repo, message, box }, ctx, pinned) {
    return timed(async () => {
      const repos = await reposOf(box, ctx);
      const commit = await repos.commit(repo, PinnedTree.parse(pinned), message, ctx.userName);
      return { output: { commit }, detail: `${code(commit.slice(0, 10))} ${message.split("\n")[0] ?? ""}` };
    });
  },
});

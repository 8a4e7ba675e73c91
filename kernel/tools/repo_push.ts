import { z } from "zod";
import { KernelError } from "../errors.ts";
import { defineTool } from "./define.ts";
import { boxInput } from "./computer.ts";
import { diffBody, repoInput, reposOf, timed } from "./repo.ts";
import { code, counted } from "./words.ts";

const Pinned = z.object({ remote: z.string(), head: z.string(), old: z.string() });

export const repoPush = defineTool({
  name: "repo_push",
  description:
    "Pushes the thread's commits to a branch of the remote that the repo was cloned from. A person is asked and sees commits and diff; exactly these are pushed, never by force. Until accounts are connected, only remotes that ask for no password can be pushed to.",
  input: z.object({
    repo: repoInput,
    branch: z
      .string()
      .regex(/^(?!\/|.*\/$|.*\/\/|.*\.\.|.*\.lock$)[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/)
      .describe("Branch of the remote."),
    box: boxInput,
  }),
  capability: "net.fetch",
  risk: "high",
  consent: "approve",
  title: ({ repo, branch }) => `Push ${repo} to ${branch}`,
  async prepare({ repo, branch, box }, ctx) {
    const outgoing = await (await reposOf(box, ctx)).outgoing(repo, branch);
    if (outgoing.commits.length === 0) throw new KernelError("repo.failed", "There is no commit to push.");
    const { remote, head, old, commits, count } = outgoing;
    const more = count - commits.length;
    const { body, events } = await diffBody(repo, outgoing, ctx);
    return {
      title: `Push ${repo} to ${branch}?`,
      body: [
        `${code(head.slice(0, 10))} goes to branch ${code(branch)} of ${code(remote)}.`,
        [
          ...commits.map((line) => `- ${code(line)}`),
          ...(more > 0 ? [`- … and ${counted(more, "commit")} before`] : []),
        ].join("\n"),
        body,
      ].join("\n\n"),
      pinned: { remote, head, old },
      events,
    };
  },
  run({ repo, branch, box }, ctx, pinned) {
    return timed(async () => {
      const { remote, head, old } = Pinned.parse(pinned);
      await (await reposOf(box, ctx)).push(repo, { remote, head, old }, branch);
      return { output: { pushed: head, branch, remote }, detail: `${code(head.slice(0, 10))} to ${code(branch)}` };
    });
  },
});

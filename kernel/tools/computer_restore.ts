import { z } from "zod";
import { KernelError } from "../errors.ts";
import type { ToolContext } from "./types.ts";
import { boxInput, boxNamed, computerIs, duration, sameBox } from "./computer.ts";
import { defineTool } from "./define.ts";
import { code, sizeInWords } from "./words.ts";

const Pinned = z.object({ createdAt: z.number() });

async function snapshotOf(ctx: ToolContext, box: Awaited<ReturnType<typeof boxNamed>>, id: string) {
  const found = (await ctx.computers.list()).flatMap((one) => one.snapshots).find((one) => one.id === id);
  if (found) return found;
  const ids = box.snapshots.map((one) => `${one.id} (${one.label})`).join(", ");
  throw new KernelError(
    "computer.not_found",
    `There is no such snapshot. ${ids === "" ? `${box.name} has none.` : `${box.name} has: ${ids}.`}`,
  );
}

export const computerRestore = defineTool({
  name: "computer_restore",
  description:
    "Brings a computer back to a snapshot. A person is asked first: what runs in it is ended, and /workspace and /home/box become what they were. /r2, the person's files, is not touched.",
  input: z.object({ snapshot: z.string().min(1).max(60).describe("Its id, from computer_list."), box: boxInput }),
  capability: "process.run",
  risk: "medium",
  consent: "approve",
  title: ({ box }) => `Restore ${box}`,
  async prepare({ snapshot, box: name }, ctx) {
    const box = await boxNamed(ctx.computers, name);
    const { label, at, sizeBytes } = await snapshotOf(ctx, box, snapshot);
    return {
      title: `Bring the computer ${name} back to “${label}”?`,
      body: [
        `The snapshot ${code(label)} of ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC, ${sizeInWords(sizeBytes)}.`,
        "What runs in the computer is ended. What is in `/workspace` and `/home/box` now is replaced. Your files under `/r2` stay as they are.",
      ].join("\n\n"),
      pinned: { createdAt: box.createdAt },
    };
  },
  async run({ snapshot, box: name }, ctx, pinned) {
    const from = performance.now();
    sameBox(await boxNamed(ctx.computers, name), Pinned.parse(pinned));
    await ctx.computers.restore(name, snapshot);
    const ms = performance.now() - from;
    return {
      output: { computer: computerIs(ctx.computers, name), restored: snapshot },
      detail: `computer ${name} (${ctx.computers.kind}): restored · ${duration(ms)}`,
      sandbox: { tier: "computer", ms, why: "restore" },
    };
  },
});

import { z } from "zod";
import { KernelError } from "../errors.ts";
import { mayMake } from "../sandbox/computer/decide.ts";
import type { BoxName, BoxSummary, Computers, SnapshotSummary } from "../sandbox/computer/types.ts";
import { boxInput, computerIs, duration, sameBox } from "./computer.ts";
import { defineTool } from "./define.ts";
import { code, sizeInWords } from "./words.ts";

/** Null: there was none of that name when the card was made. */
const Pinned = z.object({ createdAt: z.number().nullable() });

function snapshotOf(all: SnapshotSummary[], id: string): SnapshotSummary {
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const ids = all.map((one) => `${one.id} (${one.label}, of ${one.box})`).join(", ");
  throw new KernelError(
    "computer.not_found",
    `There is no such snapshot. ${ids === "" ? "There is none yet." : `There are: ${ids}.`}`,
  );
}

async function boxIfAny(computers: Computers, name: BoxName): Promise<BoxSummary | null> {
  const all = await computers.list();
  const names = all.map((one) => one.name);
  mayMake(names, name);
  return all.find((one) => one.name === name) ?? null;
}

export const computerRestore = defineTool({
  name: "computer_restore",
  description:
    "Brings a computer back to a snapshot, or makes a new one from it when there is none of that name; a snapshot of one computer can be the beginning of another. A person is asked first: what runs in it is ended, and /workspace and /home/box become what they were. /r2, the person's files, is not touched.",
  input: z.object({ snapshot: z.string().min(1).max(60).describe("Its id, from computer_list."), box: boxInput }),
  capability: "process.run",
  risk: "medium",
  consent: "approve",
  title: ({ box }) => `Restore ${box}`,
  async prepare({ snapshot, box: name }, ctx) {
    const { label, at, sizeBytes, box: of } = snapshotOf(ctx.computers.snapshots(), snapshot);
    const box = await boxIfAny(ctx.computers, name);
    const from = of === name ? "" : ` of the computer \`${of}\``;
    const what = `The snapshot ${code(label)}${from}, ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC, ${sizeInWords(sizeBytes)}.`;
    if (!box)
      return {
        title: `Make the computer ${name} from “${label}”?`,
        body: [what, `There is no computer named \`${name}\`: a new one is made, with what was saved.`].join("\n\n"),
        pinned: { createdAt: null },
      };
    return {
      title: `Bring the computer ${name} back to “${label}”?`,
      body: [
        what,
        "What runs in the computer is ended. What is in `/workspace` and `/home/box` now is replaced. Your files under `/r2` stay as they are.",
      ].join("\n\n"),
      pinned: { createdAt: box.createdAt },
    };
  },
  async run({ snapshot, box: name }, ctx, pinned) {
    const from = performance.now();
    const { createdAt } = Pinned.parse(pinned);
    const box = await boxIfAny(ctx.computers, name);
    if (box && createdAt !== null) sameBox(box, { createdAt });
    if ((box === null) !== (createdAt === null))
      throw new KernelError(
        "approval.changed",
        box
          ? `There is a computer named ${name} now, and there was none when this was approved. Ask again.`
          : `${name}, which was to be brought back, is gone. Ask again.`,
      );
    await ctx.computers.restore(name, snapshot);
    const ms = performance.now() - from;
    return {
      output: { computer: computerIs(ctx.computers, name), restored: snapshot },
      detail: `computer ${name} (${ctx.computers.kind}): restored · ${duration(ms)}`,
      sandbox: { tier: "computer", ms, why: "restore" },
    };
  },
});

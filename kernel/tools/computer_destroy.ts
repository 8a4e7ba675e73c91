import { z } from "zod";
import { KernelError } from "../errors.ts";
import { boxInput, boxNamed, sameBox } from "./computer.ts";
import { defineTool } from "./define.ts";
import { counted } from "./words.ts";

/** Snapshots that the card said would be left. */
const Pinned = z.object({ createdAt: z.number(), snapshots: z.array(z.string()).default([]) });

export const computerDestroy = defineTool({
  name: "computer_destroy",
  description:
    "Ends a computer: what runs in it, and its disk (/workspace, /home/box). A person is asked first. The person's files (/r2) and its snapshots stay. An idle computer sleeps by itself and need not be destroyed.",
  input: z.object({ box: boxInput }),
  capability: "process.run",
  risk: "medium",
  consent: "approve",
  title: ({ box }) => `Destroy ${box}`,
  async prepare({ box: name }, ctx) {
    const box = await boxNamed(ctx.computers, name);
    const ports =
      box.ports.length === 0
        ? ""
        : ` The ${counted(box.ports.length, "link")} to its ports will open nothing any more.`;
    const kept =
      box.snapshots.length === 0
        ? "There is no snapshot of it: its disk cannot be brought back."
        : `${counted(box.snapshots.length, "snapshot")} of it can still be restored.`;
    return {
      title: `Destroy the computer ${name}?`,
      body: [
        `Made ${new Date(box.createdAt).toISOString().slice(0, 16).replace("T", " ")} UTC, used for ${counted(box.busySeconds, "second")}.`,
        `Everything that runs in it is ended, and \`/workspace\` and \`/home/box\` are deleted.${ports} Your files under \`/r2\` stay.`,
        kept,
      ].join("\n\n"),
      pinned: { createdAt: box.createdAt, snapshots: box.snapshots.map(({ id }) => id) },
    };
  },
  async run({ box: name }, ctx, pinned) {
    const approved = Pinned.parse(pinned);
    const box = await boxNamed(ctx.computers, name);
    sameBox(box, approved);
    if (!approved.snapshots.every((id) => box.snapshots.some((one) => one.id === id)))
      throw new KernelError(
        "approval.changed",
        `A snapshot of ${name} that was there when this was approved is gone, so nothing was destroyed. Ask again.`,
      );
    await ctx.computers.destroy(name);
    return { output: { destroyed: name }, detail: `computer ${name} destroyed` };
  },
});

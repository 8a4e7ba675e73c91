import { z } from "zod";
import { limits } from "../limits.ts";
import { boxInput, boxNamed, computerIs, duration } from "./computer.ts";
import { defineTool } from "./define.ts";
import { sizeInWords } from "./words.ts";

const { maxSnapshots, maxSnapshotBytes } = limits.computer;

export const computerSnapshot = defineTool({
  name: "computer_snapshot",
  description: `Saves what was made in a computer, /workspace and /home/box without caches, so that computer_restore can bring it back, also after computer_destroy. Do it before something risky. /r2 needs none: it is the person's files. At most ${sizeInWords(maxSnapshotBytes)} packed; the newest ${maxSnapshots} of a computer are kept.`,
  input: z.object({ label: z.string().min(1).max(80).describe("What state it is, in a few words."), box: boxInput }),
  capability: "process.run",
  risk: "low",
  title: ({ label, box }) => `Snapshot of ${box}: ${label}`,
  async run({ label, box: name }, ctx) {
    const from = performance.now();
    await boxNamed(ctx.computers, name);
    const { id, sizeBytes } = await ctx.computers.snapshot(name, label);
    const ms = performance.now() - from;
    return {
      output: { computer: computerIs(ctx.computers, name), snapshot: id, bytes: sizeBytes },
      detail: `computer ${name} (${ctx.computers.kind}): ${sizeInWords(sizeBytes)} saved · ${duration(ms)}`,
      sandbox: { tier: "computer", ms, why: "snapshot" },
    };
  },
});

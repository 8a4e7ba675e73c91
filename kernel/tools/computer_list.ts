import { z } from "zod";
import { limits } from "../limits.ts";
import { defineTool } from "./define.ts";
import { counted } from "./words.ts";

export const computerList = defineTool({
  name: "computer_list",
  description: `Names the person's computers with kind, state, open ports and snapshots, and says what kind of computer there is here and why. A computer is made by its first command; there can be ${limits.computer.maxBoxes}.`,
  input: z.object({}),
  capability: "process.run",
  risk: "low",
  title: () => "Computers",
  async run(_input, ctx) {
    const { kind, reason } = ctx.computers;
    const boxes = await ctx.computers.list();
    const time = (at: number): string => new Date(at).toISOString();
    const gone = ctx.computers.snapshots().filter((one) => boxes.every(({ name }) => name !== one.box));
    return {
      output: {
        kind,
        reason,
        computers: boxes.map(({ name, state, createdAt, usedAt, busySeconds, ports, snapshots }) => ({
          name,
          state,
          created: time(createdAt),
          used: time(usedAt),
          busy_seconds: busySeconds,
          // Links are shown once, when a port is opened.
          ports: ports.map(({ port, expiresAt }) => ({ port, open_until: time(expiresAt) })),
          snapshots: snapshots.map(({ id, label, at, sizeBytes }) => ({ id, label, at: time(at), bytes: sizeBytes })),
        })),
        // Of computers that were destroyed: computer_restore makes one anew.
        other_snapshots: gone.map(({ id, box, label, at, sizeBytes }) => ({
          id,
          computer: box,
          label,
          at: time(at),
          bytes: sizeBytes,
        })),
      },
      detail: `${counted(boxes.length, "computer")} (${kind})`,
    };
  },
});

import { z } from "zod";
import { boxInput, boxNamed, computerIs } from "./computer.ts";
import { defineTool } from "./define.ts";

export const computerClosePort = defineTool({
  name: "computer_close_port",
  description: "Takes the link to a port of a computer back: it opens nothing any more. The server goes on running.",
  input: z.object({ port: z.number().int().min(1024).max(65_535), box: boxInput }),
  capability: "net.listen",
  risk: "low",
  title: ({ port, box }) => `Close port ${port} of ${box}`,
  async run({ port, box: name }, ctx) {
    await boxNamed(ctx.computers, name);
    await ctx.computers.revoke(name, port);
    return {
      output: { computer: computerIs(ctx.computers, name), closed: port },
      detail: `port ${port} of ${name} is closed`,
    };
  },
});

import { z } from "zod";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { mayOpen, nothingListens } from "../sandbox/computer/decide.ts";
import { Port } from "../sandbox/computer/preview-label.ts";
import type { BoxSummary } from "../sandbox/computer/types.ts";
import { boxInput, boxNamed, computerIs, sameBox } from "./computer.ts";
import { defineTool } from "./define.ts";

/** `open`: until when the link is open that the card said would go; null for none. */
const Pinned = z.object({ createdAt: z.number(), open: z.number().nullable().default(null) });
const openUntil = (box: BoxSummary, port: number) => box.ports.find((one) => one.port === port)?.expiresAt ?? null;
const { maxPorts, portTtlMs } = limits.computer;
const hours = portTtlMs / 3_600_000;
/** A server that was started just now may need that long. */
const listenWithinMs = 15_000;

export const computerExposePort = defineTool({
  name: "computer_expose_port",
  description: `Makes a link that opens one port of a computer in a browser, for a server started in the background by computer_bash. A person is asked first: anyone with the link can open it, for ${hours} hours or until computer_close_port. At most ${maxPorts} ports of a computer. For pages that should stay, use publish_site.`,
  input: z.object({
    port: Port.describe("Where the server listens; not 3000, which is taken."),
    box: boxInput,
  }),
  capability: "net.listen",
  risk: "medium",
  command: true,
  consent: "approve",
  title: ({ port, box }) => `Open port ${port} of ${box}`,
  async prepare({ port, box: name }, ctx) {
    if (ctx.computers.kind === "simulated")
      throw new KernelError(
        "computer.unsupported",
        "The computer here is a simulated shell and has no ports. Write a site and publish it instead.",
      );
    const box = await boxNamed(ctx.computers, name);
    // Nobody is asked for what could not be opened.
    mayOpen(
      box.ports.map((one) => one.port),
      port,
    );
    const used = await ctx.computers.box(name);
    if (!(await used.listening(port, listenWithinMs))) throw nothingListens(name, port);
    const until = openUntil(box, port);
    const open = until === null ? "" : " The link that there is now will open nothing any more.";
    return {
      title: `Open port ${port} of the computer ${name}?`,
      body: `Anyone with the link reaches what listens on port ${port} in the computer \`${name}\`, by HTTP and WebSocket, for ${hours} hours.${open} Nothing else of the computer is reached by it.`,
      pinned: { createdAt: box.createdAt, open: until },
    };
  },
  async run({ port, box: name }, ctx, pinned) {
    const approved = Pinned.parse(pinned);
    const box = await boxNamed(ctx.computers, name);
    sameBox(box, approved);
    const now = openUntil(box, port);
    // One that has run out meanwhile takes nothing from anybody.
    if (now !== null && now !== approved.open)
      throw new KernelError(
        "approval.changed",
        `Port ${port} of ${name} has been opened since this was approved; that link would have ended. Ask again.`,
      );
    const { url, expiresAt } = await ctx.computers.expose(name, port);
    return {
      output: { computer: computerIs(ctx.computers, name), url, open_until: new Date(expiresAt).toISOString() },
      detail: `port ${port} of ${name} is open for ${hours} hours`,
    };
  },
});

import { z } from "zod";
import { DesktopAction, screen, wordsOf } from "../sandbox/computer/desktop/actions.ts";
import { Desktop } from "../sandbox/computer/desktop/desktop.ts";
import { boxInput } from "./computer.ts";
import { defineTool } from "./define.ts";

export const computerUse = defineTool({
  name: "computer_use",
  description: `Uses the desktop of the computer: a screen of ${screen.width}×${screen.height} pixels, seen by you and small in the thread after each action. Actions: screenshot, open (an http address in Chromium), click, double_click, drag, type, key (X names: Return, ctrl+l, Page_Down), scroll, wait. Start other programs by computer_bash in the background with DISPLAY=:1. It is slow (a second an action) and needs a real computer: when a page can be had by code or a command, do that instead.`,
  input: z.object({
    do: DesktopAction.describe('What to do, for example {"action":"click","x":10,"y":20}.'),
    box: boxInput,
  }),
  capability: "process.run",
  risk: "low",
  title: (input) => wordsOf(input.do),
  async run(input, ctx) {
    const from = performance.now();
    const { large, small } = await new Desktop(await ctx.computers.box(input.box), ctx.signal).do(input.do);
    const name = `${input.box}-${ctx.call.replaceAll(/[^A-Za-z0-9_-]/g, "").slice(-24)}`;
    const seen = await ctx.files.write(`thread/screens/${name}.jpg`, large, { mediaType: "image/jpeg" });
    const shown = await ctx.files.write(`thread/screens/${name}-small.jpg`, small, { mediaType: "image/jpeg" });
    const ms = performance.now() - from;
    return {
      output: { done: wordsOf(input.do), screen: { ...screen }, screenshot: seen.path },
      detail: `computer ${input.box}: ${(ms / 1000).toFixed(1)} s`,
      sandbox: { tier: "computer", ms, why: "a screen needs a real computer" },
      sights: [{ path: seen.path, mediaType: "image/jpeg" }],
      events: [
        {
          type: "file.posted",
          path: shown.path,
          name: `${input.box}.jpg`,
          mediaType: "image/jpeg",
          sizeBytes: shown.sizeBytes,
          alt: `The screen of ${input.box} after: ${wordsOf(input.do)}`,
        },
      ],
    };
  },
});

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tempBox, type TempBox } from "../../../../test/stand-ins/temp-box.ts";
import type { Box } from "../types.ts";
import { DesktopAction } from "./actions.ts";
import { Desktop } from "./desktop.ts";

let machine: TempBox;
beforeEach(async () => {
  machine = await tempBox();
});
afterEach(() => machine.close());

/** A box in which there are these programs and no others; they do nothing. */
function withPrograms(...programs: string[]): Box {
  const folder = join(machine.root, "programs");
  mkdirSync(folder);
  for (const name of programs) {
    writeFileSync(join(folder, name), "#!/bin/sh\n");
    chmodSync(join(folder, name), 0o755);
  }
  return { ...machine, exec: (order) => machine.exec({ ...order, command: `PATH='${folder}'\n${order.command}` }) };
}
const act = async (box: Box, action: object) =>
  new Desktop(box, new AbortController().signal).do(DesktopAction.parse(action));
const says = (what: RegExp) => ({ code: "computer.unsupported", userMessage: expect.stringMatching(what) });

test("C3 where the programs of a desktop are missing, the first of them is named, and what to do", async () => {
  await expect(act(withPrograms(), { action: "screenshot" })).rejects.toMatchObject(
    says(/missing Xvfb.*whoever runs Deckhand can install/),
  );
});

test("C3 where only the browser is missing, opening a page says so in place of showing an empty screen", async () => {
  const box = withPrograms("Xvfb", "xdotool", "scrot");
  await expect(act(box, { action: "open", url: "http://127.0.0.1/" })).rejects.toMatchObject(says(/missing chromium/));
});

test("C12 a simulated shell has no desktop, and is not asked", async () => {
  await expect(act({ ...machine, kind: "simulated" }, { action: "screenshot" })).rejects.toMatchObject(says(/simulated shell has no desktop/)); // oxfmt-ignore
  expect(machine.calls.size).toBe(0);
});

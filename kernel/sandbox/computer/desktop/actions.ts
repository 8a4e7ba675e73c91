import { z } from "zod";
import { quoted } from "../repos/shell.ts";

/** Pixels of the one screen. What the model points at is in these. */
export const screen = { width: 1280, height: 800 } as const;

const x = z
  .number()
  .int()
  .min(0)
  .max(screen.width - 1);
const y = z
  .number()
  .int()
  .min(0)
  .max(screen.height - 1);
const action = <T extends string, S extends z.ZodRawShape>(name: T, shape: S) =>
  z.strictObject({ action: z.literal(name), ...shape });

export const DesktopAction = z.discriminatedUnion("action", [
  action("screenshot", {}),
  action("open", { url: z.url({ protocol: /^https?$/ }).max(2000) }),
  action("click", { x, y, button: z.enum(["left", "middle", "right"]).default("left") }),
  action("double_click", { x, y }),
  action("drag", { x, y, to_x: x, to_y: y }),
  action("type", { text: z.string().min(1).max(2000) }),
  /** X's own names, joined by plus: `Return`, `ctrl+l`, `alt+Tab`. */
  action("key", { keys: z.string().regex(/^[A-Za-z0-9_]{1,30}(?:\+[A-Za-z0-9_]{1,30}){0,3}$/) }),
  action("scroll", {
    x,
    y,
    direction: z.enum(["up", "down", "left", "right"]),
    clicks: z.number().int().min(1).max(20).default(3),
  }),
  action("wait", { seconds: z.number().min(0.1).max(10) }),
]);
export type DesktopAction = z.infer<typeof DesktopAction>;

const buttons = { left: 1, middle: 2, right: 3 } as const;
/** X sends a turn of the wheel as a press of one of these. */
const wheel = { up: 4, down: 5, left: 6, right: 7 } as const;

const typed = "xdotool type --clearmodifiers --delay 8 --file -";
/** Letters that are on no key are pasted: a browser does not hear of keys that are made up on the way. */
const pasted = `if command -v xclip >/dev/null; then xclip -in -selection clipboard >/dev/null 2>&1 && xdotool key --clearmodifiers ctrl+v
else ${typed}; fi`;

/** What is run for an action; null for what is not done by a command of its own. */
export function commandOf(given: DesktopAction): { command: string; stdin?: string } | null {
  switch (given.action) {
    case "screenshot":
    case "open":
      return null;
    case "wait":
      return { command: `sleep ${given.seconds}` };
    case "click":
      return { command: `xdotool mousemove ${given.x} ${given.y} click ${buttons[given.button]}` };
    case "double_click":
      return { command: `xdotool mousemove ${given.x} ${given.y} click --repeat 2 --delay 60 1` };
    case "drag": {
      // In steps: a jump is no drag for most programs.
      const middle = `${Math.round((given.x + given.to_x) / 2)} ${Math.round((given.y + given.to_y) / 2)}`;
      const end = `${given.to_x} ${given.to_y}`;
      return {
        command: `xdotool mousemove ${given.x} ${given.y} mousedown 1 sleep 0.05 mousemove ${middle} sleep 0.05 mousemove ${end} sleep 0.05 mouseup 1`,
      };
    }
    case "type":
      return { command: /^[\x20-\x7e\n]*$/.test(given.text) ? typed : pasted, stdin: given.text };
    case "key":
      return { command: `xdotool key --clearmodifiers -- ${quoted(given.keys)}` };
    case "scroll":
      return {
        command: `xdotool mousemove ${given.x} ${given.y} click --repeat ${given.clicks} --delay 20 ${wheel[given.direction]}`,
      };
  }
}

/** A line for the task card. */
export function wordsOf(given: DesktopAction): string {
  switch (given.action) {
    case "screenshot":
      return "Look at the screen";
    case "open":
      return `Open ${given.url}`;
    case "click":
      return `${given.button === "left" ? "Click" : `Click (${given.button})`} at ${given.x}, ${given.y}`;
    case "double_click":
      return `Double click at ${given.x}, ${given.y}`;
    case "drag":
      return `Drag from ${given.x}, ${given.y} to ${given.to_x}, ${given.to_y}`;
    case "type":
      return `Type ${given.text.length} characters`;
    case "key":
      return `Press ${given.keys}`;
    case "scroll":
      return `Scroll ${given.direction}`;
    case "wait":
      return `Wait ${given.seconds} s`;
  }
}

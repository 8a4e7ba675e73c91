import { describe, expect, it } from "vitest";
import { commandOf, DesktopAction, screen, wordsOf } from "./actions.ts";

const command = (action: object) => commandOf(DesktopAction.parse(action))?.command ?? null;

describe("C3 what is done on the desktop", () => {
  it.each([
    [{ action: "click", x: 10, y: 20 }, "xdotool mousemove 10 20 click 1"],
    [{ action: "click", x: 10, y: 20, button: "right" }, "xdotool mousemove 10 20 click 3"],
    [{ action: "double_click", x: 1, y: 2 }, "xdotool mousemove 1 2 click --repeat 2 --delay 60 1"],
    [{ action: "key", keys: "ctrl+l" }, "xdotool key --clearmodifiers -- 'ctrl+l'"],
    [{ action: "scroll", x: 1, y: 2, direction: "down" }, "xdotool mousemove 1 2 click --repeat 3 --delay 20 5"],
    [{ action: "wait", seconds: 1.5 }, "sleep 1.5"],
    [{ action: "screenshot" }, null],
  ])("%j", (action, expected) => expect(command(action)).toBe(expected));

  it("typed text goes in by stdin: no word of it is one of the shell's", () => {
    const text = "$(rm -rf /) `id` 'x' --help";
    const order = commandOf(DesktopAction.parse({ action: "type", text }));
    expect(order).toMatchObject({ stdin: text });
    expect(order?.command).not.toContain("rf");
  });

  it("a drag goes over the middle, with the button held", () => {
    const text = command({ action: "drag", x: 0, y: 0, to_x: 100, to_y: 50 }) ?? "";
    expect(text).toMatch(/mousemove 0 0 mousedown 1 .*mousemove 50 25 .*mousemove 100 50 .*mouseup 1$/);
  });

  it.each([
    { action: "click", x: screen.width, y: 0 },
    { action: "click", x: -1, y: 0 },
    { action: "click", x: 1.5, y: 0 },
    { action: "key", keys: "a; id" },
    { action: "key", keys: "" },
    { action: "open", url: "file:///etc/passwd" },
    { action: "open", url: "javascript:alert(1)" },
    { action: "wait", seconds: 1000 },
    { action: "scroll", x: 1, y: 1, direction: "down", clicks: 1000 },
    { action: "type", text: "x".repeat(2001) },
    { action: "format_disk" },
  ])("%j is refused", (action) => expect(DesktopAction.safeParse(action).success).toBe(false));

  it("each action has its words for the card", () => {
    expect(wordsOf(DesktopAction.parse({ action: "click", x: 1, y: 2, button: "middle" }))).toBe(
      "Click (middle) at 1, 2",
    );
    expect(wordsOf(DesktopAction.parse({ action: "type", text: "secret" }))).toBe("Type 6 characters");
  });
});

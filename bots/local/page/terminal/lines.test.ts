import { expect, it } from "vitest";
import { lineAfter, type Line } from "./lines.ts";

const none: Line = { text: "", again: false };

it("says where the connection is, and offers another try only when it is over", () => {
  expect(lineAfter(none, "connecting")).toEqual({ text: "Waking the computer…", again: false });
  expect(lineAfter(none, "connected")).toEqual({ text: "Connected", again: false });
  expect(lineAfter({ text: "Connected", again: false }, "disconnected")).toEqual({
    text: "The connection has ended.",
    again: true,
  });
});

it("keeps the reason when the close comes after it", () => {
  const ended = lineAfter(none, "connected", "Session exited with code 3");
  expect(ended).toEqual({ text: "The shell has ended with code 3.", again: true });
  expect(lineAfter(ended, "disconnected")).toBe(ended);
  const refused = lineAfter(none, "connecting", "There is no computer here.");
  expect(lineAfter(refused, "connecting", "WebSocket error").text).toBe("Waking the computer…");
  expect(lineAfter(refused, "disconnected", "WebSocket error")).toBe(refused);
});

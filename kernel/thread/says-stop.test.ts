import { expect, test } from "vitest";
import { saysStop } from "./says-stop.ts";

test.each([
  ["stop", true],
  [" Stop! ", true],
  ["please stop it.", true],
  ["cancel", true],
  ["stop the music from playing on the site", false],
  ["don't stop", false],
  ["", false],
])("A8 %j asks to stop: %s", (text, expected) => {
  expect(saysStop(text)).toBe(expected);
});

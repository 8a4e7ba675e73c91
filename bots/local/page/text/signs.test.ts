import { expect, test } from "vitest";
import { splitSigns } from "./signs.ts";

test("signs are taken out of text, with or without their variation selector", () => {
  expect(splitSigns("✅ Approved by Ada")).toEqual([{ sign: "✅" }, { text: " Approved by Ada" }]);
  expect(splitSigns("a ⚠️ b")).toEqual([{ text: "a " }, { sign: "⚠" }, { text: " b" }]);
  expect(splitSigns("plain words, café 🦀")).toEqual([{ text: "plain words, café 🦀" }]);
  expect(splitSigns("")).toEqual([]);
});

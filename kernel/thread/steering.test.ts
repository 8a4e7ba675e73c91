import type { ModelMessage } from "ai";
import { describe, expect, test } from "vitest";
import { saysStop, withSteers } from "./steering.ts";

const said = (content: string): ModelMessage => ({ role: "user", content });
const wrote = (content: string): ModelMessage => ({ role: "assistant", content });

describe("A8 a message during a run", () => {
  test("stands after what the model had read when it came, and stays there at later steps", () => {
    const taken = [{ at: 2, text: "in French" }];
    expect(withSteers([said("a"), wrote("b")], taken)).toEqual([said("a"), wrote("b"), said("in French")]);
    expect(withSteers([said("a"), wrote("b"), wrote("c")], taken)).toEqual([
      said("a"),
      wrote("b"),
      said("in French"),
      wrote("c"),
    ]);
  });

  test("several keep their order", () => {
    const taken = [
      { at: 1, text: "one" },
      { at: 1, text: "two" },
    ];
    expect(withSteers([said("a"), wrote("b")], taken)).toEqual([said("a"), said("one"), said("two"), wrote("b")]);
  });

  test("none changes nothing", () => {
    const messages = [said("a")];
    expect(withSteers(messages, [])).toEqual(messages);
  });
});

test.each([
  ["stop", true],
  [" Stop! ", true],
  ["please stop it.", true],
  ["cancel", true],
  ["stop the music from playing on the site", false],
  ["don't stop", false],
  ["", false],
])("%j asks to stop: %s", (text, expected) => {
  expect(saysStop(text)).toBe(expected);
});

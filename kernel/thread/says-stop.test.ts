import { expect, test } from "vitest";
import { saysStop } from "./says-stop.ts";

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

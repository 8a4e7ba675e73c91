import { expect, test } from "vitest";
import { KernelError } from "../../errors.ts";
import { UserId } from "../../ids.ts";
import { boxLabel, chooseComputer, mayMake, mayOpen, nothingListens, unexpired } from "./decide.ts";
import { BoxName } from "./types.ts";

const name = (text: string) => BoxName.parse(text);
const sentenceOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof KernelError ? thrown.userMessage : "another error";
  }
  return "nothing";
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof KernelError ? thrown.code : "another error";
  }
  return "nothing";
};

test("C4 the kind is what was probed, with its reason; deployed it is the container, on a laptop the simulated shell", () => {
  expect(chooseComputer({ COMPUTER: "jail", COMPUTER_REASON: "bubblewrap works" })).toEqual({
    kind: "jail",
    reason: "bubblewrap works",
  });
  expect(chooseComputer({}).kind).toBe("container");
  expect(chooseComputer({ LOCAL: "1" }).kind).toBe("simulated");
  expect(chooseComputer({ LOCAL: "1", COMPUTER: "" }).kind).toBe("simulated");
  expect(codeOf(() => chooseComputer({ COMPUTER: "vm" }))).toBe("config.invalid");
  expect(sentenceOf(() => chooseComputer({ COMPUTER: "vm" }))).toContain("container, docker, jail or simulated");
});

test.each([
  ["container", "Cloudflare runs"],
  ["docker", "A Docker engine"],
  ["jail", "no Docker here"],
  ["simulated", "simulated shell"],
])("C4 a computer of kind %s says so when no reason was probed", (kind, said) => {
  for (const reason of [undefined, "", 7]) {
    expect(chooseComputer({ COMPUTER: kind, COMPUTER_REASON: reason })).toEqual({
      kind,
      reason: expect.stringContaining(said),
    });
  }
});

test("C4 a box's label is the person's own: another person, or another name, is another box", async () => {
  const one = await boxLabel(UserId.parse("slack:T1:U1"), name("main"));
  expect(one).toMatch(/^[a-z2-7]{10}$/);
  expect(await boxLabel(UserId.parse("slack:T1:U1"), name("main"))).toBe(one);
  expect(await boxLabel(UserId.parse("slack:T1:U2"), name("main"))).not.toBe(one);
  expect(await boxLabel(UserId.parse("slack:T1:U1"), name("other"))).not.toBe(one);
});

test("C4 the sixth box is refused and the first five are named; one that is there is always had", () => {
  const five = ["a", "b", "c", "d", "e"].map(name);
  expect(codeOf(() => mayMake(five, name("f")))).toBe("limit.queue");
  expect(sentenceOf(() => mayMake(five, name("f")))).toMatch(/^There are 5 computers already \(a, b, c, d, e\)/);
  expect(codeOf(() => mayMake(five, name("c")))).toBe("nothing");
  expect(codeOf(() => mayMake(five.slice(1), name("f")))).toBe("nothing");
});

test("C6 ports are counted, and one that has run out counts no more", () => {
  expect(codeOf(() => mayOpen([1, 2, 3, 4, 5], 6))).toBe("limit.queue");
  expect(sentenceOf(() => mayOpen([1, 2, 3, 4, 5], 6))).toMatch(/^5 ports .* \(1, 2, 3, 4, 5\), and 5 is the limit/);
  expect(codeOf(() => mayOpen([1, 2, 3, 4, 5], 5))).toBe("nothing");
  expect(codeOf(() => mayOpen([1, 2, 3, 4], 5))).toBe("nothing");
  expect(unexpired([{ expiresAt: 10 }, { expiresAt: 11 }], 10)).toEqual([{ expiresAt: 11 }]);
});

test("C6 where nothing listens it is said on which port of which computer, and what to do", () => {
  const error = nothingListens(name("main"), 8080);
  expect(error.code).toBe("computer.unavailable");
  expect(error.userMessage).toMatch(/^Nothing answers on port 8080 of main\. Start the server/);
});

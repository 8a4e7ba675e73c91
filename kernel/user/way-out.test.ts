import { expect, test } from "vitest";
import { type Box, BoxName } from "../sandbox/computer/types.ts";
import { WayOut } from "./way-out.ts";

const main = BoxName.parse("main");

function setup(first: string[]) {
  const seen: string[] = [];
  let hosts = first;
  let fails = false;
  const box = {
    allow: async (list: string[]) => {
      if (fails) throw new Error("not told");
      seen.push(`allow ${list.join(" ")}`.trim());
    },
    exec: async () => void seen.push("exec"),
    start: async () => void seen.push("start"),
  } as unknown as Box;
  const way = new WayOut(() => hosts);
  const run = () => way.within(main, box).exec({} as Parameters<Box["exec"]>[0]);
  const start = () => way.within(main, box).start({ command: "x", session: "s" });
  return {
    seen,
    way,
    run,
    start,
    set: (list: string[]) => (hosts = list),
    fail: (on: boolean) => (fails = on),
  };
}

test("C8 a box is told the hosts before it runs anything, and again only when they have changed", async () => {
  const { seen, run, start, set } = setup([]);
  await run();
  await start();
  set(["pypi.org"]);
  await run();
  await run();
  expect(seen).toEqual(["allow", "exec", "start", "allow pypi.org", "exec", "exec"]);
});

test("C8 a list that reads the same when it is run together is another list", async () => {
  const { seen, run, set } = setup(["a.example", "b.example"]);
  await run();
  set(["a.exampleb.example"]);
  await run();
  expect(seen).toEqual(["allow a.example b.example", "exec", "allow a.exampleb.example", "exec"]);
});

test("C8 a box that could not be told runs nothing, and is told with the next call", async () => {
  const { seen, run, fail } = setup(["a.example"]);
  fail(true);
  await expect(run()).rejects.toThrow("not told");
  fail(false);
  await run();
  expect(seen).toEqual(["allow a.example", "exec"]);
});

test("a box that is new under its name is told anew", async () => {
  const { seen, run, way } = setup([]);
  await run();
  way.forget(main);
  await run();
  expect(seen).toEqual(["allow", "exec", "allow", "exec"]);
});

test("D2 a host that is taken back is taken from every box that can be told, also when one cannot", async () => {
  const { seen, way } = setup([]);
  const gone = { allow: () => Promise.reject(new Error("not told")) };
  const there = { allow: async () => void seen.push("told") };
  const other = BoxName.parse("other");
  await expect(
    way.tellAll([
      [main, gone],
      [other, there],
    ]),
  ).rejects.toThrow("not told");
  expect(seen).toEqual(["told"]);
  // Whichever of them it is; and who has been told is not told again.
  await expect(
    way.tellAll([
      [other, there],
      [main, gone],
    ]),
  ).rejects.toThrow("not told");
  await way.tellAll([[other, there]]);
  expect(seen).toEqual(["told"]);
});

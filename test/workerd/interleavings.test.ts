import { beforeAll, expect, test } from "vitest";
import { play, warmUp } from "./interleavings/play.ts";

beforeAll(warmUp);

// Half of a thousand: the other half is in a file of its own, which runs beside this one.
test("F2 whoever decides what in whichever order, with crashes between: each person's own, once, with its end", async () => {
  expect(await play(1, 200)).toBe(200);
}, 900_000);

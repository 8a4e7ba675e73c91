import { beforeAll, expect, test } from "vitest";
import { play, warmUp } from "./interleavings/play.ts";

beforeAll(warmUp);

// The other half: files run beside each other, rounds of one file share a thread of the processor.
test("F2 whoever decides what in whichever order, with crashes between: each person's own, once, with its end", async () => {
  expect(await play(2, 500)).toBe(500);
}, 900_000);

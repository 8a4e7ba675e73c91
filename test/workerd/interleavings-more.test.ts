import { beforeAll, expect, inject, test } from "vitest";
import "./provided.ts";
import { play, warmUp } from "./interleavings/play.ts";

beforeAll(warmUp);

// The other half: files run beside each other, the rounds of one file share one thread of the processor.
test("F2 whoever decides what in whichever order, with crashes between: each person's own, once, with its end", async () => {
  const rounds = inject("rounds");
  expect(await play(2 * inject("seed"), rounds)).toBe(rounds);
}, 1_800_000);

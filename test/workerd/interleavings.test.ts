import { beforeAll, expect, inject, test } from "vitest";
import "./provided.ts";
import { play, warmUp } from "./interleavings/play.ts";

beforeAll(warmUp);

// One half: the other is in a file of its own, which runs beside this one.
test("F2 whoever decides what in whichever order, with crashes between: each person's own, once, with its end", async () => {
  const rounds = inject("rounds");
  expect(await play(2 * inject("seed") - 1, rounds)).toBe(rounds);
}, 1_800_000);

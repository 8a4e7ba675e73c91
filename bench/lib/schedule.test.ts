import { expect, it } from "vitest";
import { due, planned, play } from "./schedule.ts";

it("events are due evenly, the first at once", () => {
  expect(due(5, 2)).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800]);
  expect(due(100, 20)).toHaveLength(2000);
});

it("streams become one in the order of time", () => {
  const chatter = due(4, 1).map((atMs) => ({ atMs, what: "chatter" }));
  const mention = due(1, 1).map((atMs) => ({ atMs: atMs + 300, what: "mention" }));
  expect(planned(chatter, mention).map(({ what }) => what)).toEqual([
    "chatter",
    "chatter",
    "mention",
    "chatter",
    "chatter",
  ]);
});

it("a slow one holds up none of those behind it", async () => {
  const started: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  await play(planned(["a", "b", "c"].map((what, index) => ({ atMs: index, what }))), async (what) => {
    started.push(what);
    if (what === "a") await held;
    if (what === "c") release();
  });
  expect(started).toEqual(["a", "b", "c"]);
});

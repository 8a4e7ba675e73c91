import { expect, test } from "vitest";
import { startTable } from "./table.ts";

const features = [
  { name: "Worker", on: true, detail: "http://127.0.0.1:4748" },
  { name: "Model", on: false, detail: "rehearsal" },
];

test("the table names one URL first, then each feature with its state and reason", () => {
  const lines = startTable({ url: "http://127.0.0.1:4747", eventsUrl: "x", features, stateDir: ".deckhand" }).split(
    "\n",
  );
  expect(lines[1]).toBe("Deckhand is at http://127.0.0.1:4747");
  expect(lines).toContain("  on   Worker  http://127.0.0.1:4748");
  expect(lines).toContain("  off  Model   rehearsal");
});

test("with a real workspace it says where Slack has to reach it", () => {
  expect(startTable({ url: null, eventsUrl: "https://d.example/slack/events", features, stateDir: "s" })).toContain(
    "https://d.example/slack/events",
  );
});

import { expect, test } from "vitest";
import { Fault, Faults } from "./faults.ts";

const fault = (given: object) => Fault.parse({ method: "chat.update", ...given });

test("a fault with words waits for the call that has them in its arguments", () => {
  const faults = new Faults();
  faults.add(fault({ match: "deckhand:approve" }));
  expect(faults.take("chat.update", { text: "hello" })).toBeNull();
  expect(faults.take("chat.postMessage", { blocks: [{ action_id: "deckhand:approve" }] })).toBeNull();
  expect(faults.take("chat.update", { blocks: [{ action_id: "deckhand:approve" }] })).not.toBeNull();
  expect(faults.take("chat.update", { blocks: [{ action_id: "deckhand:approve" }] })).toBeNull();
});

test("what is held goes on when the faults are cleared, and not before", async () => {
  const faults = new Faults();
  const order: string[] = [];
  const held = faults.held().then(() => order.push("held call"));
  await Promise.resolve();
  order.push("cleared");
  faults.clear();
  await held;
  expect(order).toEqual(["cleared", "held call"]);
});

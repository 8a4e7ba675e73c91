import { expect, it } from "vitest";
import { inTurn } from "./in-turn.ts";

/** Only its identity is used. */
const storage = {} as DurableObjectStorage;

it("work on one path goes in order, work on another does not wait, and a failure stops nobody", async () => {
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const step = (name: string, until?: Promise<void>) => async () => {
    log.push(`${name} starts`);
    await until;
    log.push(`${name} ends`);
    if (name === "a1") throw new Error("a1");
  };
  const first = inTurn(storage, "a", step("a1", gate.promise));
  const second = inTurn(storage, "a", step("a2"));
  await inTurn(storage, "b", step("b"));
  gate.resolve();
  await expect(first).rejects.toThrow("a1");
  await second;
  expect(log).toEqual(["a1 starts", "b starts", "b ends", "a1 ends", "a2 starts", "a2 ends"]);
});

it("a queue that grows without end is refused", async () => {
  const gate = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 500 }, () => inTurn(storage, "full", () => gate.promise));
  await expect(inTurn(storage, "full", () => gate.promise)).rejects.toMatchObject({ code: "limit.queue" });
  gate.resolve();
  await Promise.all(waiting);
  await expect(inTurn(storage, "full", async () => "again")).resolves.toBe("again");
});

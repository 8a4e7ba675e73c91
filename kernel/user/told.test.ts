import { expect, test } from "vitest";
import type { ThreadEvent } from "../events/types.ts";
import { Told } from "./told.ts";

const event = { type: "notice" } as unknown as ThreadEvent;

test("A4 what a call told last has arrived before its result is given", async () => {
  const seen: string[] = [];
  const arrives = Promise.withResolvers<void>();
  const told = new Told(async (line) => {
    await arrives.promise;
    seen.push(line);
  });
  told.tell("one", []);
  told.tell("two", []);
  const settled = told.settled().then(() => seen.push("the result"));
  arrives.resolve();
  await settled;
  expect(seen).toEqual(["one", "two", "the result"]);
});

test("what was not heard is given, and a Thread that never answers is not waited for", async () => {
  const gone = new Told(() => Promise.reject(new Error("gone")));
  gone.tell("", [event]);
  gone.tell("", [event, event]);
  expect(await gone.settled()).toEqual([0, 1, 2].map((n) => ({ n, event })));
  const silent = new Told(() => new Promise(() => {}));
  silent.tell("", [event]);
  expect(await silent.settled(1)).toEqual([]);
});

test("B4 each event has its number, whoever hears it and whether or not it was heard", async () => {
  const heard: number[] = [];
  const told = new Told(async (_line, events, first) => void heard.push(...events.map((_, n) => first + n)));
  told.tell("a line", []);
  told.tell("", [event, event]);
  told.hearAgain(() => Promise.reject(new Error("gone")));
  told.tell("", [event]);
  expect((await told.settled()).map(({ n }) => n)).toEqual([2]);
  expect(told.number([event])).toEqual([{ n: 3, event }]);
  expect(heard).toEqual([0, 1]);
});

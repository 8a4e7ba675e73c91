import { describe, expect, it } from "vitest";
import { TurnId, UserId } from "../../ids.ts";
import type { NestedCall } from "../../stubs.ts";
import { detailOf, mayAsk, refusalOf } from "./nested-decide.ts";

const ada = UserId.parse("slack:T1:U1");
const turn = { id: TurnId.parse("turn"), principal: ada, state: "running", stop: false } as const;
const call: NestedCall = {
  user: ada,
  turn: turn.id,
  parent: "call",
  call: "call:1",
  tool: "publish_site",
  input: {},
  maxWaitMs: 1000,
};
const open = new Set(["call"]);

describe("who may ask from within a call", () => {
  it("an open call of a running turn of the same person", () => {
    expect(mayAsk(call, turn, open)).toBeNull();
  });
  it.each([
    ["no such turn", call, null, open, "approval.not_yours"],
    ["another person's turn", { ...call, user: UserId.parse("slack:T1:U2") }, turn, open, "approval.not_yours"],
    ["a turn that is over", call, { ...turn, state: "finished" as const }, open, "tool.interrupted"],
    ["a call that is over", call, turn, new Set<string>(), "tool.interrupted"],
    ["no time left", { ...call, maxWaitMs: 0 }, turn, open, "approval.expired"],
  ])("not: %s", (_, given, of, calls, code) => {
    expect(mayAsk(given, of, calls)?.code).toBe(code);
  });
});

it("how a wait ended is told to who asked and on the card", () => {
  expect(refusalOf({ end: "approved" })).toBeNull();
  expect(refusalOf({ end: "answered" })).toBeNull();
  expect(refusalOf({ end: "denied", by: "Ada" })).toMatchObject({ code: "approval.denied", userMessage: "Ada denied this. Nothing was done." }); // oxfmt-ignore
  expect(refusalOf({ end: "expired" })?.code).toBe("approval.expired");
  expect(refusalOf({ end: "gone" })?.code).toBe("approval.expired");
  expect(detailOf({ end: "gone" })).toBe("The program that asked has ended; nothing was done.");
});

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
  const others = { ...call, user: UserId.parse("slack:T1:U2") };
  const notTheirs = ["approval.not_yours", "This turn is not this person's."] as const;
  const over = ["tool.interrupted", "What asked for this has ended."] as const;
  const late = [
    "approval.expired",
    "No time is left to wait for a person (limits.isolate.maxApprovalWaitMs).",
  ] as const;
  it.each([
    ["no such turn", call, null, open, notTheirs],
    ["another person's turn", others, turn, open, notTheirs],
    ["a turn that is over", call, { ...turn, state: "finished" as const }, open, over],
    ["a turn that is to stop", call, { ...turn, stop: true }, open, over],
    ["a call that is over", call, turn, new Set<string>(), over],
    ["no time left", { ...call, maxWaitMs: 0 }, turn, open, late],
  ])("not: %s", (_, given, of, calls, [code, userMessage]) => {
    expect(mayAsk(given, of, calls)).toMatchObject({ code, userMessage });
  });
});

it.each([
  [{ end: "approved" } as const, null, ""],
  [{ end: "answered" } as const, null, ""],
  [{ end: "denied", by: "Ada" } as const, ["approval.denied", "Ada denied this. Nothing was done."], "Denied by Ada"],
  [
    { end: "expired" } as const,
    ["approval.expired", "Nobody decided in time. Nothing was done."],
    "Nobody decided in time; nothing was done.",
  ],
  [
    { end: "gone" } as const,
    ["approval.expired", "What asked for this has ended. Nothing was done."],
    "The program that asked has ended; nothing was done.",
  ],
])("how a wait ended is told to who asked and on the card: %j", (ending, told, detail) => {
  const refused = refusalOf(ending);
  expect(refused && [refused.code, refused.userMessage]).toEqual(told);
  expect(detailOf(ending)).toBe(detail);
});

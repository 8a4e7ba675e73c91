import { describe, expect, test } from "vitest";
import { decideIntake, redeliverAfterMs, type ChannelFacts } from "./decide.ts";
import type { Addressed, ChatAction, ChatMessage } from "../chat/types.ts";
import { channelId, messageId, threadId, userId } from "../ids.ts";

const place = { platform: "slack", workspace: "T1", channel: "C1" };
const by = { id: userId.make({ platform: "slack", workspace: "T1", user: "U1" }), name: "Ada" };
const thread = threadId.make({ ...place, root: "1.1" });
const channel = channelId.make(place);
const message = (addressed: Addressed): ChatMessage => ({
  kind: "message",
  id: messageId.make({ ...place, message: "1.2" }),
  thread,
  channel,
  author: by,
  text: "hello",
  files: [],
  addressed,
  root: false,
  at: 0,
});
const action: ChatAction = {
  kind: "action",
  id: "a",
  thread,
  channel,
  by,
  action: "approve",
  subject: "",
  value: "",
  at: 0,
};
const no = (): boolean => false;
const yes = (): boolean => true;
const facts = (over: Partial<ChannelFacts> = {}): ChannelFacts => ({
  waiting: 0,
  maxWaiting: 10,
  threadIsOurs: no,
  speaksToUs: no,
  ...over,
});

describe("decideIntake", () => {
  test.each([
    ["A1 a mention is ours", message("mention"), {}, "store"],
    ["A2 a DM is ours without a mention", message("dm"), {}, "store"],
    ["A2 a follow-up by the same person needs no mention", message("thread"), { speaksToUs: yes }, "store"],
    ["what others say in our thread is chatter", message("thread"), { threadIsOurs: yes }, "chatter"],
    ["channel chatter wakes nothing", message("none"), { threadIsOurs: yes }, "chatter"],
    ["a button in our thread is ours", action, { threadIsOurs: yes }, "store"],
    ["a button in a strange thread is not", action, {}, "chatter"],
    ["a full inbox says so instead of dropping", message("mention"), { waiting: 10 }, "full"],
    ["chatter is chatter even when the inbox is full", message("none"), { waiting: 10 }, "chatter"],
  ] as const)("%s", (_name, input, over, expected) => {
    expect(decideIntake(input, facts(over))).toBe(expected);
  });

  test("chatter costs no look-up", () => {
    const refuse = (): boolean => {
      throw new Error("looked");
    };
    expect(decideIntake(message("none"), facts({ threadIsOurs: refuse, speaksToUs: refuse }))).toBe("chatter");
  });
});

test("redelivery waits longer each time and never more than a minute", () => {
  expect([1, 2, 3, 7, 50].map(redeliverAfterMs)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
});

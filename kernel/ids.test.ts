import { describe, expect, test } from "vitest";
import { fc } from "../test/fast-check.ts";
import {
  ApprovalId,
  approvalId,
  ChannelId,
  channelId,
  InstallationId,
  installationId,
  MessageId,
  messageId,
  ThreadId,
  threadId,
  TurnId,
  UserId,
  userId,
} from "./ids.ts";

const lower = "abcdefghijklmnopqrstuvwxyz";
const oneOf = (letters: string) => fc.constantFrom(...Array.from(letters));
const segment = fc.string({ unit: oneOf(`${lower}${lower.toUpperCase()}0123456789._-`), minLength: 1, maxLength: 64 });
const platform = fc.string({ unit: oneOf(lower), minLength: 1, maxLength: 16 });
const place = { platform, workspace: segment, channel: segment };

describe("what an id was made of comes back, and nothing else", () => {
  test("of a person, a channel, a thread, a message", () => {
    fc.assert(
      fc.property(fc.record({ platform, workspace: segment, user: segment }), (parts) => {
        expect(userId.make(parts)).toBe(`${parts.platform}:${parts.workspace}:${parts.user}`);
        expect(userId.parse(userId.make(parts))).toEqual(parts);
      }),
    );
    fc.assert(
      fc.property(fc.record({ ...place, root: segment, message: segment }), ({ root, message, ...channel }) => {
        const id = channelId.make(channel);
        expect(channelId.parse(id)).toEqual(channel);
        expect(threadId.make({ ...channel, root })).toBe(`${id}:${root}`);
        expect(threadId.parse(threadId.make({ ...channel, root }))).toEqual({ ...channel, root });
        expect(messageId.make({ ...channel, message })).toBe(`${id}:${message}`);
        expect(messageId.parse(messageId.make({ ...channel, message }))).toEqual({ ...channel, message });
        expect(channelId.of(threadId.make({ ...channel, root }))).toBe(id);
        expect(channelId.of(messageId.make({ ...channel, message }))).toBe(id);
      }),
    );
  });

  test("of an installation", () => {
    expect(installationId.make({ platform: "slack", workspace: "E1" })).toBe("slack:E1");
    expect(() => installationId.make({ platform: "slack", workspace: "" })).toThrow();
  });

  test("a part that would make it another id makes none", () => {
    expect(() => userId.make({ platform: "slack", workspace: "T1:U2", user: "U1" })).toThrow();
    expect(() => userId.make({ platform: "slack", workspace: "T1", user: "" })).toThrow();
    expect(() => channelId.make({ platform: "slack", workspace: "T1", channel: "C1:1" })).toThrow();
    expect(() => threadId.make({ platform: "slack", workspace: "T1", channel: "C1", root: "1:2" })).toThrow();
    expect(() => messageId.make({ platform: "slack", workspace: "T1", channel: "C1", message: "" })).toThrow();
    expect(() => channelId.of("slack:T1" as ThreadId)).toThrow();
  });
});

describe.each([
  ["a person's", UserId, 2],
  ["a channel's", ChannelId, 2],
  ["a thread's", ThreadId, 3],
  ["a message's", MessageId, 3],
  ["an installation's", InstallationId, 1],
] as const)("%s id", (_, schema, parts) => {
  const of = (...segments: string[]) => ["slack", ...segments].join(":");
  const good = of(...Array.from({ length: parts }, (_, n) => `A${n}`));
  const last = (text: string) => of(...Array.from({ length: parts - 1 }, () => "A"), text);
  const ok = (text: string) => schema.safeParse(text).success;

  test("is the platform and as many segments as it has", () => {
    expect(ok(good)).toBe(true);
    expect(ok(`${good}:A`)).toBe(false);
    expect(ok(good.slice(0, good.lastIndexOf(":")))).toBe(false);
    expect(ok(last("x".repeat(64)))).toBe(true);
    expect(ok(last("x".repeat(65)))).toBe(false);
    expect(ok(last(""))).toBe(false);
    expect(ok(last("1721.0_0-A"))).toBe(true);
    expect(ok(`${"p".repeat(16)}${good.slice(5)}`)).toBe(true);
    expect(ok(`${"p".repeat(17)}${good.slice(5)}`)).toBe(false);
    expect(ok(good.slice(5))).toBe(false);
  });

  test("has nothing before it and nothing after it", () => {
    for (const more of ["\n", " ", "/", "\0", "A ", "\nslack:A"]) {
      expect(ok(good + more), JSON.stringify(good + more)).toBe(false);
      expect(ok(more + good), JSON.stringify(more + good)).toBe(false);
    }
    expect(ok(`S${good}`)).toBe(false);
    expect(ok(`1${good}`)).toBe(false);
  });

  test("holds no character that a name, a path or a key would read as something else", () => {
    for (const odd of ["/", "\\", " ", "%", "\n", "é", "|", "*", "@", "#", "?", "\u202e"]) {
      expect(ok(last(`A${odd}B`)), JSON.stringify(odd)).toBe(false);
    }
  });
});

describe("an approval's id", () => {
  const good = `ap_${"0123456789abcdef".repeat(2)}`;
  const ok = (text: string) => ApprovalId.safeParse(text).success;

  test("is 32 hex digits behind ap_, and nothing before or after", () => {
    expect(ok(good)).toBe(true);
    for (const bad of [
      good.slice(0, -1),
      `${good}0`,
      `${good}\n`,
      ` ${good}`,
      `x${good}`,
      good.replace("ap_", ""),
      good.toUpperCase(),
      `${good.slice(0, -1)}g`,
      "",
    ]) {
      expect(ok(bad), JSON.stringify(bad)).toBe(false);
    }
  });

  test("is random, of all the digits of a UUID", () => {
    const ids = Array.from({ length: 200 }, approvalId.random);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) expect(id).toMatch(/^ap_[0-9a-f]{32}$/);
  });
});

test("a turn's id is a text of 1 to 200 characters", () => {
  const ok = (text: string) => TurnId.safeParse(text).success;
  expect([0, 1, 200, 201].map((length) => ok("t".repeat(length)))).toEqual([false, true, true, false]);
});

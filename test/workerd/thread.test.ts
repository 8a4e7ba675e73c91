import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ChatAction, ChatMessage } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { channelId, messageId, threadId, userId, type ThreadId } from "../../kernel/ids.ts";
import { kernelStub } from "../../kernel/stubs.ts";
import { bindings } from "./desk.ts";
import { refusals, shownIn } from "./plain.ts";

let channelNumber = 0;
let place = { platform: "plain", workspace: "T1", channel: "C0" };
let stamp = 1000;
beforeEach(() => {
  channelNumber += 1;
  place = { ...place, channel: `C${channelNumber}-${crypto.randomUUID().slice(0, 8)}` };
  refusals.length = 0;
});

const person = (user: string) => ({ id: userId.make({ platform: "plain", workspace: "T1", user }), name: user });
const channel = () => bindings.CHANNEL.getByName(channelId.make(place));

function message(
  user: string,
  text: string,
  root?: string,
  addressed: ChatMessage["addressed"] = "mention",
): ChatMessage {
  stamp += 1;
  const ts = `${stamp}.1`;
  return {
    kind: "message",
    id: messageId.make({ ...place, message: ts }),
    thread: threadId.make({ ...place, root: root ?? ts }),
    channel: channelId.make(place),
    author: person(user),
    text,
    files: [],
    addressed: root ? "thread" : addressed,
    root: root === undefined,
    at: stamp * 1000,
  };
}

function press(thread: ThreadId, user: string, action: ChatAction["action"], subject: string, value = ""): ChatAction {
  return {
    kind: "action",
    id: crypto.randomUUID(),
    thread,
    channel: channelId.make(place),
    by: person(user),
    action,
    subject,
    value,
    at: 0,
  };
}

const rootOf = (one: ChatMessage) => one.thread.split(":")[3] ?? "";
const types = (thread: ThreadId) => shownIn(thread).events.map((event) => event.type);
const textsOf = (thread: ThreadId) =>
  shownIn(thread).events.flatMap((event) => (event.type === "text.done" ? [event.text] : []));
const soon = { timeout: 50_000, interval: 10 };
const until = <T>(look: () => T | undefined | false) =>
  vi.waitFor(() => {
    const found = look();
    if (!found) throw new Error("not yet");
    return found;
  }, soon);
const event = <T extends ThreadEvent["type"]>(thread: ThreadId, type: T, after = 0) =>
  until(() =>
    shownIn(thread)
      .events.slice(after)
      .find((one): one is Extract<ThreadEvent, { type: T }> => one.type === type),
  );

async function ask(user: string, text: string, root?: string): Promise<ChatMessage> {
  const one = message(user, text, root);
  expect(await channel().intake(one)).toBe("stored");
  return one;
}

describe("a thread of the kernel on a platform of plain text", () => {
  test("B3 a question is a turn: started, its text, finished, numbered without gaps", async () => {
    const { thread } = await ask("ada", "echo hello there");
    await event(thread, "turn.finished");
    expect(types(thread)).toEqual(["turn.started", "text.done", "turn.finished"]);
    expect(textsOf(thread).join()).toContain("hello there");
    const trace = await bindings.THREAD.getByName(thread).eventsAfter(0);
    expect(trace.map((one) => one.seq)).toEqual([1, 2, 3]);
    expect(new Set(trace.map((one) => one.principal))).toEqual(new Set([person("ada").id]));
  });

  test("A5 the same message again, and at once, is one turn", async () => {
    const one = message("ada", "echo once");
    const results = await Promise.all([channel().intake(one), channel().intake(one), channel().intake(one)]);
    expect(results.toSorted()).toEqual(["known", "known", "stored"]);
    await event(one.thread, "turn.finished");
    expect(await channel().intake(one)).toBe("known");
    const next = await ask("ada", "echo after", rootOf(one));
    await until(() => textsOf(next.thread).some((text) => text.includes("after")));
    expect(types(one.thread).filter((type) => type === "turn.started")).toHaveLength(2);
  });

  test("chatter is dropped by the Channel; a participant's follow-up is not", async () => {
    const first = await ask("ada", "echo one");
    expect(await channel().intake(message("bob", "hello all", undefined, "none"))).toBe("chatter");
    expect(await channel().intake(message("bob", "just us two", rootOf(first)))).toBe("chatter");
    expect(await channel().intake(message("ada", "echo two", rootOf(first)))).toBe("stored");
    await until(() => textsOf(first.thread).some((text) => text.includes("two")));
  });

  test("B1 each person's turn in one thread has that person's files", async () => {
    const first = await ask("ada", 'write "of ada" to home/a.md');
    await event(first.thread, "turn.finished");
    const second = message("bob", "read home/a.md", rootOf(first));
    await channel().intake({ ...second, addressed: "mention" });
    await until(() => textsOf(first.thread).some((text) => text.includes("file.not_found")));
    expect(textsOf(first.thread).some((text) => text.includes("of ada") && text.includes("returned"))).toBe(false);
  });

  test("F1 F2 F4 an approval: shown once, decided by its requester only, carried out once", async () => {
    const { thread } = await ask("ada", "make a small site called Tide Tables about tides");
    const { card } = await event(thread, "approval.requested");
    await event(thread, "turn.suspended");
    expect(card.body).toContain("index.html");
    await channel().intake(press(thread, "bob", "approve", card.approval));
    const told = await until(() => shownIn(thread).whispers[0]);
    expect(told).toMatchObject({ to: person("bob").id });
    await Promise.all([1, 2, 3].map(() => channel().intake(press(thread, "ada", "approve", card.approval))));
    await event(thread, "site.published");
    await until(() => types(thread).filter((type) => type === "turn.finished").length === 1);
    expect(types(thread).filter((type) => type === "site.published")).toHaveLength(1);
    expect(types(thread).filter((type) => type === "approval.decided")).toHaveLength(1);
    expect((await bindings.FILES.get("published/tide-tables.json")) !== null).toBe(true);
  });

  test("F3 deny: nothing runs, and the model is told", async () => {
    const { thread } = await ask("ada", "make a small site called Dark Matter about nothing");
    const { card } = await event(thread, "approval.requested");
    await channel().intake(press(thread, "ada", "deny", card.approval));
    await event(thread, "turn.finished");
    expect(types(thread)).not.toContain("site.published");
    expect(await bindings.FILES.get("published/dark-matter.json")).toBeNull();
  });

  test("F3 edit and approve: what is shown after the edit is what runs", async () => {
    const { thread } = await ask("ada", "make a small site called Old Name about names");
    const { card } = await event(thread, "approval.requested");
    await channel().intake(
      press(thread, "ada", "revise", card.approval, JSON.stringify({ slug: "old-name", title: "New Name" })),
    );
    const revised = await event(thread, "approval.revised");
    expect(revised.card.title).toContain("New Name");
    await channel().intake(press(thread, "ada", "approve", card.approval));
    expect(await event(thread, "site.published")).toMatchObject({ slug: "old-name", title: "New Name" });
  });

  test("F2 an edit by somebody else, or one that cannot be read, changes nothing and is told privately", async () => {
    const { thread } = await ask("ada", "make a small site called Firm Ground about soil");
    const { card } = await event(thread, "approval.requested");
    await channel().intake(press(thread, "bob", "revise", card.approval, JSON.stringify({ slug: "x" })));
    await channel().intake(press(thread, "ada", "revise", card.approval, "{not json"));
    await channel().intake(press(thread, "ada", "revise", card.approval, JSON.stringify({ slug: "../x" })));
    await until(() => shownIn(thread).whispers.length === 3);
    expect(types(thread)).not.toContain("approval.revised");
  });

  test("A8 stop ends the turn, says who stopped it, and the thread stays usable", async () => {
    const { thread } = await ask("ada", "run: await new Promise((done) => setTimeout(done, 20000)); return 1");
    await event(thread, "task.started");
    await channel().intake(press(thread, "bob", "stop", ""));
    await until(() => shownIn(thread).whispers.some((one) => one.to === person("bob").id));
    await channel().intake(press(thread, "ada", "stop", ""));
    const notice = await event(thread, "notice");
    expect(notice.text).toContain("Stopped by ada");
    await event(thread, "turn.finished");
    const next = message("ada", "echo still here", thread.split(":")[3]);
    await channel().intake(next);
    await until(() => textsOf(thread).some((text) => text.includes("still here")));
  });

  test("A8 a message during a run is taken at the next step, or is a turn of its own", async () => {
    const first = await ask("ada", "run: await new Promise((done) => setTimeout(done, 300)); return 'slow'");
    await event(first.thread, "task.started");
    await channel().intake(message("ada", "echo steered", rootOf(first)));
    const notice = await event(first.thread, "notice");
    expect(notice.text).toContain("echo steered");
    await until(() => textsOf(first.thread).some((text) => text.includes("steered")));
    await until(() => types(first.thread).filter((type) => type === "turn.finished").length === 1);
    expect(types(first.thread).filter((type) => type === "turn.started")).toHaveLength(1);
  });

  test("a model that fails ends the turn with its code, and the next question is answered", async () => {
    const { thread } = await ask("ada", "fail");
    expect(await event(thread, "turn.failed")).toMatchObject({ code: "model.failed" });
    await channel().intake(message("ada", "echo again", thread.split(":")[3]));
    await until(() => textsOf(thread).some((text) => text.includes("again")));
  });

  test("what the platform refuses for good is noted in the trace for the owner, and the thread goes on", async () => {
    refusals.push(new KernelError("platform.refused", "The app was removed from this channel: add it again."));
    const { thread } = await ask("ada", "echo not to be seen");
    const trace = await vi.waitFor(async () => {
      const events = await bindings.THREAD.getByName(thread).eventsAfter(0);
      expect(events.map((one) => one.event.type)).toContain("notice");
      return events;
    }, soon);
    const notice = trace.find((one) => one.event.type === "notice");
    expect(notice?.event).toMatchObject({ level: "error", code: "platform.refused" });
    expect(types(thread)).not.toContain("notice");
    await channel().intake(message("ada", "echo seen again", thread.split(":")[3]));
    await until(() => textsOf(thread).some((text) => text.includes("seen again")));
  });

  test("a platform that refuses for a while is waited for, and nothing is lost", async () => {
    refusals.push(
      new KernelError("platform.rate_limited", "slow down", { retryable: true, retryAfterMs: 20 }),
      new KernelError("platform.unreachable", "gone", { retryable: true, retryAfterMs: 20 }),
    );
    const { thread } = await ask("ada", "echo after the refusals");
    await event(thread, "turn.finished");
    expect(types(thread)).toEqual(["turn.started", "text.done", "turn.finished"]);
  });
});

describe("what a platform shows later", () => {
  const later = (ms: number) => new KernelError("platform.later", "later", { retryable: true, retryAfterMs: ms });

  test("is asked for again when its time has come, and nothing is shown twice", async () => {
    refusals.push(...Array.from({ length: 20 }, () => later(10)));
    const { thread } = await ask("ada", "echo one");
    await event(thread, "turn.finished");
    await until(() => refusals.length === 0);
    expect(types(thread)).toEqual(["turn.started", "text.done", "turn.finished"]);
  });

  test("waits for nothing that is new", async () => {
    refusals.push(...Array.from({ length: 20 }, () => later(60_000)));
    const first = await ask("ada", "echo one");
    await event(first.thread, "turn.finished");
    await ask("ada", "echo two", rootOf(first));
    await until(() => types(first.thread).filter((type) => type === "turn.finished").length === 2);
    expect(textsOf(first.thread).some((text) => text.includes("two"))).toBe(true);
  });
});

describe("A13 a thread in which nobody writes", () => {
  const day = 24 * 60 * 60 * 1000;
  /** The thread's alarm, as it comes so much later. */
  const alarmAfter = async (thread: ThreadId, ms: number) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
    try {
      return await runDurableObjectAlarm(bindings.THREAD.getByName(thread));
    } finally {
      vi.useRealTimers();
    }
  };
  /** Nothing is left to do but to close it one day: the alarm that follows a turn has come and has set the next one. */
  const rested = (thread: ThreadId) =>
    vi.waitFor(
      () =>
        runInDurableObject(bindings.THREAD.getByName(thread), async (_, state) => {
          expect((await state.storage.getAlarm()) ?? 0).toBeGreaterThan(Date.now() + 6 * day);
        }),
      { timeout: 50_000, interval: 20 },
    );
  const closed = (thread: ThreadId) => types(thread).filter((type) => type === "thread.closed").length;

  test("is closed after a week, not before, once, and is usable again", async () => {
    const first = await ask("ada", "echo one");
    const { thread } = first;
    await event(thread, "turn.finished");
    await rested(thread);
    await alarmAfter(thread, 6 * day);
    expect(closed(thread)).toBe(0);
    await alarmAfter(thread, 7 * day + 60_000);
    await event(thread, "thread.closed");
    await alarmAfter(thread, 30 * day);
    expect(closed(thread)).toBe(1);
    await ask("ada", "echo two", rootOf(first));
    await until(() => textsOf(thread).some((text) => text.includes("two")));
  });

  test("is not closed a week after its first word, when there was another one", async () => {
    const { thread } = await ask("ada", "echo one");
    await event(thread, "turn.finished");
    await rested(thread);
    // As if the last word had come three days later.
    await runInDurableObject(bindings.THREAD.getByName(thread), (_, state) =>
      state.storage.sql.exec("UPDATE turn SET at = at + ?", 3 * day).toArray(),
    );
    await alarmAfter(thread, 7 * day + 60_000);
    expect(closed(thread)).toBe(0);
    await alarmAfter(thread, 10 * day + 60_000);
    await event(thread, "thread.closed");
  });
});

describe("a person's Kernel", () => {
  test("B1 the overview holds their own threads, cards and sites, and nobody else's", async () => {
    const { thread } = await ask("carol", "make a small site called Carols Corner about corners");
    const { card } = await event(thread, "approval.requested");
    await event(thread, "turn.suspended");
    const mine = kernelStub(bindings as never, person("carol").id);
    await until(async () => (await mine.overview()).ok);
    await vi.waitFor(async () => {
      const seen = await mine.overview();
      expect(seen.ok && seen.value.approvals.map((one) => one.card.approval)).toEqual([card.approval]);
      expect(seen.ok && seen.value.threads).toMatchObject([{ thread, state: "suspended" }]);
      expect(seen.ok && seen.value.files.map((one) => one.path)).toContain("sites/carols-corner/index.html");
    }, soon);
    await channel().intake(press(thread, "carol", "approve", card.approval));
    await event(thread, "turn.finished");
    await vi.waitFor(async () => {
      const seen = await mine.overview();
      expect(seen.ok && seen.value.approvals).toEqual([]);
      expect(seen.ok && seen.value.sites).toMatchObject([{ slug: "carols-corner", version: 1 }]);
      expect(seen.ok && seen.value.usage.turns).toBeGreaterThan(0);
    }, soon);
    const other = await kernelStub(bindings as never, person("dave").id).overview();
    expect(other.ok && [other.value.threads, other.value.approvals, other.value.sites, other.value.files]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  test("H1 a person's own model is checked before it is kept", async () => {
    const kernel = kernelStub(bindings as never, person("erin").id);
    expect(await kernel.saveSettings({ model: "nonsense:x", hosts: [] })).toMatchObject({
      ok: false,
      error: { code: "config.invalid" },
    });
    expect(await kernel.settings()).toEqual({ model: null, hosts: [] });
    expect(await kernel.saveSettings({ model: "rehearsal", hosts: ["PyPI.org"] })).toMatchObject({ ok: true });
    expect(await kernel.settings()).toEqual({ model: "rehearsal", hosts: ["pypi.org"] });
  });

  test("B4 a call that is asked for again gives what it did, and does not do it again", async () => {
    const kernel = kernelStub(bindings as never, person("frank").id);
    const base = {
      pinned: null,
      answer: null,
      thread: threadId.make({ ...place, root: "1.1" }),
      turn: "t" as never,
      userName: "Frank",
      eyes: false,
    };
    const write = (content: string) =>
      kernel.runTool(
        { ...base, tool: "write_file", call: "call-1", input: { path: "home/once.md", content } },
        () => {},
      );
    const first = await write("first");
    const second = await write("second");
    expect(first).toMatchObject({ ok: true });
    expect(second).toEqual(first);
    const read = await kernel.runTool(
      { ...base, tool: "read_file", call: "call-2", input: { path: "home/once.md" } },
      () => {},
    );
    expect(JSON.stringify(read)).toContain("first");
  });

  test("a tool that does not exist, and input its schema refuses, are answered by code", async () => {
    const kernel = kernelStub(bindings as never, person("grace").id);
    const base = {
      pinned: null,
      answer: null,
      thread: threadId.make({ ...place, root: "1.1" }),
      turn: "t" as never,
      userName: "Grace",
      eyes: false,
    };
    expect(await kernel.runTool({ ...base, tool: "rm_rf", call: "c1", input: {} }, () => {})).toMatchObject({
      ok: false,
      error: { code: "tool.unknown" },
    });
    expect(
      await kernel.runTool({ ...base, tool: "read_file", call: "c2", input: { path: 7 } }, () => {}),
    ).toMatchObject({ ok: false, error: { code: "input.invalid" } });
  });
});

import { describe, expect, test } from "vitest";
import type { ChatPort, FileRef, PresentIo, View } from "../../kernel/chat/types.ts";
import type { ApprovalCard, StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { ErrorCode } from "../../kernel/errors.ts";
import { ApprovalId, TurnId } from "../../kernel/ids.ts";
import type { MessageId, ThreadId, UserId } from "../../kernel/ids.ts";
import { sha256 } from "../../kernel/sha256.ts";

/** A platform under test: its port, what a person would read, and ways to make it fail. */
export interface Harness {
  port: ChatPort;
  thread: ThreadId;
  user: UserId;
  stranger: UserId;
  /** Id of a message later than everything, for history. */
  later: MessageId;
  /** Our messages, in their order, as a person reads them. */
  shown(): string[];
  whispers(): { to: UserId; text: string }[];
  /** The next call that creates a message does its work and then the answer is lost, or is lost on the way. */
  loseNextPost(when: "before" | "after"): void;
  limitNextCall(retryAfterMs: number): void;
  file(kind: "fine" | "login-page" | "empty" | "too-large" | "gone"): FileRef;
  now(): number;
  /** Files of the person, by path. */
  files?: Record<string, string>;
}

export const stamp = (user: UserId) => {
  let seq = 0;
  return (event: ThreadEvent, turn = "turn-1"): StampedEvent => ({
    seq: event.type === "text.delta" ? seq : ++seq,
    at: 1721000100000 + seq * 1000,
    turn: TurnId.parse(turn),
    principal: user,
    event,
  });
};

export const started = (trigger: "message" | "decision" | "recovery" = "message"): ThreadEvent => ({
  type: "turn.started",
  trigger,
  principalName: "Ada",
  title: "make a site",
});
export const finished: ThreadEvent = { type: "turn.finished", model: "test", inputTokens: 1, outputTokens: 1 };
export const delta = (text: string, part = "p1"): ThreadEvent => ({ type: "text.delta", part, text });
export const done = (text: string, part = "p1"): ThreadEvent => ({ type: "text.done", part, text });
export const approvalId = ApprovalId.parse(`ap_${"1".repeat(32)}`);
export const card = (user: UserId, over: Partial<ApprovalCard> = {}): ThreadEvent => ({
  type: "approval.requested",
  card: {
    approval: approvalId,
    kind: "approval",
    tool: "publish_site",
    title: "Publish tea-shop",
    body: "Put `index.html` (512 bytes) on the web.",
    risk: "medium",
    choices: [],
    editable: [],
    requester: user,
    requesterName: "Ada",
    deciders: [user],
    expiresAt: 1721600000000,
    ...over,
  },
});

/** One thread's view, stored as the Thread stores it. */
export function presenter(harness: Harness) {
  let stored: View = null;
  const io: PresentIo = {
    thread: harness.thread,
    now: () => harness.now(),
    save: async (view) => {
      // As SQLite would: JSON, and nothing shared with what goes on.
      stored = JSON.parse(JSON.stringify(view)) as View;
    },
    traceUrl: null,
    file: async (path, _principal, wanted) => {
      const bytes = harness.files?.[path];
      if (bytes === undefined) throw new KernelError("file.not_found", `There is no ${path}.`);
      if (wanted !== undefined && wanted !== (await sha256(bytes)))
        throw new KernelError("file.changed", `${path} is another one now.`);
      return { bytes: new TextEncoder().encode(bytes), mediaType: "application/octet-stream" };
    },
  };
  return {
    view: () => stored,
    show: async (...events: StampedEvent[]): Promise<void> => {
      await io.save(await harness.port.present(events, stored, io));
    },
  };
}

const codeOf = async (work: Promise<unknown>): Promise<ErrorCode> => {
  const thrown = await work.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(KernelError);
  return (thrown as KernelError).code;
};

/** What every platform's port must do, whatever it looks like there. */
export function chatPortContract(name: string, make: () => Harness): void {
  describe(`ChatPort of ${name}`, () => {
    const begin = () => {
      const harness = make();
      return { harness, say: stamp(harness.user), ...presenter(harness) };
    };
    const all = (harness: Harness): string => harness.shown().join("\n---\n");
    const times = (text: string, part: string): number => text.split(part).length - 1;

    test("A4 events are shown in their order", async () => {
      const { harness, say, show } = begin();
      await show(say(started()));
      await show(say(delta("First I")), say(done("First I look.")));
      await show(say({ type: "task.started", task: "t1", tool: "read_file", title: "Read notes.md", detail: "" }));
      await show(say({ type: "task.finished", task: "t1", outcome: "ok", detail: "12 lines", code: null }));
      await show(say(done("Then I answer.", "p2")), say(finished));
      const text = all(harness);
      const order = ["First I look.", "Read notes.md", "Then I answer."].map((part) => text.indexOf(part));
      expect(order.every((at) => at !== -1)).toBe(true);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    });

    test("B4 events that were seen are not shown twice", async () => {
      const { harness, say, show } = begin();
      const events = [
        say(started()),
        say(done("The answer is 42.")),
        say(card(harness.user)),
        say({ type: "turn.suspended", approvals: [approvalId] }),
      ];
      await show(...events);
      const before = harness.shown();
      await show(...events);
      expect(harness.shown()).toEqual(before);
      expect(times(all(harness), "The answer is 42.")).toBe(1);
    });

    test.each(["before", "after"] as const)(
      "B4 a crash %s the call is done posts nothing twice and loses nothing",
      async (when) => {
        const { harness, say, show } = begin();
        const events = [say(started()), say(done("The answer is 42.")), say(card(harness.user))];
        await show(events[0] as StampedEvent);
        harness.loseNextPost(when);
        expect(await codeOf(show(...events))).toBe("platform.unreachable");
        await show(...events);
        expect(times(all(harness), "The answer is 42.")).toBe(1);
        expect(times(all(harness), "Publish tea-shop")).toBe(1);
      },
    );

    test.each(["before", "after"] as const)("B4 a crash %s a card is posted posts one card", async (when) => {
      const { harness, say, show } = begin();
      await show(say(started()), say(done("Shall I?")));
      harness.loseNextPost(when);
      const events = [say(card(harness.user)), say({ type: "turn.suspended", approvals: [approvalId] })];
      expect(await codeOf(show(...events))).toBe("platform.unreachable");
      await show(...events);
      expect(times(all(harness), "Publish tea-shop")).toBe(1);
      expect(times(all(harness), "Shall I?")).toBe(1);
    });

    test("A10 text from the model is inert", async () => {
      const { harness, say, show } = begin();
      await show(say(started()), say(done("<!channel> <@U2> and [google.com](https://evil.example/x)")), say(finished));
      const text = all(harness);
      expect(text).not.toMatch(/<[!@]/);
      expect(text).toContain("evil.example");
    });

    test("E2 a card waits, then shows who decided", async () => {
      const { harness, say, show } = begin();
      await show(say(started()), say(card(harness.user)), say({ type: "turn.suspended", approvals: [approvalId] }));
      expect(all(harness)).toContain("index.html");
      expect(all(harness)).toMatch(/Approve/);
      await show(
        say({
          type: "approval.decided",
          approval: approvalId,
          decision: "approved",
          by: harness.user,
          byName: "Ada",
          choice: null,
          reason: null,
        }),
        say(started("decision"), "turn-2"),
        say(done("It is out.", "p9"), "turn-2"),
        say(finished, "turn-2"),
      );
      expect(all(harness)).toMatch(/Approved by/);
      expect(all(harness)).not.toContain("<Approve>");
      expect(all(harness).indexOf("It is out.")).toBeGreaterThan(all(harness).indexOf("Publish tea-shop"));
    });

    test("a notice and a failure are plain sentences", async () => {
      const { harness, say, show } = begin();
      await show(say({ type: "notice", level: "warning", code: "file.empty", text: "a.pdf is empty (0 bytes)." }));
      await show(
        say(started()),
        say({ type: "turn.failed", code: "model.timeout", text: "The model did not answer. Please ask again." }),
      );
      expect(all(harness)).toContain("a.pdf is empty (0 bytes).");
      expect(all(harness)).toContain("The model did not answer. Please ask again.");
    });

    test("A9 a long text is kept whole", async () => {
      const { harness, say, show } = begin();
      const words = Array.from({ length: 6000 }, (_, n) => `word${n}`);
      const text = words.map((word, n) => (n % 40 === 39 ? `${word}.\n\n` : word)).join(" ");
      await show(say(started()));
      for (let at = 4000; at < text.length; at += 4000) await show(say(delta(text.slice(0, at))));
      await show(say(done(text)), say(finished));
      expect(all(harness).match(/word\d+/g)).toEqual(words);
    });

    test("what the platform limits is shown later, once", async () => {
      const { harness, say, show } = begin();
      const events = [say(started()), say(done("The answer is 42.")), say(finished)];
      await show(events[0] as StampedEvent);
      harness.limitNextCall(7000);
      const thrown = await show(...events).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: "platform.rate_limited", retryAfterMs: 7000 });
      await show(...events);
      expect(times(all(harness), "The answer is 42.")).toBe(1);
    });

    test("a whisper is for one person and stands nowhere else", async () => {
      const { harness } = begin();
      await harness.port.whisper(harness.thread, harness.stranger, "Only Ada may decide this.");
      expect(harness.whispers()).toEqual([{ to: harness.stranger, text: "Only Ada may decide this." }]);
      expect(all(harness)).not.toContain("Only Ada");
    });

    test("a person is known by the name that the platform shows", async () => {
      const { harness } = begin();
      expect(await harness.port.person(harness.user)).toEqual({ id: harness.user, name: "Ada" });
    });

    test("A3 history is what people said before, oldest first, without us", async () => {
      const { harness, say, show } = begin();
      await show(say(started()), say(done("Hello.")), say(finished));
      const messages = await harness.port.history(harness.thread, harness.later, 10);
      expect(messages.map((message) => message.text)).toEqual(["hi"]);
      expect(messages[0]?.thread).toBe(harness.thread);
    });

    test("D5 a file is fetched, and every way it can be wrong names it", async () => {
      const { harness } = begin();
      expect((await harness.port.download(harness.file("fine"), 1000)).bytes.byteLength).toBeGreaterThan(0);
      const wrong = {
        "login-page": "file.not_the_file",
        empty: "file.empty",
        "too-large": "file.too_large",
        gone: "file.unreachable",
      } as const;
      for (const [kind, code] of Object.entries(wrong)) {
        const file = harness.file(kind as keyof typeof wrong);
        const thrown = await harness.port.download(file, 1000).catch((error: unknown) => error);
        expect(thrown).toMatchObject({ code });
        expect((thrown as KernelError).userMessage).toContain(file.name);
      }
    });

    test("the view is JSON that stays small, however long the thread", async () => {
      const { say, show, view } = begin();
      for (let n = 0; n < 30; n++) {
        const turn = `turn-${n}`;
        await show(
          say(started(), turn),
          say(delta("x".repeat(500), `p${n}`), turn),
          say(done("x".repeat(900), `p${n}`), turn),
          say(finished, turn),
        );
      }
      expect(JSON.stringify(view()).length).toBeLessThan(2000);
    });

    test("deltas come no faster than ten a second and no slower than one in five seconds", () => {
      const { harness } = begin();
      const pace = harness.port.paceMs(null, harness.now());
      expect(pace).toBeGreaterThanOrEqual(100);
      expect(pace).toBeLessThanOrEqual(5000);
    });
  });
}

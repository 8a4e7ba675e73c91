import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { ChatAction, ChatMessage } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import { crash, doorsOf, evict, kernelOf, seen, threadOf, traceOf } from "./crash.ts";
import { bindings } from "./desk.ts";
import { refusals, slowNames } from "./plain.ts";
import { eventsIn, ofType, person, Place, rootOf, soon, until } from "./turns.ts";

const day = 24 * 60 * 60 * 1000;
afterEach(() => {
  refusals.length = 0;
  slowNames.until = null;
  vi.useRealTimers();
});

const ends = new Set<ThreadEvent["type"]>(["turn.finished", "turn.failed", "turn.suspended"]);
const of = (trace: StampedEvent[], turn: string) => trace.filter((one) => one.turn === turn).map((one) => one.event);
const counted = (trace: StampedEvent[], turn: string, type: ThreadEvent["type"]) =>
  of(trace, turn).filter((one) => one.type === type).length;

/** A place, its thread once something was asked there, and what a person does in it. */
class Talk {
  readonly place = new Place();
  thread = "" as ThreadId;

  async ask(user: string, text: string): Promise<ChatMessage> {
    const one = this.place.message(user, text, this.thread === "" ? undefined : rootOf(this.thread));
    this.thread = one.thread;
    expect(await this.place.channel.intake(one)).toBe("stored");
    return one;
  }

  async press(user: string, action: ChatAction["action"], subject = "", value = ""): Promise<void> {
    await this.place.channel.intake(this.place.press(this.thread, user, action, subject, value));
  }

  /** Waits without touching the object: what is shown has been pushed by it. */
  shown<T extends ThreadEvent["type"]>(type: T): Promise<Extract<ThreadEvent, { type: T }>> {
    return until(() => ofType(this.thread, type).at(-1));
  }

  ended(turn: string): Promise<StampedEvent[]> {
    return seen(this.thread, (trace) => of(trace, turn).some((one) => ends.has(one.type)) && trace);
  }

  /** Nothing is under way any more: only then can an object be evicted. The alarm that follows a turn is not waited for. */
  async rested(): Promise<void> {
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(threadOf(this.thread));
      const at = await runInDurableObject(threadOf(this.thread), (_, state) => state.storage.getAlarm());
      expect(at ?? 0).toBeGreaterThan(Date.now() + day);
    }, soon);
  }

  /** A card that waits, in a thread that is quiet. */
  async card(text: string) {
    const asked = await this.ask("ada", text);
    await this.ended(`message:${asked.id}`);
    await this.rested();
    return (await this.shown("approval.requested")).card;
  }

  /** The decision had a turn of its own, whole, with its closing message; and the thread is as good as new. */
  async closed(approval: string): Promise<void> {
    const turn = `decision:${approval}`;
    const trace = await this.ended(turn);
    expect(counted(trace, turn, "turn.finished")).toBe(1);
    expect(of(trace, turn).some((one) => one.type === "text.done" && one.text.trim() !== "")).toBe(true);
    expect(trace.filter(({ event }) => event.type === "approval.decided")).toHaveLength(1);
    await this.answers();
  }

  /** The next question gets its answer, and every task that was begun has ended. */
  async answers(): Promise<void> {
    const { id } = await this.ask("ada", "echo good as new");
    const trace = await this.ended(`message:${id}`);
    const said = of(trace, `message:${id}`).filter((one) => one.type === "text.done");
    expect(said.map((one) => one.text).join()).toContain("good as new");
    const tasks = (type: "task.started" | "task.finished") =>
      new Set(trace.flatMap(({ event }) => (event.type === type ? [event.task] : [])));
    expect(tasks("task.finished")).toEqual(tasks("task.started"));
  }
}

const paths = async (user: string, folder: string): Promise<string[]> => {
  const overview = await kernelOf(person(user).id).overview();
  return overview.ok ? overview.value.files.map((one) => one.path).filter((path) => path.startsWith(folder)) : [];
};
/** A file of Ada's own, and the card that asks whether it may go. */
async function cardFor(talk: Talk) {
  const path = `home/${crypto.randomUUID().slice(0, 8)}.md`;
  const { id } = await talk.ask("ada", `write "to go" to ${path}`);
  await talk.ended(`message:${id}`);
  const card = await talk.card(`delete ${path}`);
  return { card, path };
}
const tide = () => `tide-${crypto.randomUUID().slice(0, 8)}`;
const siteCard = (talk: Talk, slug: string) => talk.card(`make a small site called ${slug} about tides`);

// What is imported lazily is imported by one object at a time here: the pool's own loader cannot be shared by two.
beforeAll(async () => {
  const talk = new Talk();
  await talk.card("ask me which colour");
  await talk.answers();
});

describe.each([
  ["evicted", evict],
  ["crashed", crash],
] as const)("a thread that was %s", (_, cool) => {
  test("a message is answered", async () => {
    const talk = new Talk();
    await talk.ask("ada", "echo one");
    await talk.shown("turn.finished");
    await talk.rested();
    await cool(talk.thread);
    await talk.answers();
  });

  test("F2 approve: it is carried out once and told", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    await cool(talk.thread);
    await talk.press("ada", "approve", card.approval);
    await talk.closed(card.approval);
    expect(await paths("ada", path)).toEqual([]);
  });

  test("F3 deny: nothing runs, and it is told", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    await cool(talk.thread);
    await talk.press("ada", "deny", card.approval);
    await talk.closed(card.approval);
    expect(await paths("ada", path)).toEqual([path]);
  });

  test("F4 a press of somebody else changes nothing, theirs does", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    await cool(talk.thread);
    await talk.press("bob", "approve", card.approval);
    await talk.press("ada", "deny", card.approval);
    await talk.closed(card.approval);
    expect(await paths("ada", path)).toEqual([path]);
  });

  test("answer: the choice is told", async () => {
    const talk = new Talk();
    const card = await talk.card("ask me which colour");
    await cool(talk.thread);
    await talk.press("ada", "answer", card.approval, card.choices[1]?.id ?? "");
    await talk.closed(card.approval);
    expect(ofType(talk.thread, "text.done").some((one) => one.text.includes("Green"))).toBe(true);
  });

  test("F3 revise, and approve on what is cold again: what the card shows then is what runs", async () => {
    const talk = new Talk();
    const slug = tide();
    const card = await siteCard(talk, slug);
    await cool(talk.thread);
    await talk.press("ada", "revise", card.approval, JSON.stringify({ title: "Neap" }));
    await seen(talk.thread, (trace) => trace.some(({ event }) => event.type === "approval.revised"));
    await talk.rested();
    await cool(talk.thread);
    await talk.press("ada", "approve", card.approval);
    await talk.closed(card.approval);
    expect(ofType(talk.thread, "site.published")).toMatchObject([{ slug, title: "Neap" }]);
  });

  test("checkRevision: says whether a change would be taken, and changes nothing", async () => {
    const talk = new Talk();
    const card = await siteCard(talk, tide());
    const change = (user: string, value: string) =>
      doorsOf(talk.thread).checkRevision(talk.place.press(talk.thread, user, "revise", card.approval, value));
    await cool(talk.thread);
    expect(await change("ada", JSON.stringify({ title: "Neap" }))).toEqual({ ok: true, value: null });
    await cool(talk.thread);
    expect(await change("bob", JSON.stringify({ title: "Neap" }))).toMatchObject({ error: { code: "approval.not_yours" } }); // oxfmt-ignore
    expect((await traceOf(talk.thread)).map(({ event }) => event.type)).not.toContain("approval.revised");
    await talk.press("ada", "deny", card.approval);
    await talk.closed(card.approval);
  });

  test("stop, deleted and feedback when nothing runs: the thread is as it was", async () => {
    const talk = new Talk();
    const asked = await talk.ask("ada", "echo one");
    await talk.ended(`message:${asked.id}`);
    await talk.rested();
    await cool(talk.thread);
    await talk.press("ada", "stop");
    await talk.answers();
    await talk.rested();
    await cool(talk.thread);
    await talk.press("ada", "deleted", asked.id);
    await talk.answers();
    await talk.rested();
    await cool(talk.thread);
    const judged = talk.place.press(talk.thread, "ada", "feedback", `message:${asked.id}`, "up");
    await talk.place.channel.intake(judged);
    // Delivered once more.
    await doorsOf(talk.thread).receive(judged, false);
    await talk.answers();
    const given = (await traceOf(talk.thread)).filter(({ event }) => event.type === "feedback.given");
    expect(given.map((one) => one.turn)).toEqual([`message:${asked.id}`]);
  });

  test("eventsAfter: the whole trace, in order", async () => {
    const talk = new Talk();
    const { id } = await talk.ask("ada", "echo one");
    const before = await talk.ended(`message:${id}`);
    await talk.rested();
    await cool(talk.thread);
    expect(await traceOf(talk.thread)).toEqual(before);
    await talk.answers();
  });

  test("nestedCall and endNested of what has ended: refused, and nothing is left", async () => {
    const talk = new Talk();
    const { id } = await talk.ask("ada", "echo one");
    await talk.ended(`message:${id}`);
    await talk.rested();
    const call = { user: person("ada").id, turn: `message:${id}` as never, parent: "c1-0-0", call: "c1-0-0:1", tool: "publish_site", input: { slug: "x" }, maxWaitMs: 1000 }; // oxfmt-ignore
    await cool(talk.thread);
    expect(await doorsOf(talk.thread).nestedCall(call)).toMatchObject({ error: { code: "tool.interrupted" } });
    await cool(talk.thread);
    await doorsOf(talk.thread).endNested(call.call);
    await talk.answers();
    expect(ofType(talk.thread, "approval.requested")).toEqual([]);
  });

  test("the alarm closes a card whose time is over", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    await cool(talk.thread);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8 * day });
    expect(await runDurableObjectAlarm(threadOf(talk.thread))).toBe(true);
    vi.useRealTimers();
    expect(await talk.shown("approval.expired")).toMatchObject({ approval: card.approval });
    await cool(talk.thread);
    await talk.press("ada", "approve", card.approval);
    await talk.answers();
    expect(await paths("ada", path)).toEqual([path]);
    expect(ofType(talk.thread, "approval.decided")).toEqual([]);
  });

  test("F1 a card is decided days later", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    await cool(talk.thread);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * day });
    await talk.press("ada", "approve", card.approval);
    await talk.closed(card.approval);
    expect(await paths("ada", path)).toEqual([]);
  });
});

describe("a crash in the middle", () => {
  /** A program that would run for long; its turn is open. */
  async function running(): Promise<{ talk: Talk; asked: ChatMessage }> {
    const talk = new Talk();
    const asked = await talk.ask("ada", "run: await new Promise((done) => setTimeout(done, 20000)); return 1");
    await talk.shown("task.started");
    return { talk, asked };
  }

  test.each(["stop", "deleted"] as const)("%s ends what was running, with a notice", async (action) => {
    const { talk, asked } = await running();
    expect(await crash(talk.thread)).toMatchObject({ open: 1 });
    await talk.press("ada", action, action === "deleted" ? asked.id : "");
    const trace = await talk.ended(`message:${asked.id}`);
    const kinds = of(trace, `message:${asked.id}`).map((one) => one.type);
    expect(kinds.filter((type) => type === "turn.finished")).toHaveLength(1);
    expect(kinds).toContain("notice");
    await talk.answers();
  });

  test("the alarm takes up a turn that was only written down", async () => {
    const talk = new Talk();
    await talk.ask("ada", "echo one");
    await talk.shown("turn.finished");
    await talk.rested();
    const one = talk.place.message("ada", "echo two", rootOf(talk.thread));
    slowNames.until = new Promise(() => undefined);
    await doorsOf(talk.thread).receive(one, false);
    slowNames.until = null;
    const left = await crash(talk.thread);
    expect(left.open).toBe(1);
    expect(left.alarm).not.toBeNull();
    await runDurableObjectAlarm(threadOf(talk.thread));
    await until(() => ofType(talk.thread, "text.done").some((text) => text.text.includes("two")));
    await talk.answers();
  });

  test("the alarm carries out what was approved", async () => {
    const talk = new Talk();
    const { card, path } = await cardFor(talk);
    const press = talk.place.press(talk.thread, "ada", "approve", card.approval);
    await doorsOf(talk.thread).receive(press, false);
    await crash(talk.thread);
    await runDurableObjectAlarm(threadOf(talk.thread));
    await until(() => eventsIn(talk.thread).filter((one) => one.type === "turn.finished").length === 2);
    await talk.closed(card.approval);
    expect(await paths("ada", path)).toEqual([]);
  });

  test("the alarm shows what was not shown", async () => {
    const talk = new Talk();
    await talk.ask("ada", "echo one");
    await talk.shown("turn.finished");
    await talk.rested();
    // From here on the platform is away for as long as the object lives.
    const away = { retryable: true, retryAfterMs: 60_000 };
    refusals.push(new KernelError("platform.unreachable", "gone", away));
    const { id } = await talk.ask("ada", "echo two");
    await talk.ended(`message:${id}`);
    expect(ofType(talk.thread, "text.done")).toHaveLength(1);
    const left = await crash(talk.thread);
    expect(left.alarm).not.toBeNull();
    expect(await runDurableObjectAlarm(threadOf(talk.thread))).toBe(true);
    await until(() => ofType(talk.thread, "text.done").length === 2);
    await talk.answers();
  });

  test("a program that waits for a card is gone, and its card with it", async () => {
    const talk = new Talk();
    const slug = tide();
    const asked = await talk.ask("ada", `in code, write and publish ${slug}`);
    const { card } = await talk.shown("approval.requested");
    await crash(talk.thread);
    await talk.press("ada", "approve", card.approval);
    const trace = await talk.ended(`message:${asked.id}`);
    expect(trace.filter(({ event }) => event.type === "approval.expired")).toHaveLength(1);
    expect(trace.map(({ event }) => event.type)).not.toContain("approval.decided");
    expect(await bindings.FILES.get(`published/${slug}.json`)).toBeNull();
    await talk.answers();
  });
});

test("an open turn has its alarm at every moment, also while an alarm is being handled", async () => {
  const talk = new Talk();
  await talk.ask("ada", "run: await new Promise((done) => setTimeout(done, 20000)); return 1");
  await talk.shown("task.started");
  const kept = await runInDurableObject(threadOf(talk.thread), async (instance, { storage }) => {
    const alarms: (number | null)[] = [];
    // The base class of a Thread has alarms of its own and clears the object's when it has none: a moment for a crash.
    const kind: DurableObjectStorage = Object.getPrototypeOf(storage);
    const cleared = vi.spyOn(kind, "deleteAlarm").mockImplementation(async function (this: DurableObjectStorage) {
      cleared.mockRestore();
      await this.deleteAlarm();
      alarms.push(await this.getAlarm());
    });
    await instance.alarm();
    cleared.mockRestore();
    return [...alarms, await storage.getAlarm()];
  });
  expect(kept).not.toContain(null);
  await talk.press("ada", "stop");
  await talk.shown("turn.finished");
});

import { afterEach, expect, test, vi } from "vitest";
import type { ChatMessage } from "../../kernel/chat/types.ts";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import { Kernel } from "../../kernel/user/index.ts";
import { crash, doorsOf, kernelOf, seen, traceOf } from "./crash.ts";
import { listed, write } from "./interleavings/town.ts";
import { shownIn, slowNames } from "./plain.ts";
import { ofType, person, Place, rootOf, until } from "./turns.ts";

/*
 * What a person takes back is not done, whatever is under way when they do, and is known by all: the thread, Home, and
 * whoever waits behind it.
 */
const ends = new Set<ThreadEvent["type"]>(["turn.finished", "turn.failed", "turn.suspended"]);
const of = (trace: StampedEvent[], turn: string) => trace.filter((one) => one.turn === turn).map((one) => one.event);
const over = (thread: ThreadId, turn: string) =>
  seen(thread, (trace) => of(trace, turn).some((one) => ends.has(one.type)) && trace);
const begun = (thread: ThreadId, turn: string) =>
  seen(thread, (trace) => of(trace, turn).some((one) => one.type === "turn.started") && true);
const turnOf = (message: ChatMessage) => `message:${message.id}`;
const told = (thread: ThreadId, user: string) =>
  shownIn(thread)
    .whispers.filter((one) => one.to === person(user).id)
    .map((one) => one.text)
    .join("\n");
const home = async (user: string, thread: ThreadId) => {
  const overview = await kernelOf(person(user).id).overview();
  if (!overview.ok) throw new Error(overview.error.userMessage);
  return overview.value.threads.find((one) => one.thread === thread)?.state;
};
const becomes = (user: string, thread: ThreadId, state: string) =>
  vi.waitFor(async () => expect(await home(user, thread)).toBe(state), { timeout: 30_000, interval: 50 });

type Method = (this: Kernel, ...given: never[]) => Promise<never>;
interface Given {
  turn: string;
  ended?: boolean;
}
const kernels = Kernel.prototype as unknown as Record<"noteThread" | "prepareTool" | "runTool", Method>;

/** Does `before` with every call of a method, whichever Kernel it is. */
function first(method: keyof typeof kernels, before: (given: Given) => Promise<void> | void): void {
  const original = kernels[method];
  vi.spyOn(kernels, method).mockImplementation(async function (this: Kernel, ...given: never[]) {
    await before(given[0] as unknown as Given);
    return original.apply(this, given);
  } as Method);
}

/** Calls of a method wait, from now until they are let go. */
function held(method: keyof typeof kernels, when: (given: Given) => boolean = () => true) {
  const gate = Promise.withResolvers<void>();
  const calls = { n: 0 };
  first(method, async (given) => {
    if (!when(given)) return;
    calls.n += 1;
    await gate.promise;
  });
  return { calls, go: () => gate.resolve() };
}
afterEach(() => {
  slowNames.until = null;
  vi.restoreAllMocks();
});

let paths = 0;
/** A file of a person's and the card that asks to delete it. */
async function cardOf(place: Place, user: string, root?: string) {
  const path = `home/stop-${(paths += 1)}.md`;
  await write(user, path, "to go");
  const asked = place.message(user, `delete ${path}`, root);
  await place.channel.intake(asked);
  const trace = await over(asked.thread, turnOf(asked));
  const shown = of(trace, turnOf(asked)).find((one) => one.type === "approval.requested");
  if (shown?.type !== "approval.requested") throw new Error("no card");
  const { thread } = asked;
  const approval = shown.card.approval;
  return { thread, approval, decision: `decision:${approval}`, path, there: async () => (await listed(user, "home/")).includes(path) }; // oxfmt-ignore
}
const slow = "run: await new Promise((done) => setTimeout(done, 20000)); return 1";

test("A8 what was approved and had not begun when its person said stop does not run", async () => {
  const place = new Place();
  const card = await cardOf(place, "ada");
  const kernel = held("noteThread", (note) => note.turn === card.decision);
  await place.channel.intake(place.press(card.thread, "ada", "approve", card.approval));
  await begun(card.thread, card.decision);
  await doorsOf(card.thread).receive(place.press(card.thread, "ada", "stop", ""), false);
  kernel.go();
  const trace = await over(card.thread, card.decision);
  expect(of(trace, card.decision).filter((one) => one.type === "task.finished")).toMatchObject([
    { detail: "Stopped." },
  ]);
  await crash(card.thread);
  await traceOf(card.thread);
  expect(await card.there()).toBe(true);
});

test("A8 a call that is to be asked for again is not after stop", async () => {
  const place = new Place();
  const card = await cardOf(place, "abe");
  let times = 0;
  first("runTool", () => {
    times += 1;
    if (times === 1) throw new Error("the Kernel is gone");
  });
  await place.channel.intake(place.press(card.thread, "abe", "approve", card.approval));
  await vi.waitFor(() => expect(times).toBe(1), { timeout: 20_000, interval: 5 });
  await place.channel.intake(place.press(card.thread, "abe", "stop", ""));
  await over(card.thread, card.decision);
  const next = place.message("abe", "echo and now?", rootOf(card.thread));
  await place.channel.intake(next);
  await over(card.thread, turnOf(next));
  // The pause before the second try is a second long.
  await new Promise((done) => setTimeout(done, 1_500));
  expect(times).toBe(1);
  expect(await card.there()).toBe(true);
});

test("A8 stop takes back what was said to the turn and what waits behind it, and says so", async () => {
  const place = new Place();
  const one = place.message("eve", slow);
  await place.channel.intake(one);
  // From here on nothing more is taken into its step.
  await seen(one.thread, (trace) => of(trace, turnOf(one)).some((event) => event.type === "task.started"));
  const steer = place.message("eve", "echo also this", rootOf(one.thread));
  // What others have said meanwhile is not read by it, and is still to be read.
  expect(await doorsOf(one.thread).receive(steer, true)).toBe(false);
  const file = { id: "F1", name: "a.txt", mediaType: "text/plain", sizeBytes: 3, source: { id: "F1" } };
  const queued = { ...place.message("eve", "echo with a file", rootOf(one.thread)), files: [file] };
  await place.channel.intake(queued);
  await vi.waitFor(async () => expect(await doorsOf(one.thread).receive(queued, false)).toBe(true));
  await place.channel.intake(place.press(one.thread, "eve", "stop", ""));
  await over(one.thread, turnOf(one));
  await until(() => told(one.thread, "eve").includes("taken back"));
  // Handed over again they are known, and stay taken back.
  for (const again of [steer, queued]) await doorsOf(one.thread).receive(again, false);
  const next = place.message("eve", "echo the next", rootOf(one.thread));
  await place.channel.intake(next);
  const trace = await over(one.thread, turnOf(next));
  expect([...new Set(trace.map((event) => event.turn))]).toEqual([turnOf(one), turnOf(next)]);
});

test("B1 a turn that was taken back as it began leaves neither its model to the next nor itself at work in Home", async () => {
  const place = new Place();
  const names = Promise.withResolvers<void>();
  slowNames.until = names.promise;
  const kernel = held("noteThread", (note) => note.turn.startsWith("message:"));
  await kernelOf(person("linus").id).saveSettings({ model: "compat:of-linus", hosts: [] });
  const one = place.message("linus", "echo the question of linus");
  await place.channel.intake(one);
  await vi.waitFor(() => expect(kernel.calls.n).toBeGreaterThan(0), { timeout: 20_000 });
  await place.channel.intake(place.message("linus", "stop", rootOf(one.thread)));
  await until(() => told(one.thread, "linus").includes("taken back"));
  const two = place.message("grace", "echo hello", rootOf(one.thread));
  await place.channel.intake(two);
  slowNames.until = null;
  names.resolve();
  kernel.go();
  const trace = await over(one.thread, turnOf(two));
  expect(of(trace, turnOf(two)).find((event) => event.type === "turn.finished")).toMatchObject({ model: "rehearsal" });
  await becomes("linus", one.thread, "finished");
});

test("F2 an edit whose card takes long to be made holds up nobody, is done once, and outlives a crash", async () => {
  const place = new Place();
  const card = await cardOf(place, "bea");
  const kernel = held("prepareTool");
  const press = place.press(card.thread, "bea", "revise", card.approval, JSON.stringify({ path: "home/other.md" }));
  await write("bea", "home/other.md", "another one");
  await place.channel.intake(press);
  const asked = place.message("grace", "echo hello", rootOf(card.thread));
  await place.channel.intake(asked);
  await over(card.thread, turnOf(asked));
  await crash(card.thread);
  await doorsOf(card.thread).receive(press, false);
  kernel.go();
  const revised = (trace: StampedEvent[]) => trace.filter((one) => one.event.type === "approval.revised");
  await seen(card.thread, (trace) => revised(trace).length > 0 && trace);
  await doorsOf(card.thread).receive(press, false);
  await place.channel.intake(place.press(card.thread, "bea", "approve", card.approval));
  expect(revised(await over(card.thread, card.decision))).toHaveLength(1);
  expect(await card.there()).toBe(true);
});

test("A8 stop does not wait for a card that is being made, and no card comes after it", async () => {
  const place = new Place();
  await write("cleo", "home/cleo.md", "stays");
  for (const words of ["delete home/cleo.md", 'run: await TOOLS.delete_file({ path: "home/cleo.md" }); return 1']) {
    const kernel = held("prepareTool");
    const asked = place.message("cleo", words);
    await place.channel.intake(asked);
    await vi.waitFor(() => expect(kernel.calls.n).toBe(1), { timeout: 20_000 });
    await place.channel.intake(place.press(asked.thread, "cleo", "stop", ""));
    await over(asked.thread, turnOf(asked));
    kernel.go();
    const next = place.message("cleo", "echo next", rootOf(asked.thread));
    await place.channel.intake(next);
    const trace = await over(asked.thread, turnOf(next));
    expect(trace.filter((one) => one.event.type === "approval.requested")).toEqual([]);
    expect(trace.filter((one) => one.event.type === "turn.finished")).toHaveLength(2);
    vi.restoreAllMocks();
  }
});

test("B4 one stop that is handed over twice stops one turn", async () => {
  const place = new Place();
  const card = await cardOf(place, "dan");
  const one = place.message("dan", slow, rootOf(card.thread));
  await place.channel.intake(one);
  await begun(card.thread, turnOf(one));
  await place.channel.intake(place.press(card.thread, "dan", "approve", card.approval));
  await until(() => ofType(card.thread, "approval.decided").length > 0);
  const kernel = held("noteThread", (note) => note.turn === card.decision);
  const stop = place.press(card.thread, "dan", "stop", "");
  await doorsOf(card.thread).receive(stop, false);
  await begun(card.thread, card.decision);
  await doorsOf(card.thread).receive(stop, false);
  kernel.go();
  await over(card.thread, card.decision);
  expect(await card.there()).toBe(false);
});

test("F2 whose decision waits behind another person's program is told so", async () => {
  const place = new Place();
  const card = await cardOf(place, "gil");
  await write("hal", "home/hal.md", "to go");
  const words = 'run: await TOOLS.delete_file({ path: "home/hal.md" }); return 1';
  await place.channel.intake(place.message("hal", words, rootOf(card.thread)));
  const waiting = await until(() => ofType(card.thread, "approval.requested").find((one) => one.card.program !== undefined)); // oxfmt-ignore
  await place.channel.intake(place.press(card.thread, "gil", "approve", card.approval));
  await until(() => told(card.thread, "gil").includes("Your decision is taken and comes next: a program of hal"));
  await place.channel.intake(place.press(card.thread, "hal", "approve", waiting.card.approval));
  await over(card.thread, card.decision);
  expect(await card.there()).toBe(false);
});

test("F4 Home says that one's card waits also after another answer, and at work while one runs", async () => {
  const place = new Place();
  const card = await cardOf(place, "dora");
  await becomes("dora", card.thread, "suspended");
  const asked = place.message("dora", "echo hello", rootOf(card.thread));
  await place.channel.intake(asked);
  await over(card.thread, turnOf(asked));
  await becomes("dora", card.thread, "suspended");

  let refuse = true;
  const noted: Given[] = [];
  first("noteThread", (note) => {
    if (refuse && note.ended) throw new Error("not now");
    noted.push(note);
  });
  const one = place.message("zoe", "echo one");
  await place.channel.intake(one);
  await over(one.thread, turnOf(one));
  refuse = false;
  const two = place.message("zoe", slow, rootOf(one.thread));
  await place.channel.intake(two);
  await begun(one.thread, turnOf(two));
  // The old end is told with the next alarm: it is over what runs by then.
  const wasTold = () => expect(noted.some((note) => note.ended && note.turn === turnOf(one))).toBe(true);
  await vi.waitFor(wasTold, { timeout: 20_000 });
  await becomes("zoe", one.thread, "running");
  await place.channel.intake(place.press(one.thread, "zoe", "stop", ""));
  await becomes("zoe", one.thread, "finished");
});

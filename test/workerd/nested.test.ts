import { beforeAll, expect, test, vi } from "vitest";
import type { ChatAction, ChatMessage } from "../../kernel/chat/types.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { channelId, messageId, threadId, TurnId, userId, type ThreadId } from "../../kernel/ids.ts";
import { kernelStub, threadStub } from "../../kernel/stubs.ts";
import { bindings } from "./desk.ts";
import { shownIn } from "./plain.ts";

let stamp = 500_000;
const channelOf = (one: { channel: ChatMessage["channel"] }) => bindings.CHANNEL.getByName(one.channel);
const person = (user: string) => ({ id: userId.make({ platform: "plain", workspace: "T1", user }), name: user });

/** Asks for a program in a channel of its own. */
const program = (user: string, code: string) => ask(user, `run: ${code}`);

async function ask(user: string, text: string): Promise<ChatMessage> {
  stamp += 1;
  const place = { platform: "plain", workspace: "T1", channel: `N${stamp}-${crypto.randomUUID().slice(0, 8)}` };
  const ts = `${stamp}.1`;
  const one: ChatMessage = {
    kind: "message",
    id: messageId.make({ ...place, message: ts }),
    thread: threadId.make({ ...place, root: ts }),
    channel: channelId.make(place),
    author: person(user),
    text,
    files: [],
    addressed: "mention",
    root: true,
    at: stamp * 1000,
  };
  expect(await channelOf(one).intake(one)).toBe("stored");
  return one;
}

const press = async (one: ChatMessage, user: string, action: ChatAction["action"], subject = "", value = "") => {
  const { thread, channel } = one;
  const press: ChatAction = { kind: "action", id: crypto.randomUUID(), thread, channel, by: person(user), action, subject, value, at: 0 }; // oxfmt-ignore
  await channelOf(one).intake(press);
};

const events = (thread: ThreadId) => shownIn(thread).events;
const event = <T extends ThreadEvent["type"]>(
  thread: ThreadId,
  type: T,
  fits: (one: Extract<ThreadEvent, { type: T }>) => boolean = () => true,
) =>
  vi.waitFor(
    () => {
      const found = events(thread).find((one): one is Extract<ThreadEvent, { type: T }> => one.type === type && fits(one as Extract<ThreadEvent, { type: T }>)); // oxfmt-ignore
      if (!found) throw new Error(`no ${type} yet: ${JSON.stringify(events(thread)).slice(-1500)}`);
      return found;
    },
    { timeout: 15_000, interval: 10 },
  );
const said = (thread: ThreadId) => events(thread).flatMap((one) => (one.type === "text.done" ? [one.text] : [])).join("\n"); // oxfmt-ignore
const done = async (thread: ThreadId) => {
  await event(thread, "turn.finished");
  return said(thread);
};

const site = (slug: string) =>
  `await TOOLS.write_file({ path: "sites/${slug}/index.html", content: "<h1>${slug}</h1>" });`;

// What is imported lazily is imported by one object at a time here: the pool's own loader cannot be shared by two.
beforeAll(async () => {
  await done((await ask("ada", "echo awake")).thread);
  await done((await program("ada", "return 1")).thread);
});

test("a program calls the other tools: each in the trace on its card, with its own row and its events", async () => {
  const { id, thread } = await program(
    "ada",
    `await TOOLS.write_file({ path: "home/a.txt", content: "from a program" });
await TOOLS.post_file({ path: "home/a.txt" });
return (await TOOLS.read_file({ path: "home/a.txt" })).text ?? "read"`,
  );
  await done(thread);
  const lines = events(thread).flatMap((one) => (one.type === "task.progress" ? [one.detail] : []));
  expect(lines.some((line) => line.startsWith("Write home/a.txt — "))).toBe(true);
  expect(events(thread).some((one) => one.type === "file.posted" && one.path === "home/a.txt")).toBe(true);
  const [started, ...others] = events(thread).filter((one) => one.type === "task.started");
  expect(others).toEqual([]);
  // The Kernel has a row for each: asked for again, it answers with what was done then.
  const call = { tool: "write_file", input: { path: "home/a.txt", content: "again" }, call: `${started?.type === "task.started" ? started.task : ""}:1` }; // oxfmt-ignore
  const rest = {
    pinned: null,
    answer: null,
    thread,
    turn: TurnId.parse(`message:${id}`),
    userName: "Ada",
    eyes: false,
  };
  const again = await kernelStub(bindings as never, person("ada").id).runTool({ ...call, ...rest }, () => {});
  expect(again).toMatchObject({ ok: true, value: { output: { path: "home/a.txt", version: 1 } } });
  const sight = { thread, path: "home/a.txt", maxBytes: 100, sha256: "0".repeat(64) };
  const changed = await kernelStub(bindings as never, person("ada").id).readSight(sight);
  expect(changed).toMatchObject({ ok: false, error: { code: "file.changed" } });
  // A model that counts its calls anew in each thread gets what it asks for, and nothing of another thread.
  const elsewhere = { ...call, ...rest, turn: TurnId.parse(`message:${id}2`) };
  const other = await kernelStub(bindings as never, person("ada").id).runTool(elsewhere, () => {});
  expect(other).toMatchObject({ ok: true, value: { output: { path: "home/a.txt", version: 2 } } });
});

test("wrong input, no such tool, and code within code are refused by code", async () => {
  const { thread } = await program(
    "ada",
    `const codes = [];
for (const call of [() => TOOLS.write_file({ path: 7 }), () => TOOLS.read_file({ path: "home/none" }), () => TOOLS.delete_file({ path: "home/none" })])
  await call().catch((error) => codes.push(error.code));
return [codes, typeof TOOLS.exec_code, (await TOOLS.list()).map((tool) => tool.name).includes("publish_site")]`,
  );
  const text = (await done(thread)).replaceAll(/\s/g, "");
  expect(text).toContain('[["input.invalid","file.not_found","file.not_found"],"undefined",true]');
});

test("a tool that needs consent shows its card, the program waits and goes on with what came of it", async () => {
  const one = await program("ada", `${site("nested-yes")}\nconsole.log("asking");\nconst { url } = await TOOLS.publish_site({ slug: "nested-yes" });\nreturn "it is at " + url`); // oxfmt-ignore
  const { card } = await event(one.thread, "approval.requested");
  expect(card).toMatchObject({ tool: "publish_site", requester: person("ada").id, program: expect.any(String) });
  expect(card.body).toContain("index.html");
  await press(one, "bob", "approve", card.approval);
  expect(events(one.thread).map(({ type }) => type)).not.toContain("approval.decided");
  await Promise.all([1, 2].map(() => press(one, "ada", "approve", card.approval)));
  expect(await done(one.thread)).toContain("/sites/nested-yes/");
  const types = events(one.thread).map(({ type }) => type);
  expect(types.filter((type) => type === "site.published")).toHaveLength(1);
  expect(types.filter((type) => type === "turn.started")).toHaveLength(1);
  expect(types).not.toContain("turn.suspended");
  expect(types.indexOf("site.published")).toBeLessThan(types.lastIndexOf("task.finished"));
});

test("denied: the program gets an error with its code, nothing runs, and it goes on", async () => {
  const one = await program("ada", `${site("nested-no")}\ntry { await TOOLS.publish_site({ slug: "nested-no" }) } catch (error) { return error.code + ": " + error.message }`); // oxfmt-ignore
  const { card } = await event(one.thread, "approval.requested");
  await press(one, "ada", "deny", card.approval);
  expect(await done(one.thread)).toContain("approval.denied: ada denied this");
  expect(await bindings.FILES.get("published/nested-no.json")).toBeNull();
  expect(await event(one.thread, "task.finished", ({ outcome }) => outcome === "denied")).toMatchObject({ code: "approval.denied" }); // oxfmt-ignore
});

test("edited and approved: what the card shows then is what runs, and the program gets it", async () => {
  const one = await program("ada", `${site("nested-edit")}\nawait TOOLS.publish_site({ slug: "nested-edit", title: "Old" }); return "ok"`); // oxfmt-ignore
  const { card } = await event(one.thread, "approval.requested");
  await press(one, "ada", "revise", card.approval, JSON.stringify({ slug: "nested-edit", title: "New" }));
  await event(one.thread, "approval.revised");
  await press(one, "ada", "approve", card.approval);
  expect(await event(one.thread, "site.published")).toMatchObject({ title: "New" });
  await done(one.thread);
});

test("a question is answered into the program", async () => {
  const one = await program("ada", `return await TOOLS.ask_person({ question: "Which?", choices: ["Left", "Right"] })`);
  const { card } = await event(one.thread, "approval.requested");
  await press(one, "ada", "answer", card.approval, "2");
  expect(await done(one.thread)).toContain("Right");
});

test("Stop while it waits: the card is closed, nothing runs, the turn is not suspended", async () => {
  const one = await program(
    "ada",
    `${site("nested-stop")}\nawait TOOLS.publish_site({ slug: "nested-stop" }); return 1`,
  );
  const { card } = await event(one.thread, "approval.requested");
  await press(one, "ada", "stop");
  await event(one.thread, "approval.expired");
  await event(one.thread, "turn.finished");
  expect(await event(one.thread, "task.finished", ({ code }) => code === "approval.expired")).toMatchObject({ detail: "The program that asked has ended; nothing was done." }); // oxfmt-ignore
  await press(one, "ada", "approve", card.approval);
  await vi.waitFor(() => expect(shownIn(one.thread).whispers.length).toBeGreaterThan(0), { timeout: 10_000 });
  expect(await bindings.FILES.get("published/nested-stop.json")).toBeNull();
  expect(events(one.thread).map(({ type }) => type)).not.toContain("turn.suspended");
});

test("a program that ends without waiting takes its card with it", async () => {
  const one = await program("ada", `${site("nested-left")}\nvoid TOOLS.publish_site({ slug: "nested-left" }).catch(() => {}); await scheduler.wait(1500); return "gone"`); // oxfmt-ignore
  await event(one.thread, "approval.requested");
  expect(await done(one.thread)).toContain("gone");
  const types = events(one.thread).map(({ type }) => type);
  expect(types.indexOf("approval.expired")).toBeGreaterThan(0);
  expect(types.indexOf("approval.expired")).toBeLessThan(types.indexOf("turn.finished"));
});

test("a wait has an end: the card expires, and what asked is told", async () => {
  const one = await program("ada", `${site("nested-late")}\nawait scheduler.wait(4000); return "on"`);
  const { task: parent } = await event(one.thread, "task.started");
  await event(one.thread, "task.progress", ({ detail }) => detail.startsWith("Write"));
  const turn = `message:${one.id}` as never;
  const call = { user: person("ada").id, turn, parent, call: `${parent}:x`, tool: "publish_site", input: { slug: "nested-late" }, maxWaitMs: 300 }; // oxfmt-ignore
  const answer = await threadStub(bindings as never, one.thread).nestedCall(call);
  expect(answer).toMatchObject({ ok: false, error: { code: "approval.expired" } });
  const { card } = await event(one.thread, "approval.requested");
  await event(one.thread, "approval.expired");
  await press(one, "ada", "approve", card.approval);
  expect(await done(one.thread)).toContain("on");
  expect(await bindings.FILES.get("published/nested-late.json")).toBeNull();
});

test("one call from within can be ended alone", async () => {
  const one = await program("ada", `${site("nested-alone")}\nawait scheduler.wait(3000); return "on"`);
  const { task: parent } = await event(one.thread, "task.started");
  await event(one.thread, "task.progress", ({ detail }) => detail.startsWith("Write"));
  const stub = threadStub(bindings as never, one.thread);
  const turn = `message:${one.id}` as never;
  const call = { user: person("ada").id, turn, parent, call: `${parent}:y`, tool: "publish_site", input: { slug: "nested-alone" }, maxWaitMs: 60_000 }; // oxfmt-ignore
  const waiting = stub.nestedCall(call);
  await event(one.thread, "approval.requested");
  await stub.endNested(call.call);
  expect(await waiting).toMatchObject({ ok: false, error: { code: "approval.expired" } });
  expect(await done(one.thread)).toContain("on");
});

test("a call from within is only taken for an open call of a running turn of that person", async () => {
  const one = await program("ada", "return 1");
  const { thread } = one;
  await done(thread);
  const stub = threadStub(bindings as never, thread);
  const turn = "message:none" as never;
  const call = { turn, parent: "none", call: "none:1", tool: "publish_site", input: { slug: "x" }, maxWaitMs: 1000 };
  const own = { ...call, turn: `message:${one.id}` as never };
  expect(await stub.nestedCall({ ...call, user: person("ada").id })).toMatchObject({ ok: false, error: { code: "approval.not_yours" } }); // oxfmt-ignore
  expect(await stub.nestedCall({ ...own, user: person("bob").id })).toMatchObject({ ok: false, error: { code: "approval.not_yours" } }); // oxfmt-ignore
  expect(await stub.nestedCall({ ...own, user: person("ada").id })).toMatchObject({ ok: false, error: { code: "tool.interrupted" } }); // oxfmt-ignore
  expect(events(thread).map(({ type }) => type)).not.toContain("approval.requested");
});

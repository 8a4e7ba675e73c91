import { runInDurableObject } from "cloudflare:test";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { expect, test } from "vitest";
import { canonical } from "../../kernel/approvals/canonical.ts";
import { hashOf } from "../../kernel/approvals/subject.ts";
import type { ChatMessage } from "../../kernel/chat/types.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { approvalId, TurnId, type UserId } from "../../kernel/ids.ts";
import migrations from "../../kernel/thread/migrations/migrations.js";
import { PromptMessages } from "../../kernel/thread/turn/prompt-messages.ts";
import { TurnStore } from "../../kernel/thread/turn/store.ts";
import { crash, doorsOf, kernelOf, seen, threadOf, traceOf } from "./crash.ts";
import { listed, write } from "./interleavings/town.ts";
import { person, Place, rootOf } from "./turns.ts";

/** The tables of the version before, and nothing else. */
const before = {
  journal: { ...migrations.journal, entries: migrations.journal.entries.slice(0, 1) },
  migrations: { m0000: migrations.migrations["m0000"] ?? "" },
};

const place = new Place();
const question = place.message("ada", "when does the tide turn?");
const { thread } = question;
const later = (user: string, text: string) => place.message(user, text, rootOf(thread));
const turnOf = (message: ChatMessage) => `message:${message.id}`;

/** A card as the version before wrote it: of a call whose id was the model's. */
async function card(turn: string, requester: string, call: string, path: string) {
  const { id, name } = person(requester);
  const input = { path };
  const given = { tool: "delete_file", input, call, thread, turn: TurnId.parse(turn), userName: name };
  const prepared = await kernelOf(id).prepareTool({ ...given, pinned: null, answer: null, eyes: false });
  if (!prepared.ok) throw new Error(prepared.error.userMessage);
  const { title, body, pinned, choices } = prepared.value;
  const subject = { tool: "delete_file", input, pinned };
  const approval = approvalId.random();
  const shown = { approval, kind: "approval" as const, tool: "delete_file", title, body, risk: "high" as const, choices, editable: [], requester: id, requesterName: name, deciders: [id], expiresAt: Date.now() + 86_400_000 }; // oxfmt-ignore
  return { approval, turn, call, subject: canonical(subject), hash: await hashOf(subject), card: shown };
}

test("B4 a thread of the version before opens once: what was said, asked, approved and still waits comes along", async () => {
  const deletes = later("bob", "delete home/pending.md");
  const carries = later("ada", "delete home/carry.md");
  const ran = later("ada", "delete home/ran.md");
  const running = later("cyd", "write 800 words");
  const waiting = later("dot", "echo I was waiting");
  await write("bob", "home/pending.md", "of bob");
  await write("ada", "home/pending.md", "of ada");
  await write("ada", "home/carry.md", "of ada");
  await write("ada", "home/ran.md", "of ada");
  const pending = await card(turnOf(deletes), "bob", "call_bob", "home/pending.md");
  const approved = await card(turnOf(carries), "ada", "call_ada", "home/carry.md");
  const used = await card(turnOf(ran), "ada", "call_ran", "home/ran.md");
  const decision = `decision:${approved.approval}`;
  const cutOff = `decision:${used.approval}`;

  await runInDurableObject(threadOf(thread), async (_, { storage }) => {
    await storage.deleteAll();
    await migrate(drizzle(storage), before);
    const { sql } = storage;
    const asked = (one: ChatMessage, at: number) =>
      sql.exec("INSERT INTO asked VALUES (?, ?, ?, ?, 0, ?)", one.id, turnOf(one), JSON.stringify(one), "", at);
    const turn = (id: string, trigger: string, user: string, title: string, state: string, starts: number, at: number) =>
      sql.exec("INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?, ?, ?)", id, trigger, person(user).id, user, title, state, starts, at); // oxfmt-ignore
    let seq = 0;
    const event = (of: string, principal: UserId, ...events: ThreadEvent[]) => {
      for (const one of events) sql.exec("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", ++seq, seq, of, principal, one.type, JSON.stringify(one)); // oxfmt-ignore
    };
    const started = (user: string, title: string, trigger: "message" | "decision" = "message") =>
      ({ type: "turn.started", trigger, principalName: user, title }) as const;
    const task = (id: string) => ({ type: "task.started", task: id, tool: "delete_file", title: "Delete", detail: "" }) as const; // oxfmt-ignore
    const waits = (id: string) => ({ type: "task.finished", task: id, outcome: "waiting", detail: "", code: null }) as const; // oxfmt-ignore
    const add = (row: Awaited<ReturnType<typeof card>>, state: string, by: UserId | null) =>
      sql.exec("INSERT INTO approval VALUES (?, ?, ?, 'delete_file', ?, ?, ?, ?, ?, ?, NULL)", row.approval, row.turn, row.call, row.subject, row.hash, JSON.stringify(row.card), state, by, by === null ? null : 1); // oxfmt-ignore
    const ada = person("ada").id;
    const bob = person("bob").id;
    for (const [at, one] of [question, deletes, carries, running, waiting, ran].entries()) asked(one, at + 1);
    turn(turnOf(question), "message", "ada", question.text, "finished", 1, 1);
    const text = "The tide turns at **seven**.";
    event(turnOf(question), ada, started("ada", question.text), { type: "text.done", part: "p1", text }, { type: "turn.finished", model: "old", inputTokens: 1, outputTokens: 1 }); // oxfmt-ignore
    turn(turnOf(deletes), "message", "bob", deletes.text, "suspended", 1, 2);
    event(turnOf(deletes), bob, started("bob", deletes.text), task("call_bob"), waits("call_bob"), { type: "approval.requested", card: pending.card }, { type: "turn.suspended", approvals: [pending.approval] }); // oxfmt-ignore
    add(pending, "pending", null);
    turn(turnOf(carries), "message", "ada", carries.text, "suspended", 1, 3);
    event(turnOf(carries), ada, started("ada", carries.text), task("call_ada"), waits("call_ada"), { type: "approval.requested", card: approved.card }, { type: "turn.suspended", approvals: [approved.approval] }); // oxfmt-ignore
    add(approved, "approved", ada);
    turn(turnOf(running), "message", "cyd", running.text, "running", 1, 4);
    event(turnOf(running), person("cyd").id, started("cyd", running.text));
    turn(decision, "decision", "ada", approved.card.title, "running", 0, 5);
    event(turnOf(carries), ada, { type: "approval.decided", approval: approved.approval, decision: "approved", by: ada, byName: "ada", choice: null, reason: null }); // oxfmt-ignore
    event(decision, ada, started("ada", approved.card.title, "decision"));
    // One that was being carried out: whether it ran is not known any more.
    turn(turnOf(ran), "message", "ada", ran.text, "suspended", 1, 6);
    event(turnOf(ran), ada, started("ada", ran.text), task("call_ran"), waits("call_ran"), { type: "approval.requested", card: used.card }, { type: "turn.suspended", approvals: [used.approval] }); // oxfmt-ignore
    add(used, "used", ada);
    turn(cutOff, "decision", "ada", used.card.title, "running", 0, 7);
    event(cutOff, ada, started("ada", used.card.title, "decision"));
    sql.exec("INSERT INTO delivery VALUES (1, ?, ?, 0)", seq, String(seq));
  });
  await crash(thread).catch(() => undefined);

  const ended = (turn: string, type: ThreadEvent["type"]) =>
    seen(thread, (trace) => trace.find((one) => one.turn === turn && one.event.type === type));
  // What ran is told to have ended, what was approved is carried out, what waited is answered.
  expect((await ended(turnOf(running), "turn.failed")).event).toMatchObject({ code: "tool.interrupted" });
  await ended(decision, "turn.finished");
  expect(await listed("ada", "home/")).not.toContain("home/carry.md");
  await ended(turnOf(waiting), "turn.finished");
  await ended(cutOff, "turn.finished");
  expect((await ended(cutOff, "task.finished")).event).toMatchObject({ task: "call_ran", code: "tool.interrupted" });
  expect(await listed("ada", "home/")).toContain("home/ran.md");
  const said = async (turn: string) =>
    (await traceOf(thread)).flatMap((one) => (one.turn === turn && one.event.type === "text.done" ? [one.event.text] : [])).join("\n"); // oxfmt-ignore
  expect(await said(turnOf(waiting))).toContain("I was waiting");
  expect((await said(decision)).trim()).not.toBe("");

  // The card that waited is decided: its own person's file goes, once.
  await doorsOf(thread).receive(place.press(thread, "bob", "approve", pending.approval), false);
  await ended(`decision:${pending.approval}`, "turn.finished");
  expect(await listed("bob", "home/")).not.toContain("home/pending.md");
  expect(await listed("ada", "home/")).toContain("home/pending.md");

  // Opened again, nothing of it happens again; and the model reads what was said before.
  await crash(thread);
  const next = later("ada", "echo and on it goes");
  await place.channel.intake(next);
  await ended(turnOf(next), "turn.finished");
  const trace = await traceOf(thread);
  expect(trace.map((one) => one.seq)).toEqual(trace.map((_, at) => at + 1));
  const times = (turn: string, type: ThreadEvent["type"]) =>
    trace.filter((one) => one.turn === turn && one.event.type === type).length;
  for (const turn of [decision, `decision:${pending.approval}`, turnOf(waiting)]) expect(times(turn, "turn.finished")).toBe(1); // oxfmt-ignore
  for (const turn of [decision, cutOff, turnOf(question), turnOf(waiting)]) expect(times(turn, "turn.started")).toBe(1);
  expect(times(turnOf(running), "turn.failed")).toBe(1);
  const read = await runInDurableObject(threadOf(thread), (_, { storage }) => {
    const turns = new TurnStore(drizzle(storage));
    const last = turns.last();
    return last ? JSON.stringify(new PromptMessages(turns).of(last)) : "";
  });
  for (const text of [question.text, "The tide turns at **seven**.", deletes.text, "I was waiting"]) expect(read).toContain(text); // oxfmt-ignore
});

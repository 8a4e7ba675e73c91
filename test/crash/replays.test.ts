import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { general, has, lastAlarmMs, Lives, times } from "../harness/lives.ts";
import { broken, turnsOf } from "../soak/invariants.ts";

/*
 * Nothing lost, nothing twice, nothing stuck: what a soak of random kills has found, each brought about again. Starts cost
 * seconds, so two kills of one Deckhand hit every thread at its own moment, and each test looks at its thread afterwards.
 */

const slow = { REHEARSAL_DELAY_MS: "10" };

let lives: Lives;
/** The roots of the threads, and the cards that stood in them before the first kill. */
const root: Record<"early" | "unheard" | "stuck" | "twice" | "words" | "queue", string> = {
  early: "",
  unheard: "",
  stuck: "",
  twice: "",
  words: "",
  queue: "",
};
const cards = { unheard: {} as PageMessage, stuck: {} as PageMessage, twice: {} as PageMessage };

const counted = (ts: string, to: number): Promise<PageMessage> => {
  const line = new RegExp(`^${to}$`, "m");
  return lives.slack.waitForMessage((one) => one.threadTs === ts && line.test(shownText(one)), 90_000);
};
const numbers = (text: string): number[] => [...text.matchAll(/^\s*(\d+)\s*$/gm)].map((match) => Number(match[1]));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const held = (text: string, times = 1) =>
  lives.slack.waitForHeld((call) => JSON.stringify(call.args).includes(text), times);
/** What is to be hit, or that it is over already where nothing is fetched (any more). */
const hitOr = (hit: Promise<unknown>, ...over: Promise<unknown>[]): Promise<unknown> => {
  for (const one of [hit, ...over]) one.catch(() => undefined);
  return Promise.race([hit, ...over]);
};

async function firstLife(): Promise<number> {
  root.unheard = await lives.say("U0LINUS", "make a small site called Un Heard about names");
  root.stuck = await lives.say("U0GRACE", "run `echo mine`");
  root.twice = await lives.say("U0GRACE", "make a small site called Only Once about events");
  await lives.said(root.stuck, "mine");
  await lives.quiet(root.stuck);
  await lives.say("U0GRACE", "destroy the computer", root.stuck);
  for (const name of ["unheard", "stuck", "twice"] as const)
    cards[name] = await lives.card(root[name], name === "stuck" ? "Destroy" : "Publish");
  const over = Date.now();
  root.words = await lives.say("U0ADA", "count slowly to 70");
  root.queue = await lives.say("U0ADA", "count slowly to 40");
  await counted(root.queue, 2);
  const behind = await lives.say("U0GRACE", "@Deckhand echo job-behind is answered", root.queue);
  await Promise.all([lives.acknowledged(behind), counted(root.words, 8), counted(root.queue, 4)]);
  return over;
}

async function secondLife(over: number): Promise<void> {
  // Nobody's name is known after a start.
  await lives.slack.fault({ method: "users.info", match: "U0LINUS", hold: "before", times: 10 });
  await sleep(Math.max(0, over + lastAlarmMs - Date.now()));
  expect(await lives.press("U0LINUS", cards.unheard, "approve")).toEqual({ ok: true });
  await hitOr(held("U0LINUS"), lives.said(root.unheard, lives.link("un-heard")));
  root.early = await lives.say("U0LINUS", "echo job-early is answered");
  await lives.acknowledged(root.early);
  // A second call for one name may be spared.
  await hitOr(held("U0LINUS", 2), lives.said(root.early, "job-early"), sleep(5_000));

  // While another's answer streams the turn of a decision has to wait: what was done is there, and what comes of it is not.
  await lives.say("U0ADA", "@Deckhand count slowly to 30", root.twice);
  await Promise.all([counted(root.twice, 2), counted(root.words, 30)]);
  await lives.slack.fault({ method: "*", match: lives.link("only-once"), hold: "before", times: 10 });
  await lives.slack.fault({ method: "*", match: root.stuck, hold: "before", times: 10 });
  expect(await lives.press("U0GRACE", cards.twice, "approve")).toEqual({ ok: true });
  await held(lives.link("only-once"));
  // A computer is destroyed when what runs in it is over: the kill hits the tool.
  const sleeper = await lives.say("U0GRACE", "run `sleep 30`");
  await lives.slack.waitForMessage((one) => one.threadTs === sleeper && has("sleep 30")(one));
  expect(await lives.press("U0GRACE", cards.stuck, "approve")).toEqual({ ok: true });
  await held(root.stuck);
  // The Thread has given its answer to the press by then.
  for (let looks = 0; looks < 3; looks += 1) await (await fetch(`${lives.deckhand.workerUrl}/health`)).text();
}

beforeAll(async () => {
  lives = await Lives.begin("rehearsal", slow);
  const over = await firstLife();
  await lives.crash(slow);
  await secondLife(over);
  await lives.crash({ REHEARSAL_DELAY_MS: "0" });
}, 400_000);
afterAll(() => lives?.close());

/** Whether the site was published: once, with its one event, its card closed, its thread quiet. */
async function publishedOnce(name: "unheard" | "twice", slug: string): Promise<void> {
  await lives.said(root[name], lives.link(slug));
  await lives.closed(cards[name]);
  await lives.quiet(root[name]);
  expect((await fetch(lives.link(slug))).status).toBe(200);
  const trace = await lives.trace(root[name]);
  expect(broken(trace)).toEqual([]);
  expect(trace.flatMap(({ event }) => (event.type === "site.published" ? [event.version] : []))).toEqual([1]);
  const thread = await lives.slack.thread(general, root[name]);
  const saysSo = thread.filter((one) => has(lives.link(slug))(one));
  expect(saysSo.length).toBeGreaterThan(0);
  expect(new Set(saysSo.map(shownText)).size, "the same is not said twice").toBe(saysSo.length);
}

describe("B4 after SIGKILLs of everything", () => {
  test("1 a question that was acknowledged and killed before its turn has begun is answered, once", async () => {
    await lives.said(root.early, "job-early is answered");
    await lives.quiet(root.early);
    expect(times(await lives.read(root.early), "job-early is answered")).toBe(1);
    const trace = await lives.trace(root.early);
    expect(broken(trace)).toEqual([]);
    expect(turnsOf(trace, "job-early")).toHaveLength(1);
  });

  test("2 an approval that was killed while the name of who pressed was fetched is carried out", () =>
    publishedOnce("unheard", "un-heard"));

  test("3 an approval long after its turn, killed before it was carried out, is not stuck", async () => {
    await lives.closed(cards.stuck);
    const ended = async () => {
      const trace = await lives.trace(root.stuck);
      const decided = trace.find(({ event }) => event.type === "approval.decided")?.seq ?? Infinity;
      return trace.some(({ seq, event }) => seq > decided && event.type === "turn.finished") ? trace : null;
    };
    // Asking for the trace wakes the thread, so it is asked for only when the thread says that it is at rest.
    await lives.quiet(root.stuck);
    const trace = (await ended()) ?? [];
    expect(broken(trace)).toEqual([]);
    expect(trace.filter(({ event }) => event.type === "text.done").at(-1)?.event).toMatchObject({
      text: expect.stringMatching(/computer/i) as string,
    });
  });

  test("4 what was published and killed before the turn went on is told once", async () => {
    await publishedOnce("twice", "only-once");
    expect(numbers(await lives.read(root.twice))).toEqual(upTo(30));
  });

  test("5 an answer that was killed twice has every word once and in order", async () => {
    await counted(root.words, 70);
    await lives.quiet(root.words);
    expect(numbers(await lives.read(root.words))).toEqual(upTo(70));
    expect((await lives.slack.thread(general, root.words)).every((message) => !message.streaming)).toBe(true);
    expect(broken(await lives.trace(root.words))).toEqual([]);
  });

  test("6 an answer that was killed while another person's question waited is whole, and so is the other's", async () => {
    await lives.said(root.queue, "job-behind is answered");
    await lives.quiet(root.queue);
    const text = await lives.read(root.queue);
    expect(numbers(text)).toEqual(upTo(40));
    expect(times(text, "job-behind is answered")).toBe(1);
    const trace = await lives.trace(root.queue);
    expect(broken(trace)).toEqual([]);
    const [counting] = turnsOf(trace, "count slowly");
    const said = trace.filter(({ event }) => event.type === "text.done" && /^\s*\d+\s*$/m.test(event.text));
    expect(new Set(said.map(({ turn }) => turn))).toEqual(new Set([counting]));
  });
});

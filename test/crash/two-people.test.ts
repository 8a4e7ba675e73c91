import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Gate, resultsIn, type Step } from "../harness/director.ts";
import { asks, general, Lives, times } from "../harness/lives.ts";
import { call } from "../harness/scripted.ts";
import type { Reply } from "../stand-ins/reply.ts";
import { broken } from "../soak/invariants.ts";

/*
 * Cards of two people in one thread: whose continuation runs when, and as whom. Every job ends by looking for the file
 * that only the other person has, and by its own closing words.
 */

const people = { U0ADA: "Ada", U0GRACE: "Grace", U0LINUS: "Linus" } as const;
type Person = keyof typeof people;
const secretOf = (who: Person) => `canary-of-${people[who].toLowerCase()}`;

let lives: Lives;
let count = 0;
const newJob = (): string => `job${(count += 1)}x`;

beforeAll(async () => {
  lives = await Lives.begin("director");
  for (const who of Object.keys(people) as Person[]) {
    const job = newJob();
    const write = { path: `home/${people[who].toLowerCase()}.txt`, content: `${job} ${secretOf(who)}` };
    lives.director.job(job, call("write_file", write), { text: `${job} is done` });
    await lives.said(await lives.say(who, `${job} keep this for me`), `${job} is done`);
  }
}, 240_000);
afterAll(() => lives?.close());

/** A program that tells which of the three secrets it can read: it has the files of whom it runs for. */
const look = (job: string): Reply => {
  const files = Object.values(people).map((name) => `home/${name.toLowerCase()}.txt`);
  return call("exec_code", {
    code: `// ${job}
const seen = [];
for (const path of ${JSON.stringify(files)}) seen.push(await FILES.readText(path).catch((error) => error.code));
return seen.join(" ");`,
  });
};

/** After its approval the job looks at files and says that it is done; `slow` holds its model in between. */
function deletion(job: string, slow?: Gate): [Step, ...Step[]] {
  const file = `home/${job}.txt`;
  const program = look(job);
  return [
    call("write_file", { path: file, content: job }),
    call("delete_file", { path: file }),
    slow ? slow.before(program) : program,
    { text: `${job} is done` },
  ];
}

interface Job {
  who: Person;
  job: string;
  ts: string;
  card: PageMessage;
}

/** A job whose card waits, in a thread of its own or in the one of another. */
async function waiting(
  who: Person,
  threadTs: string | undefined,
  steps: (job: string) => [Step, ...Step[]],
): Promise<Job> {
  const job = newJob();
  lives.director.job(job, ...steps(job));
  const said = await lives.say(who, threadTs ? `@Deckhand ${job} please` : `${job} please`, threadTs);
  const ts = threadTs ?? said;
  const card = await lives.card(ts, job);
  await lives.slack.waitForStatus(general, ts, (status) => status.session === "suspended");
  return { who, job, ts, card };
}

/** It ran as its own person and saw nothing of another's, and ended with its own words, once. */
async function ended({ who, job, ts, card }: Job): Promise<void> {
  await lives.said(ts, `${job} is done`);
  await lives.closed(card);
  expect(times(await lives.read(ts), `${job} is done`), `closing messages of ${people[who]}`).toBe(1);
  const trace = await lives.trace(ts);
  const programs = trace.filter(({ event }) => event.type === "task.started" && event.title.includes(job));
  for (const { principal } of programs) expect(principal).toContain(who);
  const requests = lives.director.reached.filter((one) => one.job === job);
  const results = requests.map(({ asked }) => resultsIn(asked.body, job)).join("\n");
  for (const each of Object.keys(people) as Person[]) {
    if (each === who) expect(results).toContain(secretOf(each));
    else expect(results, `what ${people[who]}'s program has read`).not.toContain(secretOf(each));
  }
}

describe.each([
  ["U0ADA", "U0GRACE"],
  ["U0GRACE", "U0ADA"],
] as const)("B9 two people's cards in one thread, %s slow and %s quick", (slowOne, quickOne) => {
  test("within the slow one's run: each goes on as its own person, each with its own closing message", async () => {
    const gate = new Gate();
    const slow = await waiting(slowOne, undefined, (job) => deletion(job, gate));
    const quick = await waiting(quickOne, slow.ts, (job) => deletion(job));
    await lives.press(slowOne, slow.card, "approve");
    await lives.director.waitFor(slow.job, 2);
    await lives.press(quickOne, quick.card, "approve");
    await lives.closed(quick.card);
    gate.open();
    await Promise.all([ended(slow), ended(quick)]);
    await lives.quiet(slow.ts);
    expect(broken(await lives.trace(slow.ts))).toEqual([]);
  });

  test("killed in the slow one's run, the other decided after the start", async () => {
    const gate = new Gate();
    const slow = await waiting(slowOne, undefined, (job) => deletion(job, gate));
    const quick = await waiting(quickOne, slow.ts, (job) => deletion(job));
    await lives.press(slowOne, slow.card, "approve");
    await lives.director.waitFor(slow.job, 2);
    await lives.crash();
    await lives.press(quickOne, quick.card, "approve");
    await lives.closed(quick.card);
    gate.open();
    await Promise.all([ended(slow), ended(quick)]);
    await lives.quiet(slow.ts);
    expect(broken(await lives.trace(slow.ts))).toEqual([]);
  });
});

test.each([
  ["U0ADA", "U0GRACE"],
  ["U0GRACE", "U0ADA"],
] as const)(
  "B9 a slow tool of %s that was approved, and a quick one of %s while it runs",
  async (slowOne, quickOne) => {
    const slow = await waiting(slowOne, undefined, (job) => [
      call("computer_bash", { command: `echo ${job}`, why: "to have one", box: job }),
      call("computer_destroy", { box: job }),
      look(job),
      { text: `${job} is done` },
    ]);
    const quick = await waiting(quickOne, slow.ts, (job) => deletion(job));
    // A computer is destroyed when what runs in it is over.
    const sleeper = newJob();
    const sleep = { command: `echo ${sleeper}; sleep 8`, why: "to be slow", box: slow.job };
    lives.director.job(sleeper, call("computer_bash", sleep), { text: `${sleeper} is done` });
    const elsewhere = await lives.say(slowOne, sleeper);
    await lives.slack.waitForMessage((one) => one.threadTs === elsewhere && shownText(one).includes("sleep 8"));
    await lives.press(slowOne, slow.card, "approve");
    await lives.closed(slow.card);
    await lives.press(quickOne, quick.card, "approve");
    await Promise.all([ended(slow), ended(quick)]);
    await lives.quiet(slow.ts);
    expect(broken(await lives.trace(slow.ts))).toEqual([]);
  },
);

test("B9 two people decide while a third one's answer streams: nobody's words go to another's turn", async () => {
  const first = await waiting("U0ADA", undefined, (job) => deletion(job));
  const second = await waiting("U0GRACE", first.ts, (job) => deletion(job));
  const third = newJob();
  const words = Promise.withResolvers<void>();
  lives.director.job(third, { text: `${third} begins `.repeat(5), hold: words.promise, toolCalls: [] });
  await lives.say("U0LINUS", `@Deckhand ${third}`, first.ts);
  await lives.slack.waitForMessage((one) => one.threadTs === first.ts && shownText(one).includes(`${third} begins`));
  await lives.press("U0GRACE", second.card, "deny");
  await lives.press("U0ADA", first.card, "approve");
  await Promise.all([lives.closed(first.card), lives.closed(second.card)]);
  words.resolve();
  await Promise.all([ended(first), ended(second)]);
  await lives.quiet(first.ts);
  const trace = await lives.trace(first.ts);
  expect(broken(trace)).toEqual([]);
  const spoken = trace.filter(({ event }) => event.type === "text.done" && event.text.includes(`${third} begins`));
  expect(spoken.map(({ principal }) => principal?.includes("U0LINUS"))).toEqual([true]);
});

test("A8 a request that was steered in is not done again after its approval", async () => {
  const [main, steered] = [newJob(), newJob()];
  const written = Promise.withResolvers<void>();
  lives.director.job(
    main,
    { text: `${main} begins. `.repeat(4), hold: written.promise, ...call("exec_code", { code: `return "${main}"` }) },
    { text: `${main} is done` },
  );
  lives.director.job(
    steered,
    call("write_file", { path: `home/${steered}.txt`, content: steered }),
    call("delete_file", { path: `home/${steered}.txt` }),
    { text: `${steered} is done` },
  );
  const ts = await lives.say("U0ADA", main);
  await lives.slack.waitForMessage((one) => one.threadTs === ts && shownText(one).includes(`${main} begins`));
  const said = await lives.say("U0ADA", `${steered} too`, ts);
  await lives.acknowledged(said);
  // Inputs are taken in order: this one is answered when the one before it is in.
  await lives.slack.stop("U0GRACE", general, ts);
  await lives.slack.waitForWhisper("U0GRACE", (one) => one.threadTs === ts);
  written.resolve();
  const card = await lives.card(ts, steered);
  await lives.press("U0ADA", card, "approve");
  await lives.said(ts, `${steered} is done`);
  await lives.quiet(ts);
  const trace = await lives.trace(ts);
  expect(broken(trace)).toEqual([]);
  expect(trace.filter(({ event }) => event.type === "approval.requested")).toHaveLength(1);
  expect(times(await lives.read(ts), `${steered} is done`)).toBe(1);
  expect((await lives.slack.thread(general, ts)).filter(asks)).toEqual([]);
});

test("C1 a program that waits for a card shows Waiting, and others in the thread are not left in silence", async () => {
  const [job, other] = [newJob(), newJob()];
  const code = `// ${job}
await TOOLS.write_file({ path: "sites/${job}/index.html", content: "<p>${job}" });
return (await TOOLS.publish_site({ slug: "${job}" })).url;`;
  lives.director.job(job, call("exec_code", { code }), { text: `${job} is done` });
  lives.director.job(other, { text: `${other} is answered` });
  const ts = await lives.say("U0ADA", job);
  const card = await lives.card(ts, job);
  await lives.slack.waitForStatus(general, ts, (status) => status.session === "suspended", 20_000);
  await lives.slack.openHome("U0ADA");
  const waits = new RegExp(`${job}[^"]*waits for a decision`);
  await lives.slack.waitForHome("U0ADA", (blocks) => waits.test(JSON.stringify(blocks)), 20_000);
  await lives.say("U0GRACE", `@Deckhand ${other}`, ts);
  const told = lives.slack.waitForWhisper("U0GRACE", (one) => one.threadTs === ts, 20_000);
  const answered = lives.slack.waitForMessage(
    (one) =>
      one.threadTs === ts && one.user === "U0DECK" && /queue|behind|waits? for/i.test(shownText(one)) && !asks(one),
    20_000,
  );
  await Promise.any([told, answered, lives.said(ts, `${other} is answered`)]);
  await lives.press("U0ADA", card, "approve");
  await Promise.all([lives.said(ts, `${job} is done`), lives.said(ts, `${other} is answered`)]);
  await lives.quiet(ts);
  expect(broken(await lives.trace(ts))).toEqual([]);
});

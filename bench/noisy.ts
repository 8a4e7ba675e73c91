import type { Deckhand } from "../test/harness/deckhand.ts";
import { chatterBody } from "./lib/events.ts";
import { noisy } from "./lib/noisy.ts";
import { makeReport, type Measure, type Report } from "./lib/report.ts";
import { due, play } from "./lib/schedule.ts";
import { Sender } from "./lib/sender.ts";
import { startForBench } from "./lib/start.ts";
import { stats } from "./lib/stats.ts";

const perSecond = 25;
const quietSeconds = 5;
/** How long a program may take with all that its end brings, a restart of the Worker included. */
const turnWithinMs = 90_000;
const [who, where, others] = ["U0GRACE", "C0PROJECT", "C0GENERAL"];

/** What each acknowledgement of other people's events takes while `work` is under way. */
async function meanwhile(sender: Sender, work: (slice: number) => Promise<void> | null) {
  const acks: number[] = [];
  let lost = 0;
  const sent: Promise<void>[] = [];
  for (let second = 0; ; second += 1) {
    const under = work(second);
    if (under === null) break;
    const plan = due(perSecond, 1).map((atMs, index) => ({ atMs, what: `${second}.${index}` }));
    sent.push(
      play(plan, async (word) => {
        const ts = `${Math.floor(Date.now() / 1000)}.${String(second * perSecond).padStart(6, "0")}`;
        const said = { channel: others, user: "U0ADA", ts, text: `lunch at ${word}?` };
        const tookMs = await sender.send(chatterBody(said)).catch(() => null);
        if (tookMs === null) lost += 1;
        else acks.push(tookMs);
      }),
    );
    await under;
  }
  await Promise.all(sent);
  return { acks, lost };
}

const second = () => new Promise<void>((done) => setTimeout(done, 1000));

/** One person's program runs to its end, whatever that is. */
async function program({ slack }: Deckhand, code: string): Promise<string> {
  const ts = await slack.say(who, where, `@Deckhand \`\`\`js\n${code}\n\`\`\``);
  const ends = (args: Record<string, unknown>) => args["thread_ts"] === ts && args["status"] === "active";
  return slack
    .waitForCall("agents.sessions.setStatus", (call) => ends(call.args), turnWithinMs)
    .then(
      () => "",
      () => "its turn did not end",
    );
}

/** Signed events of other people, while one person's program misbehaves in each way that is known. */
export async function run(): Promise<Report> {
  const deckhand = await startForBench();
  const sender = new Sender(deckhand.workerUrl, deckhand.stateDir);
  const measures: Measure[] = [];
  const notes: Report["notes"] = {};
  const took = (name: string, { acks, lost }: { acks: number[]; lost: number }) =>
    measures.push(
      { name, unit: "ms", value: stats(acks), aim: { of: "max", under: 3000 } },
      { name: `${name}, not acknowledged`, unit: "events", value: lost, aim: { of: "value", under: 1 } },
    );
  try {
    for (const code of noisy.prepare) await program(deckhand, code);
    took("nobody misbehaves", await meanwhile(sender, (slice) => (slice < quietSeconds ? second() : null)));
    for (const [name, code] of Object.entries(noisy.programs)) {
      let over = false;
      const began = performance.now();
      const ended = program(deckhand, code).then((note) => {
        over = true;
        notes[name] = `${Math.round(performance.now() - began)} ms ${note}`.trim();
      });
      took(name, await meanwhile(sender, (slice) => (slice === 0 || !over ? second() : null)));
      await ended;
    }
    return makeReport("noisy", measures, {
      ...notes,
      perSecond,
      how: "Each acknowledgement is from the send to the head of the 200, while one person's program runs; the notes have how long that took until its turn had ended.",
    });
  } finally {
    sender.close();
    await deckhand.close();
  }
}

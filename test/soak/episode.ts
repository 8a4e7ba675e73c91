import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { general, Lives } from "../harness/lives.ts";
import { call } from "../harness/scripted.ts";
import { resultsIn } from "../harness/director.ts";
import { Acts } from "./acts.ts";
import { wrongIn } from "./check.ts";
import { Dice } from "./dice.ts";
import { people, secretOf, secretPath } from "./jobs.ts";
import { Kills, slow } from "./kills.ts";
import { Watch } from "./watch.ts";

const quietWithinMs = 120_000;
/** Cards may come of what was decided; after so many rounds none should. */
const maxRounds = 6;

export interface Violation {
  seed: number;
  /** How many kills there had been. */
  kill: number;
  what: string;
  thread: string | null;
  /** What was done last. */
  after: string[];
}

export interface Told {
  violations: Violation[];
  kills: number;
  messages: number;
  presses: number;
  /** Memory of all workerds of one life, in bytes, before each kill. */
  memory: number[];
}

/** What is known of a thread in which something was wrong, for whoever looks for why. */
function keep(name: string, thread: object): void {
  const folder = join(tmpdir(), "deckhand-soak");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(thread, null, 1));
}

/** One Deckhand on one state folder, from its first start over so many kills to the end, all chosen by one seed. */
export async function episode(seed: number, kills: number, endAt = Infinity): Promise<Told> {
  const dice = new Dice(seed);
  // Every fourth one speaks the phrases of the rehearsal.
  const model = seed % 4 === 3 ? "rehearsal" : "director";
  const lives = await Lives.begin(model, slow);
  const watch = new Watch(lives);
  const acts = new Acts(lives, dice, model);
  const killer = new Kills(lives, acts, watch, dice);
  const done: string[] = [];
  const told: Told = { violations: [], kills: 0, messages: 0, presses: 0, memory: [] };
  const report = (what: string, thread: string | null = null) =>
    told.violations.push({ seed, kill: told.kills, what, thread, after: done.slice(-12) });
  const places = () => acts.roots.map((ts) => ({ channel: general, ts }));
  try {
    if (model === "director") await secrets(lives);
    while (told.kills < kills && Date.now() < endAt) {
      for (let act = dice.whole(1, 5); act > 0; act -= 1) done.push(await acts.any());
      told.memory.push(lives.deckhand.workerds.reduce((sum, one) => sum + one.memoryBytes, 0));
      done.push(await killer.one());
      told.kills += 1;
    }
    for (let round = 0; ; round += 1) {
      for (const what of await watch.quiet(places(), quietWithinMs)) report(`not quiet: ${what}`);
      acts.note((await watch.state()).deliveries);
      const open = await acts.open();
      if (open.length === 0) break;
      if (round === maxRounds) {
        report(`${open.length} cards are still open after ${maxRounds} rounds`);
        break;
      }
      for (const one of open) done.push(await acts.decide(one));
    }
    for (const place of places()) {
      const [events, messages] = await Promise.all([watch.trace(place), lives.slack.thread(general, place.ts)]);
      const asked = acts.asked.filter((one) => one.root === place.ts);
      const wrong = wrongIn({ root: place.ts, events, messages, asked });
      for (const what of wrong) report(what, place.ts);
      if (wrong.length > 0) keep(`seed-${seed}-${place.ts}`, { wrong, asked, events, messages });
    }
    for (const what of leaks(lives, acts)) report(what);
    told.messages = acts.asked.length;
    told.presses = acts.asked.reduce((sum, one) => sum + one.presses.length, 0);
  } finally {
    const left = await lives.close();
    for (const { pid, command } of left) report(`process ${pid} was left: ${command.slice(0, 100)}`);
  }
  return told;
}

/** Everybody has something that nobody else's program may read. */
async function secrets(lives: Lives): Promise<void> {
  for (const who of people) {
    const word = `job${900_000 + people.indexOf(who)}s`;
    const write = { path: secretPath(who), content: `${word} ${secretOf(who)}` };
    lives.director.job(word, call("write_file", write), { text: `${word} is kept` });
    await lives.said(await lives.say(who, `${word} keep this`), `${word} is kept`);
  }
}

/** Results that a person's program has brought and that are another's. */
function leaks({ director }: Lives, { asked }: Acts): string[] {
  return asked.flatMap(({ job }) => {
    const results = director.reached
      .filter((one) => one.job === job.word)
      .map((one) => resultsIn(one.asked.body, job.word))
      .join("\n");
    return people
      .filter((other) => other !== job.who && results.includes(secretOf(other)))
      .map((other) => `${job.word} of ${job.who} has read what is ${other}'s`);
  });
}

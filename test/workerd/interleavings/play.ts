import { fc } from "../../fast-check.ts";
import type { ThreadId } from "../../../kernel/ids.ts";
import { importOnce } from "../import-once.ts";
import { judge } from "./judge.ts";
import { plans } from "./plan.ts";
import { type Played, Round } from "./round.ts";
import { Town } from "./town.ts";

/** Threads that are played in at the same time: most of a crash is waiting. And how many rounds a thread sees. */
const mostTowns = 24;
const perThread = 6;

/** What is imported lazily is imported by one object at a time here: the pool's own loader cannot be shared by two. */
export async function warmUp(): Promise<void> {
  importOnce();
  const town = new Town("first");
  await town.open();
  const [plan] = fc.sample(plans, { numRuns: 1, seed: 1 });
  if (!plan) throw new Error("no plan");
  const steps = plan.steps.filter(({ step }) => step.do === "decide");
  await new Round(town, { ...plan, crashWhileAsking: null, crashLast: false, steps }, "first", null).play();
}

/** Plays as many rounds; the first that is not as it should be is thrown, with all that is needed to play it again. */
export async function play(seed: number, rounds: number): Promise<number> {
  const given = fc.sample(plans, { numRuns: rounds, seed });
  const towns = Math.min(mostTowns, Math.ceil(rounds / perThread));
  const of = async (n: number): Promise<number> => {
    const town = new Town(`t${seed}-${n}`);
    await town.open();
    let thread: ThreadId | null = null;
    let played = 0;
    for (let at = n; at < given.length; at += towns) {
      const plan = given[at];
      if (!plan) continue;
      const round: Round = new Round(town, plan, `r${at}`, played % perThread === 0 ? null : thread);
      const where = `seed ${seed}, round ${at}: ${JSON.stringify(plan)}`;
      check(where, await round.play().catch((thrown: unknown) => failed(where, thrown)));
      thread = round.thread;
      played += 1;
    }
    return played;
  };
  const played = await Promise.all(Array.from({ length: towns }, (_, n) => of(n)));
  return played.reduce((sum, n) => sum + n, 0);
}

function failed(where: string, thrown: unknown): never {
  throw new Error(`${where}\n${String(thrown)}`, { cause: thrown });
}

function check(where: string, played: Played): void {
  const faults = judge(played);
  if (faults.length === 0) return;
  const trace = played.trace.map(({ seq, turn, principal, event }) => `${seq} ${turn} ${String(principal)} ${JSON.stringify(event).slice(0, 160)}`); // oxfmt-ignore
  failed(where, [...faults, ...trace].join("\n"));
}

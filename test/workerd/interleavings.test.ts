import { beforeAll, expect, test } from "vitest";
import { fc } from "../fast-check.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import { judge } from "./interleavings/judge.ts";
import { type Plan, plans } from "./interleavings/plan.ts";
import { Round } from "./interleavings/round.ts";
import { Town } from "./interleavings/town.ts";

const seed = 7;
const rounds = 120;
/** Threads that are played in at the same time, and how many rounds a thread sees. */
const towns = 24;
const perThread = 6;

beforeAll(async () => {
  // What is imported lazily is imported by one object at a time here: the pool's own loader cannot be shared by two.
  const town = new Town("first");
  await town.open();
  const [plan] = fc.sample(plans, { numRuns: 1, seed: 1 });
  if (!plan) throw new Error("no plan");
  const steps = plan.steps.filter(({ step }) => step.do === "decide");
  await new Round(town, { ...plan, crashWhileAsking: null, steps }, "first", null).play();
});

/** Plays rounds one after the other, for each the people of one town, now and then in a new thread. */
async function playAll(name: string, given: { plan: Plan; at: number }[]): Promise<number> {
  const town = new Town(name);
  await town.open();
  let thread: ThreadId | null = null;
  for (const [n, { plan, at }] of given.entries()) {
    if (n % perThread === 0) thread = null;
    const where = `seed ${seed}, round ${at}: ${JSON.stringify(plan)}`;
    const round = new Round(town, plan, `r${at}`, thread);
    const played = await round.play().catch((thrown: unknown) => {
      throw new Error(`${where}: ${String(thrown)}`, { cause: thrown });
    });
    thread = round.thread;
    const faults = judge(played);
    const trace = () => played.trace.map((one) => `${one.seq} ${one.turn} ${String(one.principal)} ${JSON.stringify(one.event).slice(0, 160)}`).join("\n"); // oxfmt-ignore
    if (faults.length > 0) throw new Error([where, ...faults, trace()].join("\n"));
  }
  return given.length;
}

test("F2 whoever decides what in whichever order, with crashes between: each person's own, once, with its end", async () => {
  const given = fc.sample(plans, { numRuns: rounds, seed }).map((plan, at) => ({ plan, at }));
  const began = Date.now();
  const played = await Promise.all(
    Array.from({ length: towns }, (_, town) => playAll(`t${town}`, given.filter(({ at }) => at % towns === town))), // oxfmt-ignore
  );
  console.info(`${rounds} rounds in ${Date.now() - began} ms`);
  expect(played.reduce((sum, n) => sum + n, 0)).toBe(rounds);
}, 600_000);

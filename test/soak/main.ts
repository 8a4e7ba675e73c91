import { parseArgs } from "node:util";
import { z } from "zod";
import { episode, type Told } from "./episode.ts";

/*
 * `npm run soak -- --kills 200 --seed 1 --minutes 60`: episodes of a random workload with SIGKILLs in it, each on a state
 * folder of its own. Every violation is a line of JSON with the seed of its episode, which alone does the same again
 * (`--seed 17 --kills 10`): the choices are the same, the moments are the machine's. What is known of its thread lies in
 * `deckhand-soak` of the folder for temporary files. The last line is a summary. Exit
 * code 1 when anything was violated.
 */
const Options = z.object({
  kills: z.coerce.number().int().min(0).default(20),
  seed: z.coerce.number().int().min(0).default(1),
  /** No new kill after this many minutes. */
  minutes: z.coerce
    .number()
    .positive()
    .default(24 * 60),
});
const killsPerEpisode = 10;

const { values } = parseArgs({
  options: { kills: { type: "string" }, seed: { type: "string" }, minutes: { type: "string" } },
});
const options = Options.parse(values);
const endAt = Date.now() + options.minutes * 60_000;
const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
// An end from outside goes the way of every end: what was started is ended with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const all: Told[] = [];
for (let left = options.kills, seed = options.seed; left > 0 && Date.now() < endAt; seed += 1) {
  const kills = Math.min(left, killsPerEpisode);
  const told = await episode(seed, kills, endAt);
  for (const violation of told.violations) line(violation);
  process.stderr.write(
    `seed ${seed}: ${told.kills} kills, ${told.messages} messages, ${told.violations.length} violations\n`,
  );
  all.push(told);
  left -= kills;
}
const sum = (of: (told: Told) => number): number => all.reduce((total, one) => total + of(one), 0);
const memory = all.flatMap((one) => one.memory);
line({
  kills: sum((one) => one.kills),
  messages: sum((one) => one.messages),
  presses: sum((one) => one.presses),
  violations: sum((one) => one.violations.length),
  workerdBytes: { first: memory.at(0) ?? 0, last: memory.at(-1) ?? 0, most: Math.max(0, ...memory) },
});
process.exit(sum((one) => one.violations.length) === 0 ? 0 : 1);

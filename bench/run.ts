import { publish, type Report } from "./lib/report.ts";
import { summary } from "./lib/summary.ts";

/** The benches by name, in the order in which they run; each is loaded when it is its turn. */
const benches: Record<string, () => Promise<{ run(): Promise<Report> }>> = {
  size: () => import("./size.ts"),
  exec: () => import("./exec.ts"),
  simulated: () => import("./simulated.ts"),
  turn: () => import("./turn.ts"),
  "long-thread": () => import("./long-thread.ts"),
  acknowledge: () => import("./acknowledge.ts"),
  noisy: () => import("./noisy.ts"),
  streams: () => import("./streams.ts"),
  computer: () => import("./computer.ts"),
  "computer-files": () => import("./computer-files.ts"),
};

/*
 * `npm run bench`, or `npm run bench turn size`: one after the other, each as JSON on standard output and in
 * `bench/out`, and a short table at the end. A missed aim is shown and fails nothing; a bench that breaks does.
 */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`No such bench: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}\n`);
  process.exit(2);
}

// An end from outside goes the way of every end: what was started is ended with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const reports: Report[] = [];
let broken = 0;
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  process.stderr.write(`── ${name}\n`);
  try {
    const report = await benches[name]?.().then((bench) => bench.run());
    if (!report) continue;
    await publish(report);
    reports.push(report);
  } catch (thrown) {
    broken += 1;
    process.stderr.write(
      `${name} broke: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
    );
  }
}
process.stderr.write(`\n${summary(reports)}\n`);
process.exit(broken === 0 ? 0 : 1);

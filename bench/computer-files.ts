import { shownText } from "../bots/local/workspace/control-client.ts";
import { Deckhand } from "../test/harness/deckhand.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { taskMs, traceOf } from "./lib/trace.ts";
import { timeTurn } from "./lib/turn-time.ts";

const channel = "C0GENERAL";
const programs = 25;
const roundsEach = 3;
const commands = 30;
const files = 500;
const said = /next (\d+) rounds (\[.*?\]\]|\[\])/;

/** In the box: what comes as ping-<n> is answered as pong-<n>, in one piece, with the time it was seen. */
const echo = [
  "cd /workspace; n=0",
  "while :; do if [ -e /r2/home/ping-$n ]; then date +%s%3N > pong; mv pong /r2/home/pong-$n; n=$((n+1)); else sleep 0.005; fi; done",
].join("; ");

/**
 * In an isolate, beside the Kernel: when a ping was written, when it was seen in the box, when the pong was seen here.
 * A program has so many calls; on a busy machine it gives what it has, and how many pings it has written.
 */
const ask = (from: number): string =>
  [
    `const rounds = []; let n = ${from}; let calls = 0;`,
    `for (; n < ${from + roundsEach} && calls < 100; n++) {`,
    "const wroteAt = Date.now(); await FILES.write('home/ping-' + n, 'x');",
    "let seen = null; while (seen === null && calls < 150) { await new Promise((done) => setTimeout(done, 20)); calls++;",
    "if (await FILES.stat('home/pong-' + n)) seen = Number(await FILES.readText('home/pong-' + n)); }",
    "if (seen !== null) rounds.push([seen - wroteAt, Date.now() - seen]); }",
    "return 'next ' + n + ' rounds ' + JSON.stringify(rounds)",
  ].join(" ");

/** The milliseconds of one command of the computer, from the trace of the thread that it is given in. */
async function commandMs(deckhand: Deckhand, threadTs: string, command: string): Promise<number> {
  await timeTurn(deckhand, { channel, text: `run \`${command}\``, threadTs });
  const took = taskMs(await traceOf(deckhand.workerUrl, channel, threadTs), "computer_bash").at(-1);
  if (took === undefined) throw new Error(`the command did not end well: ${command}`);
  return took;
}

/** How soon a file that is written on one side is there on the other, and what a command waits for its files. */
export async function run(): Promise<Report> {
  const deckhand = await Deckhand.start({ computer: "jail", env: { REHEARSAL_DELAY_MS: "0", PACE: "off" } });
  await deckhand.slack.rates("off");
  const intoBox: number[] = [];
  const outOfBox: number[] = [];
  const quiet: number[] = [];
  const many: number[] = [];
  try {
    const { ts: thread } = await timeTurn(deckhand, { channel, text: "@Deckhand run `true`" });
    for (let n = 0; n < commands; n++) quiet.push(await commandMs(deckhand, thread, "true"));
    await timeTurn(deckhand, { channel, text: `@Deckhand run \`${echo}\` in the background` });
    let next = 0;
    for (let n = 0; n < programs; n++) {
      const { ts } = await timeTurn(deckhand, { channel, text: `@Deckhand run: ${ask(next)}` });
      const answer = await deckhand.slack.waitForReply(channel, ts, (message) => said.test(shownText(message)));
      const [, reached, json] = said.exec(shownText(answer)) ?? [];
      next = Number(reached);
      for (const [into, out] of JSON.parse(json ?? "[]") as [number, number][]) {
        intoBox.push(into);
        outOfBox.push(out);
      }
    }
    const make = `mkdir -p /r2/home/many; for i in $(seq ${files}); do echo $i > /r2/home/many/$i; done`;
    await commandMs(deckhand, thread, make);
    for (let n = 0; n < commands; n++) many.push(await commandMs(deckhand, thread, "true"));
  } finally {
    await deckhand.close();
  }
  const aim = { of: "p99", under: 2_000 } as const;
  return makeReport(
    "computer-files",
    [
      { name: "written by a tool, seen in the box", unit: "ms", value: stats(intoBox), aim },
      { name: "written in the box, seen by a program", unit: "ms", value: stats(outOfBox), aim },
      { name: "a warm command that changes nothing", unit: "ms", value: stats(quiet) },
      { name: `the same with ${files} files in step`, unit: "ms", value: stats(many) },
    ],
    {
      samples: intoBox.length,
      how: "A process in the jail answers each new file with another one; no command runs meanwhile, so both ways are the watch's and the listener's doing. A program in an isolate looks for the answer every 20 ms. One clock: the machine's.",
    },
  );
}

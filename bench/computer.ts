import { spawn } from "node:child_process";
import { probeJail } from "../kernel/sandbox/computer/host/probe.ts";
import { JailHost, type TestBox } from "../test/jail/jail-host.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";

const colds = 15;
const warms = 60;
const warmups = 5;
const tree = ["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function runOnce(file: string, args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.resume();
    child.once("error", fail);
    child.once("close", (code) => (code === 0 ? done() : fail(new Error(`${file} ended with ${code}`))));
  });
}

async function echo(box: TestBox): Promise<void> {
  const { stdout } = await box.sh("echo hello");
  if (stdout !== "hello\n") throw new Error(`echo said ${JSON.stringify(stdout)}`);
}

/** A command in a jail, by the way the SDK takes (host, WebSocket, the program inside), beside what it is made of. */
export async function run(): Promise<Report> {
  const probe = await probeJail();
  if (!probe.ok) throw new Error(probe.reason);
  const host = await JailHost.start({ disableUserns: probe.disableUserns });
  try {
    const took = { cold: [], woken: [], warm: [], bash: [], bwrap: [], idle: [] } as Record<
      "cold" | "woken" | "warm" | "bash" | "bwrap" | "idle",
      number[]
    >;
    const box = await host.box("warm");
    for (let turn = 0; turn < colds; turn += 1) {
      const began = performance.now();
      const fresh = await host.box("cold");
      await echo(fresh);
      took.cold.push(performance.now() - began);
      const { figures } = await fresh.state();
      if (figures.memoryBytes !== null) took.idle.push(figures.memoryBytes);
      await fresh.sleep();
      took.woken.push(await timed(async () => echo(await fresh.start())));
      await fresh.destroy();
      fresh.drop();
    }
    for (let turn = -warmups; turn < warms; turn += 1) {
      const now = {
        warm: await timed(() => echo(box)),
        bash: await timed(() => runOnce("bash", ["-c", "echo hello"])),
        bwrap: await timed(() => runOnce("bwrap", [...tree, "bash", "-c", "echo hello"])),
      };
      if (turn < 0) continue;
      took.warm.push(now.warm);
      took.bash.push(now.bash);
      took.bwrap.push(now.bwrap);
    }
    return makeReport(
      "computer",
      [
        {
          name: "jail, cold: a new box to the end of its first echo",
          unit: "ms",
          value: stats(took.cold),
          aim: { of: "p50", under: 500 },
        },
        { name: "jail, woken: the same with the disk it had", unit: "ms", value: stats(took.woken) },
        { name: "jail, warm: echo", unit: "ms", value: stats(took.warm), aim: { of: "p50", under: 25 } },
        { name: "bash on this machine: echo", unit: "ms", value: stats(took.bash) },
        { name: "bash in plain bubblewrap: echo", unit: "ms", value: stats(took.bwrap) },
        ...(took.idle.length > 0
          ? [{ name: "memory of a box that has just said hello", unit: "bytes", value: stats(took.idle) }]
          : []),
      ],
      {
        colds,
        warms,
        warmups,
        limits: JSON.stringify(probe.holds),
        how: "Over the host's HTTP and the program inside, as the SDK speaks to it, without a Worker. bash and bubblewrap start anew each time, in turns with the warm echo. Memory is what the box's control group counts.",
      },
    );
  } finally {
    await host.close();
  }
}

import { Bash, type BashExecResult, type CommandName, getCommandNames, MountableFs } from "just-bash/browser";
import { HeadTail } from "../../head-tail.ts";
import type { FilesCallFn, ShellOrder, ShellReply } from "../order.ts";
import { absent, nameRefusals } from "../refusals.ts";
import { limitOf } from "../shell-limits.ts";
import { openKept, packKept } from "./kept-files.ts";
import { PersonFiles } from "./person-files.ts";

/** Variables of the shell itself, which no session keeps. */
const ownVariables = /^(?:PWD|OLDPWD|IFS|OPTIND|SHELLOPTS|BASHOPTS|OSTYPE|MACHTYPE|HOSTTYPE|HOSTNAME|_)$/;

/** Runs one command over the person's files and the box's own disk. Everything in here is checked for its time. */
export async function runShell(order: ShellOrder, call: FilesCallFn, signal: AbortSignal): Promise<ShellReply> {
  const { caps } = order;
  const disk = await openKept(order.tree, caps.diskBytes);
  const before = order.tree;
  const person = new PersonFiles(call, caps);
  const fs = new MountableFs({ base: disk, mounts: [{ mountPoint: "/r2", filesystem: person }] });
  if (order.cwd.startsWith("/r2/") && !(await fs.exists(order.cwd))) await fs.mkdir(order.cwd, { recursive: true });
  const cwd = (await fs.exists(order.cwd)) ? order.cwd : "/workspace";
  const commands = getCommandNames().filter((name) => !absent.has(name)) as CommandName[];
  // Gives the disk its /bin, /dev and /proc, which a mounted one is not given.
  void new Bash({ fs: disk, commands, defenseInDepth: false });
  const bash = new Bash({
    fs,
    cwd,
    env: { HOME: "/home/box", USER: "box", LANG: "C.UTF-8", TERM: "dumb", ...order.env },
    commands,
    defenseInDepth: false,
    executionLimits: {
      maxSourceBytes: 1024 * 1024,
      maxCommandCount: caps.maxCommands,
      maxLoopIterations: caps.maxCommands,
      maxCallDepth: caps.maxCallDepth,
      maxOutputSize: caps.outputBytes,
      maxStringLength: caps.outputBytes,
      maxHeredocSize: caps.outputBytes,
      maxLiveBytes: caps.liveBytes,
      maxInputBytes: caps.liveBytes * 2,
      maxArchiveBytes: caps.liveBytes,
      maxArchiveEntryBytes: caps.liveBytes,
      maxWorkUnits: 10_000_000,
      maxTraversalEntries: 100_000,
      maxGlobOperations: 100_000,
      maxArrayElements: 200_000,
      maxQueryElements: 200_000,
      maxExecutionTimeMs: order.timeoutMs,
    },
  });
  const ran: BashExecResult = await bash
    .exec(order.command, { stdin: order.stdin, signal })
    .catch((thrown: unknown) => ({
      ...failed(thrown),
      env: { ...order.env, PWD: cwd },
    }));
  const limits = [limitOf(ran, caps)].filter((limit) => limit !== null);
  const unsaved = await person.save();
  const kept = await packKept(disk);
  const said = signal.aborted ? ran.stderr.replace(/^bash: execution aborted\n/m, "") : ran.stderr;
  const stdout = bounded(ran.stdout, "stdout", caps.maxOutputChars, limits);
  const stderr = bounded(
    [nameRefusals(said), ...unsaved.map((line) => `${line}\n`)].join(""),
    "stderr",
    caps.maxOutputChars,
    limits,
  );
  const env = Object.entries(ran.env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !ownVariables.test(name));
  return {
    end: "done",
    exitCode: ran.exitCode === 0 && unsaved.length > 0 ? 1 : ran.exitCode,
    stdout,
    stderr,
    cwd: ran.env["PWD"] ?? cwd,
    env: Object.fromEntries(env),
    tree: same(before, kept) ? null : kept,
    limits,
  };
}

/** What just-bash does not catch itself: a file that could not be made, a stack that was full. */
const failed = (thrown: unknown) => ({
  exitCode: thrown instanceof RangeError ? 126 : 1,
  stdout: "",
  stderr: `bash: ${thrown instanceof Error ? thrown.message : "it failed"}\n`,
});

function bounded(text: string, name: string, maxChars: number, limits: string[]): string {
  const kept = new HeadTail(maxChars);
  kept.add(text);
  if (kept.cut) limits.push(`${name} was cut at ${maxChars} characters: its first and its last half are here`);
  return kept.text();
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);

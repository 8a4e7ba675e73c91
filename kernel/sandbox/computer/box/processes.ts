import type { Process } from "@cloudflare/sandbox";
import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { StartOrder } from "../box-port.ts";
import { HeadTail } from "../head-tail.ts";
import { keepingState } from "../shell-text.ts";
import type { ProcessInfo } from "../types.ts";
import type { ComputerSandbox } from "./computer-sandbox.ts";

/** Ours; commands in the foreground are processes of the SDK too, under other ids. */
const id = /^p-[0-9a-f]{6}$/;
const newId = (): string => `p-${crypto.randomUUID().slice(0, 6)}`;

const info = ({ id: process, command, status, exitCode, startTime }: Process, shown = command): ProcessInfo => ({
  id: process,
  command: shown,
  state: status === "running" || status === "starting" ? "running" : "ended",
  exitCode: exitCode ?? null,
  startedAt: new Date(startTime).getTime(),
});

export async function listOwn(sandbox: ComputerSandbox, session: string): Promise<ProcessInfo[]> {
  return (await sandbox.listProcesses(session)).filter((one) => id.test(one.id)).map((one) => info(one));
}

export async function startOne(
  sandbox: ComputerSandbox,
  { command, session, cwd, env }: StartOrder,
  keepsState: boolean,
): Promise<ProcessInfo> {
  const running = (await listOwn(sandbox, session)).filter((one) => one.state === "running");
  if (running.length >= limits.computer.maxProcesses)
    throw new KernelError(
      "limit.queue",
      `${running.length} background processes run in this computer, and ${limits.computer.maxProcesses} is the limit. End one first.`,
    );
  const own = { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) };
  const text = keepsState
    ? command
    : keepingState(command, { file: `/tmp/.deckhand-state-${session}`, leaves: false, ...own });
  const options = { processId: newId(), autoCleanup: false, ...(keepsState ? own : {}) };
  return info(await sandbox.startProcess(text, options, session), command);
}

export async function logsOf(sandbox: ComputerSandbox, process: string): Promise<{ stdout: string; stderr: string }> {
  const logs = await sandbox.getProcessLogs(known(process));
  const cut = (text: string): string => {
    const kept = new HeadTail(limits.computer.maxOutputChars);
    kept.add(text);
    return kept.text();
  };
  return { stdout: cut(logs.stdout), stderr: cut(logs.stderr) };
}

export const killOne = (sandbox: ComputerSandbox, process: string): Promise<void> =>
  sandbox.killProcess(known(process));

function known(process: string): string {
  if (id.test(process)) return process;
  throw new KernelError(
    "computer.not_found",
    "There is no process of that id. Ids look like p-3f9a1c; list them first.",
  );
}

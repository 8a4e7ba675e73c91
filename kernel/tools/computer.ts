import { KernelError } from "../errors.ts";
import {
  BoxName,
  type BoxSummary,
  type ComputerKind,
  type Computers,
  type ExecResult,
} from "../sandbox/computer/types.ts";

/* What the computer tools share. */

export const boxInput = BoxName.default("main").describe("Name of the computer.");

const kinds: Record<ComputerKind, string> = {
  container: "Linux container",
  docker: "Linux container (local Docker)",
  jail: "Linux jail on this machine",
  simulated: "SIMULATED SHELL, no Linux: just-bash over the person's files; no python, git, node, ports or desktop",
};
/** What a computer is: with the name, at the beginning of every result. */
export const computerIs = ({ kind }: Pick<Computers, "kind">, name: BoxName): string => `${name}: ${kinds[kind]}`;

export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** One line for the card: tier, box, how it ended, how long it took. */
export function ranLine(kind: ComputerKind, box: BoxName, { exitCode, wallMs, limits }: ExecResult): string {
  const ended = limits.length > 0 ? `exit ${exitCode}, ${limits[0]}` : `exit ${exitCode}`;
  return `computer ${box} (${kind}): ${ended} · ${duration(wallMs)}`;
}

/** @throws KernelError computer.not_found */
export async function boxNamed(computers: Computers, name: BoxName): Promise<BoxSummary> {
  const all = await computers.list();
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const there = all.length === 0 ? "There is none yet." : `There are: ${all.map((one) => one.name).join(", ")}.`;
  throw new KernelError("computer.not_found", `There is no computer named ${name}. ${there}`);
}

/** @throws KernelError approval.changed when it is not the computer that the card was about. */
export function sameBox(now: BoxSummary, approved: { createdAt: number }): void {
  if (now.createdAt !== approved.createdAt)
    throw new KernelError(
      "approval.changed",
      `${now.name} is another computer now than the one that was approved. Ask again.`,
    );
}

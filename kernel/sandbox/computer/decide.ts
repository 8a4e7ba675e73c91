import { KernelError } from "../../errors.ts";
import { limits } from "../../limits.ts";
import type { UserId } from "../../ids.ts";
import { base32 } from "./base32.ts";
import { BoxLabel, boxLabelChars } from "./preview-label.ts";
import { type BoxName, ComputerKind } from "./types.ts";

export interface ComputerChoice {
  kind: ComputerKind;
  /** In a sentence, for the owner and the model. */
  reason: string;
}

const reasons: Record<ComputerKind, string> = {
  container: "Cloudflare runs the container.",
  docker: "A Docker engine on this machine runs the container.",
  jail: "There is no Docker here; this Linux machine runs it in a jail of its own.",
  simulated: "Neither a container nor a jail can be had here, so this is a simulated shell.",
};

/**
 * Which kind of computer there is. `npm start` probes and says so by COMPUTER and COMPUTER_REASON; deployed, there is
 * Cloudflare's container.
 * @throws KernelError config.invalid for a kind there is not.
 */
export function chooseComputer(env: object): ComputerChoice {
  const { COMPUTER: asked, COMPUTER_REASON: why, LOCAL: local } = env as Record<string, unknown>;
  const fallback = local === "1" ? "simulated" : "container";
  const read = ComputerKind.safeParse(asked === undefined || asked === "" ? fallback : asked);
  if (!read.success)
    throw new KernelError("config.invalid", "COMPUTER must be container, docker, jail or simulated, or not be set.");
  return { kind: read.data, reason: typeof why === "string" && why !== "" ? why : reasons[read.data] };
}

/**
 * The name of a box's object. It is made from the person's id, so nobody's name for a box can mean another's; that two
 * labels meet by chance is caught by the object, which serves the person it was made for and no other.
 */
export async function boxLabel(user: UserId, name: BoxName): Promise<BoxLabel> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify([user, name])));
  return BoxLabel.parse(base32(new Uint8Array(digest)).slice(0, boxLabelChars));
}

/** @throws KernelError limit.queue when the person has all the boxes they may have. */
export function mayMake(existing: readonly BoxName[], name: BoxName): void {
  if (existing.includes(name) || existing.length < limits.computer.maxBoxes) return;
  throw new KernelError(
    "limit.queue",
    `There are ${existing.length} computers already (${existing.join(", ")}), and ${limits.computer.maxBoxes} is the limit. Use one of them, or destroy one first.`,
  );
}

/** @throws KernelError limit.queue when as many ports as may be are open. */
export function mayOpen(open: readonly number[], port: number): void {
  if (open.includes(port) || open.length < limits.computer.maxPorts) return;
  throw new KernelError(
    "limit.queue",
    `${open.length} ports of this computer are open already (${open.join(", ")}), and ${limits.computer.maxPorts} is the limit.`,
  );
}

export const nothingListens = (name: BoxName, port: number): KernelError =>
  new KernelError(
    "computer.unavailable",
    `Nothing answers on port ${port} of ${name}. Start the server in the background first; it must listen on 127.0.0.1 or 0.0.0.0.`,
  );

/** What has not run out at `now`. */
export const unexpired = <T extends { expiresAt: number }>(rows: readonly T[], now: number): T[] =>
  rows.filter((row) => row.expiresAt > now);

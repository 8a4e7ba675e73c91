import { z } from "zod";
import { KernelError } from "../../../errors.ts";
import type { ThreadId } from "../../../ids.ts";
import { sha256 } from "../../../sha256.ts";

/** A repo's name in its box: one folder, one word of a branch. */
export const RepoName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$/i, "a repo's name is 1 to 40 letters, digits, dots and dashes")
  .refine((name) => !name.includes("..") && !name.endsWith(".lock"), "git does not take this name");

/** Where things of a repo stand in a box. One clone, and one worktree and branch for each thread. */
export interface RepoPlace {
  name: string;
  clone: string;
  tree: string;
  branch: string;
}

/** `root` is the folder of all repos in the box. */
export async function placeOf(root: string, name: string, thread: ThreadId): Promise<RepoPlace> {
  const label = (await sha256(new TextEncoder().encode(thread))).slice(0, 10);
  return { name, clone: `${root}/${name}`, tree: `${root}/.trees/${name}-${label}`, branch: `deckhand/${label}` };
}

/**
 * A remote that may be cloned from and pushed to: https without a name or password in it, because a token in a box could
 * be read by all that runs there; or a folder of the box itself.
 */
export function remoteOf(text: string): string {
  if (/^\/(workspace|r2|home\/box)\/[\w./-]+$/.test(text) && !text.includes("..")) return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  // What is served in the box itself has no certificate; no other protocol gets in by that name.
  const within = url?.protocol === "http:" && url.hostname === "127.0.0.1";
  if (url === null || (url.protocol !== "https:" && !within)) {
    throw new KernelError("input.invalid", "A repo is cloned from an https:// address or from a folder of the box.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new KernelError("input.invalid", "The address holds a name or a password; those never go into a box.");
  }
  return url.href;
}

/** The name a repo gets when none is given: the last part of its address. */
export function nameFrom(source: string): string {
  const folder = source.replace(/[/]+$/, "");
  const last = folder.slice(folder.lastIndexOf("/") + 1);
  const name = last.replace(/(\.git|\.zip|\.tgz|\.tar\.gz|\.tar)$/i, "").replaceAll(/[^a-z0-9._-]+/gi, "-");
  const fitting = RepoName.safeParse(name.slice(0, 40));
  if (!fitting.success) throw new KernelError("input.invalid", "Give the repo a name: letters, digits, dots, dashes.");
  return fitting.data;
}

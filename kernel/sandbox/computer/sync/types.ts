import type { FileChange } from "../../../files/changes.ts";
import type { FileTree } from "../../../files/types.ts";
import type { UserId } from "../../../ids.ts";
import type { Box, BoxName } from "../types.ts";
import type { Bases } from "./bases.ts";
import type { Scope } from "./kernel-side.ts";

/** A command that is about to be run, or was. */
export interface SyncExec extends Scope {
  /** Files that it names by `/r2/…` are given to the box even when they are old and many. */
  command?: string;
}

export interface SyncDeps {
  user: UserId;
  name: BoxName;
  /** The box itself, not one that calls this sync. */
  box: Box;
  /** The person's tree as seen from a thread, writing in the name of `author`. */
  files(scope: Scope & { author: string }): FileTree;
  /** Hears of what the Kernel writes; gives the way to stop hearing. */
  onFileChange(listener: (change: FileChange) => void): () => void;
  bases: Bases;
  now(): number;
  /** Where the files are in the box. */
  root?: string;
}

/** The person's files in one box, kept in step. None of its calls throws: what went wrong stands in the notes. */
export interface Sync {
  /**
   * Before a command: what is newer with the Kernel is in the box, and the thread's files are at `/r2/thread`. From the
   * first one on the box is watched, until it has not been used for as long as it takes a box to fall asleep.
   * `env` goes with the command; `notes` are for whoever reads its result.
   */
  before(exec: SyncExec): Promise<{ env: Record<string, string>; notes: string[] }>;
  /** After a command, however it ended: what it changed is with the Kernel. Call it once for each `before`. */
  after(exec: SyncExec): Promise<{ notes: string[] }>;
  /** Ends the watching. The next `before` starts it again. */
  stop(): Promise<void>;
  /** The box is gone or has got another disk: nothing that was known of it holds. */
  forget(): Promise<void>;
}

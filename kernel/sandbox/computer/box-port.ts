import type { Outcome } from "../../errors.ts";
import type { UserId } from "../../ids.ts";
import type { BoxChange, BoxState, ExecRequest, ExecResult, ProcessInfo } from "./types.ts";

/** A command as it crosses RPC; `id` is what `stop` ends it by. */
export type ExecOrder = Omit<ExecRequest, "onOutput" | "onHold" | "signal"> & { id: string };
export interface StartOrder {
  command: string;
  session: string;
  cwd?: string;
  env?: Record<string, string>;
}
export interface FileEntry {
  path: string;
  sizeBytes: number;
  changedAt: number;
}
export interface PortGrant {
  port: number;
  /** Hex SHA-256 of the secret. */
  secretHash: string;
  expiresAt: number;
}

/**
 * What a Kernel asks of a box's object, over RPC. Every call says whose Kernel asks; the first one to ask is the one who
 * is served from then on. Errors come back as data.
 */
export interface BoxPort {
  /** Whose box it is; null for one that nobody has used. */
  whose(): Promise<UserId | null>;
  exec(owner: UserId, order: ExecOrder, onOutput: OnOutput): Promise<Outcome<ExecResult>>;
  /** Ends a command or a watch. */
  stop(owner: UserId, id: string): Promise<Outcome<null>>;
  /** A command's time stands still while `held`, for as long as a person is asked. */
  hold(owner: UserId, id: string, held: boolean): Promise<Outcome<null>>;
  start(owner: UserId, order: StartOrder): Promise<Outcome<ProcessInfo>>;
  processes(owner: UserId): Promise<Outcome<ProcessInfo[]>>;
  logs(owner: UserId, id: string): Promise<Outcome<{ stdout: string; stderr: string }>>;
  kill(owner: UserId, id: string): Promise<Outcome<null>>;
  read(owner: UserId, path: string): Promise<Outcome<Uint8Array | null>>;
  write(owner: UserId, path: string, bytes: Uint8Array): Promise<Outcome<null>>;
  remove(owner: UserId, path: string): Promise<Outcome<null>>;
  list(owner: UserId, folder: string): Promise<Outcome<FileEntry[]>>;
  /** Answers when watching has ended. */
  watch(owner: UserId, order: WatchOrder, onReady: () => void, onChange: OnChange): Promise<Outcome<null>>;
  listening(owner: UserId, port: number, timeoutMs: number): Promise<Outcome<boolean>>;
  /** The archive goes to R2 under `key`. */
  snapshot(owner: UserId, key: string): Promise<Outcome<{ sizeBytes: number }>>;
  restore(owner: UserId, key: string): Promise<Outcome<null>>;
  allow(owner: UserId, hosts: string[]): Promise<Outcome<null>>;
  grant(owner: UserId, grant: PortGrant): Promise<Outcome<null>>;
  revoke(owner: UserId, port: number): Promise<Outcome<null>>;
  state(owner: UserId): Promise<Outcome<BoxState>>;
  destroy(owner: UserId): Promise<Outcome<null>>;
}
export type OnOutput = (stream: "stdout" | "stderr", text: string) => void;
export type OnChange = (changes: BoxChange[]) => void;
export interface WatchOrder {
  id: string;
  folder: string;
}

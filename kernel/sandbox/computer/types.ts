import { z } from "zod";

/**
 * What is under the computer: Cloudflare's container, the same image on a local Docker engine, a jail of this Linux
 * machine, or a simulated shell that only says so.
 */
export const ComputerKind = z.enum(["container", "docker", "jail", "simulated"]);
export type ComputerKind = z.infer<typeof ComputerKind>;

/** A person's own name for a box: part of a host name of a preview, so one lower-case label. */
export const BoxName = z
  .string()
  .regex(/^[a-z](?:[a-z0-9]{0,18}[a-z0-9])?$/, "a name is 1 to 20 lower-case letters and digits, a letter first");
export type BoxName = z.infer<typeof BoxName>;

export interface ExecRequest {
  /** For `bash`. */
  command: string;
  /** Working directory and variables are kept from call to call of one session; a thread is a session. */
  session: string;
  /** Only for this call; absent, where the session is. */
  cwd?: string;
  /** Only for this call. */
  env?: Record<string, string>;
  stdin?: string;
  timeoutMs: number;
  /** Given at the start: its time stands still from `hold(true)` to `hold(false)`, while a person is asked. */
  onHold?(hold: (held: boolean) => void): void;
  /** As it is written, whole characters. Never throws. */
  onOutput(stream: "stdout" | "stderr", text: string): void;
  signal: AbortSignal;
}

export interface ExecResult {
  exitCode: number;
  /** The first and the last of it, when it is longer than `limits.computer.maxOutputChars`; then `truncated` says so. */
  stdout: string;
  stderr: string;
  wallMs: number;
  /** What was cut or ended, each with its cap in words: "stdout was cut at …", "ended after 120 s", "out of memory …". */
  limits: string[];
}

export interface ProcessInfo {
  id: string;
  command: string;
  state: "running" | "ended";
  exitCode: number | null;
  startedAt: number;
}

/** One thing that changed under a watched folder; a rename is a removal and a change. Paths are absolute. */
export interface BoxChange {
  path: string;
  kind: "changed" | "removed";
}

/**
 * One box, whatever it is made of. Every call wakes it when it sleeps. Errors are `KernelError`s: `computer.*`,
 * `limit.*`, `file.*`. A box that cannot do a thing says so by `computer.unsupported`, naming itself.
 */
export interface Box {
  readonly kind: ComputerKind;
  exec(request: ExecRequest): Promise<ExecResult>;
  /** Starts a process that goes on after the call. */
  start(request: {
    command: string;
    session: string;
    cwd?: string;
    env?: Record<string, string>;
  }): Promise<ProcessInfo>;
  processes(): Promise<ProcessInfo[]>;
  /** What a process has written so far; its head and tail when it is long. */
  logs(id: string): Promise<{ stdout: string; stderr: string }>;
  kill(id: string): Promise<void>;
  /** Whole files, up to `limits.files.maxBytes`; null when there is none. */
  read(path: string): Promise<Uint8Array | null>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** Files below a folder, with size and time of change (ms). */
  list(folder: string): Promise<{ path: string; sizeBytes: number; changedAt: number }[]>;
  /** Tells of changes until the signal ends it; resolves when it is watching, `ended` when it does no more. */
  watch(
    folder: string,
    onChange: (changes: BoxChange[]) => void,
    signal: AbortSignal,
  ): Promise<{ ended: Promise<void> }>;
  /** Whether a server answers on a port, waited for up to `timeoutMs`. */
  listening(port: number, timeoutMs: number): Promise<boolean>;
  /** Saves what the person made in the box (not what it is made of); gives an id to restore from. */
  snapshot(label: string): Promise<{ id: string; sizeBytes: number }>;
  restore(id: string): Promise<void>;
  /** Hosts the box may reach; replaces the list before. */
  allow(hosts: string[]): Promise<void>;
  /** Ends all that runs in it and forgets its disk. The person's files are elsewhere and stay. */
  destroy(): Promise<void>;
}

export interface PortSummary {
  port: number;
  url: string;
  expiresAt: number;
}

export interface SnapshotSummary {
  id: string;
  /** The computer it was made of, which may be gone. */
  box: BoxName;
  label: string;
  at: number;
  sizeBytes: number;
}

export type BoxState = "running" | "asleep";

/** A box as its person sees it in a list. */
export interface BoxSummary {
  name: BoxName;
  kind: ComputerKind;
  state: BoxState;
  createdAt: number;
  usedAt: number;
  /** Seconds that calls have kept it busy, in all. */
  busySeconds: number;
  ports: PortSummary[];
  snapshots: SnapshotSummary[];
}

/** The computers of one person, by name; what tools are handed. */
export interface Computers {
  readonly kind: ComputerKind;
  /** Why it is this kind, in a sentence for the owner and the model. */
  readonly reason: string;
  /** The box of that name; made at its first use, within the person's cap. Its `/r2` is kept in step while it is used. */
  box(name: BoxName): Promise<Box>;
  list(): Promise<BoxSummary[]>;
  /** All of the person's, also of computers that are gone; newest first. */
  snapshots(): SnapshotSummary[];
  expose(name: BoxName, port: number): Promise<PortSummary>;
  revoke(name: BoxName, port: number): Promise<void>;
  snapshot(name: BoxName, label: string): Promise<{ id: string; sizeBytes: number }>;
  /** A computer of that name is made when there is none, within the person's cap. */
  restore(name: BoxName, id: string): Promise<void>;
  destroy(name: BoxName): Promise<void>;
}

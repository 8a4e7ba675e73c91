/** One command as the isolate is handed it. Plain data. */
export interface ShellOrder {
  command: string;
  cwd: string;
  env: Record<string, string>;
  stdin: string;
  timeoutMs: number;
  /** What the box has kept: a packed tree, empty for a new box. */
  tree: Uint8Array;
  caps: ShellCaps;
}

export interface ShellCaps {
  cpuMs: number;
  diskBytes: number;
  maxFiles: number;
  filesBytes: number;
  maxSeen: number;
  outputBytes: number;
  maxCommands: number;
  maxCallDepth: number;
  liveBytes: number;
  /** Of each stream, given back. */
  maxOutputChars: number;
}

/** What the isolate answers: the other side checks it. */
export type ShellReply =
  | {
      end: "done";
      exitCode: number;
      stdout: string;
      stderr: string;
      cwd: string;
      env: Record<string, string>;
      /** Null when nothing has changed. */
      tree: Uint8Array | null;
      limits: string[];
    }
  | { end: "limit"; limit: "cpu" | "wall" }
  | { end: "failed"; message: string };

/** The one stub an isolate gets: its person's files. */
export type FilesCallFn = (op: string, ...args: unknown[]) => Promise<unknown>;

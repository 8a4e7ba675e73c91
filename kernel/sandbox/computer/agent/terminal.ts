import { execFile } from "node:child_process";
import type { WebSocket as Socket } from "ws";
import { HeadTail } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";
import type { Run } from "./run.ts";
import { quote } from "./shell.ts";
import type { Sessions } from "./sessions.ts";

export interface Size {
  cols: number;
  rows: number;
}

/** A size a terminal can have; 80 by 24 for what is none. */
export function sizeOf(cols: unknown, rows: unknown): Size {
  const side = (value: unknown, otherwise: number) => {
    const count = Number(value ?? Number.NaN);
    return Number.isInteger(count) && count > 0 ? Math.min(count, agentLimits.maxTerminalSide) : otherwise;
  };
  return { cols: side(cols, 80), rows: side(rows, 24) };
}

/** Around what the shell says first, where its terminal is: a sign that nobody types. It is not shown. */
const sign = "\u001e";

/**
 * An interactive shell on a terminal, for one session, looked at by any number of pages. `script` of util-linux makes the
 * terminal, so that no compiled module is needed; `stty` gives it its size. It stays while pages come and go.
 */
export class Terminal {
  readonly #run: Run;
  readonly #sockets = new Set<Socket>();
  #replay = new HeadTail(0, agentLimits.terminalReplayBytes);
  #held = false;
  /** Empty when it is not known: then its size stays as it is. */
  #device: string | null = null;
  #size: Size;
  #first = "";
  #idle: NodeJS.Timeout | undefined;

  /** @throws AgentError when the shell cannot be started */
  static async start(sessions: Sessions, sessionId: string, size: Size, shell: string): Promise<Terminal> {
    const inner = `stty rows ${size.rows} cols ${size.cols} 2>/dev/null; printf '\\036%s\\036' "$(tty)"; exec ${quote(shell)} -i`;
    let terminal: Terminal | null = null;
    const early: Buffer[] = [];
    const run = await sessions.detached(sessionId, {
      command: `SHELL=/bin/sh exec script -qefc ${quote(inner)} /dev/null`,
      // Where one is; bash's own says its version.
      env: { PS1: "\\w\\$ " },
      cwd: undefined,
      input: true,
      onChunk: (_, chunk) => (terminal === null ? void early.push(chunk) : terminal.#wrote(chunk)),
    });
    terminal = new Terminal(run, size);
    for (const chunk of early) terminal.#wrote(chunk);
    return terminal;
  }

  private constructor(run: Run, size: Size) {
    this.#run = run;
    this.#size = size;
    this.#wait();
    void run.ended.then(({ code }) => {
      clearTimeout(this.#idle);
      for (const socket of this.#sockets) {
        socket.send(JSON.stringify({ type: "exit", code }));
        socket.close(1000);
      }
    });
  }

  /** Resolves when its shell has ended. */
  get ended(): Promise<unknown> {
    return this.#run.ended;
  }

  end(): void {
    this.#run.kill();
  }

  attach(socket: Socket, size: Size): void {
    clearTimeout(this.#idle);
    this.#sockets.add(socket);
    const before = this.#replay.tail();
    if (before.length > 0) socket.send(before);
    socket.send(JSON.stringify({ type: "ready" }));
    this.#resize(size);
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.#type(socket, data);
      else this.#control(data);
    });
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#flow();
      if (this.#sockets.size === 0) this.#wait();
    });
  }

  #wait(): void {
    this.#idle = setTimeout(() => this.end(), agentLimits.terminalIdleMs);
  }

  #type(socket: Socket, data: Buffer): void {
    const { input } = this.#run;
    if (input === null || input.destroyed || input.write(data)) return;
    // A page that types faster than the shell reads waits.
    socket.pause();
    input.once("drain", () => socket.resume());
  }

  #control(data: Buffer): void {
    try {
      const said = JSON.parse(data.toString()) as { type?: unknown; cols?: unknown; rows?: unknown };
      if (said.type === "resize") this.#resize(sizeOf(said.cols, said.rows));
    } catch {
      // Not ours: a page of another version.
    }
  }

  #resize(size: Size): void {
    this.#size = size;
    if (this.#device === null || this.#device === "") return;
    const args = ["-F", this.#device, "rows", String(size.rows), "cols", String(size.cols)];
    execFile("stty", args, { timeout: 5_000 }, () => undefined);
  }

  #wrote(chunk: Buffer): void {
    const shown = this.#device === null ? this.#find(chunk) : chunk;
    if (shown.length === 0) return;
    this.#replay.push(shown);
    for (const socket of this.#sockets) socket.send(shown, () => this.#flow());
    this.#flow();
  }

  /** Takes the place of the terminal out of the first thing that is written. */
  #find(chunk: Buffer): Buffer {
    this.#first += chunk.toString("latin1");
    const [before = "", device, ...rest] = this.#first.split(sign);
    const found = device !== undefined && rest.length > 0;
    if (!found && this.#first.length < 4096) return Buffer.alloc(0);
    this.#device = found && /^\/dev\/[\w/]+$/.test(device) ? device : "";
    const shown = Buffer.from(found ? before + rest.join(sign) : this.#first, "latin1");
    this.#first = "";
    this.#resize(this.#size);
    return shown;
  }

  /** What is written is not read while a page has too much of it before it. */
  #flow(): void {
    const waits = [...this.#sockets].some((socket) => socket.bufferedAmount > agentLimits.terminalBufferBytes);
    if (waits === this.#held) return;
    this.#held = waits;
    this.#run.hold(waits);
  }
}

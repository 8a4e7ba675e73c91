import { StringDecoder } from "node:string_decoder";
import { Feed, stamp } from "./feed.ts";
import { HeadTail, leftOut } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";
import type { Run } from "./run.ts";

export type Status = "running" | "completed" | "failed" | "killed";
type Stream = "stdout" | "stderr";

interface Listener {
  feed: Feed;
  /** Bytes of text that were not said to a reader who was slow. */
  missed: number;
}

/** A background process: what it wrote, how it ended, who listens. Stays listed after its end. */
export class ProcessRecord {
  readonly id: string;
  readonly command: string;
  readonly sessionId: string;
  readonly startedAt = stamp();
  readonly #logs = {
    stdout: new HeadTail(agentLimits.logHeadBytes, agentLimits.logTailBytes),
    stderr: new HeadTail(agentLimits.logHeadBytes, agentLimits.logTailBytes),
  };
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #listeners = new Set<Listener>();
  readonly #ended = Promise.withResolvers<void>();
  #run: Run | null = null;
  #status: Status = "running";
  #killed = false;
  #endedAt: string | undefined;
  #exitCode: number | undefined;

  constructor(id: string, command: string, sessionId: string) {
    this.id = id;
    this.command = command;
    this.sessionId = sessionId;
  }

  get running(): boolean {
    return this.#status === "running";
  }
  get exitCode(): number | undefined {
    return this.#exitCode;
  }
  /** Resolves when it has ended; never rejects. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** As the SDK lists it. */
  get info() {
    return {
      id: this.id,
      command: this.command,
      status: this.#status,
      startTime: this.startedAt,
      ...(this.#run === null ? {} : { pid: this.#run.pid }),
      ...(this.#endedAt === undefined ? {} : { endTime: this.#endedAt }),
      ...(this.#exitCode === undefined ? {} : { exitCode: this.#exitCode }),
    };
  }

  get logs() {
    return { stdout: this.#logs.stdout.text(), stderr: this.#logs.stderr.text() };
  }

  started(run: Run): void {
    this.#run = run;
    void run.ended.then(({ code, signal }) => {
      this.#exitCode = code;
      this.#endedAt = stamp();
      this.#status = this.#killed || signal !== null ? "killed" : code === 0 ? "completed" : "failed";
      for (const stream of ["stdout", "stderr"] as const) this.#say(stream, this.#decoders[stream].end());
      for (const { feed } of this.#listeners) feed.close(this.#exitEvent());
      this.#listeners.clear();
      this.#ended.resolve();
    });
  }

  wrote(stream: Stream, chunk: Buffer): void {
    this.#logs[stream].push(chunk);
    this.#say(stream, this.#decoders[stream].write(chunk));
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.#killed = true;
    this.#run?.kill();
    await this.ended;
  }

  /** What was written so far, then what is written, then how it ended. */
  follow(): ReadableStream<Uint8Array> {
    const feed = new Feed();
    const listener = { feed, missed: 0 };
    const logs = this.logs;
    for (const stream of ["stdout", "stderr"] as const)
      if (logs[stream] !== "") feed.send(this.#event(stream, logs[stream]));
    if (!this.running) feed.close(this.#exitEvent());
    else {
      this.#listeners.add(listener);
      feed.ended.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
    }
    return feed.stream;
  }

  #say(stream: Stream, text: string): void {
    if (text === "") return;
    for (const listener of this.#listeners) {
      const data = listener.missed > 0 ? leftOut(listener.missed) + text : text;
      listener.missed = listener.feed.send(this.#event(stream, data)) ? 0 : listener.missed + Buffer.byteLength(text);
    }
  }

  #event(type: Stream, data: string) {
    return { type, data, timestamp: stamp(), processId: this.id, sessionId: this.sessionId };
  }

  #exitEvent() {
    const data = `Process ended with code ${this.#exitCode}`;
    return { type: "exit", data, exitCode: this.#exitCode, timestamp: stamp(), processId: this.id };
  }
}

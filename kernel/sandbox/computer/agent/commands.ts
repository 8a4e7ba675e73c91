import { RpcTarget } from "capnweb";
import { StringDecoder } from "node:string_decoder";
import type { CommandsApi } from "./api-types.ts";
import { idText, milliseconds, text, variables } from "./check.ts";
import { Feed, stamp } from "./feed.ts";
import { HeadTail } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";
import type { Sessions } from "./sessions.ts";

type Stream = "stdout" | "stderr";

interface Options {
  timeoutMs?: number;
  env?: Record<string, string | undefined>;
  cwd?: string;
  origin?: "user" | "internal";
}

interface Foreground {
  command: string;
  sessionId: string;
  options: Options;
  signal: AbortSignal;
  onStart?: (pid: number) => void;
  onText: (stream: Stream, text: string) => void;
}

/** A command the SDK gives itself, that the box answers without a shell; null when it is none of these. */
export type Internal = (command: string) => Promise<{ exitCode: number; stderr: string } | null>;

/** Shells that give up their time to nobody end with this, as those of coreutils' `timeout`. */
const timedOut = 124;

/** `commands` of the SDK: what a person runs and waits for. */
export class Commands extends RpcTarget implements CommandsApi {
  readonly #sessions: Sessions;
  readonly #connection: AbortSignal;
  readonly #internal: Internal;

  /** @param connection aborted when the connection is gone: nobody is left to be answered */
  constructor(sessions: Sessions, connection: AbortSignal, internal: Internal) {
    super();
    this.#sessions = sessions;
    this.#connection = connection;
    this.#internal = internal;
  }

  async execute(command: string, sessionId: string, options: Options = {}) {
    const timestamp = stamp();
    const parts: Record<Stream, string[]> = { stdout: [], stderr: [] };
    const exitCode = await this.#run({
      command: text(command, "command", agentLimits.maxCommandBytes),
      sessionId: idText(sessionId, "sessionId"),
      options: options ?? {},
      signal: this.#connection,
      onText: (stream, text) => parts[stream].push(text),
    });
    const [stdout, stderr] = [parts.stdout.join(""), parts.stderr.join("")];
    return { success: exitCode === 0, exitCode, stdout, stderr, command, timestamp };
  }

  async executeStream(command: string, sessionId: string, options: Options = {}) {
    text(command, "command", agentLimits.maxCommandBytes);
    idText(sessionId, "sessionId");
    const feed = new Feed();
    const common = () => ({ timestamp: stamp(), sessionId });
    void this.#run({
      command,
      sessionId,
      options: options ?? {},
      signal: AbortSignal.any([feed.ended, this.#connection]),
      onStart: (pid) => void feed.send({ type: "start", command, pid, ...common() }),
      onText: (stream, data) => void feed.send({ type: stream, data, ...common() }),
    }).then(
      (exitCode) => feed.close({ type: "complete", exitCode, ...common() }),
      (thrown: unknown) => {
        const error = thrown instanceof Error ? thrown.message : "Command failed";
        // The SDK's exec reads `data` of an error, its stream consumers `error`.
        feed.close({ type: "error", error, data: error, ...common() });
      },
    );
    return feed.stream;
  }

  async #run(asked: Foreground): Promise<number> {
    const env = variables(asked.options.env);
    const cwd = asked.options.cwd === undefined ? undefined : text(asked.options.cwd, "cwd", agentLimits.maxPathBytes);
    const timeoutMs = milliseconds(asked.options.timeoutMs, agentLimits.commandMs, agentLimits.commandMs);
    return this.#sessions.use(asked.sessionId, (session) =>
      session.turn(asked.signal, async () => {
        if (asked.options.origin === "internal") {
          const answer = await this.#internal(asked.command);
          if (answer !== null) {
            if (answer.stderr !== "") asked.onText("stderr", answer.stderr);
            return answer.exitCode;
          }
        }
        const outputs = { stdout: new Output("stdout", asked.onText), stderr: new Output("stderr", asked.onText) };
        const run = await session.start(
          { command: asked.command, env, cwd, onChunk: (stream, chunk) => outputs[stream].push(chunk) },
          true,
        );
        asked.onStart?.(run.pid);
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          run.kill();
        }, timeoutMs);
        const cancel = () => run.kill();
        asked.signal.addEventListener("abort", cancel, { once: true });
        if (asked.signal.aborted) cancel();
        try {
          const { code } = await run.ended;
          outputs.stdout.end();
          outputs.stderr.end();
          if (late) asked.onText("stderr", `\ndeckhand: ended after ${timeoutMs / 1000} s (its time was up)\n`);
          return late ? timedOut : code;
        } finally {
          clearTimeout(timer);
          asked.signal.removeEventListener("abort", cancel);
        }
      }),
    );
  }
}

/** What a command writes on one stream: the head as it comes in whole characters, the rest at its end. */
class Output {
  readonly #kept = new HeadTail(agentLimits.outputHeadBytes, agentLimits.outputTailBytes);
  readonly #decoder = new StringDecoder("utf8");
  readonly #stream: Stream;
  readonly #onText: (stream: Stream, text: string) => void;

  constructor(stream: Stream, onText: (stream: Stream, text: string) => void) {
    this.#stream = stream;
    this.#onText = onText;
  }

  push(chunk: Buffer): void {
    const head = this.#kept.push(chunk);
    if (head.length > 0) this.#say(this.#decoder.write(head));
  }

  end(): void {
    // Cut, the odd bytes at the end of the head belong to what is left out; else they go on in the tail.
    if (this.#kept.omitted > 0) this.#say(this.#kept.rest());
    else this.#say(this.#decoder.write(this.#kept.tail()) + this.#decoder.end());
  }

  #say(text: string): void {
    if (text !== "") this.#onText(this.#stream, text);
  }
}

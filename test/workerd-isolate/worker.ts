import { DurableObject } from "cloudflare:workers";
import { KernelError } from "../../kernel/errors.ts";
import { migrate } from "../../kernel/files/migrate.ts";
import { fileTree } from "../../kernel/files/tree.ts";
import { ThreadId, TurnId, UserId } from "../../kernel/ids.ts";
import { isolates } from "../../kernel/sandbox/isolate/isolates.ts";
import type { IsolateKernel } from "../../kernel/sandbox/isolate/entrypoints.ts";
import type { ProgramTools } from "../../kernel/sandbox/isolate/tools-call.ts";
import { type IsolateLimits, type IsolateProps, Runs } from "../../kernel/sandbox/isolate/runs.ts";
import type { Json } from "../../kernel/tools/types.ts";
import { limits } from "../../kernel/limits.ts";
import { Work } from "../../kernel/work.ts";

export { IsolateFiles, IsolateLogs, IsolateProxy, IsolateTools } from "../../kernel/sandbox/isolate/entrypoints.ts";

interface Env {
  LOADER: WorkerLoader;
  FILES: R2Bucket;
  KERNEL: DurableObjectNamespace<SuiteKernel>;
}

export interface RunCommand {
  user: string;
  code: string;
  limits?: Partial<IsolateLimits>;
  /** Stops the run when a line with this text arrives. */
  stopAt?: string;
}

const noWait = { leftMs: () => 0, begin: () => () => undefined };

/** Tools of the suite's own: one gives back its input, one waits as for a person. */
const tools: ProgramTools = {
  names: ["echo", "wait"],
  list: () => [{ name: "echo" }],
  call: async (name, input, wait): Promise<Json> => {
    if (name === "echo") return { input };
    if (name !== "wait") throw new KernelError("tool.unknown", `There is no tool named ${name}.`);
    const over = wait.begin();
    await scheduler.wait((input as { ms: number }).ms);
    over();
    return { leftMs: wait.leftMs() };
  },
};

/** A Kernel with nothing in it but isolates and files. */
export class SuiteKernel extends DurableObject<Env> implements IsolateKernel {
  readonly #runs = new Runs();
  /** Calls of stubs that were refused because their run is over. */
  #late = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      await migrate(ctx.storage);
    });
  }

  async isolateFiles(props: IsolateProps, op: unknown, args: unknown) {
    const answer = await this.#runs.files(props, op, args);
    if (!answer.ok && answer.error.code === "code.refused" && op !== "remove") this.#late += 1;
    return answer;
  }

  isolateTools(props: IsolateProps, name: unknown, input: unknown) {
    return this.#runs.tools(props, name, input);
  }

  isolateProxy(props: IsolateProps, request: unknown, body: unknown) {
    return this.#runs.proxy(props, request, body);
  }

  isolateLogs(props: IsolateProps, lines: unknown) {
    return this.#runs.write(props, lines);
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/state")
      return Response.json({ inFlight: this.#runs.queue.inFlight, queued: this.#runs.queue.queued, late: this.#late });
    const command = await request.json<RunCommand & { rounds?: number }>();
    if (pathname === "/hostile") return Response.json(await this.#hostile(command));
    if (pathname === "/bench") return Response.json(await this.#bench(command, command.rounds ?? 1));
    return this.#stream(command);
  }

  #isolates(command: RunCommand) {
    const user = UserId.parse(command.user);
    const thread = ThreadId.parse("slack:T1:C1:1.2");
    const turn = TurnId.parse("turn-1");
    const now = Date.now;
    const work = new Work();
    const files = fileTree({ bucket: this.env.FILES, storage: this.ctx.storage, user, thread, turn, now, work });
    const { LOADER: loader } = this.env;
    const { exports } = this.ctx as unknown as { exports: Parameters<typeof isolates>[0]["exports"] };
    const setup = { loader, exports, runs: this.#runs, files, work, tools, user, thread, turn, now };
    return { setup, isolates: isolates({ ...setup, limits: command.limits ?? {} }) };
  }

  /** One JSON line for each thing as it happens. */
  #stream(command: RunCommand): Response {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const put = (value: unknown) => void writer.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
    const stop = new AbortController();
    const work = async () => {
      const result = await this.#isolates(command).isolates.run({
        code: command.code,
        signal: stop.signal,
        onQueued: (position) => put({ queued: position }),
        onLog: (lines) => {
          put({ log: lines });
          if (command.stopAt && lines.includes(command.stopAt)) stop.abort();
        },
      });
      put({ result });
      await writer.close();
    };
    this.ctx.waitUntil(work());
    return new Response(readable);
  }

  /** Loads a module of the test's own with the bare stubs, as a program that broke out of our prelude would have them. */
  async #hostile(command: RunCommand): Promise<unknown> {
    const { setup } = this.#isolates(command);
    const { user, thread, turn, files } = setup;
    const props: IsolateProps = { user, thread, turn, run: crypto.randomUUID() };
    this.#runs.open({
      props,
      files,
      tools,
      wait: noWait,
      work: new Work(),
      onLog: () => undefined,
      limits: { ...limits.isolate, ...command.limits },
    });
    const { exports, loader } = setup;
    const worker = loader.load({
      compatibilityDate: "2026-10-01",
      mainModule: "main.js",
      modules: {
        "main.js": `import { WorkerEntrypoint } from "cloudflare:workers";
export default class extends WorkerEntrypoint { async run() { const { FILES, LOGS, TOOLS, PROXY } = this.env; ${command.code} } }`,
      },
      env: {
        FILES: exports.IsolateFiles({ props }),
        LOGS: exports.IsolateLogs({ props }),
        TOOLS: exports.IsolateTools({ props }),
        PROXY: exports.IsolateProxy({ props }),
      },
      globalOutbound: null,
    });
    const guest = worker.getEntrypoint() as unknown as { run(): Promise<unknown> };
    try {
      return await guest.run();
    } finally {
      this.#runs.close(props);
    }
  }

  async #bench(command: RunCommand, rounds: number): Promise<number[]> {
    const { isolates } = this.#isolates(command);
    const signal = new AbortController().signal;
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await isolates.run({ code: command.code, signal, onLog: () => undefined });
      times.push(performance.now() - started);
    }
    return times;
  }
}

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/health") return new Response("ok");
    return env.KERNEL.getByName(url.searchParams.get("user") ?? "").fetch(request);
  },
};

import { ContainerDoor } from "../../kernel/sandbox/computer/container-proxy.ts";
import { DurableObject } from "cloudflare:workers";
import { KernelError, outcome } from "../../kernel/errors.ts";
import { migrate } from "../../kernel/files/migrate.ts";
import { fileTree } from "../../kernel/files/tree.ts";
import { limits } from "../../kernel/limits.ts";
import { ThreadId, TurnId, UserId } from "../../kernel/ids.ts";
import { type BoxEnv, ComputerBox } from "../../kernel/sandbox/computer/box-object.ts";
import type { BoxPort } from "../../kernel/sandbox/computer/box-port.ts";
import { boxLabel, chooseComputer } from "../../kernel/sandbox/computer/decide.ts";
import { sdkBox } from "../../kernel/sandbox/computer/sdk-box.ts";
import { type KeptStorage, Shells, simulatedBox } from "../../kernel/sandbox/computer/simulated/index.ts";
import { ShellFiles } from "../../kernel/sandbox/computer/simulated/shell-files.ts";
import { type Box, BoxName } from "../../kernel/sandbox/computer/types.ts";
import { decoded, encoded } from "./wire.ts";

/** A box; with SLEEP_AFTER_SECONDS one that falls asleep so soon. */
export class Sandbox extends ComputerBox {
  constructor(ctx: DurableObjectState<object>, env: BoxEnv & { SLEEP_AFTER_SECONDS?: string }) {
    const { SLEEP_AFTER_SECONDS: soon } = env;
    if (soon !== undefined) Object.assign(limits.computer, { sleepAfterSeconds: Number(soon) });
    super(ctx, env);
  }
}

/** Here no command of a box is served. */
export class ContainerProxy extends ContainerDoor<object> {
  protected override command(): Promise<Response> {
    return Promise.resolve(new Response(null, { status: 404 }));
  }
}

interface Env {
  SANDBOX: DurableObjectNamespace;
  LOADER: WorkerLoader;
  FILES: R2Bucket;
  KERNEL: DurableObjectNamespace<SuiteKernel>;
}

/** A call of a box's method over HTTP. `id` is what ends a command or a watch. */
export interface BoxCall {
  name: string;
  method: keyof Box;
  args: unknown[];
  id: string;
}

/** A Kernel with nothing in it but files and boxes, whose methods are reached over HTTP. For tests only. */
export class SuiteKernel extends DurableObject<Env> {
  readonly #shells: Shells;
  readonly #running = new Map<string, AbortController>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#shells = new Shells(env.LOADER);
    void ctx.blockConcurrencyWhile(() => migrate(ctx.storage));
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/stop") {
      this.#running.get(await request.text())?.abort();
      return new Response("ok");
    }
    if (pathname === "/hostile") return new Response(encoded(await this.#hostile(await request.text())));
    const call = decoded(await request.text()) as BoxCall;
    if (pathname === "/files") return new Response(encoded(await outcome(() => this.#onFiles(call))));
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const tell = (line: unknown) =>
      void writer.write(new TextEncoder().encode(`${encoded(line)}\n`)).catch(() => undefined);
    this.ctx.waitUntil(
      outcome(() => this.#onBox(call, tell)).then(async (end) => {
        tell({ end });
        await writer.close().catch(() => undefined);
      }),
    );
    // Of this type, because others are held back until they are worth compressing.
    return new Response(readable, { headers: { "content-type": "text/event-stream" } });
  }

  /** A program with the shell's stub in its hands and nothing between. */
  async #hostile(code: string): Promise<unknown> {
    const files = new ShellFiles(this.#files());
    const entry = `import { WorkerEntrypoint } from "cloudflare:workers";
export default class extends WorkerEntrypoint { async run(FILES) { const env = this.env; ${code} } }`;
    const options = { compatibilityDate: "2026-08-01", mainModule: "main.js", modules: { "main.js": entry } };
    const worker = this.env.LOADER.load({ ...options, env: {}, globalOutbound: null });
    const guest = worker.getEntrypoint() as unknown as { run(files: ShellFiles): Promise<unknown> };
    try {
      return await guest.run(files);
    } finally {
      ShellFiles.close(files);
    }
  }

  #files() {
    const { env, ctx } = this;
    const user = UserId.parse(ctx.id.name);
    const thread = ThreadId.parse("slack:T1:C1:1.2");
    const { FILES: bucket } = env;
    return fileTree({
      bucket,
      storage: ctx.storage,
      user,
      thread,
      turn: TurnId.parse("turn-1"),
      author: "box",
      now: Date.now,
    });
  }

  #onFiles({ method, args }: BoxCall): Promise<unknown> {
    const files = this.#files() as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const work = files[method];
    if (!work) throw new KernelError("input.invalid", `files have no ${method}`);
    return work(...args);
  }

  async #onBox({ name, method, args, id }: BoxCall, tell: (line: unknown) => void): Promise<unknown> {
    const box = await this.#box(BoxName.parse(name));
    const controller = new AbortController();
    this.#running.set(id, controller);
    const { signal } = controller;
    try {
      if (method === "exec") {
        const [request] = args as [Parameters<Box["exec"]>[0]];
        return await box.exec({ ...request, signal, onOutput: (stream, text) => tell({ output: [stream, text] }) });
      }
      if (method === "watch") {
        const { ended } = await box.watch(String(args[0]), (changes) => tell({ changes }), signal);
        tell({ watching: true });
        return await ended;
      }
      const work = box[method] as (...args: unknown[]) => Promise<unknown>;
      return await work(...args);
    } finally {
      this.#running.delete(id);
    }
  }

  async #box(name: BoxName): Promise<Box> {
    const { kind } = chooseComputer(this.env);
    const owner = UserId.parse(this.ctx.id.name);
    const snapshotKey = (id: string) => `snapshots/${owner}/${id}`;
    if (kind !== "simulated") {
      const label = await boxLabel(owner, name);
      const object = () => this.env.SANDBOX.getByName(label) as unknown as BoxPort;
      return sdkBox({ object, owner, kind, snapshotKey });
    }
    const storage = this.ctx.storage as unknown as KeptStorage;
    return simulatedBox({
      name,
      shells: this.#shells,
      files: this.#files(),
      storage,
      bucket: this.env.FILES,
      snapshotKey,
      now: Date.now,
      cpuMs: 2_000,
    });
  }
}

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/health") return new Response("ok");
    return env.KERNEL.getByName(url.searchParams.get("user") ?? "").fetch(request);
  },
};

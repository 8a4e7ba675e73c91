import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { KernelError, outcome, type Outcome } from "../../errors.ts";
import { UserId } from "../../ids.ts";
import { log } from "../../log.ts";
import type { BoxServer } from "./box/server.ts";
import type {
  BoxPort,
  ExecOrder,
  FileEntry,
  OnChange,
  OnOutput,
  PortGrant,
  StartOrder,
  WatchOrder,
} from "./box-port.ts";
import { chooseComputer } from "./decide.ts";
import { nothingHere, servePreview } from "./preview.ts";
import type { ContainerStandIn } from "./stand-in.ts";
import { readTerminalHeader, terminalHeader, type TerminalSize } from "./terminal.ts";
import type { BoxState, ExecResult, ProcessInfo } from "./types.ts";

export interface BoxEnv {
  FILES: R2Bucket;
  COMPUTER_HOST_URL?: string;
  COMPUTER_HOST_TOKEN?: string;
}

const ownerKey = "deckhand.owner";
const labelKey = "deckhand.label";
const portsKey = "deckhand.ports";
const Grants = z.record(z.string(), z.object({ secretHash: z.string(), expiresAt: z.number() }));

/**
 * One box. This class is the door: it imports the SDK on first use, because evaluating it costs a third of the Worker's
 * start and nothing but a computer needs it. What the runtime and the Kernels call is written out here.
 */
export class ComputerBox extends DurableObject<BoxEnv> implements BoxPort {
  #server: BoxServer | null = null;

  constructor(ctx: DurableObjectState<object>, env: BoxEnv) {
    super(ctx, env);
    // Whoever guesses at links wakes objects that nobody has: those stay empty.
    if (this.#owner !== undefined) void this.#open();
  }

  async whose(): Promise<UserId | null> {
    return UserId.safeParse(this.#owner).data ?? null;
  }
  exec(owner: UserId, order: ExecOrder, onOutput: OnOutput): Promise<Outcome<ExecResult>> {
    return this.#for(owner, (box) => box.exec(order, onOutput));
  }
  stop(owner: UserId, id: string): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(box.stop(id)));
  }
  hold(owner: UserId, id: string, held: boolean): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(box.hold(id, held)));
  }
  start(owner: UserId, order: StartOrder): Promise<Outcome<ProcessInfo>> {
    return this.#for(owner, (box) => box.start(order));
  }
  processes(owner: UserId): Promise<Outcome<ProcessInfo[]>> {
    return this.#for(owner, (box) => box.processes());
  }
  logs(owner: UserId, id: string): Promise<Outcome<{ stdout: string; stderr: string }>> {
    return this.#for(owner, (box) => box.logs(id));
  }
  kill(owner: UserId, id: string): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.kill(id)));
  }
  read(owner: UserId, path: string): Promise<Outcome<Uint8Array | null>> {
    return this.#for(owner, (box) => box.read(path));
  }
  write(owner: UserId, path: string, bytes: Uint8Array): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.write(path, bytes)));
  }
  remove(owner: UserId, path: string): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.remove(path)));
  }
  list(owner: UserId, folder: string): Promise<Outcome<FileEntry[]>> {
    return this.#for(owner, (box) => box.list(folder));
  }
  watch(owner: UserId, order: WatchOrder, onReady: () => void, onChange: OnChange): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.watch(order, onReady, onChange)));
  }
  listening(owner: UserId, port: number, timeoutMs: number): Promise<Outcome<boolean>> {
    return this.#for(owner, (box) => box.listening(port, timeoutMs));
  }
  snapshot(owner: UserId, key: string): Promise<Outcome<{ sizeBytes: number }>> {
    return this.#for(owner, (box) => box.snapshot(key));
  }
  restore(owner: UserId, key: string): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.restore(key)));
  }
  allow(owner: UserId, hosts: string[]): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => done(await box.allow(hosts)));
  }
  grant(owner: UserId, { port, ...grant }: PortGrant): Promise<Outcome<null>> {
    return this.#for(owner, async () => done(this.#keepGrants({ ...this.#grants(), [port]: grant })));
  }
  revoke(owner: UserId, port: number): Promise<Outcome<null>> {
    const { [String(port)]: _gone, ...rest } = this.#grants();
    return this.#for(owner, async () => done(this.#keepGrants(rest)));
  }
  state(owner: UserId): Promise<Outcome<BoxState>> {
    return this.#for(owner, async (box) => box.state());
  }
  destroy(owner: UserId): Promise<Outcome<null>> {
    return this.#for(owner, async (box) => {
      this.ctx.storage.kv.delete(portsKey);
      return done(await box.destroy());
    });
  }

  /** A preview, as the Worker hands it on. */
  override fetch(request: Request): Promise<Response> {
    const terminal = readTerminalHeader(request.headers.get(terminalHeader));
    if (terminal !== null) return this.#terminal(request, terminal.owner, terminal);
    return servePreview(request, {
      grants: () => Object.entries(this.#grants()).map(([port, grant]) => ({ port: Number(port), ...grant })),
      now: Date.now,
      running: () => this.#server?.state() === "running",
      forward: async (asked, port) => this.#server?.forward(asked, port) ?? nothingHere(),
    });
  }

  /** The SDK's timers: sleep, and what it wants to look at again. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    await this.#server?.sandbox.alarm(info);
  }

  async #terminal(request: Request, owner: UserId, size: TerminalSize): Promise<Response> {
    const answer = await this.#for(owner, (box) => box.terminal(request, size));
    return answer.ok ? answer.value : new Response(`${answer.error.userMessage}\n`, { status: 503 });
  }

  #grants(): z.infer<typeof Grants> {
    return Grants.catch({}).parse(this.ctx.storage.kv.get(portsKey) ?? {});
  }
  #keepGrants(grants: z.infer<typeof Grants>): void {
    const now = Date.now();
    const live = Object.entries(grants).filter(([, grant]) => grant.expiresAt > now);
    this.ctx.storage.kv.put(portsKey, Object.fromEntries(live));
  }

  get #owner(): string | undefined {
    return this.ctx.storage.kv.get<string>(ownerKey);
  }

  /** One that fails is tried again with the next call; thrown in here it would take the object down each time. */
  #open(): Promise<void> {
    return this.ctx.blockConcurrencyWhile(async () => {
      try {
        this.#server ??= await openBox(this.ctx, this.env);
      } catch (thrown) {
        log.error("computer: a box could not be opened", { box: this.ctx.id.toString(), thrown });
      }
    });
  }

  /** Two labels may meet by chance; two people never share a box. */
  #for<T>(owner: UserId, work: (box: BoxServer) => Promise<T>): Promise<Outcome<T>> {
    return outcome(async () => {
      const known = this.#owner;
      if (known !== undefined && known !== owner)
        throw new KernelError(
          "computer.unavailable",
          "A computer of this name cannot be had. Please use another name.",
        );
      if (known === undefined) this.ctx.storage.kv.put(ownerKey, UserId.parse(owner));
      if (!this.#server) await this.#open();
      if (!this.#server)
        throw new KernelError("computer.unavailable", "There is no computer behind this Worker now; /health says why.");
      return work(this.#server);
    });
  }
}

const done = (_nothing: void): null => null;

/** Null where no container and no jail stands behind the object: it was made when there was one. */
async function openBox(ctx: DurableObjectState<object>, env: BoxEnv): Promise<BoxServer | null> {
  const { kind } = chooseComputer(env);
  if (kind === "simulated") return null;
  const jail = kind === "jail" ? await openJail(ctx, env) : null;
  if (ctx.container === undefined) return null;
  const { BoxServer } = await import("./box/server.ts");
  return new BoxServer({ ctx, kind, bucket: env.FILES, jail });
}

/** Puts a jail in the place of the container, before the SDK looks. */
async function openJail(ctx: DurableObjectState<object>, env: BoxEnv): Promise<ContainerStandIn> {
  const { COMPUTER_HOST_URL: url, COMPUTER_HOST_TOKEN: token } = env;
  if (!url || !token)
    throw new KernelError(
      "config.invalid",
      "COMPUTER=jail needs COMPUTER_HOST_URL and COMPUTER_HOST_TOKEN; npm start sets them.",
    );
  // An object that is woken by its alarm is not told its name.
  const id = ctx.id.name ?? ctx.storage.kv.get<string>(labelKey) ?? "";
  ctx.storage.kv.put(labelKey, id);
  const { containerStandIn } = await import("./stand-in.ts");
  const jail = containerStandIn({ url, token, id });
  await jail.seed();
  Object.defineProperty(ctx, "container", { value: jail });
  return jail;
}

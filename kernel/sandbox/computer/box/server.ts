import { proxyTerminal } from "@cloudflare/sandbox";
import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import { log } from "../../../log.ts";
import type { ExecOrder, FileEntry, OnChange, OnOutput, StartOrder, WatchOrder } from "../box-port.ts";
import { repeatable } from "../retry.ts";
import { boxError, isInterrupted, sdkCode } from "../sdk-errors.ts";
import type { ContainerStandIn } from "../stand-in.ts";
import { plainUpgrade, type TerminalSize } from "../terminal.ts";
import type { BoxState, ComputerKind, ExecResult, ProcessInfo } from "../types.ts";
import { loadArchive, saveArchive } from "./archive.ts";
import { Awake } from "./awake.ts";
import { commandHost } from "../bindings/names.ts";
import { CommandClock } from "./command-clock.ts";
import { ComputerSandbox } from "./computer-sandbox.ts";
import { runCommand } from "./exec.ts";
import { listAll, readWhole, removeAll, writeWhole } from "./files.ts";
import { forwardTo } from "./forward.ts";
import { JailLimits } from "./jail-limits.ts";
import { isListening } from "./ports.ts";
import { killOne, listOwn, logsOf, startOne } from "./processes.ts";
import { Pulse } from "./pulse.ts";
import { watchFolder } from "./watch.ts";

export interface BoxServerDeps {
  ctx: DurableObjectState<object>;
  kind: ComputerKind;
  bucket: R2Bucket;
  /** The jail in the place of a container: it keeps the list of hosts, and knows which limit was hit. */
  jail: ContainerStandIn | null;
}

const ownSession = "deckhand";
const sigcont = 18;
const wakesWithinMs = 2_000;
const terminalSession = "terminal";
/** Set when what was in the box has been put away for its sleep: the key in R2. */
const asleepKey = "deckhand.asleep";
const lostKey = "deckhand.lost";

/** A session's name as a file's name: a thread's id has colons in it. */
const plainName = (session: string): string => session.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 120);

/** One box by the SDK's object, in the isolate where that object lives, so that its errors keep their kind. */
export class BoxServer {
  readonly sandbox: ComputerSandbox;
  readonly #deps: BoxServerDeps;
  /** Sessions that are there since the box last started. */
  readonly #sessions = new Map<string, Promise<void>>();
  readonly #running = new Map<string, AbortController>();
  readonly #clocks = new Map<string, CommandClock>();
  readonly #jailLimits: JailLimits | null;
  readonly #awake = new Awake(() => this.sandbox.renewActivityTimeout());
  readonly #pulse = new Pulse({
    ping: () => this.sandbox.client.utils.ping(),
    mayMiss: () => limits.computer[this.#up ? "maxMissedPings" : "maxMissedWhileStarting"],
    end: () => this.#revive(),
  });
  /** Whether it has answered since it was started. */
  #up = false;

  constructor(deps: BoxServerDeps) {
    this.#deps = deps;
    this.#jailLimits = deps.jail && new JailLimits(deps.jail);
    this.sandbox = new ComputerSandbox(deps.ctx, {
      kind: deps.kind,
      beforeSleep: () => this.#putAway(),
      stopped: () => this.#forget(),
    });
  }

  /** Our agent keeps folder and variables of a session; the official image does only for what it does not stream. */
  get #keepsState(): boolean {
    return this.#deps.kind === "jail";
  }

  /** Cloudflare forgets the disk of a container that sleeps. A jail's stays. */
  get #forgetsDisk(): boolean {
    return this.#deps.kind !== "jail";
  }

  exec(order: ExecOrder, onOutput: OnOutput): Promise<ExecResult> {
    return this.#pulse.during(() => this.#exec(order, onOutput));
  }

  async #exec(order: ExecOrder, onOutput: OnOutput): Promise<ExecResult> {
    await this.#alive();
    const session = await this.#session(order.session);
    const { sandbox } = this;
    await this.#jailLimits?.begin();
    const clock = new CommandClock(order.timeoutMs);
    this.#clocks.set(order.id, clock);
    const result = await this.#ended(order.id, (signal) =>
      runCommand({ ...order, session }, { clock, sandbox, keepsState: this.#keepsState, signal, onOutput }),
    ).finally(() => this.#clocks.delete(order.id));
    const hit = result.exitCode === 0 ? [] : ((await this.#jailLimits?.hit()) ?? []);
    return { ...result, limits: [...result.limits, ...hit, ...this.#lost()] };
  }

  /** A command's time stands still, or goes on. */
  hold(id: string, held: boolean): void {
    const clock = this.#clocks.get(id);
    if (held) clock?.hold();
    else clock?.release();
  }

  /** Ends a command or a watch by the id it was ordered under. */
  stop(id: string): void {
    this.#running.get(id)?.abort(new KernelError("tool.interrupted", "Stopped."));
  }

  start(order: StartOrder): Promise<ProcessInfo> {
    return this.#pulse.during(async () => {
      await this.#alive();
      const session = await this.#session(order.session);
      return this.#tried(() => startOne(this.sandbox, { ...order, session }, this.#keepsState));
    });
  }

  processes(): Promise<ProcessInfo[]> {
    return this.#again(() => listOwn(this.sandbox, ownSession));
  }

  logs(id: string): Promise<{ stdout: string; stderr: string }> {
    return this.#again(() => logsOf(this.sandbox, id), id);
  }

  kill(id: string): Promise<void> {
    return this.#again(() => killOne(this.sandbox, id), id);
  }

  read(path: string): Promise<Uint8Array | null> {
    return this.#again(() => readWhole(this.sandbox, path), path);
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#again(() => writeWhole(this.sandbox, path, bytes), path);
  }

  remove(path: string): Promise<void> {
    return this.#again(() => removeAll(this.sandbox, path), path);
  }

  list(folder: string): Promise<FileEntry[]> {
    return this.#again(() => listAll(this.sandbox, folder), folder);
  }

  async watch(order: WatchOrder, onReady: () => void, onChange: OnChange): Promise<void> {
    await this.#session(ownSession);
    await this.#ended(order.id, (signal) => watchFolder(this.sandbox, order, { onReady, onChange, signal }));
  }

  listening(port: number, timeoutMs: number): Promise<boolean> {
    return this.#again(() => isListening(this.sandbox, port, timeoutMs));
  }

  async snapshot(key: string): Promise<{ sizeBytes: number }> {
    return this.#again(() => saveArchive(this.sandbox, this.#deps.bucket, key));
  }

  async restore(key: string): Promise<void> {
    if ((await this.#deps.bucket.head(key)) === null)
      throw new KernelError("computer.not_found", "This snapshot is not there any more.");
    await this.#pulse.during(() => this.#restore(key));
  }

  async #restore(key: string): Promise<void> {
    await this.#session(ownSession);
    await this.#tried(async () => {
      await this.sandbox.killAllProcesses();
      // Shells stand in folders that are about to go.
      for (const session of this.#sessions.keys()) await this.sandbox.deleteSession(session).catch(() => undefined);
      this.#sessions.clear();
      await this.#session(ownSession);
      await loadArchive(this.sandbox, this.#deps.bucket, key);
    });
  }

  /** A request of a preview, HTTP or WebSocket, to a server in the box; a box that is not awake is not woken. */
  async forward(request: Request, port: number): Promise<Response> {
    const { container } = this.#deps.ctx;
    if (container?.running !== true) throw new KernelError("computer.unavailable", "This computer sleeps.");
    return forwardTo(container.getTcpPort(port), request, this.#awake.begin());
  }

  /** A WebSocket to a shell in the box, in a session of its own: the person's, not a thread's. */
  terminal(request: Request, size: TerminalSize): Promise<Response> {
    return this.#pulse.during(async () => {
      const session = await this.#session(terminalSession);
      const box = { fetch: (asked: Request) => this.sandbox.fetch(asked) };
      return this.#tried(() => proxyTerminal(box, session, plainUpgrade(request), size));
    });
  }

  async allow(hosts: string[]): Promise<void> {
    await (this.#deps.jail?.allow(hosts) ?? this.sandbox.setAllowedHosts([...hosts, commandHost]));
  }

  state(): BoxState {
    return this.#deps.ctx.container?.running === true ? "running" : "asleep";
  }

  async destroy(): Promise<void> {
    for (const id of this.#running.keys()) this.stop(id);
    this.#forget();
    const asleep = this.#deps.ctx.storage.kv.get<string>(asleepKey);
    if (asleep !== undefined) await this.#deps.bucket.delete(asleep);
    this.#deps.ctx.storage.kv.delete(asleepKey);
    await this.#pulse.during(() => this.#tried(() => this.sandbox.destroy()));
  }

  /** Wakes the box and gives the session's name in it; made once since it woke. */
  async #session(name: string): Promise<string> {
    const session = plainName(name);
    try {
      await this.#once(ownSession, () => this.#wake());
      await this.#once(session, () => repeatable(() => this.#create(session)));
    } catch (thrown) {
      throw boxError(thrown);
    }
    return session;
  }

  /**
   * Before what must not be done twice: a connection to a box that has ended meanwhile is found out by a call that may
   * be. It costs a millisecond or two.
   */
  async #alive(): Promise<void> {
    if (this.#sessions.size === 0) return;
    try {
      await this.sandbox.client.utils.ping();
    } catch {
      this.#sessions.clear();
    }
  }

  async #once(session: string, make: () => Promise<void>): Promise<void> {
    const made = this.#sessions.get(session) ?? make();
    this.#sessions.set(session, made);
    try {
      await made;
    } catch (thrown) {
      this.#sessions.delete(session);
      throw thrown;
    }
  }

  /** The first call since the box slept: its files come back before anything is done with them. */
  async #wake(): Promise<void> {
    await repeatable(() => this.#create(ownSession));
    this.#up = true;
    await this.#bringBack();
  }

  async #create(session: string): Promise<void> {
    try {
      await this.sandbox.createSession({ id: session, cwd: "/workspace" });
    } catch (thrown) {
      // This object was restarted and the box was not.
      if (sdkCode(thrown) === "SESSION_ALREADY_EXISTS") return;
      // The host has said why in words, and would say them again.
      const refused = this.#deps.jail?.refused ?? null;
      throw refused === null ? thrown : new KernelError("computer.unavailable", refused, { cause: thrown });
    }
  }

  async #putAway(): Promise<void> {
    if (!this.#forgetsDisk || this.state() === "asleep") return;
    const { ctx, bucket } = this.#deps;
    const key = `asleep/${ctx.id.toString()}`;
    try {
      await saveArchive(this.sandbox, bucket, key);
      ctx.storage.kv.put(asleepKey, key);
    } catch (thrown) {
      // It sleeps all the same: one that never does costs without end. Whoever wakes it is told.
      log.error("computer: what is in a box could not be put away for its sleep", { key, thrown });
      ctx.storage.kv.put(lostKey, true);
    }
  }

  /** Once after the box lost its files in its sleep. */
  #lost(): string[] {
    const { kv } = this.#deps.ctx.storage;
    if (kv.get<boolean>(lostKey) !== true) return [];
    kv.delete(lostKey);
    return ["the computer slept, and what was in /workspace and /home/box was too large to be kept"];
  }

  async #bringBack(): Promise<void> {
    const key = this.#deps.ctx.storage.kv.get<string>(asleepKey);
    if (!this.#forgetsDisk || key === undefined) return;
    await loadArchive(this.sandbox, this.#deps.bucket, key);
    this.#deps.ctx.storage.kv.delete(asleepKey);
  }

  /** What may be done twice. */
  #again<T>(work: () => Promise<T>, about?: string): Promise<T> {
    return this.#pulse.during(async () => {
      await this.#session(ownSession);
      return this.#tried(() => repeatable(work), about);
    });
  }

  /** Nothing of what was in the box is there any more. */
  #forget(): void {
    this.#sessions.clear();
    this.#up = false;
  }

  /** Ends a box that answers nothing. What is stopped cannot end itself, and does not hear that it should. */
  async #revive(): Promise<string> {
    const { jail, ctx } = this.#deps;
    log.warn("computer: a box answers nothing and is ended", { box: ctx.id.toString() });
    this.#forget();
    if (jail) {
      await jail.end();
      return "It was ended, and starts anew with the next call, with its files.";
    }
    // Ending a container forgets its disk: what is only stopped is told to go on first.
    ctx.container?.signal(sigcont);
    const late = new Promise<false>((done) => setTimeout(done, wakesWithinMs, false));
    const goesOn = this.sandbox.client.utils.ping().then(
      () => true,
      () => false,
    );
    if (await Promise.race([goesOn, late])) return "It was told to go on, and does.";
    await ctx.container?.destroy();
    return "It was ended, and starts anew with the next call; what was written in it since it last slept is gone.";
  }

  async #tried<T>(work: () => Promise<T>, about?: string): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (!isInterrupted(thrown)) throw boxError(thrown, about);
      if (sdkCode(thrown) === null) log.warn("computer: a call of the box broke off", { thrown });
      this.#sessions.clear();
      throw (await this.#jailLimits?.ending()) ?? boxError(thrown, about);
    }
  }

  async #ended<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      return await this.#tried(() => work(controller.signal));
    } finally {
      this.#running.delete(id);
    }
  }
}

import { DurableObject } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { KernelError, outcome, unwrap, type Outcome } from "../errors.ts";
import type { ThreadEvent } from "../events/types.ts";
import type { KernelEnv } from "../env.ts";
import { fileMigrations, migrate } from "../files/migrate.ts";
import { sha256 } from "../sha256.ts";
import { newestFiles } from "../files/newest.ts";
import { fileTree } from "../files/tree.ts";
import type { FileTree } from "../files/types.ts";
import { UserId, type ThreadId, type TurnId } from "../ids.ts";
import { inTime } from "../in-time.ts";
import { limits } from "../limits.ts";
import { meter } from "../meter.ts";
import { chooseModel } from "../models/choose.ts";
import type { IsolateKernel } from "../sandbox/isolate/entrypoints.ts";
import type { FilesValue } from "../sandbox/isolate/files-call.ts";
import { isolates, type IsolateSetup } from "../sandbox/isolate/isolates.ts";
import syncMigrations from "../sandbox/computer/sync/migrations/migrations.js";
import {
  Runs,
  type IsolateLimits,
  type IsolateProps,
  type StubAnswer,
  type ToolsAnswer,
} from "../sandbox/isolate/runs.ts";
import { sites } from "../sites/publish.ts";
import type { ProxyAnswer } from "../sandbox/isolate/proxy-call.ts";
import { threadStub } from "../stubs.ts";
import type { CommandResult } from "../tools/command/command.ts";
import { visible } from "../tools/words.ts";
import type { Sight, ToolContext, ToolDefinition } from "../tools/types.ts";
import type { BoxLabel } from "../sandbox/computer/preview-label.ts";
import { BoxName } from "../sandbox/computer/types.ts";
import { ComputerRoom } from "./computers.ts";
import { Desk } from "./desk.ts";
import { callKey, Ledger } from "./ledger.ts";
import { Nested, type NestedDeps, type Within } from "./nested.ts";
import { type Overview, Settings, ThreadNote } from "./overview.ts";
import migrations from "./migrations/migrations.js";
import { programTools } from "./program-tools.ts";
import { type Hear, Told } from "./told.ts";
import type { KernelPort, PreparedReply, ToolCall, ToolReply } from "./types.ts";
import { interrupted, readCall } from "./read-call.ts";
import { saveUpload } from "./uploads.ts";
import { Work } from "../work.ts";

/** A call that runs now. */
interface Running {
  controller: AbortController;
  told: Told;
  reply: Promise<Outcome<ToolReply>>;
}

interface Run extends Omit<Running, "reply">, Within {}

/** The stub classes that the Worker's main module exports; `ctx.exports` makes stubs of them with an identity. */
type Exports = IsolateSetup["exports"];

/**
 * One workspace user: the only place that reaches this person's files, isolates and sites. Its name is the person's id,
 * so whatever a call says, it works on this person's things.
 */
export class Kernel extends DurableObject<KernelEnv> implements KernelPort, IsolateKernel {
  readonly #user: UserId;
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  readonly #computers: ComputerRoom;
  readonly #runs = new Runs();
  /** Calls that run now, by their key. */
  readonly #running = new Map<string, Running>();
  readonly #isolateLimits: Partial<IsolateLimits>;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    super(meter(ctx, env, "Kernel"), env);
    this.#user = UserId.parse(ctx.id.name);
    const db = drizzle(ctx.storage);
    this.#ledger = new Ledger(db);
    this.#desk = new Desk(db);
    this.#computers = new ComputerRoom({
      env,
      storage: ctx.storage,
      db,
      user: this.#user,
      hosts: () => this.#desk.settings.hosts,
    });
    this.#isolateLimits = env.LOCAL === "1" ? { cpuMs: limits.isolate.localCpuMs, maxWriteBytes: limits.isolate.localWriteBytes } : {}; // oxfmt-ignore
    void ctx.blockConcurrencyWhile(() => migrate(ctx.storage, [fileMigrations, migrations, syncMigrations]));
  }

  async prepareTool(given: ToolCall): Promise<Outcome<PreparedReply>> {
    return outcome(async () => {
      const { call, definition, input } = readCall(given);
      const prepare = definition.prepare?.bind(definition);
      if (!prepare) throw new KernelError("tool.unknown", `${call.tool} asks nobody.`);
      const prepared = await inTime(maxPrepareMs, tooSlow, (signal) =>
        prepare(
          input,
          this.#context(call, signal, () => {}, refusesNested),
        ),
      );
      // A name of the model's making must not turn a title round; a question is the model's own words.
      const title = definition.consent === "approve" ? visible(prepared.title) : prepared.title;
      return { ...prepared, title, choices: prepared.choices ?? [], events: prepared.events ?? [] };
    });
  }

  async runTool(
    given: ToolCall,
    hear: (line: string, events: ThreadEvent[], first: number) => void,
  ): Promise<Outcome<ToolReply>> {
    const top = { signal: null, work: null };
    return this.#runOnce(given, top, async (line, events, first) => hear(line, events, first));
  }

  async #runOnce(given: ToolCall, within: Within, hear: Hear): Promise<Outcome<ToolReply>> {
    const read = await outcome(async () => readCall(given));
    if (!read.ok) return read;
    const { call, definition, input } = read.value;
    const known = this.#ledger.known(call);
    if (known.state === "ended") return known.reply;
    if (known.state === "running") return this.#join(call, hear) ?? interrupted(call.tool);
    this.#ledger.start(call, definition.capability, Date.now());
    const told = new Told(hear);
    const controller = new AbortController();
    const reply = this.#begun(call, definition, input, { ...within, told, controller });
    this.#running.set(callKey(call), { controller, told, reply });
    return reply.finally(() => this.#running.delete(callKey(call)));
  }

  /** The Thread was gone for a while and asks again for what still runs here. */
  #join(call: ToolCall, hear: Hear): Promise<Outcome<ToolReply>> | null {
    const running = this.#running.get(callKey(call));
    running?.told.hearAgain(hear);
    return running?.reply ?? null;
  }

  async #begun(call: ToolCall, definition: ToolDefinition, input: unknown, run: Run): Promise<Outcome<ToolReply>> {
    // A program can take the whole process down with it: that it was begun must be on disk before.
    if (definition.capability === "process.run") await this.ctx.storage.sync();
    const reply = await this.#run(call, definition, input, run);
    this.#ledger.end(call, reply, Date.now());
    if (reply.ok) this.#desk.keep(reply.value, Date.now());
    return reply;
  }

  async #run(
    call: ToolCall,
    definition: ToolDefinition,
    input: unknown,
    { signal, work: parent, told, controller }: Run,
  ): Promise<Outcome<ToolReply>> {
    const stop = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    const sights: Sight[] = [];
    const tell = (line: string, events: ThreadEvent[]) => told.tell(line, events);
    const scope = new AbortController();
    const work = new Work({ parent });
    const nested = new Nested(this.#nestedDeps, {
      call,
      work,
      above: this.#ledger.above(call),
      signal: scope.signal,
      tell,
      see: (seen) => sights.push(...seen),
    });
    const context = this.#context(call, controller.signal, (line) => tell(line, []), nested, work);
    try {
      return await outcome(async () => {
        const run = await outcome(() => definition.run(input, context, call.pinned));
        const unheard = await told.settled();
        const result = unwrap(run);
        const events = [...unheard, ...told.number(result.events ?? [])];
        return {
          output: result.output,
          detail: result.detail,
          events: events.map(({ event }) => event),
          numbers: events.map(({ n }) => n),
          sights: [...sights, ...(result.sights ?? [])].slice(-limits.thread.maxSights),
          ...(result.sandbox === undefined ? {} : { sandbox: result.sandbox }),
        };
      });
    } finally {
      scope.abort(new KernelError("tool.interrupted", "What called it has ended."));
      signal?.removeEventListener("abort", stop);
    }
  }

  get #nestedDeps(): NestedDeps {
    return {
      user: this.#user,
      thread: (call) => threadStub(this.env, call.thread),
      run: (call, within, progress) => this.#runOnce(call, within, async (line) => progress(line)),
    };
  }

  async noteThread(note: ThreadNote): Promise<Settings> {
    this.#desk.note(ThreadNote.parse(note));
    return this.#desk.settings;
  }

  async overview(): Promise<Outcome<Overview>> {
    return outcome(async () => ({
      ...this.#desk.overview(Date.now()),
      files: newestFiles(this.ctx.storage, limits.home.maxFiles),
    }));
  }

  async settings(): Promise<Settings> {
    return this.#desk.settings;
  }

  async saveSettings(given: Settings): Promise<Outcome<Settings>> {
    return outcome(async () => {
      const settings = Settings.parse(given);
      // Throws config.invalid, naming what is wrong, before anything is kept.
      if (settings.model !== null) chooseModel({ ...this.env, MODEL: settings.model });
      this.#desk.set(settings);
      await this.#computers.hostsChanged();
      return settings;
    });
  }

  async cancelTool(turn: TurnId, call: string): Promise<void> {
    this.#running.get(callKey({ turn, call }))?.controller.abort(new KernelError("tool.interrupted", "Stopped."));
  }

  async saveUpload(upload: {
    thread: ThreadId;
    turn: TurnId;
    name: string;
    mediaType: string;
    bytes: Uint8Array;
  }): Promise<Outcome<{ path: string; sizeBytes: number }>> {
    return outcome(async () => {
      const { name, mediaType, bytes } = upload;
      if (bytes.byteLength > limits.files.maxBytes)
        throw new KernelError("file.too_large", `${name} is larger than ${limits.files.maxBytes} bytes.`);
      const path = await saveUpload(
        this.#files(upload.thread, upload.turn),
        name,
        mediaType,
        bytes,
        await sha256(bytes),
      );
      return { path, sizeBytes: bytes.byteLength };
    });
  }

  async openTerminal(name: BoxName): Promise<Outcome<BoxLabel>> {
    return outcome(async () => this.#computers.terminal(BoxName.parse(name)));
  }

  boxCommand(order: unknown): Promise<Outcome<CommandResult>> {
    return this.#computers.commands.run(order);
  }

  async readSight(sight: {
    thread: ThreadId;
    path: string;
    maxBytes: number;
    sha256?: string;
  }): Promise<Outcome<{ bytes: Uint8Array; mediaType: string }>> {
    return outcome(async () => {
      const { info, bytes } = await this.#files(sight.thread, null).read(sight.path);
      if (info.sizeBytes > sight.maxBytes)
        throw new KernelError("file.too_large", `${sight.path} is too large to be looked at.`);
      if (sight.sha256 !== undefined && sight.sha256 !== info.sha256)
        throw new KernelError("file.changed", `${sight.path} is not what it was when this was said. Ask for it again.`);
      return { bytes, mediaType: info.mediaType };
    });
  }

  isolateFiles(props: IsolateProps, op: unknown, args: unknown): Promise<StubAnswer<FilesValue>> {
    return this.#runs.files(props, op, args);
  }

  isolateTools(props: IsolateProps, name: unknown, input: unknown): Promise<ToolsAnswer> {
    return this.#runs.tools(props, name, input);
  }

  isolateProxy(props: IsolateProps, request: unknown, body: unknown): Promise<StubAnswer<ProxyAnswer>> {
    return this.#runs.proxy(props, request, body);
  }

  isolateLogs(props: IsolateProps, lines: unknown): Promise<Outcome<null>> {
    return this.#runs.write(props, lines);
  }

  #files(thread: ThreadId, turn: TurnId | null, work = new Work()): FileTree {
    const { env, ctx } = this;
    return fileTree({ bucket: env.FILES, storage: ctx.storage, user: this.#user, thread, turn, now: Date.now, work });
  }

  #context(
    call: ToolCall,
    signal: AbortSignal,
    progress: (detail: string) => void,
    nested: Pick<Nested, "call">,
    work = new Work(),
  ): ToolContext {
    const { env, ctx } = this;
    const { thread, turn } = call;
    const user = this.#user;
    const files = this.#files(thread, turn, work);
    const exports = ctx.exports as unknown as Exports;
    return {
      user,
      userName: call.userName,
      thread,
      turn,
      call: call.call,
      files,
      isolates: isolates({
        loader: env.LOADER,
        exports,
        runs: this.#runs,
        files,
        work,
        tools: programTools(nested),
        user,
        thread,
        turn,
        now: Date.now,
        limits: this.#isolateLimits,
      }),
      computers: this.#computers.forCall({ thread, turn }, (request) => nested.call(request)),
      sites: sites({ bucket: env.FILES, files, user, publicUrl: env.PUBLIC_URL, now: Date.now }),
      model: { eyes: call.eyes },
      signal,
      now: Date.now,
      progress,
      nested: (request) => nested.call(request),
      answer: call.answer,
    };
  }
}

const { maxPrepareMs } = limits.approval;
const tooSlow = (): KernelError =>
  new KernelError("limit.wall", `This could not be made ready within ${maxPrepareMs / 1000} seconds.`);

/** What is only prepared calls nothing. */
const refusesNested: Pick<Nested, "call"> = {
  call: () => outcome(() => Promise.reject(new KernelError("code.refused", "Nothing is run before it is approved."))),
};

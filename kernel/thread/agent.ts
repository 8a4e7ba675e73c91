import {
  Think,
  type Action,
  type ChatErrorContext,
  type ChatRecoveryConfig,
  type ChatRecoveryContext,
  type ChatResponseResult,
  type ChunkContext,
  type PrepareStepContext,
  type StepConfig,
  type StepContext,
  type ToolCallContext,
  type ToolCallDecision,
  type TurnConfig,
  type TurnContext,
} from "@cloudflare/think";
import type { LanguageModel, ToolSet } from "ai";
import { authored } from "../chat/authored.ts";
import type { ChatAction, ChatInput, ChatMessage, Principal } from "../chat/types.ts";
import type { KernelEnv } from "../env.ts";
import type { ErrorCode, KernelError } from "../errors.ts";
import { TurnId } from "../ids.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { modelError } from "../models/errors.ts";
import { chooseModel, loadModel, type ModelChoice } from "../models/registry.ts";
import { toolByName } from "../tools/index.ts";
import { Context } from "./context.ts";
import { Decisions, type Parking } from "./decisions.ts";
import type { House } from "./house.ts";
import { promptText, withFiles, withPictures } from "./messages.ts";
import { named } from "./named.ts";
import { systemPrompt, titleOf } from "./prompt.ts";
import { Running } from "./running.ts";
import { saysStop, withSteers } from "./steering.ts";
import { Toolset } from "./toolset.ts";
import type { Turn } from "./turns.ts";

const cut = (text: string): string => text.slice(0, limits.channel.maxMessageChars);
const uiMessage = (id: string, text: string) => ({
  id,
  role: "user" as const,
  parts: [{ type: "text" as const, text }],
});

/**
 * The thread's agent on Think: durable turns, recovery and the parking of calls are Think's; this class only routes its
 * hooks to the parts. It is not a Durable Object class itself, `ThreadObject` is.
 */
export class ThreadAgent extends Think {
  readonly #house: House;
  readonly #toolset: Toolset;
  readonly #decisions: Decisions;
  readonly #context: Context;
  readonly #kernelEnv: KernelEnv;
  readonly #running = new Running();
  readonly #stopping = new Map<TurnId, string>();
  #choice: ModelChoice | null = null;
  #usage = { input: 0, output: 0, known: false };

  override maxSteps = limits.turn.maxSteps;
  override sendReasoning = false;
  override chatRecovery: ChatRecoveryConfig = {
    maxAttempts: 4,
    onExhausted: async () =>
      this.#fail("model.failed", "This answer was interrupted and could not be taken up again. Please ask once more."),
  };

  constructor(ctx: DurableObjectState, env: KernelEnv, house: House) {
    super(ctx, env);
    this.#kernelEnv = env;
    this.#house = house;
    this.#context = new Context(house);
    this.#toolset = new Toolset({ house, turn: () => this.#turn, eyes: () => this.#choice?.eyes ?? false });
    this.#decisions = new Decisions({
      house,
      toolset: this.#toolset,
      parking: this.#parking(),
      within: (turn, work) => this.#running.within(turn, work),
      background: (work) => ctx.waitUntil(work),
    });
  }

  /** Durable when it answers: Think has the message on disk, or the decision is written down. */
  async receive(input: ChatInput, missed: boolean): Promise<void> {
    if (input.kind === "message") return this.#message(input, missed);
    switch (input.action) {
      case "approve":
      case "deny":
      case "answer":
      case "revise":
        return this.#decisions.act(input);
      case "stop":
        return this.#stop(input.by);
      case "deleted":
        return this.#deleted(input);
      case "feedback":
        return this.#feedback(input);
    }
  }

  /** A message is a turn of its own; while a turn of the same person runs it steers that one instead. */
  async #message(message: ChatMessage, missed: boolean): Promise<void> {
    const { steers } = this.#house;
    if (steers.known(message.id)) return;
    const running = this.#running.turns.find((turn) => turn.principal === message.author.id);
    if (saysStop(message.text) && message.files.length === 0) return this.#stop(message.author);
    const steersIt = running !== undefined && message.files.length === 0 && !this.#house.turns.asked(message.id);
    if (steersIt && steers.countOf(running.id) < limits.thread.maxSteers) return steers.add(message, running.id);
    await this.#ask(message, missed);
  }

  async #ask(message: ChatMessage, missed: boolean): Promise<void> {
    this.#house.turns.ask(message, TurnId.parse(`message:${message.id}`), missed);
    const marked = message.files.length > 0 || !message.root;
    const asked = uiMessage(message.id, promptText(message.author.name, cut(message.text), message.id, marked));
    await this.submitMessages([asked], { submissionId: message.id, idempotencyKey: message.id });
  }

  /** Ends the person's running turn; what was done stays. */
  async #stop(by: Principal): Promise<void> {
    const { turns, port, id } = this.#house;
    const mine = this.#running.turns.filter((turn) => turn.principal === by.id);
    for (const turn of mine) this.#abort(turn, by.name);
    if (mine.length > 0) return;
    const other = turns.running();
    const text = other
      ? `This is ${other.principalName}'s turn; only they can stop it.`
      : "Nothing is running here for you to stop.";
    await port
      .whisper(id, by.id, text)
      .catch((thrown: unknown) => log.warn("thread: a private word did not arrive", { thread: id, thrown }));
  }

  #abort(turn: Turn, byName: string): void {
    const request = this.#running.requestOf(turn);
    if (!request) return;
    this.#stopping.set(turn.id, byName);
    this.#toolset.cancel(turn);
    this.cancelChat(request, "stopped");
  }

  /** The question was deleted: what runs for it ends, what waits for it does not begin. */
  async #deleted(action: ChatAction): Promise<void> {
    const { turns, steers } = this.#house;
    const asked = turns.asked(action.subject);
    steers.remove(action.subject);
    if (!asked || asked.body.author.id !== action.by.id) return;
    const turn = this.#running.turns.find((one) => one.id === asked.turn);
    if (turn) this.#abort(turn, turn.principalName);
    else await this.cancelSubmission(action.subject, "the question was deleted");
  }

  #feedback(action: ChatAction): void {
    const { recorder, turns } = this.#house;
    const turn = turns.last();
    if (turn)
      recorder.of(turn, {
        type: "feedback.given",
        by: action.by.id,
        byName: action.by.name,
        value: action.value === "up" ? "up" : "down",
      });
  }

  override async onStart(): Promise<void> {
    this.ctx.waitUntil(this.#decisions.resume());
    if (this.#house.turns.running() === null) await this.#askSteers();
    if (this.#house.delivery.behind) this.ctx.waitUntil(this.#house.delivery.pump());
  }

  get #turn(): Turn {
    const turn = this.#running.turn(this.activeTurn?.requestId) ?? this.#house.turns.running();
    if (!turn) throw new Error("no turn is running");
    return turn;
  }

  /** Messages that came too late for a step become turns of their own. */
  async #askSteers(): Promise<void> {
    for (const late of this.#house.steers.waiting()) {
      this.#house.steers.remove(late.id);
      await this.#ask(late.body, false);
    }
  }

  /** Which turn of ours Think is about to run: a message's by its submission, else the one that is open. */
  async #turnOf(ctx: TurnContext): Promise<Turn | null> {
    const { turns, now } = this.#house;
    const asked = ctx.requestId ? turns.asked(ctx.requestId) : null;
    if (asked) {
      const { text } = asked.body;
      const author = turns.get(asked.turn) ? asked.body.author : await named(this.#house, asked.body.author);
      const state = { trigger: "message", state: "running", starts: 0, at: now() } as const;
      turns.add({ id: asked.turn, principal: author.id, principalName: author.name, title: titleOf(text), ...state });
      return turns.get(asked.turn);
    }
    return turns.running();
  }

  // ---- Think's hooks, in the order in which they fire ----

  override getModel(): LanguageModel {
    throw new Error("beforeTurn chooses the model");
  }

  override getSystemPrompt(): string {
    return "";
  }

  override getTools(): ToolSet {
    return this.#toolset.plain();
  }

  override getActions(): Record<string, Action> {
    return this.#toolset.parked();
  }

  override async beforeTurn(ctx: TurnContext): Promise<TurnConfig> {
    const turn = await this.#turnOf(ctx);
    if (!turn) throw new Error("Think runs a turn that nobody asked for");
    this.#running.begin(ctx.requestId ?? turn.id, turn);
    this.#begin(turn);
    await this.schedule(limits.thread.catchUpSeconds, "catchUp", "", { idempotent: true });
    const choice = chooseModel(this.#kernelEnv);
    this.#choice = choice;
    await this.#context.fetch(turn);
    return {
      model: await loadModel(choice, this.#kernelEnv),
      system: systemPrompt(turn, turn.at || this.#house.now()),
      messages: withFiles(ctx.messages, (id) => this.#house.turns.asked(id)?.files ?? null),
      activeTools: this.#toolset.names,
      timeout: { firstChunkMs: limits.turn.modelTimeoutMs, chunkMs: limits.turn.modelTimeoutMs },
    };
  }

  #begin(turn: Turn): void {
    const { turns, recorder } = this.#house;
    this.#usage = { input: 0, output: 0, known: false };
    turns.started(turn.id);
    // The start of a decision's turn was recorded with the decision.
    if (turn.starts === 0 && turn.trigger === "decision") return;
    const trigger = turn.starts > 0 ? "recovery" : turn.trigger;
    recorder.of(turn, { type: "turn.started", trigger, principalName: turn.principalName, title: turn.title });
  }

  override async beforeStep(ctx: PrepareStepContext): Promise<StepConfig | void> {
    const turn = this.#turn;
    const pictures = this.#choice?.eyes ? await this.#context.pictures(turn) : [];
    const taken = this.#takeSteers(turn, ctx.messages.length);
    if (pictures.length === 0 && taken.length === 0) return;
    // The type loses the field in an Omit over a union; the AI SDK's prepareStep takes it.
    return { messages: withPictures(withSteers(ctx.messages, taken), pictures) } as StepConfig;
  }

  /** What came since the last step is taken now, and shown as taken. */
  #takeSteers(turn: Turn, at: number): { at: number; text: string }[] {
    const { steers, recorder } = this.#house;
    return steers.of(turn.id).map((one) => {
      const text = authored(turn.principalName, cut(one.body.text));
      if (one.at !== null) return { at: one.at, text };
      steers.take(one.id, at);
      recorder.closeText(turn);
      recorder.of(turn, {
        type: "notice",
        level: "info",
        code: null,
        text: `Taken into account: “${titleOf(one.body.text)}”`,
      });
      return { at, text };
    });
  }

  override onChunk({ chunk }: ChunkContext): void {
    if (chunk.type === "text-delta") this.#house.recorder.write(this.#turn, chunk.text);
  }

  override async beforeToolCall(ctx: ToolCallContext): Promise<ToolCallDecision | void> {
    const turn = this.#turn;
    const definition = toolByName(ctx.toolName);
    this.#house.recorder.closeText(turn);
    if (!definition) return { action: "block", reason: `There is no tool named ${ctx.toolName}.` };
    const title = definition.title(ctx.input);
    this.#house.recorder.of(turn, {
      type: "task.started",
      task: ctx.toolCallId,
      tool: definition.name,
      title,
      detail: "",
    });
    if (!definition.consent) return;
    const refused = await this.#toolset.ask(definition, ctx.input, ctx.toolCallId);
    if (refused !== null) return { action: "substitute", output: refused };
    const expiry = Math.ceil(limits.approval.ttlMs / 1000) + 1;
    await this.schedule(expiry, "expireApprovals", "", { idempotent: true });
  }

  override onStepFinish(ctx: StepContext): void {
    this.#house.recorder.closeText(this.#turn);
    const { inputTokens, outputTokens } = ctx.usage;
    if (inputTokens === undefined && outputTokens === undefined) return;
    this.#usage = {
      input: this.#usage.input + (inputTokens ?? 0),
      output: this.#usage.output + (outputTokens ?? 0),
      known: true,
    };
  }

  override async onChatResponse(result: ChatResponseResult): Promise<void> {
    const { turns, recorder, approvals, delivery } = this.#house;
    const turn = this.#running.turn(result.requestId) ?? turns.running();
    this.#running.end(result.requestId);
    if (!turn) return;
    recorder.closeText(turn);
    if (result.status === "aborted") this.#stopped(turn);
    if (result.status === "error")
      this.#fail(modelError(result.error ?? "").code, modelError(result.error ?? "").userMessage);
    const waiting = approvals.inState("pending").map((row) => row.id);
    if (turns.end(turn.id, waiting.length > 0 ? "suspended" : "finished")) {
      const { known, input, output } = this.#usage;
      recorder.of(
        turn,
        waiting.length > 0
          ? { type: "turn.suspended", approvals: waiting }
          : {
              type: "turn.finished",
              model: this.#choice?.label ?? "",
              inputTokens: known ? input : null,
              outputTokens: known ? output : null,
            },
      );
    }
    await this.#keepSteers(turn);
    await this.#askSteers();
    await delivery.pump();
  }

  #stopped(turn: Turn): void {
    this.#context.endInterruptedTasks(turn, "Stopped.");
    const by = this.#stopping.get(turn.id) ?? turn.principalName;
    this.#stopping.delete(turn.id);
    this.#house.recorder.of(turn, {
      type: "notice",
      level: "info",
      code: null,
      text: `Stopped by ${by}. What was done stays.`,
    });
  }

  /** What was taken into the turn stands in the transcript for later ones; here it was only shown to the steps. */
  async #keepSteers(turn: Turn): Promise<void> {
    const taken = this.#house.steers.of(turn.id).filter((one) => one.at !== null);
    if (taken.length === 0) return;
    await this.addMessages(taken.map((one) => uiMessage(one.id, authored(turn.principalName, cut(one.body.text)))));
  }

  override onChatError(error: unknown, _ctx?: ChatErrorContext): unknown {
    return this.#modelFailed(error);
  }

  protected override async onChatRecovery(ctx: ChatRecoveryContext): Promise<void> {
    const turn = this.#house.turns.running();
    if (!turn) return;
    const kept = ctx.partialParts.flatMap((part) =>
      part.type === "text" && part.text.trim() !== "" ? [part.text] : [],
    );
    this.#house.recorder.settleText(turn, kept);
    this.#context.endInterruptedTasks(turn, "Interrupted by a restart before a result was recorded.");
  }

  // ---- what alarms call ----

  /** Brings to the platform what a crash or a long wait has left behind. */
  async catchUp(): Promise<void> {
    if (!this.#house.delivery.behind) return;
    await this.#house.delivery.pump();
    if (this.#house.delivery.behind)
      await this.schedule(limits.thread.catchUpSeconds, "catchUp", "", { idempotent: true });
  }

  async expireApprovals(): Promise<void> {
    await this.#decisions.expireDue();
    const next = Math.min(...this.#house.approvals.inState("pending").map((row) => row.card.expiresAt));
    if (Number.isFinite(next)) await this.schedule(new Date(next + 1000), "expireApprovals", "", { idempotent: true });
  }

  #modelFailed(error: unknown): KernelError {
    const failure = modelError(error, this.#choice ?? undefined);
    this.#fail(failure.code, failure.userMessage);
    return failure;
  }

  #fail(code: ErrorCode, text: string): void {
    const turn = this.#running.turn(this.activeTurn?.requestId) ?? this.#house.turns.running();
    if (!turn) return;
    this.#house.recorder.closeText(turn);
    if (this.#house.turns.end(turn.id, "failed")) this.#house.recorder.of(turn, { type: "turn.failed", code, text });
  }

  #parking(): Parking {
    return {
      find: async (call) => {
        const parked = await this.pendingApprovals();
        return parked.find((one) => one.descriptor.toolCallId === call)?.executionId ?? null;
      },
      approve: (execution) => this.approveExecution(execution),
      reject: (execution, reason, goOn) => this.rejectExecution(execution, reason, { autoContinue: goOn }),
      tell: async (turn, text) => {
        await this.submitMessages([uiMessage(turn.id, text)], { submissionId: turn.id, idempotencyKey: turn.id });
      },
    };
  }
}

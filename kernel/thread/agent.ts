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
import type { ChatAction, ChatInput } from "../chat/types.ts";
import type { KernelEnv } from "../env.ts";
import { KernelError, outcome, type Outcome } from "../errors.ts";
import { limits } from "../limits.ts";
import { toolByName } from "../tools/index.ts";
import { Context } from "./context.ts";
import { Decisions, type Parking } from "./decisions.ts";
import type { House } from "./house.ts";
import { Intake, type Queue } from "./intake.ts";
import { Loop, turnTimeout } from "./loop.ts";
import { Nested } from "./nested.ts";
import { Running } from "./running.ts";
import { Toolset } from "./toolset.ts";
import type { Turn } from "./turns.ts";

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
  readonly #running = new Running();
  readonly #toolset: Toolset;
  readonly nested: Nested;
  readonly #decisions: Decisions;
  readonly #intake: Intake;
  readonly #loop: Loop;

  override maxSteps = limits.turn.maxSteps;
  override sendReasoning = false;
  override chatRecovery: ChatRecoveryConfig = {
    maxAttempts: 4,
    onExhausted: async () => {
      const text = "This answer was interrupted and could not be taken up again. Please ask once more.";
      this.#loop.fail("model.failed", text, this.#runningTurn);
    },
  };

  constructor(ctx: DurableObjectState, env: KernelEnv, house: House) {
    super(ctx, env);
    const running = this.#running;
    const context = new Context(house);
    const loop = new Loop(house, running, context);
    const ended = (call: string) => this.nested.end(call);
    const toolset = new Toolset({ house, turn: () => this.#turn, eyes: () => loop.eyes, ended });
    const nested = new Nested(house, toolset);
    const decisions = new Decisions({
      house,
      toolset,
      nested,
      parking: this.#parking(),
      within: (turn, work) => running.within(turn, work),
      background: (work) => ctx.waitUntil(work),
    });
    this.#house = house;
    this.#loop = loop;
    this.#toolset = toolset;
    this.nested = nested;
    this.#decisions = decisions;
    this.#intake = new Intake({ house, running, toolset, decisions, queue: this.#queue() });
  }

  /** Durable when it answers: Think has the message on disk, or what came of it is written down. */
  receive(input: ChatInput, missed: boolean): Promise<void> {
    return this.#intake.receive(input, missed);
  }

  checkRevision(press: ChatAction): Promise<Outcome<null>> {
    return outcome(() => this.#decisions.checkRevision(press));
  }

  override async onStart(): Promise<void> {
    this.ctx.waitUntil(this.#decisions.resume());
    if (this.#house.turns.running() === null) await this.#intake.askSteers();
    if (this.#house.delivery.behind) this.ctx.waitUntil(this.#house.delivery.pump());
  }

  get #runningTurn(): Turn | null {
    return this.#running.turn(this.activeTurn?.requestId) ?? this.#house.turns.running();
  }

  get #turn(): Turn {
    const turn = this.#runningTurn;
    if (!turn) throw new Error("no turn is running");
    return turn;
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
    await this.schedule(limits.thread.catchUpSeconds, "catchUp", "", { idempotent: true });
    const setup = await this.#loop.begin(ctx).catch((thrown: unknown) => this.#notBegun(ctx, thrown));
    return { ...setup, activeTools: this.#toolset.names, timeout: turnTimeout };
  }

  override async beforeStep(ctx: PrepareStepContext): Promise<StepConfig | void> {
    const messages = await this.#loop.step(this.#turn, ctx.messages);
    // The type loses the field in an Omit over a union; the AI SDK's prepareStep takes it.
    if (messages) return { messages } as StepConfig;
  }

  override onChunk({ chunk }: ChunkContext): void {
    if (chunk.type === "text-delta") this.#house.recorder.write(this.#turn, chunk.text);
  }

  override async beforeToolCall(ctx: ToolCallContext): Promise<ToolCallDecision | void> {
    const turn = this.#turn;
    const { recorder } = this.#house;
    const definition = toolByName(ctx.toolName);
    recorder.closeText(turn);
    if (!definition) return { action: "block", reason: `There is no tool named ${ctx.toolName}.` };
    const title = definition.title(ctx.input);
    recorder.of(turn, { type: "task.started", task: ctx.toolCallId, tool: definition.name, title, detail: "" });
    if (!definition.consent) return;
    const refused = await this.#toolset.ask(definition, ctx.input, ctx.toolCallId);
    if (refused !== null) return { action: "substitute", output: refused };
    const expiry = Math.ceil(limits.approval.ttlMs / 1000) + 1;
    await this.schedule(expiry, "expireApprovals", "", { idempotent: true });
  }

  override onStepFinish(ctx: StepContext): void {
    this.#house.recorder.closeText(this.#turn);
    this.#loop.used(ctx.usage);
  }

  /** Think tells of an answer's end, not of a turn that never came to its model. */
  async #notBegun(ctx: TurnContext, thrown: unknown): Promise<never> {
    const failure = KernelError.wrap(thrown, "internal", "Something failed inside Deckhand. Please ask again.");
    const turn = this.#runningTurn;
    this.#loop.fail(failure.code, failure.userMessage, turn);
    if (turn) await this.#ended({ requestId: ctx.requestId ?? turn.id, status: "error" });
    throw failure;
  }

  override onChatResponse(result: ChatResponseResult): Promise<void> {
    return this.#ended(result);
  }

  async #ended(result: Pick<ChatResponseResult, "requestId" | "status" | "error">): Promise<void> {
    const turn = await this.#loop.end(result);
    if (turn) await this.#intake.keepSteers(turn);
    await this.#intake.askSteers();
    await this.schedule(limits.thread.closeAfterSeconds, "closeIdle", "", { idempotent: true });
    await this.#house.delivery.pump();
  }

  override onChatError(error: unknown, _ctx?: ChatErrorContext): unknown {
    return this.#loop.modelFailed(error, this.#runningTurn);
  }

  protected override async onChatRecovery(ctx: ChatRecoveryContext): Promise<void> {
    this.#loop.recovered(ctx);
  }

  // ---- what alarms call ----

  /** Brings to the platform what a crash or a long wait has left behind. */
  async catchUp(): Promise<void> {
    if (!this.#house.delivery.behind) return;
    await this.#house.delivery.pump();
    if (this.#house.delivery.behind)
      await this.schedule(limits.thread.catchUpSeconds, "catchUp", "", { idempotent: true });
  }

  /** Closes the thread when nobody has written for long; else looks again when that could be. */
  async closeIdle(): Promise<void> {
    const { turns, recorder, now } = this.#house;
    const last = turns.last();
    if (!last) return;
    const dueAt = last.at + limits.thread.closeAfterSeconds * 1000;
    if (dueAt > now()) await this.schedule(new Date(dueAt + 1000), "closeIdle", "", { idempotent: true });
    else {
      recorder.record({ type: "thread.closed" }, last.id, last.principal);
      await this.catchUp();
    }
  }

  async expireApprovals(): Promise<void> {
    await this.#decisions.expireDue();
    const next = Math.min(...this.#house.approvals.inState("pending").map((row) => row.card.expiresAt));
    if (Number.isFinite(next)) await this.schedule(new Date(next + 1000), "expireApprovals", "", { idempotent: true });
  }

  // ---- what the parts ask of Think ----

  #queue(): Queue {
    return {
      submit: async (id, text) => {
        await this.submitMessages([uiMessage(id, text)], { submissionId: id, idempotencyKey: id });
      },
      withdraw: async (id) => {
        await this.cancelSubmission(id, "the question was deleted");
      },
      cancel: (request) => this.cancelChat(request, "stopped"),
      record: async (messages) => {
        await this.addMessages(messages.map(({ id, text }) => uiMessage(id, text)));
      },
    };
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

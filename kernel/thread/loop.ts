import type { ChatRecoveryContext, ChatResponseResult, TurnContext } from "@cloudflare/think";
import type { LanguageModel, ModelMessage } from "ai";
import { authored } from "../chat/authored.ts";
import type { ErrorCode, KernelError } from "../errors.ts";
import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";
import { modelError } from "../models/errors.ts";
import { chooseModel, loadModel, type ModelChoice } from "../models/registry.ts";
import { chooseComputer } from "../sandbox/computer/decide.ts";
import type { Context } from "./context.ts";
import type { House } from "./house.ts";
import { filledIn, withPictures } from "./messages.ts";
import { named } from "./named.ts";
import { noteTurn } from "./notes.ts";
import { systemPrompt, titleOf } from "./prompt.ts";
import type { Running } from "./running.ts";
import { withSteers } from "./steering.ts";
import type { Turn } from "./turns.ts";

/** What a turn is run with. */
export interface TurnSetup {
  model: LanguageModel;
  system: string;
  messages: ModelMessage[];
}

/** One turn of the model loop after the other: which one it is, how it begins, what its steps read, how it ends. */
export class Loop {
  readonly #house: House;
  readonly #running: Running;
  readonly #context: Context;
  #choice: ModelChoice | null = null;
  #usage = { input: 0, output: 0, known: false };

  constructor(house: House, running: Running, context: Context) {
    this.#house = house;
    this.#running = running;
    this.#context = context;
  }

  get eyes(): boolean {
    return this.#choice?.eyes ?? false;
  }

  /** Which turn of ours Think is about to run: a message's by its submission, else the one that is open. */
  async #turnOf(request: string | undefined): Promise<Turn | null> {
    const { turns, now } = this.#house;
    const asked = request ? turns.asked(request) : null;
    if (!asked) return turns.running();
    const known = turns.get(asked.turn);
    if (known) return known;
    const author = await named(this.#house, asked.body.author);
    const state = { trigger: "message", state: "running", starts: 0, at: now() } as const;
    turns.add({
      id: asked.turn,
      principal: author.id,
      principalName: author.name,
      title: titleOf(asked.body.text),
      ...state,
    });
    return turns.get(asked.turn);
  }

  async begin(ctx: TurnContext): Promise<TurnSetup> {
    const { turns, env, now } = this.#house;
    const turn = await this.#turnOf(ctx.requestId);
    if (!turn) throw new Error("Think runs a turn that nobody asked for");
    this.#running.begin(ctx.requestId ?? turn.id, turn);
    this.#usage = { input: 0, output: 0, known: false };
    turns.started(turn.id);
    this.#recordStart(turn);
    const settings = await noteTurn(this.#house, turn, null);
    const vars = settings.model === null ? env : { ...env, MODEL: settings.model };
    this.#choice = chooseModel(vars);
    await this.#context.fetch(turn);
    const names = turns.names();
    const files = turns.fileLines();
    return {
      model: await loadModel(this.#choice, vars),
      system: systemPrompt(turn, turn.at || now(), chooseComputer(env)),
      messages: filledIn(ctx.messages, {
        linesOf: (id) => files.get(id) ?? null,
        nameOf: (name) => names.get(name),
      }),
    };
  }

  #recordStart(turn: Turn): void {
    // The start of a decision's turn was recorded with the decision.
    if (turn.starts === 0 && turn.trigger === "decision") return;
    const trigger = turn.starts > 0 ? "recovery" : turn.trigger;
    this.#house.recorder.of(turn, {
      type: "turn.started",
      trigger,
      principalName: turn.principalName,
      title: turn.title,
    });
  }

  /** The step's messages with the pictures to be looked at and what came meanwhile; null when there is nothing to add. */
  async step(turn: Turn, messages: ModelMessage[]): Promise<ModelMessage[] | null> {
    const pictures = this.eyes ? await this.#context.pictures(turn) : [];
    const taken = this.#takeSteers(turn, messages.length);
    if (pictures.length === 0 && taken.length === 0) return null;
    return withPictures(withSteers(messages, taken), pictures);
  }

  /** What came since the last step is taken now, and shown as taken. */
  #takeSteers(turn: Turn, at: number): { at: number; text: string }[] {
    const { steers, recorder } = this.#house;
    return steers.of(turn.id).map((one) => {
      const text = authored(turn.principalName, one.body.text);
      if (one.at !== null) return { at: one.at, text };
      steers.take(one.id, at);
      recorder.closeText(turn);
      const shown = `Taken into account: “${titleOf(one.body.text)}”`;
      recorder.of(turn, { type: "notice", level: "info", code: null, text: shown });
      return { at, text };
    });
  }

  used({ inputTokens, outputTokens }: { inputTokens: number | undefined; outputTokens: number | undefined }): void {
    if (inputTokens === undefined && outputTokens === undefined) return;
    const { input, output } = this.#usage;
    this.#usage = { input: input + (inputTokens ?? 0), output: output + (outputTokens ?? 0), known: true };
  }

  /** Ends the turn in the trace, once. Gives it, or null when it is not ours. */
  async end(result: Pick<ChatResponseResult, "requestId" | "status" | "error">): Promise<Turn | null> {
    const { turns, recorder } = this.#house;
    const turn = this.#running.turn(result.requestId) ?? turns.running();
    this.#running.end(result.requestId);
    if (!turn) return null;
    recorder.closeText(turn);
    if (result.status === "aborted") this.#stopped(turn);
    if (result.status === "error") this.modelFailed(result.error ?? "", turn);
    const event = this.#ending();
    if (turns.end(turn.id, event.type === "turn.suspended" ? "suspended" : "finished")) recorder.of(turn, event);
    const { known, input, output } = this.#usage;
    const tokens = { inputTokens: known ? input : null, outputTokens: known ? output : null };
    await noteTurn(this.#house, turn, { model: this.#choice?.label ?? "", ...tokens });
    return turn;
  }

  #ending(): Extract<ThreadEvent, { type: "turn.suspended" | "turn.finished" }> {
    const waiting = this.#house.approvals.inState("pending").map((row) => row.id);
    if (waiting.length > 0) return { type: "turn.suspended", approvals: waiting };
    const { known, input, output } = this.#usage;
    const model = this.#choice?.label ?? "";
    return { type: "turn.finished", model, inputTokens: known ? input : null, outputTokens: known ? output : null };
  }

  #stopped(turn: Turn): void {
    this.#context.endInterruptedTasks(turn, "Stopped.");
    const text = `Stopped by ${turn.principalName}. What was done stays.`;
    this.#house.recorder.of(turn, { type: "notice", level: "info", code: null, text });
  }

  modelFailed(error: unknown, turn: Turn | null): KernelError {
    const failure = modelError(error, this.#choice ?? undefined);
    this.fail(failure.code, failure.userMessage, turn);
    return failure;
  }

  fail(code: ErrorCode, text: string, turn: Turn | null): void {
    const { recorder, turns } = this.#house;
    if (!turn) return;
    recorder.closeText(turn);
    if (turns.end(turn.id, "failed")) recorder.of(turn, { type: "turn.failed", code, text });
  }

  /** After a crash: what the transcript kept of the answer replaces what was shown of it. */
  recovered(ctx: ChatRecoveryContext): void {
    const turn = this.#house.turns.running();
    if (!turn) return;
    const kept = ctx.partialParts.flatMap((part) =>
      part.type === "text" && part.text.trim() !== "" ? [part.text] : [],
    );
    this.#house.recorder.settleText(turn, kept);
    this.#context.endInterruptedTasks(turn, "Interrupted by a restart before a result was recorded.");
  }
}

export const turnTimeout = { firstChunkMs: limits.turn.modelTimeoutMs, chunkMs: limits.turn.modelTimeoutMs };

import { action, type Action } from "@cloudflare/think";
import { tool, zodSchema, type ToolSet } from "ai";
import { approvalId, type TurnId } from "../ids.ts";
import { canonical } from "../approvals/canonical.ts";
import { editableFields, revisedInput } from "../approvals/editable.ts";
import type { Approval, Subject } from "../approvals/types.ts";
import { KernelError, outcome, type ErrorShape, type Outcome, unwrap } from "../errors.ts";
import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { sha256 } from "../sha256.ts";
import { kernelStub } from "../stubs.ts";
import { tools as definitions, toolByName } from "../tools/index.ts";
import type { Json, ToolDefinition } from "../tools/types.ts";
import type { PreparedReply, ToolCall, ToolReply } from "../user/types.ts";
import type { House } from "./house.ts";
import { noteTurn } from "./notes.ts";
import type { Turn } from "./turns.ts";

/** What the model reads of an error: code and message, nothing of the inside. */
export const errorOutput = (error: ErrorShape): Json => ({ error: { code: error.code, message: error.userMessage } });

export interface ToolsetDeps {
  house: House;
  /** The turn that the model loop is in, or that a decision is being carried out in. */
  turn(): Turn;
  /** Whether the model in use can see pictures. */
  eyes(): boolean;
  /** A call has ended: what was asked from within it ends too. */
  ended(call: string): void;
}

/** What a call that asks from within another adds to its card. */
export interface Asker {
  parent: string;
  expiresAt: number;
}

/** Made into JSON once: the model is told of every tool at each step. */
const schemas = new Map(definitions.map((definition) => [definition.name, zodSchema(definition.input)]));
const schemaOf = (definition: ToolDefinition) => schemas.get(definition.name) ?? zodSchema(definition.input);

/** The tools as the model and Think see them. They run in the Kernel of the person whose turn it is. */
export class Toolset {
  readonly #deps: ToolsetDeps;
  /** Calls that run, by their turn. */
  readonly #open = new Map<string, Set<string>>();
  readonly names: string[] = definitions.map((definition) => definition.name);

  constructor(deps: ToolsetDeps) {
    this.#deps = deps;
  }

  /** Tools that run at once. */
  plain(): ToolSet {
    const set: ToolSet = {};
    for (const definition of definitions) {
      if (definition.consent) continue;
      set[definition.name] = tool({
        description: definition.description,
        inputSchema: schemaOf(definition),
        execute: (input: unknown, { toolCallId }: { toolCallId: string }) =>
          this.run(this.#call(this.#deps.turn(), definition, input, toolCallId, null, null)),
      });
    }
    return set;
  }

  /** Tools that wait for a person: Think parks the call, and runs it when the decision has been made. */
  parked(): Record<string, Action> {
    const set: Record<string, Action> = {};
    for (const definition of definitions) {
      if (!definition.consent) continue;
      set[definition.name] = action({
        kind: "durable-pause",
        description: definition.description,
        inputSchema: definition.input,
        approval: true,
        approvalRisk: definition.risk,
        timeoutMs: limits.turn.toolMs,
        execute: (_input: unknown, { toolCallId }) => this.runApproved(toolCallId),
      });
    }
    return set;
  }

  #call(
    turn: Turn,
    definition: ToolDefinition,
    input: unknown,
    call: string,
    pinned: Json,
    answer: string | null,
  ): ToolCall {
    const { house } = this.#deps;
    return {
      tool: definition.name,
      input: input as Json,
      pinned,
      answer,
      thread: house.id,
      turn: turn.id,
      call,
      userName: turn.principalName,
      eyes: this.#deps.eyes(),
    };
  }

  /** The calls of a turn that run now. */
  openCalls(turn: TurnId): ReadonlySet<string> {
    return this.#open.get(turn) ?? new Set();
  }

  /** Ends what runs for a turn. */
  cancel(turn: Turn): void {
    for (const call of this.openCalls(turn.id)) {
      this.#deps.ended(call);
      void kernelStub(this.#deps.house.env, turn.principal)
        .cancelTool(turn.id, call)
        .catch((thrown: unknown) => log.warn("thread: a call could not be stopped", { call, thrown }));
    }
  }

  /** Runs a call; gives what the model reads of it. */
  async run(call: ToolCall): Promise<Json> {
    const reply = await this.reply(this.#deps.turn(), call);
    return reply.ok ? reply.value.output : errorOutput(reply.error);
  }

  /** Runs a call in the Kernel of the turn's person; what happened goes to the trace. */
  async reply(turn: Turn, call: ToolCall): Promise<Outcome<ToolReply>> {
    const { recorder, turns, env } = this.#deps.house;
    const open = this.#open.get(turn.id) ?? new Set<string>();
    this.#open.set(turn.id, open.add(call.call));
    let over = false;
    const heard = (line: string, events: ThreadEvent[]) => {
      // What comes after the end of a task would open it again in the chat.
      if (line !== "" && !over) recorder.progress(turn, call.call, line);
      recorder.of(turn, ...events);
    };
    const reply = await kernelStub(env, turn.principal)
      .runTool(call, heard)
      .catch((thrown: unknown) => {
        const error = KernelError.wrap(thrown, "tool.failed", `${call.tool} failed inside Deckhand.`).toShape();
        return { ok: false as const, error };
      });
    over = true;
    recorder.taskEnded(call.call);
    open.delete(call.call);
    if (open.size === 0) this.#open.delete(turn.id);
    this.#deps.ended(call.call);
    // The turn was stopped meanwhile and its tasks are closed; what the tool did all the same is still told.
    const stopped = turns.get(turn.id)?.state !== "running";
    if (!reply.ok) {
      if (stopped) return reply;
      const { code, userMessage } = reply.error;
      const ended = code === "tool.interrupted" ? "interrupted" : "error";
      recorder.of(turn, { type: "task.finished", task: call.call, outcome: ended, detail: userMessage, code });
      return reply;
    }
    for (const seen of reply.value.sights) turns.addSight({ turn: turn.id, user: turn.principal, ...seen });
    const finished = {
      type: "task.finished",
      task: call.call,
      outcome: "ok",
      detail: reply.value.detail,
      code: null,
      ...(reply.value.sandbox === undefined ? {} : { sandbox: reply.value.sandbox }),
    } as const;
    recorder.of(turn, ...(stopped ? [] : [finished]), ...reply.value.events);
    return reply;
  }

  /** Before a tool that needs consent is parked: shows the card. Gives an error for the model when it could not run anyway. */
  async ask(definition: ToolDefinition, input: unknown, call: string): Promise<Json | null> {
    try {
      await this.request(this.#deps.turn(), definition, input, call, null);
      return null;
    } catch (thrown) {
      return errorOutput(KernelError.wrap(thrown, "internal", `${definition.name} could not be prepared.`).toShape());
    }
  }

  /** Shows the card of a call. Throws when it could not run anyway; its task has ended with the reason then. */
  async request(
    turn: Turn,
    definition: ToolDefinition,
    input: unknown,
    call: string,
    asker: Asker | null,
  ): Promise<Approval> {
    const { house } = this.#deps;
    try {
      if (house.approvals.pendingCount() >= limits.approval.maxPendingPerThread) {
        throw new KernelError(
          "limit.queue",
          `${limits.approval.maxPendingPerThread} requests are already waiting in this thread. Decide those first.`,
        );
      }
      const prepared = unwrap(
        await kernelStub(house.env, turn.principal).prepareTool(this.#call(turn, definition, input, call, null, null)),
      );
      const row = await this.#row(turn, definition, input as Json, call, prepared, asker);
      house.approvals.add(row);
      const waiting = {
        type: "task.finished",
        task: call,
        outcome: "waiting",
        detail: `Waiting for ${turn.principalName}`,
        code: null,
      } as const;
      house.recorder.of(turn, waiting, ...prepared.events, { type: "approval.requested", card: row.card });
      await noteTurn(house, turn, null);
      return row;
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "tool.failed", `${definition.name} could not be prepared.`);
      const { userMessage: detail, code } = error;
      house.recorder.of(turn, { type: "task.finished", task: call, outcome: "error", detail, code });
      throw error;
    }
  }

  async #row(
    turn: Turn,
    definition: ToolDefinition,
    input: Json,
    call: string,
    prepared: PreparedReply,
    asker: Asker | null,
  ): Promise<Approval> {
    const id = approvalId.random();
    const subject: Subject = { tool: definition.name, input, pinned: prepared.pinned };
    return {
      id,
      turn: turn.id,
      call,
      tool: definition.name,
      subject,
      hash: await sha256(canonical(subject)),
      card: {
        approval: id,
        kind: definition.consent === "ask" ? "question" : "approval",
        tool: definition.name,
        title: prepared.title,
        body: prepared.body,
        risk: definition.risk,
        choices: prepared.choices,
        editable: definition.consent === "approve" ? editableFields(definition.input, input) : [],
        ...(asker ? { program: asker.parent } : {}),
        requester: turn.principal,
        requesterName: turn.principalName,
        deciders: [turn.principal],
        expiresAt: asker?.expiresAt ?? this.#deps.house.now() + limits.approval.ttlMs,
      },
      state: "pending",
      decidedBy: null,
      decidedAt: null,
      answer: null,
    };
  }

  /** Prepares a waiting call anew with another input: what the card shows then is what would run. */
  async revise(row: Approval, changes: Json): Promise<Approval> {
    const { house } = this.#deps;
    const definition = toolByName(row.tool);
    if (!definition) throw new KernelError("tool.unknown", `${row.tool} is not known any more.`);
    const input = revisedInput(definition.input, row.subject.input, changes);
    const call = { ...this.#call(this.#deps.turn(), definition, input, row.call, null, null), turn: row.turn };
    const prepared = unwrap(await kernelStub(house.env, row.card.requester).prepareTool(call));
    const subject: Subject = { tool: row.tool, input, pinned: prepared.pinned };
    const { title, body, choices } = prepared;
    const card = { ...row.card, title, body, choices, editable: editableFields(definition.input, input) };
    return { ...row, subject, hash: await sha256(canonical(subject)), card };
  }

  /** Runs what was approved. */
  async runApproved(call: string): Promise<Json> {
    const approved = await outcome(() => this.approvedCall(this.#deps.turn(), call));
    return approved.ok ? this.run(approved.value) : errorOutput(approved.error);
  }

  /** The call that was approved: exactly the subject whose hash the decision was about, once. */
  async approvedCall(turn: Turn, call: string): Promise<ToolCall> {
    const { approvals } = this.#deps.house;
    const row = approvals.ofCall(call);
    const definition = row ? toolByName(row.tool) : undefined;
    if (!row || !definition) throw new KernelError("approval.not_found", "No decision is known for this call.");
    if ((await sha256(canonical(row.subject))) !== row.hash)
      throw new KernelError("approval.changed", "What was approved is not what would run. Ask again.");
    if (!approvals.move(row.id, "approved", "used"))
      throw new KernelError("approval.decided", "This approval has been used already.");
    return this.#call(turn, definition, row.subject.input, call, row.subject.pinned, row.answer);
  }

  /** Asks the Kernel again for a call that a crash cut off: the stored outcome, or `tool.interrupted`; never a second run. */
  async outcomeOf(row: Approval): Promise<Json> {
    const definition = toolByName(row.tool);
    if (!definition)
      return errorOutput(new KernelError("tool.unknown", `${row.tool} is not known any more.`).toShape());
    const { input, pinned } = row.subject;
    return this.run(this.#call(this.#deps.turn(), definition, input, row.call, pinned, row.answer));
  }
}

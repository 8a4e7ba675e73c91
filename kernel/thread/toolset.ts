import { action, type Action } from "@cloudflare/think";
import { tool, zodSchema, type ToolSet } from "ai";
import { approvalId } from "../ids.ts";
import { canonical } from "../approvals/canonical.ts";
import { editableFields, revisedInput } from "../approvals/editable.ts";
import type { Approval, Subject } from "../approvals/types.ts";
import { KernelError, type ErrorShape, unwrap } from "../errors.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { sha256 } from "../sha256.ts";
import { kernelStub } from "../stubs.ts";
import { tools as definitions, toolByName } from "../tools/index.ts";
import type { Json, ToolDefinition } from "../tools/types.ts";
import type { ToolCall } from "../user/types.ts";
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
          this.run(this.#call(definition, input, toolCallId, null, null)),
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

  #call(definition: ToolDefinition, input: unknown, call: string, pinned: Json, answer: string | null): ToolCall {
    const { house } = this.#deps;
    const turn = this.#deps.turn();
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

  /** Ends what runs for a turn. */
  cancel(turn: Turn): void {
    for (const call of this.#open.get(turn.id) ?? []) {
      void kernelStub(this.#deps.house.env, turn.principal)
        .cancelTool(call)
        .catch((thrown: unknown) => log.warn("thread: a call could not be stopped", { call, thrown }));
    }
  }

  /** Runs a call in the Kernel of the turn's person; what happened goes to the trace, what came of it to the model. */
  async run(call: ToolCall): Promise<Json> {
    const { recorder, turns, env } = this.#deps.house;
    const turn = this.#deps.turn();
    const open = this.#open.get(turn.id) ?? new Set<string>();
    this.#open.set(turn.id, open.add(call.call));
    const reply = await kernelStub(env, turn.principal)
      .runTool(call, (detail) => recorder.progress(turn, call.call, detail))
      .catch((thrown: unknown) => {
        const error = KernelError.wrap(thrown, "tool.failed", `${call.tool} failed inside Deckhand.`).toShape();
        return { ok: false as const, error };
      });
    recorder.taskEnded(call.call);
    open.delete(call.call);
    if (open.size === 0) this.#open.delete(turn.id);
    // The turn was stopped meanwhile and its tasks are closed; what the tool did all the same is still told.
    const stopped = turns.get(turn.id)?.state !== "running";
    if (!reply.ok) {
      if (stopped) return errorOutput(reply.error);
      const { code, userMessage } = reply.error;
      const outcome = code === "tool.interrupted" ? "interrupted" : "error";
      recorder.of(turn, { type: "task.finished", task: call.call, outcome, detail: userMessage, code });
      return errorOutput(reply.error);
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
    return reply.value.output;
  }

  /** Before a tool that needs consent is parked: shows the card. Gives an error for the model when it could not run anyway. */
  async ask(definition: ToolDefinition, input: unknown, call: string): Promise<Json | null> {
    const { house } = this.#deps;
    const turn = this.#deps.turn();
    try {
      if (house.approvals.pendingCount() >= limits.approval.maxPendingPerThread) {
        throw new KernelError(
          "limit.queue",
          `${limits.approval.maxPendingPerThread} requests are already waiting in this thread. Decide those first.`,
        );
      }
      const prepared = unwrap(
        await kernelStub(house.env, turn.principal).prepareTool(this.#call(definition, input, call, null, null)),
      );
      const subject: Subject = { tool: definition.name, input: input as Json, pinned: prepared.pinned };
      const id = approvalId.random();
      const row: Approval = {
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
          editable: definition.consent === "approve" ? editableFields(definition.input, input as Json) : [],
          requester: turn.principal,
          requesterName: turn.principalName,
          deciders: [turn.principal],
          expiresAt: house.now() + limits.approval.ttlMs,
        },
        state: "pending",
        decidedBy: null,
        decidedAt: null,
        answer: null,
      };
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
      return null;
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "tool.failed", `${definition.name} could not be prepared.`).toShape();
      house.recorder.of(turn, {
        type: "task.finished",
        task: call,
        outcome: "error",
        detail: error.userMessage,
        code: error.code,
      });
      return errorOutput(error);
    }
  }

  /** Prepares a waiting call anew with another input: what the card shows then is what would run. */
  async revise(row: Approval, changes: Json): Promise<Approval> {
    const { house } = this.#deps;
    const definition = toolByName(row.tool);
    if (!definition) throw new KernelError("tool.unknown", `${row.tool} is not known any more.`);
    const input = revisedInput(definition.input, row.subject.input, changes);
    const call = { ...this.#call(definition, input, row.call, null, null), turn: row.turn };
    const prepared = unwrap(await kernelStub(house.env, row.card.requester).prepareTool(call));
    const subject: Subject = { tool: row.tool, input, pinned: prepared.pinned };
    const { title, body, choices } = prepared;
    const card = { ...row.card, title, body, choices, editable: editableFields(definition.input, input) };
    return { ...row, subject, hash: await sha256(canonical(subject)), card };
  }

  /** Runs what was approved: exactly the subject whose hash the decision was about, once. */
  async runApproved(call: string): Promise<Json> {
    const { approvals } = this.#deps.house;
    const row = approvals.ofCall(call);
    const definition = row ? toolByName(row.tool) : undefined;
    if (!row || !definition)
      return errorOutput(new KernelError("approval.not_found", "No decision is known for this call.").toShape());
    if ((await sha256(canonical(row.subject))) !== row.hash) {
      return errorOutput(
        new KernelError("approval.changed", "What was approved is not what would run. Ask again.").toShape(),
      );
    }
    if (!approvals.move(row.id, "approved", "used")) {
      return errorOutput(new KernelError("approval.decided", "This approval has been used already.").toShape());
    }
    return this.run(this.#call(definition, row.subject.input, call, row.subject.pinned, row.answer));
  }

  /** Asks the Kernel again for a call that a crash cut off: the stored outcome, or `tool.interrupted`; never a second run. */
  async outcomeOf(row: Approval): Promise<Json> {
    const definition = toolByName(row.tool);
    if (!definition)
      return errorOutput(new KernelError("tool.unknown", `${row.tool} is not known any more.`).toShape());
    return this.run(this.#call(definition, row.subject.input, row.call, row.subject.pinned, row.answer));
  }
}

import { hashOf } from "../../approvals/subject.ts";
import { editableFields, revisedInput } from "../../approvals/editable.ts";
import type { Approval, Subject } from "../../approvals/types.ts";
import { KernelError, outcome, unwrap } from "../../errors.ts";
import { approvalId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { kernelStub } from "../../stubs.ts";
import { toolByName } from "../../tools/index.ts";
import type { Json, ToolDefinition } from "../../tools/types.ts";
import type { PreparedReply } from "../../user/types.ts";
import type { House } from "../house.ts";
import { noteTurn } from "../notes.ts";
import { type Calls, errorOutput } from "../turn/calls.ts";
import type { Call, Turn } from "../turn/types.ts";

/** What a call that asks from within another adds to its card. */
export interface Asker {
  parent: string;
  expiresAt: number;
  /** Why nobody may be asked for it any more, once its card has been made; null when they may. */
  gone: () => KernelError | null;
}

/** What the model reads of a call that waits for a person. */
const paused: Json = { status: "paused", message: "A person has to decide first. What comes of it will be told here." };

/** Cards: a call that needs a person's consent is prepared, shown, and waits. */
export class Requests {
  readonly #house: House;
  readonly #calls: Calls;

  constructor(house: House, calls: Calls) {
    this.#house = house;
    this.#calls = calls;
  }

  /** Shows the card of a model's call, or ends the call with the reason why it could not run anyway. */
  async ask(turn: Turn, call: Call): Promise<void> {
    const { turns } = this.#house;
    const made = await outcome(() => this.#prepared(turn, call.tool, call.input, call.id, null));
    // Stopped while the card was made: the end of the turn closes the call.
    if (turns.get(turn.id)?.stop !== false) return;
    if (made.ok) {
      const { row, prepared } = made.value;
      if (turns.moveCall(call, "pending", { state: "asked", approval: row.id, output: paused }))
        this.#show(turn, row, prepared);
      await noteTurn(this.#house, turn, null);
      return;
    }
    const { code, userMessage: detail } = made.error;
    if (turns.moveCall(call, "pending", { state: "ended", output: errorOutput(made.error) }))
      this.#house.recorder.of(turn, { type: "task.finished", task: call.id, outcome: "error", detail, code });
  }

  /** Shows the card of a call that is asked from within another. Throws when it could not run anyway; its task has ended then. */
  async askNested(turn: Turn, tool: string, input: Json, call: string, asker: Asker): Promise<Approval> {
    try {
      const { row, prepared } = await this.#prepared(turn, tool, input, call, asker);
      const gone = asker.gone();
      if (gone) throw gone;
      this.#show(turn, row, prepared);
      return row;
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "tool.failed", `${tool} could not be prepared.`);
      const { userMessage: detail, code } = error;
      // A turn that has ended has closed it.
      if (this.#house.turns.get(turn.id)?.state === "running")
        this.#house.recorder.of(turn, { type: "task.finished", task: call, outcome: "error", detail, code });
      throw error;
    }
  }

  /** The row and what is seen of it, in one go. */
  #show(turn: Turn, row: Approval, prepared: PreparedReply): void {
    const { approvals, recorder } = this.#house;
    approvals.add(row);
    const detail = `Waiting for ${turn.principalName}`;
    const waiting = { type: "task.finished", task: row.call, outcome: "waiting", detail, code: null } as const;
    recorder.of(turn, waiting, ...prepared.events, { type: "approval.requested", card: row.card });
  }

  async #prepared(
    turn: Turn,
    tool: string,
    input: Json,
    call: string,
    asker: Asker | null,
  ): Promise<{ row: Approval; prepared: PreparedReply }> {
    const house = this.#house;
    const definition = toolByName(tool);
    if (!definition) throw new KernelError("tool.unknown", `${tool} is not known.`);
    const { maxPendingPerThread } = limits.approval;
    if (house.approvals.inState("pending").length >= maxPendingPerThread) {
      throw new KernelError(
        "limit.queue",
        `${maxPendingPerThread} requests are already waiting in this thread. Decide those first.`,
      );
    }
    const given = { tool, input, call, pinned: null, answer: null, eyes: false };
    const asked = this.#calls.toolCall(turn, given);
    const prepare = () => kernelStub(house.env, turn.principal).prepareTool(asked);
    const prepared = unwrap(await this.#calls.asked(turn, asked, prepare));
    const row = await this.#row(turn, definition, input, call, prepared, asker);
    return { row, prepared };
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
      hash: await hashOf(subject),
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
        expiresAt: asker?.expiresAt ?? this.#house.now() + limits.approval.ttlMs,
      },
      state: "pending",
      decidedBy: null,
      decidedAt: null,
      answer: null,
      press: null,
    };
  }

  /** A waiting call prepared anew with another input: what the card shows then is what would run. */
  async revised(row: Approval, changes: Json): Promise<Approval> {
    const house = this.#house;
    const definition = toolByName(row.tool);
    if (!definition) throw new KernelError("tool.unknown", `${row.tool} is not known any more.`);
    const input = revisedInput(definition.input, row.subject.input, changes);
    const { requester, requesterName } = row.card;
    const prepared = unwrap(
      await kernelStub(house.env, requester).prepareTool({
        tool: row.tool,
        input,
        pinned: null,
        answer: null,
        thread: house.id,
        turn: row.turn,
        call: row.call,
        userName: requesterName,
        eyes: false,
      }),
    );
    const subject: Subject = { tool: row.tool, input, pinned: prepared.pinned };
    const { title, body, choices } = prepared;
    const card = { ...row.card, title, body, choices, editable: editableFields(definition.input, input) };
    return { ...row, subject, hash: await hashOf(subject), card };
  }
}

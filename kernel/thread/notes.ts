import { log } from "../log.ts";
import { kernelStub } from "../stubs.ts";
import type { Settings, ThreadNote } from "../user/overview.ts";
import type { House } from "./house.ts";
import type { Turn } from "./turn/types.ts";

export interface Used {
  model: string;
  inputTokens: number | null;
  outputTokens: number | null;
}

/**
 * Tells the person's Kernel where their turn stands. It is for showing and for what they have set; a Kernel that does
 * not answer costs nobody their turn. `used` when the turn has ended with it. `known`: the Kernel has taken it.
 */
export async function noteTurn(house: House, turn: Turn, used: Used | null): Promise<Settings & { known: boolean }> {
  const pending = house.approvals.inState("pending").filter((row) => row.card.requester === turn.principal);
  const state = house.turns.get(turn.id)?.state ?? "running";
  const programWaits = pending.some((row) => row.card.program !== undefined && row.turn === turn.id);
  const shown = pending.length === 0 && state === "suspended" ? "finished" : state === "queued" ? "running" : state;
  const note: ThreadNote = {
    thread: house.id,
    turn: turn.id,
    seq: turn.seq,
    title: house.turns.first()?.title ?? turn.title,
    state: shown === "running" && programWaits ? "suspended" : shown,
    at: house.now(),
    ended: used !== null,
    ...(used ?? { model: "", inputTokens: null, outputTokens: null }),
    pending: pending.map((row) => row.card),
  };
  try {
    return { ...(await kernelStub(house.env, turn.principal).noteThread(note)), known: true };
  } catch (thrown) {
    log.warn("thread: the Kernel did not take a note", { thread: house.id, thrown });
    return { model: null, hosts: [], known: false };
  }
}

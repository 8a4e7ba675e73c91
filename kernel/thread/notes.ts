import { log } from "../log.ts";
import { kernelStub } from "../stubs.ts";
import type { Settings, ThreadNote } from "../user/overview.ts";
import type { House } from "./house.ts";
import { limits } from "../limits.ts";
import { ended, type Turn, type TurnState } from "./turn/types.ts";

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
  const state = stateOf(house, turn);
  const programWaits = pending.some((row) => row.card.program !== undefined);
  const note: ThreadNote = {
    thread: house.id,
    turn: turn.id,
    seq: turn.seq,
    title: house.turns.first()?.title ?? turn.title,
    state: shownAs(state, { programWaits, waits: pending.length > 0 }),
    at: house.now(),
    ended: used !== null,
    ...(used ?? { model: "", inputTokens: null, outputTokens: null }),
    pending: pending.map((row) => row.card),
  };
  try {
    const settings = await kernelStub(house.env, turn.principal).noteThread(note);
    // It has ended while this was told, which may have arrived after its end: that is told once more.
    if (!ended.has(state) && ended.has(stateOf(house, turn))) {
      house.turns.noted(turn.seq, false);
      house.wake.within(limits.turn.wakeMs);
    }
    return { ...settings, known: true };
  } catch (thrown) {
    log.warn("thread: the Kernel did not take a note", { thread: house.id, thrown });
    return { model: null, hosts: [], known: false };
  }
}

/** Where this person's work in the thread stands: with their open turn, where they have one. */
function stateOf({ turns }: House, turn: Turn): TurnState {
  const open = turns.allOpen(limits.turn.maxInPrompt).find((one) => one.principal === turn.principal);
  return (open ?? turns.get(turn.id))?.state ?? "running";
}

/** What Home shows for it. A card of theirs waits also when another turn of theirs has ended. */
function shownAs(
  state: TurnState,
  { programWaits, waits }: { programWaits: boolean; waits: boolean },
): ThreadNote["state"] {
  if (state === "queued" || state === "running") return programWaits ? "suspended" : "running";
  if (waits) return "suspended";
  return state === "suspended" || state === "withdrawn" ? "finished" : state;
}

import { limits } from "../limits.ts";

/** What is known of a token when it is asked for. */
export interface TokenState {
  /** In milliseconds since the epoch; null for a token that does not expire. */
  expiresAt: number | null;
  renewable: boolean;
  /** The platform refused this very token. */
  refused: boolean;
  /** When renewing failed last. */
  failedAt: number | null;
}

export type TokenDecision =
  | "use"
  /** Use it, and renew it meanwhile. */
  | "renew-early"
  /** Renew it first. */
  | "renew"
  /** It is over, and there is no way to renew it. */
  | "gone";

/** Pure: what to do with a token that is asked for at `now`. */
export function decideToken(state: TokenState, now: number): TokenDecision {
  const { marginMs, renewEarlyMs, renewAgainMs } = limits.installation;
  const left = state.expiresAt === null ? Number.POSITIVE_INFINITY : state.expiresAt - now;
  if (!state.renewable) return left > 0 ? "use" : "gone";
  if (state.refused || left <= marginMs) return "renew";
  if (left > renewEarlyMs) return "use";
  return state.failedAt !== null && now - state.failedAt < renewAgainMs ? "use" : "renew-early";
}

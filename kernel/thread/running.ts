import { AsyncLocalStorage } from "node:async_hooks";
import type { Turn } from "./turns.ts";

/**
 * Which turn of ours is meant, wherever it is asked: Think tells the request that a hook belongs to, and what is done
 * for a decision outside of the model loop carries its turn along. A decision may be carried out while another turn
 * streams, so one "current turn" would not do.
 */
export class Running {
  #byRequest = new Map<string, Turn>();
  #deciding = new AsyncLocalStorage<Turn>();
  #last: Turn | null = null;

  begin(request: string, turn: Turn): void {
    this.#byRequest.set(request, turn);
    this.#last = turn;
  }

  end(request: string): void {
    const turn = this.#byRequest.get(request);
    this.#byRequest.delete(request);
    if (this.#last?.id === turn?.id) this.#last = null;
  }

  within<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    return this.#deciding.run(turn, work);
  }

  turn(request: string | undefined): Turn | null {
    return (request ? this.#byRequest.get(request) : undefined) ?? this.#deciding.getStore() ?? this.#last;
  }

  /** The request that Think runs a turn under, while it does. */
  requestOf(turn: Turn): string | null {
    for (const [request, one] of this.#byRequest) if (one.id === turn.id) return request;
    return null;
  }

  get turns(): Turn[] {
    return [...this.#byRequest.values()];
  }
}

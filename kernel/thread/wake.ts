import type { Clock } from "../clock.ts";
import { log } from "../log.ts";

type AlarmStorage = Pick<DurableObjectStorage, "setAlarm" | "deleteAlarm" | "kv">;

const wishKey = "deckhand.base-alarm";

/**
 * The object's one alarm. What is to be done at its time is read off the rows then, so it only has to come early enough:
 * a later time never replaces an earlier one.
 */
export class Wake {
  readonly #storage: AlarmStorage;
  readonly #now: Clock;
  #armedAt: number | null = null;

  constructor(storage: AlarmStorage, now: Clock) {
    this.#storage = storage;
    this.#now = now;
  }

  /** When the base class wants to be woken; null when it does not. On disk: a cold object has to know it, too. */
  get wished(): number | null {
    return this.#storage.kv.get<number>(wishKey) ?? null;
  }

  /** Whether the time has come that the base class has asked for. */
  get baseDue(): boolean {
    const { wished } = this;
    return wished !== null && wished <= this.#now();
  }

  /** Is on disk together with what is written beside it. */
  by(at: number): void {
    if (this.#armedAt !== null && this.#armedAt <= at) return;
    this.#armedAt = at;
    this.#storage.setAlarm(at).catch((thrown: unknown) => log.error("thread: an alarm could not be set", { thrown }));
  }

  within(ms: number): void {
    this.by(this.#now() + ms);
  }

  fired(): void {
    this.#armedAt = null;
  }

  /** What the base class wants for itself. */
  wish(at: number | null): void {
    if (at === null) {
      if (this.wished !== null) this.#storage.kv.delete(wishKey);
      return;
    }
    if (this.wished !== at) this.#storage.kv.put(wishKey, at);
    this.by(at);
  }

  /** At the end of an alarm: the next one, later than what stood in until now; null when there is nothing to come. */
  next(own: number | null): void {
    this.#armedAt = null;
    const times = [own, this.wished].filter((at) => at !== null);
    if (times.length > 0) return this.by(Math.min(...times));
    this.#storage.deleteAlarm().catch((thrown: unknown) => log.error("thread: an alarm could not be cleared", { thrown })); // oxfmt-ignore
  }
}

/**
 * An object has one alarm, and the base class sets and deletes it as if it were its own alone: a crash after that would
 * leave an open turn that nobody wakes. Through this its alarms are wishes to {@link Wake}, and it deletes none.
 */
export function ownAlarm<T extends DurableObjectState>(ctx: T, wake: Wake): T {
  const { storage } = ctx;
  const own: Record<string | symbol, unknown> = {
    setAlarm: async (at: number | Date) => wake.wish(Number(at)),
    deleteAlarm: async () => wake.wish(null),
  };
  const guarded = new Proxy(storage, {
    get(inner, key) {
      if (key in own) return own[key];
      const value: unknown = Reflect.get(inner, key, inner);
      return typeof value === "function" ? (value as () => unknown).bind(inner) : value;
    },
  });
  Object.defineProperty(ctx, "storage", { value: guarded, configurable: true });
  return ctx;
}

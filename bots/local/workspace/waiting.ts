interface Waiter {
  check(): boolean;
  fail(error: Error): void;
}

/** Waits for something to be true of what is seen, looking again after each change and never in between. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();

  /** @param story what was seen instead, for the error when time is up */
  until<T>(what: string, look: () => T | undefined, timeoutMs: number, story: () => string): Promise<T> {
    const found = look();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        check: () => {
          const value = look();
          if (value === undefined) return false;
          end();
          resolve(value);
          return true;
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => waiter.fail(new Error(`Waited ${timeoutMs} ms for ${what}. Seen last:\n${story()}`)),
        timeoutMs,
      );
      this.#waiters.add(waiter);
    });
  }

  check(): void {
    for (const waiter of this.#waiters) waiter.check();
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.fail(new Error("The client was closed."));
  }
}

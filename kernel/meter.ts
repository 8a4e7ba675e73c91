/** What objects of one class have asked of their storage since the isolate began. */
export interface Metered {
  rowsRead: number;
  rowsWritten: number;
  alarmsSet: number;
}

/** A cursor counts as it is read; the counts of one are taken when the next begins, or when somebody asks. */
interface Counted {
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

const nothing = (): Metered => ({ rowsRead: 0, rowsWritten: 0, alarmsSet: 0 });
const open = new Map<string, Counted>();
const totals = new Map<string, Metered>();

function settle(name: string): Metered {
  const total = totals.get(name) ?? nothing();
  const cursor = open.get(name);
  open.delete(name);
  totals.set(name, total);
  if (!cursor) return total;
  total.rowsRead += cursor.rowsRead;
  total.rowsWritten += cursor.rowsWritten;
  return total;
}

/** All counts so far, by class. */
export const metered = (): Record<string, Metered> =>
  Object.fromEntries([...totals.keys()].map((name) => [name, { ...settle(name) }]));

/** Methods keep the object that they belong to: storage is the runtime's own. */
function through<T extends object>(target: T, own: (key: string | symbol) => unknown): T {
  return new Proxy(target, {
    get(inner, key) {
      const found = own(key);
      if (found !== undefined) return found;
      const value: unknown = Reflect.get(inner, key, inner);
      return typeof value === "function" ? (value as () => unknown).bind(inner) : value;
    },
  });
}

/**
 * Counts the rows that an object reads and writes and the alarms that it sets, which is what Cloudflare bills. On a
 * laptop only; elsewhere the object's storage stays as it is. Give what it gives to `super`.
 * @example super(meter(ctx, env, "Thread"), env);
 */
export function meter<T extends DurableObjectState>(ctx: T, env: { LOCAL?: string }, name: string): T {
  if (env.LOCAL !== "1") return ctx;
  const { storage } = ctx;
  const sql = through(storage.sql, (key) =>
    key !== "exec"
      ? undefined
      : (query: string, ...bindings: unknown[]) => {
          settle(name);
          const cursor = storage.sql.exec(query, ...bindings);
          open.set(name, cursor);
          return cursor;
        },
  );
  const setAlarm = (...args: Parameters<DurableObjectStorage["setAlarm"]>) => {
    settle(name).alarmsSet += 1;
    return storage.setAlarm(...args);
  };
  const counting = through(storage, (key) => (key === "sql" ? sql : key === "setAlarm" ? setAlarm : undefined));
  Object.defineProperty(ctx, "storage", { value: counting, configurable: true });
  return ctx;
}

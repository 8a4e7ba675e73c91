/**
 * Any value as JSON text of at most about `maxChars`; what does not fit is cut inside, so that it stays JSON.
 */
export function toJson(value: unknown, maxChars: number): { json: string; cut: boolean } {
  let left = maxChars;
  let cut = false;
  const above: object[] = [];

  const text = (full: string): string => {
    if (full.length + 2 <= left) {
      left -= full.length + 2;
      return full;
    }
    cut = true;
    const kept = full.slice(0, Math.max(0, left - 2));
    left = 0;
    return `${kept}…`;
  };
  const bytes = (name: string, view: Uint8Array): string => {
    const head = Array.from(view.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return `[${name} of ${view.length} bytes: ${head}${view.length > 32 ? " …" : ""}]`;
  };
  const number = (item: number): number | string => {
    if (!Number.isFinite(item)) return text(String(item));
    left -= String(item).length;
    return item;
  };
  const list = (items: Iterable<unknown>): unknown[] => {
    const out: unknown[] = [];
    for (const item of items) {
      if (left <= 0) {
        cut = true;
        break;
      }
      left -= 1;
      out.push(plain(item) ?? null);
    }
    return out;
  };
  const record = (entries: Iterable<[string, unknown]>): Record<string, unknown> => {
    // Without a prototype, so that a key named __proto__ is a key.
    const out = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of entries) {
      if (left <= 0) {
        cut = true;
        break;
      }
      if (item !== undefined) out[text(key)] = plain(item);
    }
    return out;
  };
  const special = (object: object): unknown => {
    if (object instanceof Map) {
      const pairs = [...object] as [unknown, unknown][];
      return pairs.every(([key]) => typeof key === "string") ? record(pairs as [string, unknown][]) : list(pairs);
    }
    if (object instanceof Set) return list(object);
    if (object instanceof Error) return record([["name", object.name], ["message", object.message]]); // oxfmt-ignore
    if (object instanceof Promise) return text("[Promise, not awaited]");
    if (object instanceof RegExp || object instanceof URL) return text(object.toString());
    if (object instanceof ArrayBuffer) return text(bytes("ArrayBuffer", new Uint8Array(object)));
    if (object instanceof Uint8Array) return text(bytes("Uint8Array", object));
    if (ArrayBuffer.isView(object) && !(object instanceof DataView))
      return list(object as unknown as Iterable<unknown>);
    if (Array.isArray(object)) return list(object);
    const keys = Object.keys(object);
    const name = Object.getPrototypeOf(object) === null ? "Object" : object.constructor?.name;
    if (keys.length === 0 && name !== "Object") return text(`[${name || "object"}]`);
    return record(keys.map((key) => [key, (object as Record<string, unknown>)[key]]));
  };
  /** Undefined stays undefined: an object leaves it out, as JSON.stringify does. */
  const plain = (item: unknown): unknown => {
    if (item === null || item === undefined || typeof item === "boolean") return item;
    if (typeof item === "string") return text(item);
    if (typeof item === "number") return number(item);
    if (typeof item === "bigint" || typeof item === "symbol") return text(String(item));
    if (typeof item === "function") return text(`[function ${item.name || "without a name"}]`);
    if (above.includes(item)) return text("[circular]");
    if (above.length >= 60) return text("[nested too deeply]");
    const own = (item as { toJSON?: unknown }).toJSON;
    above.push(item);
    try {
      return typeof own === "function" ? plain((own as () => unknown).call(item)) : special(item);
    } finally {
      above.pop();
    }
  };

  return { json: JSON.stringify(plain(value) ?? null), cut };
}

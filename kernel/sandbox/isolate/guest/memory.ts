type Maker = new (...args: unknown[]) => object;

/** From this size on a buffer is counted among what is held. */
const countedBytes = 16 * 1024;

export interface MemoryCaps {
  maxAllocationBytes: number;
  maxHeldBytes: number;
}

/**
 * Refuses allocations that an isolate has no room for, by name, before the runtime makes them: where memory is not
 * enforced, as on a laptop, they could take the whole process down. Looked at are single buffers, strings and arrays,
 * and the sum of the buffers that are held; objects and texts that pile up bit by bit are not seen here.
 */
export function guardMemory(world: Record<string, unknown>, caps: MemoryCaps, hit: (what: string) => Error): void {
  let held = 0;
  const freed = new FinalizationRegistry<number>((bytes) => {
    held -= bytes;
  });
  const check = (bytes: number, what: string) => {
    if (bytes > caps.maxAllocationBytes || held + bytes > caps.maxHeldBytes) throw hit(what);
  };
  const hold = <T>(bytes: number, made: T): T => {
    if (bytes < countedBytes) return made;
    held += bytes;
    freed.register(made as object, bytes);
    return made;
  };
  const size = (value: unknown): number => (typeof value === "number" ? value : 0);
  const guard = (name: string, bytesOf: (args: unknown[]) => number) => {
    const real = world[name] as Maker | undefined;
    if (typeof real !== "function") return;
    const guarded = new Proxy(real, {
      construct: (target, args: unknown[], by) => {
        const bytes = bytesOf(args);
        check(bytes, name);
        return hold(bytes, Reflect.construct(target, args, by) as object);
      },
      apply: (target, self, args: unknown[]) => {
        check(bytesOf(args), name);
        return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, args);
      },
    });
    Object.defineProperty(world, name, { value: guarded, writable: true, configurable: true, enumerable: false });
  };
  const bytesEach = (name: string) =>
    (world[name] as { BYTES_PER_ELEMENT?: number } | undefined)?.BYTES_PER_ELEMENT ?? 1;
  const lengthOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? size((value as { length?: unknown }).length) : size(value);
  const typed = ["Uint8", "Uint8Clamped", "Int8", "Uint16", "Int16", "Uint32", "Int32", "Float16", "Float32", "Float64", "BigUint64", "BigInt64"]; // oxfmt-ignore
  for (const kind of typed) {
    const name = `${kind}Array`;
    const each = bytesEach(name);
    guard(name, ([first]) => (first instanceof ArrayBuffer ? 0 : lengthOf(first) * each));
  }
  for (const name of ["ArrayBuffer", "SharedArrayBuffer"])
    guard(name, ([length, options]) => Math.max(size(length), size((options as { maxByteLength?: unknown } | undefined)?.maxByteLength))); // oxfmt-ignore

  const wrap = (holder: object, name: string, bytesOf: (self: unknown, args: unknown[]) => number) => {
    const real = Reflect.get(holder, name) as (...args: unknown[]) => unknown;
    const guarded = {
      [name](this: unknown, ...args: unknown[]) {
        check(bytesOf(this, args), name);
        return Reflect.apply(real, this, args);
      },
    }[name];
    Object.defineProperty(holder, name, { value: guarded, writable: true, configurable: true, enumerable: false });
  };
  const chars = (self: unknown) => (typeof self === "string" ? self.length : 0);
  wrap(String.prototype, "repeat", (self, [count]) => chars(self) * size(count));
  for (const name of ["padStart", "padEnd"]) wrap(String.prototype, name, (_self, [length]) => size(length));
  wrap(Array.prototype, "fill", (self) => lengthOf(self) * 8);
  wrap(Array, "from", (_self, [source]) => lengthOf(source) * 8);
}

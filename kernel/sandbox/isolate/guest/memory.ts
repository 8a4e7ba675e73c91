type Maker = new (...args: unknown[]) => object;

/**
 * Refuses single allocations that an isolate has no room for, by name, before the runtime makes them: where memory is
 * not enforced, as on a laptop, they could take the whole process down. What grows bit by bit is not seen here.
 */
export function guardMemory(world: Record<string, unknown>, maxBytes: number, hit: (what: string) => Error): void {
  const check = (bytes: number, what: string) => {
    if (bytes > maxBytes) throw hit(what);
  };
  const size = (value: unknown): number => (typeof value === "number" ? value : 0);
  const guard = (name: string, bytesOf: (args: unknown[]) => number) => {
    const real = world[name] as Maker | undefined;
    if (typeof real !== "function") return;
    const guarded = new Proxy(real, {
      construct: (target, args: unknown[], by) => {
        check(bytesOf(args), name);
        return Reflect.construct(target, args, by) as object;
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

import { guardBodies } from "./bodies.ts";
import { guardCallbacks } from "./callbacks.ts";
import { type Bound, bytesOfBody, growing, guarded, lengthOf } from "./growth.ts";

type Maker = new (...args: unknown[]) => object;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What makes buffers by itself, without a constructor that is seen. */
const copies = new Set(["toSorted", "toReversed", "with", "transfer", "transferToFixedLength", "fromHex", "fromBase64", "encode", "structuredClone"]); // oxfmt-ignore
const copiesLater = new Set(["arrayBuffer", "bytes"]);
const Buffer = ArrayBuffer;
const bytesIn = (made: unknown) => (Buffer.isView(made) || made instanceof Buffer ? made.byteLength : 0);

/** From this size on a buffer is counted among what is held. */
const countedBytes = 16 * 1024;

export interface MemoryCaps {
  maxAllocationBytes: number;
  maxHeldBytes: number;
}

/**
 * Refuses allocations that an isolate has no room for, by name, before the runtime makes them: where memory is not
 * enforced, as on a laptop, they could take the whole process down. Looked at are single buffers, strings and arrays,
 * whichever native makes them, and the sum of the buffers that are held; objects and texts that pile up bit by bit are
 * not seen here. `tick` is the program's own check, for what takes long to look at.
 */
export function guardMemory(
  world: Record<string, unknown>,
  caps: MemoryCaps,
  hit: (what: string) => Error,
  tick: () => void,
): Bound {
  let held = 0;
  const freed = new FinalizationRegistry<number>((bytes) => {
    held -= bytes;
  });
  const check = (bytes: number, what: string) => {
    if (bytes > caps.maxAllocationBytes || held + bytes > caps.maxHeldBytes) throw hit(what);
  };
  const bound: Bound = { most: caps.maxAllocationBytes, check, tick };
  const hold = <T>(bytes: number, made: T): T => {
    if (bytes < countedBytes || typeof made !== "object" || made === null) return made;
    held += bytes;
    freed.register(made, bytes);
    return made;
  };
  const put = (holder: object, name: PropertyKey, value: unknown) =>
    Object.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: false });

  const size = (value: unknown): number => (typeof value === "number" ? value : 0);
  const maker = (name: string, bytesOf: (args: unknown[]) => number) => {
    const real = world[name] as Maker | undefined;
    if (typeof real !== "function") return;
    const made = new Proxy(real, {
      construct: (target, args: unknown[], by) => {
        const bytes = bytesOf(args);
        check(bytes, name);
        return hold(bytes, Reflect.construct(target, args, by) as object);
      },
      apply: (target, self, args: unknown[]) => {
        check(bytesOf(args), name);
        return Reflect.apply(target as unknown as Method, self, args);
      },
    });
    put(world, name, made);
    // Not to be had from what it has made either.
    put(real.prototype as object, "constructor", made);
  };
  for (const [holder, name, bytes] of growing(world, bound)) {
    const real = holder === undefined ? undefined : (Reflect.get(holder, name) as Method | undefined);
    if (typeof real !== "function" || holder === undefined) continue;
    const count = (made: unknown) => hold(bytesIn(made), made);
    const later = (made: unknown) => (made instanceof Promise ? made.then(count) : made);
    const counted = copies.has(String(name)) ? count : copiesLater.has(String(name)) ? later : null;
    put(holder, name, guarded(real, name, bytes, bound, counted));
  }
  guardCallbacks(bound, put);

  const bytesEach = (name: string) =>
    (world[name] as { BYTES_PER_ELEMENT?: number } | undefined)?.BYTES_PER_ELEMENT ?? 1;
  const typed = ["Uint8", "Uint8Clamped", "Int8", "Uint16", "Int16", "Uint32", "Int32", "Float16", "Float32", "Float64", "BigUint64", "BigInt64"]; // oxfmt-ignore
  for (const kind of typed) {
    const name = `${kind}Array`;
    const each = bytesEach(name);
    maker(name, ([first]) => (first instanceof ArrayBuffer ? 0 : lengthOf(first) * each));
  }
  for (const name of ["ArrayBuffer", "SharedArrayBuffer"])
    maker(name, ([length, options]) => Math.max(size(length), size((options as { maxByteLength?: unknown } | undefined)?.maxByteLength))); // oxfmt-ignore
  const parts = ([all]: unknown[]) => (Array.isArray(all) ? all.reduce<number>((sum, one) => sum + bytesOfBody(one), 0) : 0); // oxfmt-ignore
  maker("Blob", parts);
  maker("File", parts);
  maker("Response", ([body]) => bytesOfBody(body));
  maker("Request", ([, init]) => bytesOfBody((init as { body?: unknown } | undefined)?.body));
  guardBodies(world, bound, put);
  return bound;
}

import { valuesIn, weigh } from "./weigh.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Holder = Record<PropertyKey, unknown>;

/** What a native will allocate, in bytes or what comes near it: from what it is called on and with. */
export type BytesOf = (self: unknown, args: unknown[]) => number;

/** Counts towards the bound, and throws past it; `tick` is the program's own check. */
export interface Bound {
  most: number;
  check: (bytes: number, what: string) => void;
  tick: () => void;
}

/** A native through which a little becomes much, with what it will come to. */
export type Growing = [holder: object | undefined, name: PropertyKey, bytes: BytesOf];

const size = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 0);
export const lengthOf = (value: unknown): number =>
  (typeof value === "object" && value !== null) || typeof value === "string" || typeof value === "function"
    ? size((value as { length?: unknown }).length)
    : size(value);
const Buffer = ArrayBuffer;
/** Items of what has some by itself; no getter of the program's is asked. */
export const itemsOf = (value: unknown): number =>
  typeof value === "string" || Array.isArray(value)
    ? value.length
    : Buffer.isView(value)
      ? value.byteLength
      : value instanceof Set || value instanceof Map
        ? value.size
        : 0;
/** What has no iterator is gone through by its length. */
const listed = (value: unknown): number =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value) ? lengthOf(value) : itemsOf(value);
const chars = (value: unknown): number => (typeof value === "string" ? value.length : 0);
export const bytesOfBody = (value: unknown): number => {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Blob) return value.size;
  if (value instanceof URLSearchParams) return sum([...value].map(([key, item]) => key.length + item.length)) * 9;
  if (value instanceof FormData) return sum([...value.values()].map(bytesOfBody));
  return size((value as { byteLength?: unknown }).byteLength);
};
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
const slot = 8;
/** A string of its own in an array. */
const piece = 24;
const selfSlots: BytesOf = (self) => lengthOf(self) * slot;
const times =
  (factor: number): BytesOf =>
  (self) =>
    lengthOf(self) * factor;
const firstTimes =
  (factor: number): BytesOf =>
  (_self, [first]) =>
    Math.max(chars(first), typeof first === "object" ? lengthOf(first) : 0) * factor;
const keysTimes: BytesOf = (_self, [first]) => itemsOf(first) * (Array.isArray(first) ? slot : piece);
const inBytes: BytesOf = (self) => bytesOfBody(self);

/** What one replacement puts in: a `$` in it may stand for all of the text. */
export const inserted = (self: string, text: unknown): number =>
  typeof text === "string" ? text.length + (text.includes("$") ? text.split("$").length * self.length : 0) : 0;

/** Every native of the runtime that is known to make much of little, but constructors. */
export function growing(world: Holder, bound: Bound): Growing[] {
  const { most, tick } = bound;
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as object;
  const of = (name: string) => (world[name] as { prototype?: object } | undefined)?.prototype;

  /** How often `pattern` is met: counted only when the most there could be is too many. */
  const met = (self: string, pattern: unknown, each: number): number => {
    const step = typeof pattern === "string" ? Math.max(1, pattern.length) : 1;
    const possible = Math.floor(self.length / step) + 1;
    if (possible * each <= most || typeof pattern !== "string") return possible;
    let found = 1;
    for (let at = self.indexOf(pattern); at >= 0 && at < self.length; at = self.indexOf(pattern, at + step)) {
      found += 1;
      if ((found & 0xfff) === 0) tick();
    }
    return found;
  };
  const joined: BytesOf = (self, [separator]) => {
    const count = lengthOf(self);
    let total = count * (separator === undefined ? 1 : chars(separator));
    // Looked at one by one only when that alone is no work.
    if (total + count * slot > most) return total + count * slot;
    for (let at = 0; at < count; at += 1) {
      if ((at & 0xfff) === 0) tick();
      const item = (self as Holder)[at];
      total += typeof item === "string" ? item.length : typeof item === "object" ? 0 : 4;
    }
    return total;
  };
  const flat: BytesOf = (self, [depth]) => {
    let total = 0;
    const walk = (items: unknown[], left: number): void => {
      total += items.length * slot;
      bound.check(total, "flat");
      tick();
      if (left > 0) for (const item of items) if (Array.isArray(item)) walk(item, left - 1);
    };
    if (Array.isArray(self)) walk(self, depth === undefined ? 1 : Number(depth));
    return total;
  };
  const json: BytesOf = (_self, [value, , indent]) => {
    let total = 0;
    weigh(value, typeof indent === "number" ? Math.min(10, size(indent)) : Math.min(10, chars(indent)), (more) => {
      total += more;
      if (total > most) bound.check(total, "JSON");
      tick();
    });
    return total;
  };

  return [
    ...["padStart", "padEnd"].map((name): Growing => [String.prototype, name, (self, [to]) => Math.max(lengthOf(self), size(to))]), // oxfmt-ignore
    [String.prototype, "repeat", (self, [count]) => lengthOf(self) * size(count)],
    [String.prototype, "concat", (self, args) => lengthOf(self) + sum(args.map((one) => Math.max(chars(one), 1)))],
    [String.prototype, "replace", (self, [pattern, to]) => (typeof self === "string" && typeof pattern === "string" ? self.length + inserted(self, to) : 0)], // oxfmt-ignore
    [String.prototype, "replaceAll", (self, [pattern, to]) => (typeof self === "string" && typeof pattern === "string" ? self.length + met(self, pattern, inserted(self, to)) * inserted(self, to) : 0)], // oxfmt-ignore
    [String.prototype, "split", (self, [pattern, limit]) => (typeof self === "string" && typeof pattern === "string" ? Math.min(met(self, pattern, piece), limit === undefined ? Infinity : size(limit)) * piece : 0)], // oxfmt-ignore
    [String.prototype, "normalize", (self, [form]) => lengthOf(self) * (form === "NFKC" || form === "NFKD" ? 18 : 4)],
    ...["toUpperCase", "toLocaleUpperCase", "toLowerCase", "toLocaleLowerCase"].map((name): Growing => [String.prototype, name, times(3)]), // oxfmt-ignore
    ...["anchor", "fontcolor", "fontsize", "link"].map((name): Growing => [String.prototype, name, (self, [first]) => lengthOf(self) + chars(first) * 6]), // oxfmt-ignore
    [RegExp, "escape", firstTimes(6)],
    [String, "raw", (_self, [strings, ...parts]) => lengthOf((strings as { raw?: unknown } | undefined)?.raw) + sum(parts.map(chars))], // oxfmt-ignore
    ...["fill", "map", "filter", "slice", "splice", "toSpliced", "toSorted", "toReversed", "with", "keys", "entries"].map((name): Growing => [Array.prototype, name, selfSlots]), // oxfmt-ignore
    [Array.prototype, "concat", (self, args) => (lengthOf(self) + sum(args.map((one) => (typeof one === "object" ? lengthOf(one) : 1)))) * slot], // oxfmt-ignore
    [Array.prototype, "join", joined],
    [Array.prototype, "toString", (self) => joined(self, [])],
    [Array.prototype, "toLocaleString", (self) => joined(self, []) + lengthOf(self) * 16],
    [Array.prototype, "flat", flat],
    ...["from", "fromAsync"].map((name): Growing => [Array, name, (_self, [source]) => listed(source) * slot]), // oxfmt-ignore
    ...["keys", "values", "entries", "getOwnPropertyNames", "getOwnPropertyDescriptors"].map((name): Growing => [Object, name, keysTimes]), // oxfmt-ignore
    [Object, "assign", (_self, args) => sum(args.map((one) => keysTimes(null, [one])))],
    [Reflect, "ownKeys", keysTimes],
    ...["all", "allSettled", "any", "race"].map((name): Growing => [Promise, name, (_self, [all]) => itemsOf(all) * slot]), // oxfmt-ignore
    ...["groupBy"].flatMap((name): Growing[] => [Object, Map].map((holder): Growing => [holder, name, (_self, [all]) => itemsOf(all) * slot])), // oxfmt-ignore
    [JSON, "stringify", json],
    [JSON, "rawJSON", firstTimes(1)],
    [JSON, "parse", (_self, [text]) => (typeof text === "string" && text.length > 1e6 ? valuesIn(text, tick) * 16 : 0)],
    [BigInt, "asUintN", (_self, [bits, value]) => (typeof value === "bigint" && value < 0n ? size(bits) / 8 : 0)],
    [BigInt.prototype, "toString", (self) => longNumber(self) * most],
    [BigInt.prototype, "toLocaleString", (self) => longNumber(self) * most],
    [typed, "join", (self, [separator]) => lengthOf(self) * (4 + (separator === undefined ? 1 : chars(separator)))],
    [typed, "toString", times(5)],
    [typed, "toLocaleString", times(8)],
    ...["toSorted", "toReversed", "with", "slice", "map", "filter"].map((name): Growing => [typed, name, inBytes]),
    ...["toHex", "toBase64"].map((name): Growing => [Uint8Array.prototype, name, times(2)]),
    ...["transfer", "transferToFixedLength"].map((name): Growing => [ArrayBuffer.prototype, name, (self, [length]) => (length === undefined ? 0 : Math.max(size(length), inBytes(self, [])))]), // oxfmt-ignore
    [ArrayBuffer.prototype, "slice", inBytes],
    ...["fromHex", "fromBase64"].map((name): Growing => [Uint8Array, name, firstTimes(1)]),
    [of("TextEncoder"), "encode", firstTimes(3)],
    [of("TextDecoder"), "decode", (_self, [bytes]) => bytesOfBody(bytes)],
    ...["text", "arrayBuffer", "bytes"].map((name): Growing => [of("Blob"), name, inBytes]),
    [world["Response"] as object, "json", (_self, args) => json(null, [args[0]])],
    [of("URLSearchParams"), "toString", (self) => sum([...(self as URLSearchParams)].map(([key, value]) => key.length + value.length)) * 9], // oxfmt-ignore
    [of("SubtleCrypto"), "deriveBits", (_self, args) => size(args[2]) / 8],
    ...["escape"].map((name): Growing => [world, name, firstTimes(6)]),
    ...["encodeURI", "encodeURIComponent"].map((name): Growing => [world, name, firstTimes(9)]),
    ...["btoa", "atob"].map((name): Growing => [world, name, firstTimes(2)]),
    [world, "structuredClone", (_self, [value]) => bytesOfBody(value)],
  ];
}

/** A number of more than two million digits: writing it out takes longer than a program has. */
const longest = 1n << 8_000_000n;
const longNumber = (self: unknown): number => (typeof self === "bigint" && (self > longest || self < -longest) ? 2 : 0);

const { apply } = Reflect;

/** The native under a guard that is told before. */
export function guarded(
  real: Method,
  name: PropertyKey,
  bytes: BytesOf,
  bound: Bound,
  counted: ((made: unknown) => unknown) | null,
): Method {
  const shown = typeof name === "symbol" ? `[${name.description}]` : String(name);
  const made = {
    [shown](this: unknown, ...args: unknown[]) {
      bound.check(bytes(this, args), shown);
      const made = apply(real, this, args);
      return counted ? counted(made) : made;
    },
  }[shown] as Method;
  Object.defineProperty(made, "length", { value: real.length, configurable: true });
  return made;
}

import { type Bound, inserted } from "./growth.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;
const Pattern = RegExp;
/** A string of its own in an array. */
const piece = 24;

/** Natives whose result is known bit by bit only: they ask the program for each part, or a pattern or an iterator does. */
export function guardCallbacks(
  { most, check, tick }: Bound,
  put: (holder: object, name: PropertyKey, value: unknown) => unknown,
): void {
  const counting = (call: Method, bytesOf: (part: unknown) => number, what: string): Method => {
    let total = 0;
    return function (this: unknown, ...args) {
      const part = Reflect.apply(call, this, args);
      total += bytesOf(part);
      check(total, what);
      return part;
    };
  };
  const length = (part: unknown) => (typeof part === "string" ? part.length : 0);
  const real = (holder: object, name: PropertyKey) => Reflect.get(holder, name) as Method;
  const [replaceAll, flatMap] = [real(String.prototype, "replaceAll"), real(Array.prototype, "flatMap")];
  const replace = real(RegExp.prototype, Symbol.replace);
  const match = real(RegExp.prototype, Symbol.match);
  const split = real(RegExp.prototype, Symbol.split);
  const exec = real(RegExp.prototype, "exec");
  /** Goes through what a pattern meets, one by one, where there could be too much of it: the native collects it first. */
  const count = (pattern: RegExp, text: string, each: number, what: string) => {
    if ((text.length + 1) * each <= most) return;
    const own = new Pattern(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`);
    let total = text.length;
    for (;;) {
      const met = Reflect.apply(exec, own, [text]) as RegExpExecArray | null;
      if (!met) return;
      if (met[0] === "") own.lastIndex += 1;
      total += each;
      check(total, what);
      tick();
    }
  };

  put(String.prototype, "replaceAll", function replaceAllOf(this: unknown, ...[pattern, to]: unknown[]) {
    const by = typeof to === "function" ? counting(to as Method, length, "replaceAll") : to;
    return Reflect.apply(replaceAll, this, [pattern, by]);
  });
  put(RegExp.prototype, Symbol.replace, function replaceOf(this: RegExp, ...[text, to]: unknown[]) {
    if (typeof text === "string" && this.global) count(this, text, piece, "replace");
    if (typeof to === "function")
      return Reflect.apply(replace, this, [text, counting(to as Method, length, "replace")]);
    if (typeof text === "string" && typeof to === "string" && this.global)
      count(this, text, inserted(text, to), "replace");
    return Reflect.apply(replace, this, [text, to]);
  });
  put(RegExp.prototype, Symbol.match, function matchOf(this: RegExp, ...[text]: unknown[]) {
    if (typeof text === "string" && this.global) count(this, text, piece, "match");
    return Reflect.apply(match, this, [text]);
  });
  put(RegExp.prototype, Symbol.split, function splitOf(this: RegExp, ...[text, limit]: unknown[]) {
    if (typeof text === "string" && limit === undefined) count(this, text, piece, "split");
    return Reflect.apply(split, this, [text, limit]);
  });
  put(Array.prototype, "flatMap", function flatMapOf(this: unknown, ...[call, self]: unknown[]) {
    if (typeof call !== "function") return Reflect.apply(flatMap, this, [call, self]);
    const bytes = (part: unknown) => (Array.isArray(part) ? part.length * 8 : 8);
    return Reflect.apply(flatMap, this, [counting(call as Method, bytes, "flatMap"), self]);
  });
  const all = (items: Iterable<unknown>, what: string): unknown[] => {
    const list: unknown[] = [];
    for (const item of items) {
      list.push(item);
      check(list.length * 8, what);
      tick();
    }
    return list;
  };
  const iterators = (globalThis as { Iterator?: { prototype: object } }).Iterator?.prototype;
  if (!iterators) return;
  put(iterators, "toArray", function toArray(this: Iterable<unknown>) {
    return all(this, "toArray");
  });
  if ("join" in iterators)
    put(iterators, "join", function join(this: Iterable<unknown>, ...args: [string?]) {
      return all(this, "join").join(...args);
    });
}
